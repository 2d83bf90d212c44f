/** Mends what is found, text by text, until nothing is left that may be mended. */
import type { LintResult } from '../lint.ts';
import type { Finding, Source } from '../types.ts';
import { type Allowed, converge } from './apply.ts';

/** Texts after their fixes. */
export interface Mended {
  /** All of them, changed or not, in their order. */
  readonly sources: readonly Source[];
  /** The findings whose fixes went in; their places are those of the text that they were found in. */
  readonly fixed: readonly Finding[];
  /** What is found in the texts as they are now. */
  readonly result: LintResult;
}

/** What may be mended. */
export interface Mending {
  readonly allowed: Allowed;
  /** Whether a finding is of those that are reported: nobody wants edits for what is not shown. */
  readonly accepts: (finding: Finding) => boolean;
  /** Whether the text at a path may be changed. */
  readonly editable: (path: string) => boolean;
}

/** A fix made a text that kubectl refuses: our bug, and nothing is written. */
export class BrokenFixError extends Error {
  override readonly name = 'BrokenFixError';
}

/** Applies fixes and judges anew, at most ten times; a fix that touches a text which may not be changed is left out whole. */
export function mend(
  sources: readonly Source[],
  first: LintResult,
  judge: (sources: readonly Source[]) => LintResult,
  { allowed, accepts, editable }: Mending,
): Mended {
  let result = first;
  let judged = sources;
  const resultOf = (texts: readonly Source[]): LintResult => {
    if (texts !== judged) result = judge(texts);
    judged = texts;
    return result;
  };
  const check = (texts: readonly Source[]): readonly Finding[] =>
    resultOf(texts).findings.filter(f => accepts(f) && f.fix?.edits.every(e => editable(e.path)) === true);
  const { sources: mended, applied } = converge(sources, check, allowed);
  const last = resultOf(mended);
  for (const rule of ['yaml-syntax', 'yaml-duplicate-key']) {
    const broken = last.findings.find(
      f => f.rule === rule && !first.findings.some(o => o.fingerprint === f.fingerprint),
    );
    if (broken !== undefined)
      throw new BrokenFixError(`a fix breaks ${broken.at.path} (${broken.message}): nothing was written`);
  }
  return { sources: mended, fixed: applied, result: last };
}
