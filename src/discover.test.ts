import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MissingPathError, discover, foreignName } from './discover.ts';

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tusklint discover ü-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const everything = { wants: () => true };
const put = (path: string, text = 'a: 1\n'): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder },
  });
const found = async (paths: readonly string[] = ['.'], wants = everything.wants): Promise<readonly string[]> =>
  (await discover(paths, { cwd: folder, wants })).files.map(f => f.path);

describe('folders outside of git', () => {
  test('are walked in the order of their paths, with blanks and letters of any script', async () => {
    for (const path of ['b.yaml', 'a/z.yaml', 'a/ä ö.yaml', 'a-b.yaml', '日本/값.yaml', 'Dockerfile', 'no-extension'])
      put(path);
    expect(await found()).toEqual([
      'Dockerfile',
      'a-b.yaml',
      'a/z.yaml',
      'a/ä ö.yaml',
      'b.yaml',
      'no-extension',
      '日本/값.yaml',
    ]);
  });

  test('a .gitignore has no meaning there', async () => {
    put('.gitignore', '*.yaml\n');
    put('a.yaml');
    expect(await found()).toContain('a.yaml');
  });

  test('installed packages and foreign files are left out, but not when they are given', async () => {
    for (const path of ['node_modules/x/a.yaml', 'picture.png', 'main.go', 'a.yaml']) put(path);
    expect(await found()).toEqual(['a.yaml']);
    expect(await found(['main.go', 'node_modules'])).toEqual(['main.go', 'node_modules/x/a.yaml']);
  });

  test('a path given twice is read once', async () => {
    put('a/b.yaml');
    expect(await found(['.', 'a', 'a/b.yaml'])).toEqual(['a/b.yaml']);
  });

  test('a path that is not there is an error', async () => {
    await expect(found(['nowhere'])).rejects.toThrow(MissingPathError);
  });

  test('what the configuration leaves out is said', async () => {
    put('a.yaml');
    put('b.yaml');
    const result = await discover(['.'], { cwd: folder, wants: path => path !== 'b.yaml' });
    expect(result.files.map(f => f.path)).toEqual(['a.yaml']);
    expect(result.left).toEqual([{ path: 'b.yaml', reason: expect.stringContaining('configuration') }]);
  });

  test('links are not followed; those that lead out or nowhere are said', async () => {
    put('in/a.yaml');
    put('out/b.yaml');
    symlinkSync('a.yaml', join(folder, 'in/inward.yaml'));
    symlinkSync('../out/b.yaml', join(folder, 'in/outward.yaml'));
    symlinkSync('../out', join(folder, 'in/folder'));
    symlinkSync('.', join(folder, 'in/loop'));
    symlinkSync('nothing', join(folder, 'in/dangling.yaml'));
    const result = await discover(['in'], { cwd: folder, ...everything });
    expect(result.files.map(f => f.path)).toEqual(['in/a.yaml']);
    expect(result.skipped.map(s => `${s.path} ${s.reason}`).sort()).toEqual([
      'in/dangling.yaml is a dangling symbolic link',
      'in/folder is a symbolic link out of the paths given',
      'in/outward.yaml is a symbolic link out of the paths given',
    ]);
    // A link that is given is what the user means.
    expect(await found(['in/folder'])).toEqual(['in/folder/b.yaml']);
  });

  test('pipes and sockets are not opened', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
    const server = createServer().listen(join(folder, 'socket.yaml'));
    await new Promise(resolve => server.once('listening', resolve));
    const result = await discover(['.', 'pipe.yaml'], { cwd: folder, ...everything });
    server.close();
    expect(result.files).toEqual([]);
    expect(new Set(result.skipped.map(s => `${s.path} ${s.reason}`))).toEqual(
      new Set(['pipe.yaml is no regular file', 'socket.yaml is no regular file']),
    );
  });
});

const withGit = describe.skipIf(!hasGit());
function hasGit(): boolean {
  try {
    execFileSync('git', ['--version']);
    return true;
  } catch {
    return false;
  }
}

