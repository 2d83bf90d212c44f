/**
 * The hook as git and the real pre-commit run it: installed from a repository that has the files of this one as they are now,
 * in repositories where things are added, mended, deleted and renamed. Takes a minute: pre-commit installs the package.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newConfiguration } from './init/pre-commit-entry.ts';
import {
  type Ended,
  type Repository,
  application,
  hasProgram,
  repositoryAt,
  runProgram,
  scratch,
  server,
  settings,
  unsafeSettings,
} from './git-testing.ts';
import { version } from './version.ts';

// Debian's runs with Debian's Python, whatever other one is in the way. TUSKLINT_PRE_COMMIT is the path of another one.
const preCommit = process.env['TUSKLINT_PRE_COMMIT'] ?? ['/usr/bin/pre-commit', 'pre-commit'].find(hasProgram) ?? '';
const why = preCommit === '' ? ' (skipped: pre-commit is not installed)' : '';
const INSTALL = 600_000;
const RUN = 120_000;

const temporary = scratch('pre-commit');
afterAll(temporary.remove, RUN);

const project = new URL('..', import.meta.url).pathname;
/** The repository that the hooks come from. */
const hooks = repositoryAt(join(temporary.folder, 'hooks'));
const rev = `v${version}`;
const cli = join(hooks.folder, 'dist/cli.js');
/** For `tusklint-system`, and for hooks without pre-commit. */
const programs = join(temporary.folder, 'bin');
const env = {
  PRE_COMMIT_HOME: join(temporary.folder, 'cache'),
  PRE_COMMIT_COLOR: 'never',
  PATH: `${programs}:${process.env['PATH'] ?? ''}`,
};

beforeAll(() => {
  const files = runProgram(project, 'git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']).output;
  for (const file of new Set(files.split('\0'))) {
    if (file !== '' && existsSync(join(project, file))) cpSync(join(project, file), join(hooks.folder, file));
  }
  symlinkSync(join(project, 'node_modules'), join(hooks.folder, 'node_modules'));
  const built = runProgram(hooks.folder, process.execPath, ['node_modules/tsx/dist/cli.mjs', 'src/build/bundle.ts']);
  if (built.code !== 0) throw new Error(built.output);
  unlinkSync(join(hooks.folder, 'node_modules'));
  hooks.git('init', '--quiet');
  hooks.commit();
  hooks.git('tag', rev);
  mkdirSync(programs);
  symlinkSync(cli, join(programs, 'tusklint'));
}, RUN);

let repository: Repository;
beforeEach(() => {
  repository = temporary.repository();
});

const clean = { 'server.yaml': server, 'settings.yaml': settings, 'web.yaml': application };
/** Runs a command of git; hooks that it starts find the programs above. */
const git = (...args: readonly string[]): Ended => runProgram(repository.folder, 'git', args, env);
const commit = (...args: readonly string[]): Ended => git('commit', '--message', 'A change', ...args);
const head = (): string => repository.git('rev-parse', '--short', 'HEAD');
const add = (files: Readonly<Record<string, string>>): void => {
  for (const [path, text] of Object.entries(files)) repository.put(path, text);
  repository.git('add', '--all');
};
/** The commit is made, and the hook says nothing. */
const passes = (ended: Ended): void => {
  expect(ended.output).not.toMatch(/ {2}(?:error|warning) {2}|^tusklint: /m);
  if (ended.code !== 0) throw new Error(`ended with ${ended.code}: ${ended.output}`);
};
/** The commit is not made, since the hook finds this. */
const refuses = ({ code, output }: Ended, ...findings: readonly string[]): void => {
  if (code !== 1) throw new Error(`ended with ${code}: ${output}`);
  const found = [...output.matchAll(/^(\S.*):\d+ {2}(?:error|warning) {2}(\S+)$/gm)].map(
    ([, at, rule]) => `${rule} ${at}`,
  );
  expect(found).toEqual(findings);
};

