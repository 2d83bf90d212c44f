/** What is wrong with a YAML or JSON text, judged as kubectl judges it. */
import type { Location } from '../types.ts';

export interface YamlProblem {
  /**
   * `syntax`: the document cannot be read, it has no tree. `refused`: it can, but kubectl does not take it.
   * `duplicate-key`: kubectl silently keeps the last. `left-out`: kubectl silently skips this text.
   */
  readonly kind: 'syntax' | 'refused' | 'duplicate-key' | 'left-out';
  readonly at: Location;
  /** Lower case, no full stop; says what kubectl does. */
  readonly message: string;
  /** The other place: the first of two equal keys, the anchor of an alias. */
  readonly related?: Location | undefined;
}

/** Whether kubectl refuses the document (and with it everything behind it in the file). */
export function isRefusal(problem: YamlProblem): boolean {
  return problem.kind === 'syntax' || problem.kind === 'refused';
}
