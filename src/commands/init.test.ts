import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { areas, rules } from '../../rules/index.ts';
import { readConfig } from '../config-file.ts';
import { defaultConfig } from '../config.ts';
import { type Repository, application, scratch, server, settings, unsafeSettings } from '../git-testing.ts';
import { newConfiguration } from '../init/pre-commit-entry.ts';
import { runsAction, workflowText } from '../init/workflow-text.ts';
import { version } from '../version.ts';
import { parseYaml } from '../yaml/parse.ts';
import { runMain } from './testing.ts';

const temporary = scratch('init');
afterAll(temporary.remove);

let repository: Repository;
beforeEach(() => {
  repository = temporary.repository();
});

const init = (...args: readonly string[]) => runMain(repository.folder, ['init', ...args]);
const config = (text: string) => readConfig({ path: 'tusklint.yaml', text }, rules);
const there = (path: string): boolean => existsSync(join(repository.folder, path));
const workflow = '.github/workflows/tusklint.yml';
const preCommit = '.pre-commit-config.yaml';
const all = ['tusklint.yaml', preCommit, workflow];
/** The examples of the file, as if a person had taken the `# ` away before each. */
const uncommented = (text: string): string => text.replace(/^# (?= *- | *\S+:(?:$| [\w[{]))/gm, '');

describe('the configuration', () => {
  test('means the defaults', async () => {
    const { code, out, err } = await init();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe('wrote tusklint.yaml: the defaults\n\nno PostgreSQL found in 0 files\n');
    const text = repository.read('tusklint.yaml');
    expect(config(text)).toEqual(defaultConfig);
    expect(text.split('\n').every(line => line.length <= 120)).toBe(true);
    expect(there(preCommit) || there('.github')).toBe(false);
  });

  test('has examples of every key that are valid', async () => {
    await init();
    const read = config(uncommented(repository.read('tusklint.yaml')));
    const keys = Object.keys(defaultConfig) as (keyof typeof defaultConfig)[];
    expect(keys.filter(key => isDeepStrictEqual(read[key], defaultConfig[key]))).toEqual(['preset']);
    expect(Object.keys(read.rules).filter(id => areas[id] === undefined)).toEqual([]);
  });

  test('proposes the objects and images that the repository does not explain', async () => {
    repository.commit({
      'server.yaml': server,
      'settings.yaml': settings,
      'other.yaml': server
        .replaceAll('ledger', 'orders')
        .replace('image: postgres:17.6', 'image: registry.example:5000/db/own-postgres:3.1@sha256:abc'),
    });
    const { out } = await init();
    expect(out).toContain('wrote tusklint.yaml: the defaults; look at its proposals for external and images\n');
    const text = repository.read('tusklint.yaml');
    expect(config(text)).toEqual(defaultConfig);
    const proposed = config(uncommented(text));
    expect(proposed.external).toEqual([
      'ConfigMap/orders-settings',
      'Secret/ledger-superuser',
      'Secret/orders-superuser',
    ]);
    expect(Object.keys(proposed.images)).toEqual(['registry.example:5000/db/own-postgres']);
  });

  test('says what is found, and what to do', async () => {
    repository.commit({ 'server.yaml': server, 'settings.yaml': unsafeSettings, 'web.yaml': application });
    const { out } = await init();
    expect(out).toContain('\n1 server in 3 files, 1 error and 0 warnings\n  tusklint lint   ');
    repository.put('settings.yaml', settings);
    expect((await init()).out).toBe('kept tusklint.yaml: it is there already\n\n1 server in 4 files, no problems\n');
  });

  test.for(['tusklint.yaml', 'tusklint.yml', '.tusklint.yaml', '.tusklint.yml'])(
    'is not written beside %s',
    async name => {
      repository.put(name, 'preset: strict\n');
      expect((await init()).out).toMatch(`kept ${name}: it is there already\n`);
      expect(repository.read(name)).toBe('preset: strict\n');
      expect(readdirSync(repository.folder).filter(f => f !== '.git')).toEqual([name]);
    },
  );

  test('of a folder above is in force', async () => {
    repository.put('tusklint.yaml', '');
    mkdirSync(join(repository.folder, 'below'));
    const { out } = await runMain(join(repository.folder, 'below'), ['init']);
    expect(out).toMatch(/^kept \.\.\/tusklint\.yaml: it is there already\n/);
  });

  test('outside of git', async () => {
    const folder = temporary.empty();
    expect((await runMain(folder, ['init'])).code).toBe(0);
    expect(readdirSync(folder)).toEqual(['tusklint.yaml']);
  });
});

describe('--hook', () => {
  test('writes the configuration of pre-commit', async () => {
    const { out, code } = await init('--hook');
    expect(code).toBe(0);
    expect(out).toContain(`wrote ${preCommit}: the hook tusklint v${version}\n`);
    expect(out).toMatch(/ {2}pre-commit install +makes git run the hook, once in every clone\n/);
    expect(repository.read(preCommit)).toBe(newConfiguration(`v${version}`));
    expect((await init('--hook')).out).toContain(`kept ${preCommit}: it has the hook already\n`);
    expect(repository.read(preCommit)).toBe(newConfiguration(`v${version}`));
  });

  test('adds to it, and keeps everything else, the mode too', async () => {
    const before = '# ours\r\nrepos:\r\n  - repo: meta\r\n    hooks: [{ id: identity }] # shows\r\n';
    writeFileSync(join(repository.folder, preCommit), before, { mode: 0o640 });
    expect((await init('--hook')).out).toContain(`changed ${preCommit}: added the hook tusklint v${version}\n`);
    const after = repository.read(preCommit);
    expect(after.startsWith(before)).toBe(true);
    expect(after.slice(before.length).replaceAll('\r\n', '\n')).toBe(
      newConfiguration(`v${version}`).slice('repos:\n'.length),
    );
    expect(statSync(join(repository.folder, preCommit)).mode & 0o777).toBe(0o640);
  });

  test('leaves another version as it is, and says how to get the newest', async () => {
    repository.put(preCommit, newConfiguration('v0.0.1'));
    expect((await init('--hook')).out).toContain(
      `kept ${preCommit}: it has the hook already (v0.0.1; pre-commit autoupdate --repo https://github.com/tusklint/tusklint brings the newest)\n`,
    );
  });

  test.for<readonly [string, string, RegExp]>([
    [preCommit, 'repos: [', /^tusklint: \.pre-commit-config\.yaml:1:\d+: .*; add the hook by hand:\n {2}- repo: /],
    [preCommit, 'repos: []\0', /^tusklint: \.pre-commit-config\.yaml is binary: add the hook by hand:/],
    ['.husky/pre-commit', '', /^tusklint: --hook is for pre-commit, and this repository has \.husky: add the line/],
    ['lefthook.yml', '', /^tusklint: --hook is for pre-commit, and this repository has lefthook\.yml: add the command/],
  ])('refuses with %s: %j', async ([path, text, message]) => {
    repository.put(path, text);
    const { code, out, err } = await init('--hook', '--workflow');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
    expect(all.filter(f => f !== path && there(f))).toEqual([]);
    expect(repository.read(path)).toBe(text);
  });
});

describe('--workflow', () => {
  test('writes a workflow that may read, and nothing else', async () => {
    expect((await init('--workflow')).out).toContain(`wrote ${workflow}: it runs once it is pushed\n`);
    const text = repository.read(workflow);
    expect(parseYaml({ path: workflow, text }).problems).toEqual([]);
    expect(text).toContain('permissions:\n  contents: read\n\njobs:');
    expect(text).toContain('    branches: [main]\n');
    expect(text).toContain(`uses: tusklint/tusklint@v${version.split('.')[0]}\n`);
    expect((await init('--workflow')).out).toContain(`kept ${workflow}: it is there already\n`);
    expect(repository.read(workflow)).toBe(text);
  });

  test.for<readonly [string, readonly (readonly string[])[], string]>([
    ['the current branch', [['symbolic-ref', 'HEAD', 'refs/heads/master']], '[master]'],
    ['not a topic branch', [['symbolic-ref', 'HEAD', 'refs/heads/topic']], '[main]'],
    [
      'the remote before the current',
      [
        ['symbolic-ref', 'HEAD', 'refs/heads/master'],
        ['symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/release/2.x'],
      ],
      '[release/2.x]',
    ],
    ['no pattern', [['symbolic-ref', 'refs/remotes/origin/HEAD', "refs/remotes/origin/it's+1"]], "['it''s\\+1']"],
    ['no value of YAML', [['symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/1.0']], "['1.0']"],
  ])('the default branch: %s', async ([, commands, expected]) => {
    for (const command of commands) repository.git(...command);
    await init('--workflow');
    expect(repository.read(workflow)).toContain(`    branches: ${expected}\n`);
  });

  test('leaves a workflow that runs the Action alone', async () => {
    repository.put('.github/workflows/ci.yaml', workflowText('main', version));
    expect((await init('--workflow')).out).toContain('kept .github/workflows/ci.yaml: it runs the Action already\n');
    expect(there(workflow)).toBe(false);
  });

  test.for([
    ['      - uses: tusklint/tusklint@v1\n', true],
    ['        uses: "fork/tusklint@0123abc" # v1\n', true],
    ['      - uses: other/tusklint-like@v1\n', false],
    ['      # - uses: tusklint/tusklint@v1\n', false],
    ['      - run: npx tusklint lint\n', false],
  ] as const)('%j runs the Action: %s', ([text, expected]) => expect(runsAction(text)).toBe(expected));
});

describe('nothing is written out of the folder', () => {
  const outside = join(temporary.folder, 'outside');
  const names = () => (existsSync(outside) ? readdirSync(outside) : []);

  test.for([
    ['tusklint.yaml', 'x.yaml'],
    ['.github', ''],
    ['.github/workflows', ''],
    [workflow, 'x.yaml'],
    [preCommit, 'x.yaml'],
  ] as const)('through a link at %s', async ([path, target]) => {
    mkdirSync(outside, { recursive: true });
    mkdirSync(join(repository.folder, path, '..'), { recursive: true });
    symlinkSync(join(outside, target), join(repository.folder, path));
    const { code, out, err } = await init('--hook', '--workflow');
    expect({ code, out, err }).toEqual({
      code: 2,
      out: '',
      err: `tusklint: ${path} is a symbolic link: nothing is written through it\n`,
    });
    expect(names()).toEqual([]);
    expect(all.filter(f => f !== path && there(f))).toEqual([]);
  });

  test('through a link to a file that is there', async () => {
    mkdirSync(outside, { recursive: true });
    writeFileSync(join(outside, 'real.yaml'), 'repos: []\n');
    symlinkSync(join(outside, 'real.yaml'), join(repository.folder, preCommit));
    expect((await init('--hook')).code).toBe(2);
    expect(readFileSync(join(outside, 'real.yaml'), 'utf8')).toBe('repos: []\n');
  });

  test.for(['--hook', '--workflow'])('%s from a folder below, or without a repository', async flag => {
    mkdirSync(join(repository.folder, 'a/b'), { recursive: true });
    expect((await runMain(join(repository.folder, 'a/b'), ['init', flag])).err).toBe(
      `tusklint: ${flag} writes at the top of the repository: run it in ../..\n`,
    );
    expect((await runMain(temporary.empty(), ['init', flag])).err).toBe(
      `tusklint: ${flag} needs a git repository: this folder is in none\n`,
    );
    expect(all.filter(there)).toEqual([]);
  });

  test.for(['.github', '.github/workflows'])('where %s is a file', async path => {
    repository.put(path, 'x');
    expect((await init('--workflow')).err).toBe(`tusklint: ${path} is no folder\n`);
  });
});