describe.skipIf(preCommit === '')(`pre-commit${why}`, () => {
  const run = (...args: readonly string[]): Ended => runProgram(repository.folder, preCommit, args, env);
  /** Configures and installs hooks by their ids, over a repository with the files above. */
  const install = (hook: string, files: Readonly<Record<string, string>> = clean): void => {
    const configuration = newConfiguration(rev)
      .replace(/repo: .*/, `repo: ${hooks.folder}`)
      .replace('id: tusklint', `id: ${hook}`);
    repository.commit({ '.pre-commit-config.yaml': configuration, ...files });
    const { code, output } = run('install', '--install-hooks');
    if (code !== 0) throw new Error(output);
  };

  test('takes the manifest', () => {
    expect(run('validate-manifest', join(hooks.folder, '.pre-commit-hooks.yaml'))).toEqual({ code: 0, output: '' });
  });

  // The longest first: it installs the package.
  describe('tusklint', { timeout: INSTALL }, () => {
    beforeAll(() => {
      repository = temporary.repository();
      install('tusklint');
    }, INSTALL);

    test('a clean commit, and one that breaks something', () => {
      install('tusklint');
      add({ 'settings.yaml': settings.replace('= 60', '= 50') });
      const ended = commit();
      passes(ended);
      expect(ended.output).toMatch(/^tusklint\.+Passed$/m);
      const before = head();
      add({ 'settings.yaml': unsafeSettings });
      const refused = commit();
      refuses(refused, 'fsync-off settings.yaml:9');
      expect(refused.output).toContain('the server "ledger" runs with fsync = off');
      expect(head()).toBe(before);
    });

    test('a commit of an application, of sources, and of nothing', () => {
      install('tusklint', { ...clean, 'settings.yaml': unsafeSettings });
      add({ 'web.yaml': application.replace('1.0.0', '2.0.0') });
      passes(commit());
      add({ 'main.go': 'package main\n', 'picture.png': '\0' });
      passes(commit());
      passes(commit('--allow-empty'));
    });

    test('what is staged counts where files are staged in part, and the rest stays on the disk', () => {
      install('tusklint');
      add({ 'settings.yaml': unsafeSettings });
      repository.put('settings.yaml', settings);
      refuses(commit(), 'fsync-off settings.yaml:9');
      expect(repository.read('settings.yaml')).toBe(settings);
      const mended = settings.replace('= 60', '= 50');
      add({ 'settings.yaml': mended });
      repository.put('settings.yaml', unsafeSettings);
      passes(commit());
      expect(repository.read('settings.yaml')).toBe(unsafeSettings);
      expect(repository.git('show', 'HEAD:settings.yaml')).toBe(mended);
    });

    test('files that are deleted and renamed', () => {
      install('tusklint');
      repository.git('mv', 'settings.yaml', 'renamed.yaml');
      passes(commit());
      const configuration = repository.read('.pre-commit-config.yaml');
      add({
        '.pre-commit-config.yaml': configuration.replace(
          'id: tusklint\n',
          'id: tusklint\n        args: [--fail-on, warning, --]\n',
        ),
      });
      passes(commit());
      repository.git('rm', '--quiet', 'renamed.yaml');
      // Nothing but a deletion: pre-commit names no file.
      refuses(commit(), expect.stringMatching(/^secret-ref-undefined server\.yaml:/));
    });

    test('the first commit', () => {
      install('tusklint', {});
      const first = temporary.repository();
      cpSync(join(repository.folder, '.git/hooks/pre-commit'), join(first.folder, '.git/hooks/pre-commit'));
      first.put('.pre-commit-config.yaml', repository.read('.pre-commit-config.yaml'));
      repository = first;
      add({ ...clean, 'settings.yaml': unsafeSettings });
      refuses(commit(), 'fsync-off settings.yaml:9');
      add({ 'settings.yaml': settings });
      passes(commit());
    });

    test.for([
      '-settings.yaml',
      '--fix.yaml',
      '--format=json=x.yaml',
      'a b/it\'s "quoted" $(x).yaml',
      'ünïcode ☃.yaml',
    ])('the name %j', name => {
      install('tusklint', { 'server.yaml': server, [name]: settings });
      add({ [name]: unsafeSettings });
      refuses(commit(), `fsync-off ${name}:9`);
      expect(repository.git('status', '--short', '-z')).toBe(`M  ${name}\0`);
    });

    test('is given manifests, settings and Dockerfiles, and neither sources nor pictures', () => {
      const given = [
        'Containerfile',
        'Dockerfile',
        'Kustomization',
        'chart/values.YML',
        'conf.d/memory.conf',
        'db.dockerfile',
        'db/Dockerfile.postgres',
        'docker-compose.yml',
        'etc/postgres',
        'k8s/list.json',
        'k8s/server.yaml',
        'pg_hba.conf',
        'pg_hba.conf.production',
        'postgresql.conf',
        'postgresql.conf.sample',
        'server.yaml.j2',
        'tusklint.yaml',
      ];
      const others = [
        'README.md',
        'data.json.ts',
        'link.yaml',
        'main.go',
        'picture.png',
        'postgres.go',
        'schema.sql',
        'webpack.conf.js',
      ];
      const manifest = readFileSync(join(hooks.folder, '.pre-commit-hooks.yaml'), 'utf8');
      const files = /files: &files \|-\n((?: {4}.*\n)+)/.exec(manifest)?.[1]?.replace(/^ {4}/gm, '').trimEnd() ?? '';
      // The expression is Python's: a hook that prints what it is given tells what matches.
      const echo = { id: 'echo', name: 'echo', language: 'system', entry: "printf '<%s>\\n'", require_serial: true };
      const local = { repo: 'local', hooks: [{ ...echo, types: ['text'], files, verbose: true }] };
      repository.put('.pre-commit-config.yaml', JSON.stringify({ repos: [local] }));
      for (const path of [...given, ...others]) if (path !== 'link.yaml') repository.put(path, 'x\n');
      symlinkSync('main.go', join(repository.folder, 'link.yaml'));
      repository.commit();
      const { output } = run('run', '--files', ...given, ...others);
      expect([...output.matchAll(/^<(.*)>$/gm)].map(m => m[1] ?? '').sort()).toEqual([...given].sort());
    });

    test('all ways to commit', () => {
      install('tusklint');
      repository.put('settings.yaml', unsafeSettings);
      repository.put('web.yaml', application.replace('1.0.0', '2.0.0'));
      refuses(commit('--all'), 'fsync-off settings.yaml:9');
      refuses(commit('settings.yaml'), 'fsync-off settings.yaml:9');
      // A commit of one file leaves the others out, staged ones too.
      repository.git('add', 'settings.yaml');
      passes(commit('web.yaml'));
      expect(repository.git('status', '--short')).toBe('M  settings.yaml\n');
      refuses(commit('--amend'), 'fsync-off settings.yaml:9');
    });

    test('in a worktree, and from a folder below', () => {
      install('tusklint', { ...clean, 'below/web.yaml': application });
      const path = join(temporary.empty(), 'w');
      repository.git('worktree', 'add', '--quiet', path);
      for (const folder of [join(path, 'below'), join(repository.folder, 'below')]) {
        writeFileSync(join(folder, '../settings.yaml'), unsafeSettings);
        const ended = runProgram(folder, 'git', ['commit', '--all', '--message', 'x'], env);
        refuses(ended, 'fsync-off settings.yaml:9');
      }
    });

    test('conflicts', () => {
      install('tusklint');
      repository.git('checkout', '--quiet', '-b', 'side');
      repository.commit({ 'settings.yaml': settings.replace('= 60', '= 50') });
      repository.git('checkout', '--quiet', 'main');
      repository.commit({ 'settings.yaml': settings.replace('= 60', '= 70') });
      expect(git('merge', 'side').output).toContain('CONFLICT');
      expect(run('run').output).toContain('Unmerged files');
      add({ 'settings.yaml': unsafeSettings });
      refuses(commit(), 'fsync-off settings.yaml:9');
    });

    test('all files, and what one would see of a change between two commits', () => {
      install('tusklint', { ...clean, 'settings.yaml': unsafeSettings });
      refuses(run('run', '--all-files'), 'fsync-off settings.yaml:9');
      repository.commit({ 'settings.yaml': unsafeSettings.replace('= 60', '= 50') });
      refuses(run('run', '--from-ref', 'HEAD~1', '--to-ref', 'HEAD'), 'fsync-off settings.yaml:9');
      repository.commit({ 'web.yaml': application.replace('1.0.0', '2.0.0') });
      passes(run('run', '--from-ref', 'HEAD~1', '--to-ref', 'HEAD'));
    });
  });

  test('tusklint-fix mends, refuses, and lets the next commit through', { timeout: INSTALL }, () => {
    install('tusklint-fix');
    add({ 'settings.yaml': unsafeSettings });
    const first = commit();
    expect(first.code).toBe(1);
    expect(first.output).toMatch(/^- files were modified by this hook$/m);
    expect(first.output).toContain('fixed settings.yaml\n  fsync-off: fsync = on\n');
    expect(first.output).toContain('tusklint: 1 file was changed: add and commit again');
    expect(repository.git('diff', '--name-only')).toBe('settings.yaml\n');
    repository.git('add', '--all');
    passes(commit());
    expect(repository.git('show', 'HEAD:settings.yaml')).toContain('fsync = on');
  });

  test('tusklint-system runs the one that is installed', { timeout: INSTALL }, () => {
    install('tusklint-system');
    add({ 'settings.yaml': unsafeSettings });
    refuses(commit(), 'fsync-off settings.yaml:9');
  });

  test('can be tried out', { timeout: INSTALL }, () => {
    repository.commit({ ...clean, 'settings.yaml': unsafeSettings });
    refuses(run('try-repo', hooks.folder, 'tusklint', '--all-files'), 'fsync-off settings.yaml:9');
  });
});

