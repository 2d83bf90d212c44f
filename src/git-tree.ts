/** Trees that git keeps: what is staged, and how files were in a revision. */
import { existsSync, realpathSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { type DiscoverOptions, displayPath, foreignName, within } from './discover.ts';
import { GitError, git } from './git-program.ts';
import { type ReadResult, decode, plainText, readText, sizeLimit } from './read.ts';
import { type Earlier, type Tree, type TreeContent, remembered } from './tree.ts';

/** One path of the repository, relative to its top, that differs from an earlier tree. */
export interface Change {
  readonly path: string;
  /** The object that the path had; undefined where it was no regular file then. */
  readonly before: string | undefined;
  readonly deleted: boolean;
}

/** What differs between a revision and the working tree, or the index where `staged`. Throws a GitError. */
export async function changesSince(root: string, revision: string, staged: boolean): Promise<readonly Change[]> {
  if (revision.startsWith('-')) throw new GitError(`"${revision}" is no revision`);
  const diff = (tree: string) => git(root, ['diff', ...(staged ? ['--cached'] : []), ...rawDiff, tree, '--']);
  try {
    return parseRaw(await diff(revision));
  } catch (error) {
    if (!(error instanceof GitError) || (await isRevision(root, revision))) throw error;
    // Where git takes the folder for no repository, diff complains of its flags.
    await git(root, ['rev-parse', '--git-dir']);
    // Before the first commit everything is new.
    if (revision === 'HEAD') return parseRaw(await diff(await emptyTree(root)));
    throw new GitError(
      `there is no revision "${revision}" in this repository (a shallow clone has few: git fetch origin ${revision})`,
    );
  }
}

const rawDiff = ['--raw', '-z', '--no-renames', '--no-abbrev', '--no-ext-diff', '--no-textconv', '--ignore-submodules'];

const isRevision = (root: string, revision: string): Promise<boolean> =>
  git(root, ['rev-parse', '--quiet', '--verify', `${revision}^{tree}`]).then(
    () => true,
    () => false,
  );

const emptyTree = async (root: string): Promise<string> =>
  (await git(root, ['hash-object', '-t', 'tree', '--stdin'], '')).toString('latin1').trim();

/** Entries of `git diff --raw -z`: `:mode mode object object status`, then the path. */
function parseRaw(output: Buffer): readonly Change[] {
  const words = output.toString('utf8').split('\0');
  return words.flatMap((word, i): readonly Change[] => {
    const [, mode = '', object, status] = /^:(\d+) \d+ ([0-9a-f]+) [0-9a-f]+ ([A-Z])/.exec(word) ?? [];
    const path = words[i + 1];
    if (object === undefined || path === undefined) return [];
    return [{ path, before: isFile(mode) ? object : undefined, deleted: status === 'D' }];
  });
}

/** Regular files; not links, and not the commits of submodules. */
const isFile = (mode: string): boolean => mode.startsWith('100');

/** How the files of a tree were before these changes, for `before` of `tree.ts`. Throws a GitError. */
export async function earlierFiles(
  root: string,
  changes: readonly Change[],
  staged: boolean,
  now: TreeContent,
  paths: readonly string[],
  options: DiscoverOptions,
): Promise<Earlier> {
  const tracked = staged ? undefined : await git(root, ['ls-files', '-z']);
  const scope = scopeOf(root, paths, options);
  const changed = changes.flatMap(change => {
    const path = scope(change.path);
    return path === undefined ? [] : [{ ...change, path }];
  });
  const texts = await blobs(
    root,
    changed.flatMap(c => c.before ?? []),
  );
  const earlier = new Map<string, ReadResult | undefined>();
  if (tracked !== undefined) {
    const known = new Set(
      tracked
        .toString('utf8')
        .split('\0')
        .map(path => displayPath(options.cwd, join(root, path))),
    );
    for (const { path } of now.files) if (!known.has(path)) earlier.set(path, undefined);
  }
  for (const { path, before } of changed) earlier.set(path, before === undefined ? undefined : texts.get(before));
  return earlier;
}

/** The files in git's index, as a commit would have them. Throws a GitError, also for conflicts that are not resolved. */
export const stagedTree =
  (root: string): Tree =>
  async (paths, options) => {
    const [list, differing] = await Promise.all([
      git(root, ['ls-files', '--stage', '-v', '-z']),
      git(root, ['diff', ...rawDiff, '--']),
    ]);
    const scope = scopeOf(root, paths, options);
    const dirty = new Set(parseRaw(differing).map(c => c.path));
    const entries = parseIndexList(list).flatMap(entry => {
      const path = scope(entry.path);
      const absolute = `${root}${sep}${entry.path}`;
      // What a sparse checkout leaves out is as if it were not there, as in the working tree.
      if (path === undefined || (entry.unwatched && !existsSync(absolute))) return [];
      return [{ ...entry, path, absolute, isOnDisk: !entry.unwatched && !dirty.has(entry.path) }];
    });
    const texts = await blobs(
      root,
      entries.flatMap(e => (e.isOnDisk ? [] : [e.object])),
    );
    const files = entries.map(({ path, absolute, object, isOnDisk }) => {
      const staged = isOnDisk ? undefined : (texts.get(object) ?? { reason: 'is not in this clone' });
      return { path, read: () => staged ?? readTracked(absolute) };
    });
    return remembered({
      files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
      skipped: [],
      left: [],
      wholeRepository: paths.some(path => resolved(options.cwd, path) === root) ? root : undefined,
    });
  };

/** Reads a file that git has just found as it is in the index: a regular one. Whatever is unusual goes the slow way. */
function readTracked(absolute: string): ReadResult {
  const text = plainText(absolute);
  return text === undefined || text.length > sizeLimit / 4 ? readText(absolute) : { text, encoding: 'utf-8' };
}

/** A path in the index. */
interface IndexEntry {
  readonly path: string;
  readonly object: string;
  /** git was told not to compare it with the disk (`--skip-worktree`, `--assume-unchanged`, a sparse checkout). */
  readonly unwatched: boolean;
}

/** Lines of `git ls-files --stage -v -z`: `tag mode object stage`, a tab, the path. */
function parseIndexList(output: Buffer): readonly IndexEntry[] {
  return output
    .toString('utf8')
    .split('\0')
    .flatMap(line => {
      const [, tag = '', mode = '', object, stage, path] = /^(\w) (\d+) ([0-9a-f]+) (\d)\t([^]+)$/.exec(line) ?? [];
      if (object === undefined || path === undefined || !isFile(mode)) return [];
      if (stage !== '0') throw new GitError(`${path} has conflicts that are not resolved`);
      return [{ path, object, unwatched: tag === 'S' || tag !== tag.toUpperCase() }];
    });
}

/** Whether a path says by itself that tusklint does not look there. */
export const isNeverRead = (path: string): boolean =>
  foreignName(path) !== undefined || /(?:^|\/)node_modules\//.test(path);

/** How a path of the repository is called in reports; undefined for what the run does not look at. */
function scopeOf(
  root: string,
  paths: readonly string[],
  { cwd, wants }: DiscoverOptions,
): (path: string) => string | undefined {
  const given = paths.map(path => resolved(cwd, path));
  const isWhole = given.includes(root);
  return path => {
    if (isNeverRead(path)) return undefined;
    const absolute = `${root}${sep}${path}`;
    if (!isWhole && !given.some(g => within(g, absolute))) return undefined;
    // The usual case, of which there may be thousands.
    const shown = cwd === root ? path : displayPath(cwd, absolute);
    return wants(shown) ? shown : undefined;
  };
}

/** A path given, absolute; a file that is no longer on the disk may still be in git. */
function resolved(cwd: string, path: string): string {
  const absolute = resolve(cwd, path);
  try {
    return realpathSync(absolute);
  } catch {
    return absolute;
  }
}

/** The texts of objects, by their names. */
async function blobs(root: string, objects: readonly string[]): Promise<ReadonlyMap<string, ReadResult>> {
  const texts = new Map<string, ReadResult>();
  if (objects.length === 0) return texts;
  const output = await git(root, ['cat-file', '--batch'], `${[...new Set(objects)].join('\n')}\n`);
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(10, at);
    const [object = '', type, size = ''] = output.toString('latin1', at, end).split(' ');
    if (type === 'missing') throw new GitError(`the object ${object} is not in this clone`);
    const start = end + 1;
    texts.set(object, decode(output.subarray(start, start + Number(size))));
    at = start + Number(size) + 1;
  }
  return texts;
}
