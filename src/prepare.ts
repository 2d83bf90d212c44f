/** From paths to the texts that matter: the only place that touches the file system before a report is written. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Config, pathMatcher } from './config.ts';
import { type Skipped, displayPath, excluded, foreignName } from './discover.ts';
import { missingParts } from './git.ts';
import { type Candidate, type Selection, type Verdict, select } from './prefilter.ts';
import { readStream } from './read.ts';
import { type Tree, type TreeContent, workingTree } from './tree.ts';
import type { Source } from './types.ts';

/** What a run has to go on. */
export interface Prepared {
  /** The texts that matter, in the order of their paths. */
  readonly sources: readonly Source[];
  /** Files that were read, whether or not they matter. */
  readonly files: number;
  /** What was not judged, and why, in the order of the paths. */
  readonly skipped: readonly Skipped[];
  readonly completeness: Completeness;
  /** The files that there were to read, and names that led to some of them (see `Selection`). */
  readonly tree: TreeContent;
  readonly names: ReadonlySet<string>;
  /** What became of the file that was asked about. */
  readonly explanation: string | undefined;
}

/** Whether what is not in the input does not exist; otherwise the reason why it may, for a person. */
export type Completeness = { readonly complete: true } | { readonly complete: false; readonly reason: string };

/** Where the input is. */
export interface PrepareOptions {
  readonly cwd: string;
  readonly config: Pick<Config, 'include' | 'exclude' | 'images'>;
  readonly stdin: AsyncIterable<Buffer | string>;
  /** The path that the text of standard input is reported under. */
  readonly stdinFilename: string;
  /** A path whose fate is asked for. */
  readonly explainFile: string | undefined;
  /** Where the files are taken from; the working tree where it is not said. */
  readonly tree?: Tree | undefined;
  /** Called now and then with the number of files read so far. */
  readonly progress: (files: number) => void;
}

/** Reads what the paths name; `-` is standard input. */
export async function prepare(paths: readonly string[], options: PrepareOptions): Promise<Prepared> {
  const { cwd, config } = options;
  const skipped: Skipped[] = [];
  const candidates: Candidate[] = [];
  if (paths.includes('-')) {
    const result = await readStream(options.stdin);
    if (result.text === undefined) skipped.push({ path: options.stdinFilename, reason: result.reason });
    else candidates.push({ path: options.stdinFilename, read: () => result.text });
  }
  const tree = options.tree ?? workingTree;
  const found = await tree(
    paths.filter(path => path !== '-'),
    { cwd, wants: wanted(config) },
  );
  skipped.push(...found.skipped);
  const unreadable = new Set<string>();
  for (const { path, read: readFile } of found.files) {
    const read = (): string | undefined => {
      const result = readFile();
      if (result.text === undefined && !unreadable.has(path)) {
        unreadable.add(path);
        skipped.push({ path, reason: result.reason });
      }
      return result.text;
    };
    candidates.push({ path, read });
  }
  const asked = options.explainFile === undefined ? undefined : displayPath(cwd, resolve(cwd, options.explainFile));
  let verdict: Verdict | undefined;
  const selection = select(withProgress(candidates, options.progress), Object.keys(config.images), v => {
    if (v.path === asked) verdict = v;
  });
  for (const path of selection.templates) skipped.push({ path, reason: 'is a chart template: it is not rendered' });
  return {
    sources: selection.sources,
    files: selection.files,
    skipped: skipped.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    completeness: completeness(found, selection, skipped),
    tree: found,
    names: selection.names,
    explanation: asked === undefined ? undefined : explain(asked, options, found, skipped, verdict),
  };
}

function* withProgress(candidates: readonly Candidate[], progress: (files: number) => void): Iterable<Candidate> {
  for (const [i, candidate] of candidates.entries()) {
    if (i % 256 === 255) progress(i + 1);
    yield candidate;
  }
}

/** Which paths the configuration wants; globs are compiled only where there are some. */
export function wanted({ include, exclude }: Pick<Config, 'include' | 'exclude'>): (path: string) => boolean {
  const included = include.length === 0 ? () => true : pathMatcher(include);
  const left = exclude.length === 0 ? () => false : pathMatcher(exclude);
  return path => included(path) && !left(path);
}

/** The input is complete when the working tree of a whole repository was read, and makes nothing that is not in it. */
function completeness(found: TreeContent, selection: Selection, skipped: readonly Skipped[]): Completeness {
  const no = (reason: string): Completeness => ({ complete: false, reason });
  if (found.wholeRepository === undefined) return no('the paths given are not a whole repository');
  const missing = missingParts(found.wholeRepository);
  if (missing !== undefined) return no(missing);
  const [first] = skipped;
  if (first !== undefined) return no(`${first.path} ${first.reason}`);
  const left = found.left.find(l => l.reason === excluded && /\.(?:ya?ml|json)$/i.test(l.path));
  if (left !== undefined) return no(`${left.path} ${left.reason}`);
  const [generator] = selection.generators;
  return generator === undefined ? { complete: true } : no(generator);
}

/** One sentence on the fate of a file. */
function explain(
  path: string,
  { cwd, explainFile = '' }: PrepareOptions,
  found: TreeContent,
  skipped: readonly Skipped[],
  verdict: Verdict | undefined,
): string {
  const skip = skipped.find(s => covers(s.path, path));
  if (verdict !== undefined) {
    const { kind, reason } = verdict.classification;
    const fate = verdict.kept ? 'judged' : 'not judged';
    return `${path}: read as ${kind} (${reason}), and ${fate}: ${skip?.reason ?? verdict.reason}`;
  }
  const left = found.left.find(l => covers(l.path, path));
  if (skip !== undefined || left !== undefined) {
    const { path: at, reason } = skip ?? left ?? { path, reason: '' };
    return `${path}: not read: ${at === path ? 'it' : at} ${reason}`;
  }
  if (!existsSync(resolve(cwd, explainFile))) return `${path}: there is no such file`;
  const foreign = foreignName(path);
  if (foreign !== undefined) return `${path}: not read: ${foreign}`;
  if (/(?:^|\/)\.git(?:\/|$)/.test(path)) return `${path}: not read: it belongs to git itself`;
  return `${path}: not read: it is not among the paths given`;
}

const covers = (folder: string, path: string): boolean => folder === path || path.startsWith(`${folder}/`);
