/** The checkout as git knows it: which commit it is, what lies behind it, how files were. */
import { execFile } from 'node:child_process';
import { GitError, git } from '../git-program.ts';
import { type ReadResult, decode } from '../read.ts';
import { type Hunk, parseDiff } from './changes.ts';
import { isSha } from './event.ts';

/** The commit that is checked out. */
export interface Head {
  readonly sha: string;
  /** As the commit itself names them: a shallow clone has not got them. */
  readonly parents: readonly string[];
}

/** How to reach the server that the clone came from, where the checkout left no credentials. */
export interface Remote {
  /** `https://github.com`. */
  readonly server: string;
  readonly token: string | undefined;
}

/** The commit at HEAD. Throws a GitError where there is none. */
export async function readHead(root: string): Promise<Head> {
  const sha = (await text(root, ['rev-parse', '--verify', 'HEAD^{commit}'])).trim();
  const commit = await text(root, ['cat-file', 'commit', sha]);
  const header = commit.slice(0, commit.indexOf('\n\n'));
  return { sha, parents: [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map(m => m[1] ?? '') };
}

/** The full name of the commit that a revision means; undefined where there is none in the clone. */
export async function commitOf(root: string, revision: string): Promise<string | undefined> {
  if (revision.startsWith('-')) return undefined;
  return attempt(async () => (await text(root, ['rev-parse', '--quiet', '--verify', `${revision}^{commit}`])).trim());
}

/** The newest commit that both have; undefined where the clone does not tell, as a shallow one. */
export async function mergeBase(root: string, one: string, other: string): Promise<string | undefined> {
  if (await isShallow(root)) return undefined;
  return attempt(async () => (await text(root, ['merge-base', one, other])).trim());
}

const isShallow = async (root: string): Promise<boolean> =>
  (await text(root, ['rev-parse', '--is-shallow-repository'])).trim() !== 'false';

/** Gets a commit from the remote if the clone has not got it. Throws a GitError that shows no secret. */
export async function ensureCommit(root: string, sha: string, remote: Remote): Promise<void> {
  if (!isSha(sha)) throw new GitError(`"${sha}" is no commit`);
  if ((await commitOf(root, sha)) !== undefined) return;
  // A full clone must not be made a shallow one.
  const depth = (await isShallow(root)) ? ['--depth=1'] : [];
  const args = [
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-recurse-submodules',
    '--no-write-fetch-head',
    ...depth,
    'origin',
    sha,
  ];
  await fetchWith(root, args, await credentials(root, remote));
}

/** The header that gives a token to git, as settings for its environment: on a command line every program could read it. */
async function credentials(root: string, { server, token }: Remote): Promise<readonly (readonly [string, string])[]> {
  const key = `http.${server}/.extraheader`;
  if (token === undefined) return [];
  // Two headers would contradict each other.
  if ((await attempt(() => text(root, ['config', '--get-all', key]))) !== undefined) return [];
  return [[key, `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`]];
}

function fetchWith(
  root: string,
  args: readonly string[],
  settings: readonly (readonly [string, string])[],
): Promise<void> {
  const env = {
    ...withSettings(process.env, settings),
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    LC_ALL: 'C',
  };
  const own = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'gc.auto=0', 'maintenance.auto=false'];
  return new Promise((resolve, reject) => {
    execFile(
      'git',
      [...own.flatMap(setting => ['-c', setting]), ...args],
      { cwd: root, env, timeout: 120_000, encoding: 'utf8' },
      (error, _out, errors) => {
        if (error === null) resolve();
        else if (error.killed === true) reject(new GitError('git fetch took longer than two minutes'));
        else reject(new GitError(firstProblem(errors) ?? 'git fetch failed'));
      },
    );
  });
}

/** What git complains of, without the name of the remote, which may hold a password. */
function firstProblem(errors: string): string | undefined {
  const line = errors.split('\n').find(l => /^(?:fatal|error): /.test(l));
  return line?.replace(/^(?:fatal|error): /, '').replace(/(\w+:\/\/)[^\s/@]*@/g, '$1');
}

/** Variables for git that add settings to those that the variables have already. */
export function withSettings(
  env: Readonly<Record<string, string | undefined>>,
  settings: readonly (readonly [key: string, value: string])[],
): Record<string, string | undefined> {
  const first = /^\d+$/.test(env['GIT_CONFIG_COUNT'] ?? '') ? Number(env['GIT_CONFIG_COUNT']) : 0;
  const added = settings.flatMap(([key, value], i) => [
    [`GIT_CONFIG_KEY_${first + i}`, key],
    [`GIT_CONFIG_VALUE_${first + i}`, value],
  ]);
  return { ...env, ...Object.fromEntries(added), GIT_CONFIG_COUNT: String(first + settings.length) };
}

/** A file of a commit; undefined where the commit has no regular file of that path. The path starts at the top of the repository. */
export async function fileAt(root: string, commit: string, path: string): Promise<ReadResult | undefined> {
  const entry = await text(root, ['ls-tree', '-z', '--full-tree', commit, '--', `:(literal,top)${path}`]).catch(
    () => '',
  );
  const [, object] = /^100\d{3} blob ([0-9a-f]+)\t/.exec(entry) ?? [];
  return object === undefined ? undefined : decode(await git(root, ['cat-file', 'blob', object]));
}

const plainDiff = ['--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--ignore-submodules'];

const unified = ['--unified=0'];

/** The hunks, without context, from a commit to the working tree, by path. */
export async function diffFrom(root: string, commit: string): Promise<ReadonlyMap<string, readonly Hunk[]>> {
  return parseDiff(
    await text(root, ['diff', ...plainDiff, ...unified, '--src-prefix=a/', '--dst-prefix=b/', commit, '--']),
  );
}

/** The hunks, without context, from the working tree to a commit, by path. With -R git swaps the prefixes as well. */
export async function diffTo(root: string, commit: string): Promise<ReadonlyMap<string, readonly Hunk[]>> {
  return parseDiff(
    await text(root, ['diff', ...plainDiff, ...unified, '--src-prefix=b/', '--dst-prefix=a/', '-R', commit, '--']),
  );
}

/** The paths that differ between a commit and the working tree. */
export async function changedPaths(root: string, from: string): Promise<readonly string[]> {
  return (await text(root, ['diff', ...plainDiff, '--name-only', '-z', from, '--'])).split('\0').filter(p => p !== '');
}

const text = async (root: string, args: readonly string[]): Promise<string> => (await git(root, args)).toString('utf8');

async function attempt<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}
