/** Applies fixes to texts in memory: whole fixes only, none that overlaps another, until nothing is left to fix. */
import type { Finding, Fix, Source, TextEdit } from '../types.ts';

/** Passes after which fixes that undo each other are given up. */
export const maximumPasses = 10;

export interface Applied {
  readonly sources: readonly Source[];
  /** The findings whose fixes went in. */
  readonly applied: readonly Finding[];
}

/** Which fixes may be applied: `unsafe` allows both. */
export type Allowed = Fix['applicability'];

/** One pass: in the order of the findings, every allowed fix that does not overlap one that came before it. */
export function applyFixes(sources: readonly Source[], findings: readonly Finding[], allowed: Allowed): Applied {
  const chosen = new Map<string, TextEdit[]>(sources.map(s => [s.path, []]));
  const seen = new Set<string>();
  const applied: Finding[] = [];
  for (const finding of findings) {
    const { fix } = finding;
    if (fix === undefined || (fix.applicability === 'unsafe' && allowed === 'safe')) continue;
    const key = JSON.stringify(fix.edits);
    if (seen.has(key)) {
      applied.push(finding);
      continue;
    }
    // An edit of a text that is not here (standard input, another revision) keeps the whole fix out.
    if (!fix.edits.every(e => chosen.has(e.path) && !chosen.get(e.path)?.some(other => overlaps(e, other)))) continue;
    for (const edit of fix.edits) chosen.get(edit.path)?.push(edit);
    seen.add(key);
    applied.push(finding);
  }
  return { sources: sources.map(s => ({ ...s, text: applyEdits(s.text, chosen.get(s.path) ?? []) })), applied };
}

/** Two edits that cannot both go in without deciding which comes first. */
function overlaps(a: TextEdit, b: TextEdit): boolean {
  return a.start === b.start || (a.start < b.end && b.start < a.end);
}

/** The text with the edits applied; insertions at one place keep their order. Throws where edits of one fix overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let done = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start < done || edit.end < edit.start || edit.end > text.length) {
      throw new RangeError(`the edits of a fix overlap or leave the text at ${edit.path}:${edit.start}-${edit.end}`);
    }
    result += text.slice(done, edit.start) + edit.text;
    done = edit.end;
  }
  return result + text.slice(done);
}

/**
 * Applies fixes and checks again until none is left that can go in, at most ten times. `check` gives the findings of the
 * texts as they then stand. `passes` is how often something changed.
 */
export function converge(
  sources: readonly Source[],
  check: (sources: readonly Source[]) => readonly Finding[],
  allowed: Allowed,
): Applied & { readonly passes: number } {
  let current = sources;
  const all: Finding[] = [];
  for (let passes = 0; passes < maximumPasses; passes++) {
    const { sources: next, applied } = applyFixes(current, check(current), allowed);
    if (next.every((s, i) => s.text === current[i]?.text)) return { sources: current, applied: all, passes };
    all.push(...applied);
    current = next;
  }
  return { sources: current, applied: all, passes: maximumPasses };
}
