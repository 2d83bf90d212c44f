import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { GitError } from './git-program.ts';
import { changesSince, earlierFiles, isNeverRead, stagedTree } from './git-tree.ts';
import { type Repository, scratch } from './git-testing.ts';
import { type TreeContent, workingTree } from './tree.ts';

const temporary = scratch('git-tree');
afterAll(temporary.remove);

let repository: Repository;
beforeEach(() => {
  repository = temporary.repository();
});
afterEach(() => vi.unstubAllEnvs());

const texts = (tree: TreeContent) => Object.fromEntries(tree.files.map(f => [f.path, f.read().text]));
const all = { wants: () => true };
const staged = async (paths: readonly string[] = ['.'], cwd = repository.folder): Promise<TreeContent> =>
  stagedTree(repository.folder)(
    paths.map(p => join(cwd, p)),
    { cwd, ...all },
  );
const stagedTexts = async (...args: Parameters<typeof staged>) => texts(await staged(...args));
const hash = (text: string): string => {
  writeFileSync(join(temporary.folder, 'text'), text);
  return repository.git('hash-object', '-w', join(temporary.folder, 'text')).trim();
};

describe('the index', () => {
  test('is what was added, whatever lies on the disk', async () => {
    repository.commit({ 'a.yaml': 'a', 'b.yaml': 'b', 'c.yaml': 'c', 'sub/d.yaml': 'd' });
    repository.put('a.yaml', 'staged');
    repository.put('new.yaml', 'new');
    repository.git('add', '.');
    repository.put('a.yaml', 'on the disk');
    repository.put('b.yaml', 'on the disk');
    repository.put('untracked.yaml', 'x');
    rmSync(join(repository.folder, 'c.yaml'));
    repository.git('rm', '--quiet', '--cached', 'sub/d.yaml');
    expect(await stagedTexts()).toEqual({ 'a.yaml': 'staged', 'b.yaml': 'b', 'c.yaml': 'c', 'new.yaml': 'new' });
  });

  test('is empty before anything is added', async () => {
    repository.put('a.yaml', 'a');
    expect(await stagedTexts()).toEqual({});
  });

  test.for(['-a.yaml', 'a b.yaml', 'it\'s "q".yaml', 'ünï ☃.yaml', 'new\nline.yaml', 'back\\slash.yaml'])(
    'names: %j',
    async name => {
      repository.commit({ [name]: 'a', 'z.yaml': 'z' });
      expect(await stagedTexts()).toEqual({ [name]: 'a', 'z.yaml': 'z' });
      repository.put(name, 'b');
      expect(await stagedTexts()).toEqual({ [name]: 'a', 'z.yaml': 'z' });
      expect(await changesSince(repository.folder, 'HEAD', false)).toMatchObject([{ path: name, deleted: false }]);
    },
  );

  test('has regular files: no links, no submodules, no files of other kinds', async () => {
    const inner = temporary.repository();
    inner.commit({ 'x.yaml': 'x' });
    repository.git('submodule', '--quiet', 'add', inner.folder, 'sub');
    symlinkSync('a.yaml', join(repository.folder, 'link.yaml'));
    repository.commit({ 'a.yaml': 'a', 'picture.png': 'p', 'main.go': 'g', 'node_modules/p/a.yaml': 'p' });
    expect(Object.keys(await stagedTexts())).toEqual(['.gitmodules', 'a.yaml']);
  });

  test('holds the text also where the disk has a link or a folder in its place', async () => {
    repository.commit({ 'a.yaml': 'a', 'b.yaml': 'b', 'f/c.yaml': 'c' });
    rmSync(join(repository.folder, 'a.yaml'));
    symlinkSync('/etc/hostname', join(repository.folder, 'a.yaml'));
    rmSync(join(repository.folder, 'b.yaml'));
    mkdirSync(join(repository.folder, 'b.yaml'));
    rmSync(join(repository.folder, 'f'), { recursive: true });
    symlinkSync('/etc', join(repository.folder, 'f'));
    expect(await stagedTexts()).toEqual({ 'a.yaml': 'a', 'b.yaml': 'b', 'f/c.yaml': 'c' });
  });

  test('keeps to the paths given, and names them from the working directory', async () => {
    repository.commit({ 'a.yaml': 'a', 'k8s/b.yaml': 'b', 'k8s/c/d.yaml': 'd', 'k8s-other/e.yaml': 'e' });
    expect(Object.keys(await stagedTexts(['k8s']))).toEqual(['k8s/b.yaml', 'k8s/c/d.yaml']);
    expect(Object.keys(await stagedTexts(['k8s/b.yaml']))).toEqual(['k8s/b.yaml']);
    expect(Object.keys(await stagedTexts(['..'], join(repository.folder, 'k8s')))).toEqual([
      '../a.yaml',
      '../k8s-other/e.yaml',
      'b.yaml',
      'c/d.yaml',
    ]);
    expect((await staged()).wholeRepository).toBe(repository.folder);
    expect((await staged(['k8s'])).wholeRepository).toBeUndefined();
  });

  test('conflicts throw', async () => {
    repository.commit({ 'a.yaml': 'a', 'b.yaml': 'b' });
    const object = hash('x');
    const entries = [1, 2, 3].map(stage => `100644 ${object} ${stage}\ta.yaml`).join('\n');
    repository.put('entries', `0 ${'0'.repeat(40)}\ta.yaml\n${entries}\n`);
    repository.git('-c', 'alias.u=!git update-index --index-info <entries', 'u');
    await expect(staged()).rejects.toThrow(new GitError('a.yaml has conflicts that are not resolved'));
  });

  test('an entry that is only intended has no text yet', async () => {
    repository.commit({ 'a.yaml': 'a' });
    repository.put('b.yaml', 'b');
    repository.git('add', '--intent-to-add', 'b.yaml');
    expect(await stagedTexts()).toEqual({ 'a.yaml': 'a', 'b.yaml': '' });
    expect(await changesSince(repository.folder, 'HEAD', true)).toEqual([]);
  });

  test.for(['--skip-worktree', '--assume-unchanged'])('%s does not hide what is staged', async flag => {
    repository.commit({ 'a.yaml': 'a', 'b.yaml': 'b' });
    repository.git('update-index', flag, 'a.yaml');
    repository.put('a.yaml', 'mine');
    expect(await stagedTexts()).toEqual({ 'a.yaml': 'a', 'b.yaml': 'b' });
  });

  test('a sparse checkout has what it has checked out', async () => {
    repository.commit({ 'a/a.yaml': 'a', 'b/b.yaml': 'b' });
    repository.git('sparse-checkout', 'set', 'a');
    expect(existsSync(join(repository.folder, 'b/b.yaml'))).toBe(false);
    const tree = await staged();
    expect(texts(tree)).toEqual({ 'a/a.yaml': 'a' });
    expect(tree.skipped).toEqual([]);
  });

  test.for([['core.splitIndex=true'], ['index.version=4'], ['core.untrackedCache=true'], ['color.ui=always']])(
    'with %s',
    async ([setting = '']) => {
      repository.git('config', ...setting.split('='));
      repository.commit({ 'a.yaml': 'a', 'b.yaml': 'b' });
      repository.put('a.yaml', 'staged');
      repository.git('add', '.');
      repository.put('a.yaml', 'on the disk');
      expect(await stagedTexts()).toEqual({ 'a.yaml': 'staged', 'b.yaml': 'b' });
      expect(await changesSince(repository.folder, 'HEAD', true)).toMatchObject([{ path: 'a.yaml' }]);
    },
  );

  test('in a repository that hashes by SHA-256', async () => {
    const folder = temporary.empty();
    repository.git('init', '--quiet', '--object-format=sha256', folder);
    writeFileSync(join(folder, 'a.yaml'), 'a');
    repository.git('-C', folder, 'add', '.');
    writeFileSync(join(folder, 'a.yaml'), 'b');
    expect(texts(await stagedTree(folder)([folder], { cwd: folder, ...all }))).toEqual({ 'a.yaml': 'a' });
    expect(await changesSince(folder, 'HEAD', true)).toEqual([{ path: 'a.yaml', before: undefined, deleted: false }]);
  });

  test('lines that git ends in its own way on the disk are no change', async () => {
    repository.git('config', 'core.autocrlf', 'true');
    repository.commit({ 'a.yaml': 'a: 1\r\nb: 2\r\n' });
    expect(await changesSince(repository.folder, 'HEAD', true)).toEqual([]);
    expect(Object.keys(await stagedTexts())).toEqual(['a.yaml']);
  });

  test('is the one that git has for this commit (GIT_INDEX_FILE, as in `git commit FILE`)', async () => {
    repository.commit({ 'a.yaml': 'a', 'b.yaml': 'b' });
    repository.put('a.yaml', 'of this commit');
    repository.put('b.yaml', 'staged before');
    repository.git('add', 'b.yaml');
    repository.git('-c', 'alias.u=!GIT_INDEX_FILE=.git/next git read-tree HEAD', 'u');
    repository.git('-c', 'alias.u=!GIT_INDEX_FILE=.git/next git add a.yaml', 'u');
    for (const index of ['.git/next', join(repository.folder, '.git/next')]) {
      vi.stubEnv('GIT_INDEX_FILE', index);
      expect(await stagedTexts()).toEqual({ 'a.yaml': 'of this commit', 'b.yaml': 'b' });
      expect(await changesSince(repository.folder, 'HEAD', true)).toMatchObject([{ path: 'a.yaml' }]);
    }
  });

  test('is asked for without a program of the repository', async () => {
    const mark = join(temporary.folder, 'ran');
    const script = join(temporary.folder, 'script');
    writeFileSync(script, `#!/bin/sh\ntouch '${mark}'\nexit 1\n`);
    chmodSync(script, 0o755);
    repository.commit({ 'a.yaml': 'a', '.gitattributes': '*.yaml diff=evil\n' });
    for (const name of ['core.fsmonitor', 'diff.external', 'core.pager', 'diff.evil.command', 'diff.evil.textconv'])
      repository.git('config', name, script);
    repository.put('a.yaml', 'b');
    expect(await stagedTexts()).toMatchObject({ 'a.yaml': 'a' });
    expect(await changesSince(repository.folder, 'HEAD', false)).toMatchObject([{ path: 'a.yaml' }]);
    expect(existsSync(mark)).toBe(false);
  });
});

