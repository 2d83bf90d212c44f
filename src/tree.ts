/** Where texts come from: the working tree, git's index, a revision. */
import { type Discovery, type DiscoverOptions, discover } from './discover.ts';
import { type ReadResult, readText } from './read.ts';

/** A file of a tree. */
export interface TreeFile {
  /** As reports name it: relative to the working directory, with `/`. */
  readonly path: string;
  /** Its text, as often as it is asked for. */
  readonly read: () => ReadResult;
}

/** The files of a tree, in the order of their paths, and what of it was left out. */
export interface TreeContent extends Omit<Discovery, 'files'> {
  readonly files: readonly TreeFile[];
}

/** Finds the files of the paths given. Throws a MissingPathError for a path that is not there. */
export type Tree = (paths: readonly string[], options: DiscoverOptions) => Promise<TreeContent>;

/** The files as they lie on the disk. */
export const workingTree: Tree = async (paths, options) => {
  const found = await discover(paths, options);
  return { ...found, files: found.files.map(({ path, absolute }) => ({ path, read: () => readText(absolute) })) };
};

/** No files at all. */
export const emptyTree: Tree = async () => ({ files: [], skipped: [], left: [], wholeRepository: undefined });

/** What is different in an earlier tree: the text that a path had, or nothing where it was not there. */
export type Earlier = ReadonlyMap<string, ReadResult | undefined>;

/** A tree as it was before some of its files changed; what `earlier` does not name is as it is now. */
export function before(tree: TreeContent, earlier: Earlier): TreeContent {
  const kept = tree.files.filter(f => !earlier.has(f.path));
  const then = [...earlier].flatMap(([path, result]) => (result === undefined ? [] : [{ path, read: () => result }]));
  return { ...tree, files: [...kept, ...then].sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** Reads each file of a tree once, for those who go through it several times; texts above `limit` characters in all are read again. */
export function remembered(tree: TreeContent, limit = 64 * 1024 * 1024): TreeContent {
  let used = 0;
  const files = tree.files.map(({ path, read }): TreeFile => {
    let known: ReadResult | undefined;
    return {
      path,
      read() {
        if (known !== undefined) return known;
        const result = read();
        used += result.text?.length ?? 0;
        if (used <= limit) known = result;
        return result;
      },
    };
  });
  return { ...tree, files };
}
