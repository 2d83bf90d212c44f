import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PrepareOptions, type Prepared, prepare } from './prepare.ts';

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tusklint-prepare-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (path: string, text: string | Buffer): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const run = (paths: readonly string[], options: Partial<PrepareOptions> = {}): Promise<Prepared> =>
  prepare(paths, {
    cwd: folder,
    config: { include: [], exclude: [], images: {} },
    stdin: Readable.from([]),
    stdinFilename: 'stdin',
    explainFile: undefined,
    progress: () => {},
    ...options,
  });
const server = 'apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: db\nspec: {image: "postgres:17"}\n';
const object = (kind: string): string => `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: x\n`;
/** A repository without a commit, as far as our reader of it is concerned. */
const makeRepository = (): void => {
  put('.git/HEAD', 'ref: refs/heads/main\n');
  put('.git/config', '[core]\n\trepositoryformatversion = 0\n');
};

test('reads what matters, counts what it read, and says what it skipped', async () => {
  put('db.yaml', server);
  put('web.yaml', object('Deployment'));
  put('binary.yaml', Buffer.from([0, 1, 2]));
  put('chart/templates/db.yaml', 'image: postgres\nname: {{ .Release.Name }}\n');
  symlinkSync('nowhere', join(folder, 'link.yaml'));
  const prepared = await run(['.']);
  expect(prepared.sources.map(s => s.path)).toEqual(['db.yaml']);
  expect(prepared.files).toBe(3);
  expect(prepared.skipped).toEqual([
    { path: 'binary.yaml', reason: 'is binary' },
    { path: 'chart/templates/db.yaml', reason: 'is a chart template: it is not rendered' },
    { path: 'link.yaml', reason: 'is a dangling symbolic link' },
  ]);
});

test('reads standard input under its name, by its content', async () => {
  const stdin = () => Readable.from([Buffer.from('shared_buffers = 1GB\n')]);
  expect((await run(['-'], { stdin: stdin(), stdinFilename: 'db/postgresql.conf' })).sources).toEqual([
    { path: 'db/postgresql.conf', text: 'shared_buffers = 1GB\n' },
  ]);
  const utf16 = Readable.from([Buffer.from(`\uFEFF${server}`, 'utf16le')]);
  expect((await run(['-'], { stdin: utf16 })).sources).toHaveLength(1);
  expect((await run(['-'], { stdin: Readable.from(['\0']) })).skipped).toEqual([
    { path: 'stdin', reason: 'is binary' },
  ]);
});

test.for<readonly [string, () => void, readonly string[], string | undefined]>([
  ['a whole repository', () => {}, ['.'], undefined],
  ['one file of it', () => {}, ['db.yaml'], 'the paths given are not a whole repository'],
  [
    'a folder that is not in git is as whole as its checkout',
    () => rmSync(join(folder, '.git'), { recursive: true }),
    ['.'],
    undefined,
  ],
  [
    'a kustomization',
    () => put('kustomization.yaml', 'resources: []\n'),
    ['.'],
    'kustomization.yaml: Kustomization that is not built',
  ],
  ['a release of a chart', () => put('r.yaml', object('HelmRelease')), ['.'], 'r.yaml: HelmRelease'],
  ['an application', () => put('r.yaml', object('Application')), ['.'], 'r.yaml: Application'],
  [
    'a chart',
    () => put('c/templates/a.yaml', 'a: {{ .Values.a }}\n'),
    ['.'],
    'c/templates/a.yaml: chart that is not rendered',
  ],
  ['something skipped', () => put('b.yaml', Buffer.from([0])), ['.'], 'b.yaml is binary'],
  ['a picture', () => put('b.png', Buffer.from([0])), ['.'], undefined],
  [
    'a sparse checkout',
    () => put('.git/config', '[core]\n\tsparseCheckout = true\n'),
    ['.'],
    'only a part of the repository is checked out (sparse checkout)',
  ],
  [
    'a missing submodule',
    () => put('.gitmodules', '[submodule "s"]\n\tpath = s\n\turl = u\n'),
    ['.'],
    'the submodule s is not checked out',
  ],
  ['an ordinary object', () => put('r.yaml', object('Service')), ['.'], undefined],
])('completeness: %s', async ([, change, paths, reason]) => {
  makeRepository();
  put('db.yaml', server);
  change();
  const { completeness } = await run(paths);
  expect(completeness).toEqual(reason === undefined ? { complete: true } : { complete: false, reason });
});

