/** The report for GitLab's Code Quality widget (`artifacts:reports:codequality`). */
import type { Severity } from '../types.ts';
import { neutral } from './display.ts';
import { jsonText } from './json-text.ts';
import { placer } from './lines.ts';
import { type Report, atLeast } from './report.ts';

export interface GitlabOptions {
  readonly minSeverity: Severity;
}

const severities = { error: 'critical', warning: 'major', info: 'info' } as const satisfies Record<Severity, string>;

/** A JSON array with one issue for each finding. */
export function gitlabReport(report: Report, { minSeverity }: GitlabOptions = { minSeverity: 'warning' }): string {
  const place = placer(report);
  const seen = new Map<string, number>();
  // GitLab drops an issue whose fingerprint it has seen.
  const unique = (fingerprint: string): string => {
    const count = (seen.get(fingerprint) ?? 0) + 1;
    seen.set(fingerprint, count);
    return count === 1 ? fingerprint : `${fingerprint}-${count}`;
  };
  const issues = report.findings
    .filter(f => atLeast(f.severity, minSeverity))
    .map(f => {
      const { path, line, endLine } = place(f.at);
      return {
        description: neutral(f.help === undefined ? f.message : `${f.message}; ${f.help}`),
        check_name: f.rule,
        fingerprint: unique(f.fingerprint),
        severity: severities[f.severity],
        location: { path, lines: { begin: line, end: endLine } },
      };
    });
  return jsonText(issues);
}