describe('changes', () => {
  const since = (revision: string, isStaged = true) => changesSince(repository.folder, revision, isStaged);

  test('names what was added, changed, deleted, renamed, and turned into a link', async () => {
    repository.commit({ 'a.yaml': 'a', 'b.yaml': 'b', 'c.yaml': 'c', 'd.yaml': 'd', 'same.yaml': 's' });
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(hash);
    repository.put('a.yaml', 'other');
    rmSync(join(repository.folder, 'b.yaml'));
    repository.git('mv', 'c.yaml', 'moved.yaml');
    rmSync(join(repository.folder, 'd.yaml'));
    symlinkSync('a.yaml', join(repository.folder, 'd.yaml'));
    repository.put('new.yaml', 'n');
    repository.git('add', '--all');
    const expected = [
      { path: 'a.yaml', before: a, deleted: false },
      { path: 'b.yaml', before: b, deleted: true },
      { path: 'c.yaml', before: c, deleted: true },
      { path: 'd.yaml', before: d, deleted: false },
      { path: 'moved.yaml', before: undefined, deleted: false },
      { path: 'new.yaml', before: undefined, deleted: false },
    ];
    expect(await since('HEAD')).toEqual(expected);
    expect(await since('HEAD', false)).toEqual(expected);
    repository.commit();
    expect(await since('HEAD')).toEqual([]);
    expect(await since('HEAD~1')).toEqual(expected);
  });

  test('before the first commit everything is new', async () => {
    repository.put('a.yaml', 'a');
    repository.git('add', '.');
    expect(await since('HEAD')).toEqual([{ path: 'a.yaml', before: undefined, deleted: false }]);
    await expect(since('main')).rejects.toThrow('there is no revision "main" in this repository');
  });

  test.for<readonly [string, RegExp]>([
    [
      'nowhere',
      /^there is no revision "nowhere" in this repository \(a shallow clone has few: git fetch origin nowhere\)$/,
    ],
    ['--output=x', /^"--output=x" is no revision$/],
    ['HEAD:a.yaml', /^there is no revision/],
    ['', /^there is no revision/],
  ])('of %j', async ([revision, message]) => {
    repository.commit({ 'a.yaml': 'a' });
    await expect(since(revision)).rejects.toThrow(message);
    await expect(since(revision)).rejects.toBeInstanceOf(GitError);
    expect(existsSync(join(repository.folder, 'x'))).toBe(false);
  });

  test('outside of git', async () => {
    const folder = temporary.empty();
    mkdirSync(join(folder, '.git'));
    await expect(changesSince(folder, 'HEAD', true)).rejects.toThrow(/^not a git repository/);
  });
});

