/** What every reporter is given: the findings of one run and what it read. */
import type { AnyRule, Finding, Location, Severity, TextOf } from '../types.ts';
import type { Texts } from './lines.ts';

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
  /** Where texts that are pieces of a file stand in it (see `lines.ts`). */
  readonly origins?: Texts['origins'];
  /** The address of a rule's page. */
  readonly url: (rule: string) => string;
  /** What is known of a rule beyond its findings; undefined for an id that no rule has. See `describeRules`. */
  readonly rule: (id: string) => RuleDescription | undefined;
  /** Findings that the user accepted, for the formats that can say so; the others leave them out. */
  readonly suppressed?: readonly Suppressed[] | undefined;
  /** Nothing that changed bears on a PostgreSQL, so none was looked for. */
  readonly beside?: boolean | undefined;
  /** What `--fix` mended, and the files that it left alone; undefined where nothing was to be mended. */
  readonly fixed?: readonly Fixed[] | undefined;
  readonly unfixed?: readonly Unfixed[] | undefined;
  /** How long the run took, in seconds; undefined where it is not to be told. */
  readonly seconds: number | undefined;
}

/** What a report may say of a rule. */
export interface RuleDescription {
  /** One sentence. */
  readonly summary: string;
  /** Its usual severity: findings may weigh less or more. */
  readonly severity: Severity;
  /** The folder that it is in: `secrets`. */
  readonly area: string;
  /** Its page in Markdown, undefined where there is none. Reading it may cost time. */
  readonly page: () => string | undefined;
}

/** The `rule` of a report. `page` reads a page, by area and id (see `pages.ts`). */
export function describeRules(
  rules: readonly AnyRule[],
  areas: Readonly<Record<string, string>>,
  page: (area: string, id: string) => string | undefined,
): Report['rule'] {
  const byId = new Map(rules.map(r => [r.id, r]));
  return id => {
    const rule = byId.get(id);
    if (rule === undefined) return undefined;
    const area = areas[id] ?? '';
    return { summary: rule.summary, severity: rule.severity, area, page: () => page(area, id) };
  };
}

/** A finding that the user accepted: by an ignore comment in the file, or by the baseline. */
export interface Suppressed {
  readonly finding: Finding;
  readonly by: 'comment' | 'baseline';
  /** The reason that the comment gives; empty where there is none. */
  readonly reason: string;
}

/** A finding that was mended. */
export interface Fixed {
  readonly path: string;
  readonly rule: string;
  /** What was done, as the fix says it. */
  readonly title: string;
  readonly restarts: boolean;
}

/** A file that has findings with a fix, and why it was not changed. */
export interface Unfixed {
  readonly path: string;
  readonly reason: string;
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
