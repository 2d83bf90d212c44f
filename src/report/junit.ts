/** The report as JUnit XML: each file is a suite, each finding a test that failed. */
import { grouped } from '../grouped.ts';
import type { Severity } from '../types.ts';
import { lineIndex, placer } from './lines.ts';
import { type Report, atLeast } from './report.ts';
import { findingText, plainText } from './text.ts';
import { type Element, xmlText } from './xml.ts';

export interface JunitOptions {
  readonly minSeverity: Severity;
}

/**
 * An XML document that Jenkins and GitLab read. What was not judged is a skipped test; a run without findings has one
 * test that passed, because Jenkins takes a document without tests for a mistake.
 */
export function junitReport(report: Report, { minSeverity }: JunitOptions = { minSeverity: 'warning' }): string {
  const findings = report.findings.filter(f => atLeast(f.severity, minSeverity));
  const [place, index] = [placer(report), lineIndex(report)];
  const failed = [...grouped(findings, f => f.at.path)].map(([path, inFile]) =>
    suite(
      path,
      inFile.map(f => {
        const { line, column } = place(f.at);
        return {
          ...named(`${f.rule} at ${line}:${column}`, path),
          failure: { '@type': f.severity, '@message': f.message, '#text': findingText(f, report, plainText, index) },
        };
      }),
    ),
  );
  const skipped = [...grouped(report.skipped, s => s.path)].map(([path, reasons]) =>
    suite(
      path,
      reasons.map(({ reason }) => ({ ...named('is judged', path), skipped: { '@message': reason } })),
    ),
  );
  const suites = [...failed, ...skipped];
  const shown = failed.length > 0 ? suites : [suite('tusklint', [named('no problems', 'tusklint')]), ...skipped];
  const total = (key: '@tests' | '@failures') => shown.reduce((sum, s) => sum + s[key], 0);
  return xmlText({
    testsuites: {
      '@name': 'tusklint',
      '@tests': total('@tests'),
      '@failures': total('@failures'),
      '@errors': 0,
      ...(report.seconds === undefined ? {} : { '@time': report.seconds.toFixed(3) }),
      testsuite: shown,
    },
  });
}

const named = (name: string, classname: string) => ({ '@name': name, '@classname': classname, '@time': '0' });

function suite(name: string, tests: readonly Element[]) {
  return {
    '@name': name,
    '@tests': tests.length,
    '@failures': tests.filter(t => t['failure'] !== undefined).length,
    '@errors': 0,
    '@skipped': tests.filter(t => t['skipped'] !== undefined).length,
    '@time': '0',
    testcase: tests,
  };
}
