/** What every reporter is given: the findings of one run and what it read. */
import type { Finding, Location, Severity, TextOf } from '../types.ts';

export interface Report {
  /** The version of tusklint. */
  readonly version: string;
  /** All of the preset, worst first within a file; `--min-severity` is up to the reporter. */
  readonly findings: readonly Finding[];
  /** Files that were looked at, and those of them that were parsed. */
  readonly files: number;
  readonly parsed: number;
  readonly servers: number;
  readonly skipped: readonly Skipped[];
  /** Places of secrets: no output shows what stands there. */
  readonly masks: readonly Location[];
  readonly text: TextOf;
  /** The address of a rule's page. */
  readonly url: (rule: string) => string;
  /** How long the run took, in seconds; undefined where it is not to be told. */
  readonly seconds: number | undefined;
}

/** Input that was not judged, and why. */
export interface Skipped {
  readonly path: string;
  readonly reason: string;
}

const rank: Readonly<Record<Severity, number>> = { error: 3, warning: 2, info: 1 };

/** Whether a severity is at least another: an error is at least a warning. */
export function atLeast(severity: Severity, least: Severity): boolean {
  return rank[severity] >= rank[least];
}

/** The address of a rule's page, by its area (`rules/<area>/<id>.md`). */
export function rulePage(areas: Readonly<Record<string, string>>, rule: string): string {
  const area = areas[rule];
  return `https://github.com/tusklint/tusklint/blob/main/rules/${area === undefined ? 'README' : `${area}/${rule}`}.md`;
}