describe('a hook of git itself', { timeout: RUN }, () => {
  const install = (files: Readonly<Record<string, string>> = clean, script = 'exec tusklint hook'): void => {
    repository.commit(files);
    hookScript(repository.folder, script);
  };
  const hookScript = (folder: string, script: string): void => {
    const path = runProgram(folder, 'git', ['rev-parse', '--git-path', 'hooks/pre-commit']).output.trim();
    const absolute = path.startsWith('/') ? path : join(folder, path);
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  };

  test('lets a clean commit through, and refuses one that breaks something', () => {
    install();
    add({ 'settings.yaml': settings.replace('= 60', '= 50') });
    passes(commit());
    add({ 'settings.yaml': unsafeSettings });
    refuses(commit(), 'fsync-off settings.yaml:9');
    repository.put('settings.yaml', settings);
    refuses(commit(), 'fsync-off settings.yaml:9');
    passes(commit('--all'));
  });

  test('judges the index of `git commit FILE` and of `git commit --all`', () => {
    install();
    repository.put('settings.yaml', unsafeSettings);
    repository.put('web.yaml', application.replace('1.0.0', '2.0.0'));
    refuses(commit('settings.yaml'), 'fsync-off settings.yaml:9');
    refuses(commit('--all'), 'fsync-off settings.yaml:9');
    repository.git('add', 'settings.yaml');
    passes(commit('web.yaml'));
  });

  test('sees a deletion that breaks what stays', () => {
    install(clean, 'exec tusklint hook --fail-on warning');
    repository.git('rm', '--quiet', 'settings.yaml');
    refuses(commit(), expect.stringMatching(/^secret-ref-undefined server\.yaml:/));
  });

  test('runs in worktrees and submodules, from folders below', () => {
    const inner = temporary.repository();
    inner.commit(clean);
    install({ ...clean, 'below/x.yaml': application });
    const worktree = join(temporary.empty(), 'w');
    repository.git('worktree', 'add', '--quiet', worktree);
    repository.git('submodule', '--quiet', 'add', inner.folder, 'sub');
    const submodule = join(repository.folder, 'sub');
    hookScript(submodule, 'exec tusklint hook');
    for (const [folder, file] of [
      [worktree, 'settings.yaml'],
      [join(worktree, 'below'), '../settings.yaml'],
      [submodule, 'settings.yaml'],
    ] as const) {
      writeFileSync(join(folder, file), unsafeSettings);
      for (const args of [['--all'], [file]])
        refuses(runProgram(folder, 'git', ['commit', '--message', 'x', ...args], env), 'fsync-off settings.yaml:9');
    }
    // The repository around it has no word of it.
    passes(commit());
  });

  test('mends, and refuses what is not mended in the commit', () => {
    install(clean, 'exec tusklint hook --fix');
    add({ 'settings.yaml': unsafeSettings });
    expect(commit()).toMatchObject({
      code: 1,
      output: expect.stringContaining('1 file was changed: add and commit again'),
    });
    passes(commit('--all'));
    expect(repository.git('show', 'HEAD:settings.yaml')).toContain('fsync = on');
  });

  test('has nothing to say where tusklint is not: the script decides', () => {
    install(clean, `PATH=/nowhere\ncommand -v tusklint >/dev/null || exit 0\nexec tusklint hook`);
    add({ 'settings.yaml': unsafeSettings });
    passes(commit());
    rmSync(join(repository.folder, '.git/hooks/pre-commit'));
  });
});
