/** `--fix` and `--diff`: mends what is found in the user's own files, or shows how. */
import { resolve } from 'node:path';
import { displayPath } from '../discover.ts';
import { mend } from '../fix/mend.ts';
import { refusal, writeSources } from '../fix/write.ts';
import { gitRoot } from '../git.ts';
import type { Fixed, Unfixed } from '../report/report.ts';
import type { Finding, Source } from '../types.ts';
import type { FixFlags } from './flags.ts';
import type { Io } from './io.ts';
import type { Judged } from './judge.ts';

/** What became of the fixes of a run. */
export interface FixOutcome {
  /** The tree as it is with them. */
  readonly judged: Judged;
  readonly fixed: readonly Fixed[];
  readonly unfixed: readonly Unfixed[];
  /** What changed: the texts before and after. */
  readonly changes: readonly { readonly before: Source; readonly after: Source }[];
}

/** Mends the findings that `accepts` lets through, in memory. Files under `given` alone are changed. */
export function fixFindings(
  judged: Judged,
  accepts: (finding: Finding) => boolean,
  { unsafeFixes }: FixFlags,
  given: readonly string[],
  cwd: string,
): FixOutcome {
  const { sources } = judged.prepared;
  const byPath = new Map(sources.map(s => [s.path, s]));
  const refused = new Map<string, string | undefined>();
  const reason = (path: string): string | undefined => {
    const source = byPath.get(path);
    if (source !== undefined && !refused.has(path)) refused.set(path, refusal(source, cwd, given));
    return source === undefined ? 'was not read' : refused.get(path);
  };
  const {
    sources: mended,
    fixed,
    result,
  } = mend(sources, judged.result, texts => judged.judge(texts), {
    allowed: unsafeFixes ? 'unsafe' : 'safe',
    accepts,
    editable: path => reason(path) === undefined,
  });
  return {
    judged: { ...judged, prepared: { ...judged.prepared, sources: mended }, result },
    fixed: fixed.flatMap(({ at, rule, fix }) =>
      fix === undefined
        ? []
        : [{ path: fix.edits[0]?.path ?? at.path, rule, title: fix.title, restarts: fix.restarts === true }],
    ),
    unfixed: [...refused].flatMap(([path, why]) => (why === undefined ? [] : [{ path, reason: why }])),
    changes: sources.flatMap((before, i) => {
      const after = mended[i];
      return after === undefined || after.text === before.text ? [] : [{ before, after }];
    }),
  };
}

/** Writes what changed. Throws a WriteError and changes nothing where that cannot be. */
export function writeFixes({ changes }: FixOutcome, { cwd }: Pick<Io, 'cwd'>): void {
  writeSources(
    changes.map(c => c.after),
    cwd,
  );
}

/**
 * The changes as a patch, and a word on the hunks that are left out. Paths are those of the git repository around the
 * working directory, as `git apply` wants them wherever it runs.
 */
export async function patchText({ judged, changes }: FixOutcome, first: Judged, cwd: string): Promise<string> {
  const { patchOf } = await import('../fix/patch.ts');
  const masks = { before: first.result.masks, after: judged.result.masks };
  const top = gitRoot(cwd) ?? cwd;
  const patches = changes.map(change => {
    const { path } = change.before;
    return { ...patchOf({ ...change, masks, name: displayPath(top, resolve(cwd, path)) }), path };
  });
  const hidden = patches
    .filter(p => p.hidden > 0)
    .map(({ hidden: count, path }) => {
      const hunks = count === 1 ? '1 hunk is' : `${count} hunks are`;
      return `# ${hunks} left out of ${JSON.stringify(path)}: secrets stand there (--fix writes them)\n`;
    });
  return [...hidden, ...patches.map(p => p.text)].join('');
}
