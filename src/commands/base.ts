/** What a change brings: the findings that a tree has and an earlier revision has not. */
import { resolve } from 'node:path';
import { displayPath } from '../discover.ts';
import { gitRoot } from '../git.ts';
import { type Change, changesSince, earlierFiles } from '../git-tree.ts';
import { nearSources } from '../near.ts';
import { namesIn, select } from '../prefilter.ts';
import { type Prepared, prepare, wanted } from '../prepare.ts';
import { type Earlier, before } from '../tree.ts';
import type { AnyRule, Finding, Source } from '../types.ts';
import { type Io, UsageError } from './io.ts';
import { type Judged, type Run, judged } from './judge.ts';

/** A tree to compare with. */
export interface Base {
  readonly revision: string;
  /** Whether the judged tree is git's index. */
  readonly staged: boolean;
  /** What differs from it, where that was asked for already. */
  readonly changes?: Promise<readonly Change[]> | undefined;
  /** Paths that are looked at as if they had changed, where what is far from every change need not be judged. */
  readonly near?: ((path: string) => boolean) | undefined;
}

/** A tree beside an earlier revision of it. */
export interface Comparison {
  /** Nothing that differs bears on a PostgreSQL, now or then: the common change of an application. */
  readonly beside: boolean;
  /** The tree without what is far from every change, judged; undefined where all of it has to be. */
  readonly near: Judged | undefined;
  /** Which findings of the tree the revision has not, by fingerprint: so an effect on another file counts as well. */
  readonly isNew: (findings: readonly Finding[]) => Promise<(finding: Finding) => boolean>;
}

/**
 * Compares a tree with a revision, judged by the same configuration. Throws a UsageError outside of git, a GitError where
 * git cannot.
 */
export async function compareWith(
  run: Run,
  base: Base,
  paths: readonly string[],
  io: Pick<Io, 'cwd' | 'stdin'>,
): Promise<Comparison> {
  const { config, prepared, ruleSet } = run;
  const { cwd } = io;
  const { staged } = base;
  const root = repositoryOf(paths, cwd);
  const changes = await (base.changes ?? changesSince(root, base.revision, staged));
  const earlier = await earlierFiles(root, changes, staged, prepared.tree, paths, { cwd, wants: wanted(config) });
  const difference = differenceOf(prepared, earlier, Object.keys(config.images));
  const beside = isBeside(prepared, difference);
  const { near: looksChanged } = base;
  const isChanged = (path: string): boolean => earlier.has(path) || looksChanged?.(path) === true;
  const near = looksChanged === undefined || beside ? undefined : judgedNear(run, difference, isChanged);
  const isNear = near && new Set(near.prepared.sources.map(s => s.path));
  return {
    beside,
    near,
    async isNew(findings) {
      if (beside || findings.length === 0) return () => false;
      const { sources, complete } = isNamed(prepared, difference)
        ? { sources: replaced(prepared, difference), complete: prepared.completeness.complete }
        : await prepareEarlier(run, earlier, paths, io);
      const looked = sources.filter(s => isNear === undefined || isNear.has(s.path) || isChanged(s.path));
      const then = run.judge(shared(looked, prepared.sources), complete, rulesOf(findings, ruleSet.rules));
      const known = new Set(then.findings.map(f => f.fingerprint));
      return finding => !known.has(finding.fingerprint);
    },
  };
}

/** Judges what is near the changes (see `near.ts`), as long as the cluster has a server there: some rules ask whether it has any. */
function judgedNear(run: Run, { before: then }: Difference, isChanged: (path: string) => boolean): Judged | undefined {
  const { prepared } = run;
  const sources = nearSources(prepared.sources, then, isChanged);
  const near = sources && judged({ ...run, prepared: { ...prepared, sources } });
  return near?.result.servers.some(s => s.platform === 'kubernetes') === true ? near : undefined;
}

/** The rules that have to run to find these findings: what is said of comments depends on all of them. */
function rulesOf(candidates: readonly Finding[], rules: readonly AnyRule[]): readonly AnyRule[] {
  const ids = new Set(candidates.map(f => f.rule));
  const found = rules.filter(r => ids.has(r.id));
  return found.some(r => r.on === 'ignore-comment') ? rules : found;
}

/** The git repository that the paths lie in. */
export function repositoryOf(paths: readonly string[], cwd: string): string {
  if (paths.includes('-'))
    throw new UsageError('standard input has no earlier revision: give paths of a git repository');
  const roots = new Set(paths.map(path => gitRoot(resolve(cwd, path))));
  const [root, ...others] = roots;
  if (root === undefined)
    throw new UsageError(`${displayPath(cwd, resolve(cwd, paths[0] ?? '.'))} is in no git repository`);
  if (others.length > 0) throw new UsageError('the paths given lie in several git repositories');
  return root;
}

/** What differs between a tree and an earlier one. */
interface Difference {
  readonly paths: ReadonlySet<string>;
  /** The texts that these paths had. */
  readonly before: readonly Source[];
  readonly images: readonly string[];
  /** Whether one of the texts, now or then, makes objects that are not in it: then nobody knows what else differs. */
  readonly makesObjects: boolean;
}

function differenceOf({ tree }: Prepared, earlier: Earlier, images: readonly string[]): Difference {
  const before = [...earlier].flatMap(([path, result]) =>
    result?.text === undefined ? [] : [{ path, text: result.text }],
  );
  const now = tree.files.flatMap(({ path, read }) => {
    const text = earlier.has(path) ? read().text : undefined;
    return text === undefined ? [] : [{ path, text }];
  });
  const { generators, templates } = select([...now, ...before].map(candidate), images);
  const paths = new Set(earlier.keys());
  return { paths, before, images, makesObjects: generators.length + templates.length > 0 };
}

const candidate = ({ path, text }: Source) => ({ path, read: () => text });

function isBeside({ sources }: Prepared, { paths, before, images, makesObjects }: Difference): boolean {
  if (makesObjects || sources.some(s => paths.has(s.path))) return false;
  return select([...sources, ...before].map(candidate), images).sources.length === sources.length;
}

/**
 * Whether the earlier texts name nothing by which further files would have been found, and make nothing: then the selection
 * of the tree as it is now holds all that mattered.
 */
function isNamed({ names }: Prepared, { before, makesObjects }: Difference): boolean {
  return (
    names.size > 0 && !makesObjects && before.every(({ text }) => [...namesIn(text)].every(name => names.has(name)))
  );
}

/** What was selected now, as it was then. */
function replaced({ sources }: Prepared, { paths, before }: Difference): readonly Source[] {
  const same = sources.filter(s => !paths.has(s.path));
  return [...same, ...before].sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function prepareEarlier(
  { config, prepared }: Run,
  earlier: Earlier,
  paths: readonly string[],
  { cwd, stdin }: Pick<Io, 'cwd' | 'stdin'>,
): Promise<{ readonly sources: readonly Source[]; readonly complete: boolean }> {
  const { sources, completeness } = await prepare(paths, {
    cwd,
    config,
    stdin,
    stdinFilename: '',
    explainFile: undefined,
    progress: () => {},
    tree: async () => before(prepared.tree, earlier),
  });
  return { sources, complete: completeness.complete };
}

/** The same object for the same text, so that what was worked out for it is not worked out again. */
function shared(sources: readonly Source[], others: readonly Source[]): readonly Source[] {
  const known = new Map(others.map(s => [s.path, s]));
  return sources.map(source => {
    const other = known.get(source.path);
    return other?.text === source.text ? other : source;
  });
}
