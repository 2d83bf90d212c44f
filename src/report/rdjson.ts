/** The report in reviewdog's diagnostic format (rdjson): it brings findings and fixes to the reviews of many platforms. */
import type { Finding, Location, Severity } from '../types.ts';
import { neutral } from './display.ts';
import { jsonText } from './json-text.ts';
import { type Lines, lineIndex, linesOf } from './lines.ts';
import { replacementOf } from './replacement.ts';
import { type Report, atLeast } from './report.ts';

export interface RdjsonOptions {
  readonly minSeverity: Severity;
}

/** Lines that a suggestion may span: a longer one is no suggestion but a rewrite. */
const mostLines = 40;

const severities = { error: 'ERROR', warning: 'WARNING', info: 'INFO' } as const satisfies Record<Severity, string>;

/** One object with all diagnostics. A fix of one file is one suggestion, since reviewdog posts each one by itself. */
export function rdjsonReport(report: Report, { minSeverity }: RdjsonOptions = { minSeverity: 'warning' }): string {
  const range = ranger(report);
  const diagnostics = report.findings
    .filter(f => atLeast(f.severity, minSeverity))
    .map(f => ({
      message: neutral(f.help === undefined ? f.message : `${f.message}; ${f.help}`),
      location: { path: f.at.path, range: range(f.at) },
      severity: severities[f.severity],
      code: { value: f.rule, url: report.url(f.rule) },
      ...suggestions(f, report, range),
    }));
  return jsonText({ source: { name: 'tusklint', url: 'https://github.com/tusklint/tusklint' }, diagnostics });
}

function suggestions(finding: Finding, { text, masks }: Report, range: (at: Location) => object): object {
  const found = finding.fix === undefined ? undefined : replacementOf(finding.fix, text, masks, mostLines);
  // Reviews put a suggestion on the lines of its finding: one for another file would stand in the wrong place.
  if (found === undefined || found.path !== finding.at.path) return {};
  return { suggestions: [{ range: range(found), text: found.text }] };
}

/** Ranges as reviewdog counts them: lines from 1, columns from 1 in bytes of UTF-8, the end exclusive. */
function ranger(report: Report): (at: Location) => object {
  const index = lineIndex(report);
  return ({ path, start, end }) => {
    const [source, lines] = [report.text(path) ?? '', index(path) ?? linesOf('')];
    return { start: position(source, lines, start), end: position(source, lines, end) };
  };
}

function position(source: string, lines: Lines, offset: number): { line: number; column: number } {
  const { line, column } = lines.position(offset);
  const { start } = lines.range(line, offset);
  const before = source.slice(start, offset);
  return { line, column: column - before.length + Buffer.byteLength(before) };
}