test('completeness: what the configuration leaves out may hold anything', async () => {
  makeRepository();
  put('db.yaml', server);
  put('tests/a.yaml', object('Service'));
  const { completeness } = await run(['.'], { config: { include: [], exclude: ['tests'], images: {} } });
  expect(completeness).toEqual({ complete: false, reason: expect.stringContaining('tests/a.yaml') });
});

test.for([
  ['db.yaml', 'db.yaml: read as kubernetes (has Kubernetes kinds), and judged: names PostgreSQL'],
  [
    'web.yaml',
    'web.yaml: read as kubernetes (has Kubernetes kinds), and not judged: shares no name with what concerns PostgreSQL',
  ],
  [
    'values.yaml',
    'values.yaml: read as helm-values (is named as the values of a Helm chart), and not judged: is of no kind that is judged',
  ],
  ['binary.yaml', 'binary.yaml: not read: it is binary'],
  ['ignored/x/y.yaml', 'ignored/x/y.yaml: not read: ignored is ignored by git (.gitignore:1: ignored/)'],
  ['excluded.yaml', 'excluded.yaml: not read: it is left out by "include" or "exclude" of the configuration'],
  ['main.go', 'main.go: not read: .go files hold nothing that tusklint reads'],
  ['.git/config', '.git/config: not read: it belongs to git itself'],
  ['gone.yaml', 'gone.yaml: there is no such file'],
  ['../elsewhere', '../elsewhere: there is no such file'],
])('explains what became of %s', async ([explainFile, explanation]) => {
  makeRepository();
  put('.gitignore', 'ignored/\n');
  put('db.yaml', server);
  put('web.yaml', object('Deployment'));
  put('values.yaml', 'postgresql: {}\n');
  put('binary.yaml', '\0');
  put('ignored/x/y.yaml', server);
  put('excluded.yaml', server);
  put('main.go', 'package main\n');
  const config = { include: [], exclude: ['excluded.yaml'], images: {} };
  expect((await run(['.'], { explainFile, config })).explanation).toBe(explanation);
});

test('a path outside of those given was not looked at', async () => {
  put('a/db.yaml', server);
  put('b/db.yaml', server);
  expect((await run(['a'], { explainFile: 'b/db.yaml' })).explanation).toBe(
    'b/db.yaml: not read: it is not among the paths given',
  );
});

test('tells its progress', async () => {
  for (let i = 0; i < 600; i += 1) put(`${i}.yaml`, '');
  const seen: number[] = [];
  await run(['.'], { progress: files => seen.push(files) });
  expect(seen).toEqual([256, 512]);
});

test('a worktree is a repository of its own', async context => {
  try {
    execFileSync('git', ['--version']);
  } catch {
    context.skip('git is not installed');
  }
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    GIT_AUTHOR_NAME: 't',
    GIT_AUTHOR_EMAIL: 't@t',
    GIT_COMMITTER_NAME: 't',
    GIT_COMMITTER_EMAIL: 't@t',
  };
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: folder, env, stdio: 'pipe' });
  git('init', '-q', 'main');
  put('main/db.yaml', server);
  put('main/.gitignore', 'db.yaml\n');
  git('-C', 'main', 'add', '-f', '.');
  git('-C', 'main', 'commit', '-q', '-m', 'first');
  git('-C', 'main', 'worktree', 'add', '-q', '../tree');
  const prepared = await run(['.'], { cwd: join(folder, 'tree') });
  expect(prepared.sources.map(s => s.path)).toEqual(['db.yaml']);
  expect(prepared.completeness).toEqual({ complete: true });
});
