/** The report in the format of Checkstyle, which many tools read. */
import { grouped } from '../grouped.ts';
import type { Severity } from '../types.ts';
import { placer } from './lines.ts';
import { type Report, atLeast } from './report.ts';
import { xmlText } from './xml.ts';

export interface CheckstyleOptions {
  readonly minSeverity: Severity;
}

/** An XML document with an element for each file that has findings. */
export function checkstyleReport(
  report: Report,
  { minSeverity }: CheckstyleOptions = { minSeverity: 'warning' },
): string {
  const place = placer(report);
  const byPath = grouped(
    report.findings.filter(f => atLeast(f.severity, minSeverity)),
    f => f.at.path,
  );
  const files = [...byPath].map(([path, findings]) => ({
    '@name': path,
    error: findings.map(f => {
      const { line, column } = place(f.at);
      return {
        '@line': line,
        '@column': column,
        '@severity': f.severity,
        '@message': f.help === undefined ? f.message : `${f.message}; ${f.help}`,
        '@source': `tusklint.${f.rule}`,
      };
    }),
  }));
  // The version is that of Checkstyle's format, not ours.
  return xmlText({ checkstyle: { '@version': '4.3', file: files } });
}