withGit('folders in git (skipped where git is not installed)', () => {
  const patterns: readonly (readonly [string, string])[] = [
    ['plain names and folders', '*.gen.yaml\nbuild/\n/top.yaml\nsub/deep.yaml\n'],
    ['negations', '*.yaml\n!keep.yaml\n!sub/\n'],
    ['a folder that is ignored cannot be opened again', 'build/\n!build/keep.yaml\n'],
    ['double stars', '**/deep.yaml\nsub/**/x.yaml\nbuild/**\n!build/**/\n'],
    ['comments, blanks, escapes, CRLF', '# no\n\n\\#hash.yaml\r\nspace.yaml   \nkeep\\ me.yaml\r\n'],
    ['brackets and questions', '[ab].yaml\n?.gen.yaml\n*.[!y]*\n'],
    ['upper case is another name', 'TOP.YAML\nBuild/\n'],
  ];
  const tree = [
    'top.yaml keep.yaml a.yaml c.gen.yaml #hash.yaml space.yaml build/x.yaml build/keep.yaml build/in/y.yaml',
    'sub/top.yaml sub/deep.yaml sub/a.yaml sub/sub/deep.yaml sub/sub/x.yaml sub/build/z.yaml sub/keep.yaml other/a.yaml',
  ]
    .join(' ')
    .split(' ')
    .concat('keep me.yaml');
  const nested: readonly (readonly [string, string])[] = [
    ['nothing more', ''],
    ['a nested file that opens again', '!a.yaml\n!deep.yaml\n!build/\n'],
    ['a nested file that is anchored', '/a.yaml\n/sub/\nbuild\n'],
    ['a nested file with a path', 'sub/x.yaml\n**/z.yaml\n!/keep.yaml\n'],
  ];
  const cases = patterns.flatMap(([a, top]) => nested.map(([b, inner]) => [`${a}; ${b}`, top, inner] as const));

  test.for(cases)('the same files as git: %s', async ([, top, inner]) => {
    git('init', '-q');
    for (const path of tree) put(path);
    put('.gitignore', top);
    if (inner !== '') put('sub/.gitignore', inner);
    put('.git/info/exclude', 'other/\n');
    const listed = git('ls-files', '-z', '--cached', '--others', '--exclude-standard')
      .split('\0')
      .filter(p => p !== '');
    expect(await found()).toEqual(listed.filter(p => foreignName(p) === undefined).sort());
    const below = listed.filter(p => p.startsWith('sub/') && foreignName(p) === undefined).sort();
    if (below.length > 0) expect(await found(['sub'])).toEqual(below);
  });

  test.for(['2', '4'])('tracked files are read although they are ignored (index version %s)', async version => {
    git('init', '-q');
    const paths = ['kept/tracked.yaml', 'kept/deep/er/tracked ü.yaml', 'kept/deep/er/tracked ü2.yaml', 'x.yaml'];
    for (const path of paths) put(path);
    git('add', '-f', '.');
    git('update-index', '--index-version', version);
    put('.gitignore', 'kept/\n');
    put('kept/untracked.yaml');
    expect(await found()).toEqual([...paths, '.gitignore'].sort());
  });

  test('who gives an ignored folder or file wants it read', async () => {
    git('init', '-q');
    put('.gitignore', 'out/\n');
    put('out/a.yaml');
    put('out/.gitignore', 'b.yaml\n');
    put('out/b.yaml');
    expect(await found(['out'])).toContain('out/a.yaml');
    expect(await found(['out/b.yaml'])).toEqual(['out/b.yaml']);
  });

  test('.git is never read, and what is ignored is said with its pattern', async () => {
    git('init', '-q');
    put('.gitignore', '*.tmp\nsecret.yaml\n');
    put('secret.yaml');
    put('.git/a.yaml');
    const result = await discover(['.'], { cwd: folder, ...everything });
    expect(result.files.map(f => f.path)).toEqual(['.gitignore']);
    expect(result.left).toEqual([{ path: 'secret.yaml', reason: 'is ignored by git (.gitignore:2: secret.yaml)' }]);
  });

  test('the whole repository counts only from its top', async () => {
    git('init', '-q');
    put('sub/a.yaml');
    const whole = async (...paths: readonly string[]) =>
      (await discover(paths, { cwd: folder, ...everything })).wholeRepository;
    expect(await whole('.')).toBe(folder);
    expect(await whole('sub', '.')).toBe(folder);
    expect(await whole('sub')).toBeUndefined();
    expect(await whole('sub/a.yaml')).toBeUndefined();
    expect((await discover(['..'], { cwd: join(folder, 'sub'), ...everything })).files.map(f => f.path)).toEqual([
      'a.yaml',
    ]);
  });
});