describe('earlier files', () => {
  const earlier = async (revision: string, isStaged: boolean, paths: readonly string[] = ['.']) => {
    const { folder } = repository;
    const options = { cwd: folder, ...all };
    const tree = await (isStaged ? stagedTree(folder) : workingTree)(paths, options);
    const changes = await changesSince(folder, revision, isStaged);
    const found = await earlierFiles(folder, changes, isStaged, tree, paths, options);
    return Object.fromEntries([...found].map(([path, result]) => [path, result?.text]));
  };

  test('are those that differ, as they were', async () => {
    repository.commit({ 'a.yaml': 'a', 'b.yaml': 'b', 'same.yaml': 's', 'k8s/c.yaml': 'c' });
    repository.put('a.yaml', 'other');
    rmSync(join(repository.folder, 'b.yaml'));
    repository.put('k8s/c.yaml', 'other');
    repository.put('new.yaml', 'n');
    const files = { 'a.yaml': 'a', 'b.yaml': 'b', 'k8s/c.yaml': 'c' };
    // What is not tracked was not there.
    expect(await earlier('HEAD', false)).toEqual({ ...files, 'new.yaml': undefined });
    expect(await earlier('HEAD', true)).toEqual({});
    repository.git('add', '--all');
    expect(await earlier('HEAD', true)).toEqual({ ...files, 'new.yaml': undefined });
    expect(await earlier('HEAD', true, ['k8s'])).toEqual({ 'k8s/c.yaml': 'c' });
    expect(await earlier('HEAD', false, ['b.yaml', 'a.yaml'].slice(1))).toEqual({ 'a.yaml': 'a' });
  });

  test('two paths of one text', async () => {
    repository.commit({ 'a.yaml': 'same', 'b.yaml': 'same' });
    repository.put('a.yaml', '1');
    repository.put('b.yaml', '2');
    repository.git('add', '.');
    expect(await earlier('HEAD', true)).toEqual({ 'a.yaml': 'same', 'b.yaml': 'same' });
  });

  test('an object that is not in the clone is said', async () => {
    repository.commit({ 'a.yaml': 'a' });
    const object = hash('a');
    repository.put('a.yaml', 'b');
    repository.git('add', '.');
    rmSync(join(repository.folder, '.git/objects', object.slice(0, 2), object.slice(2)));
    await expect(earlier('HEAD', true)).rejects.toThrow(`the object ${object} is not in this clone`);
  });
});

test.for<readonly [string, boolean]>([
  ['a.yaml', false],
  ['k8s/postgresql.conf', false],
  ['Dockerfile', false],
  ['a.png', true],
  ['src/main.go', true],
  ['node_modules/p/a.yaml', true],
  ['x/node_modules/p/a.yaml', true],
  ['my_node_modules/a.yaml', false],
])('%s is never read: %s', ([path, expected]) => expect(isNeverRead(path)).toBe(expected));
