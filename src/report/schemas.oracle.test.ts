/** The formats of other programs, against schemas of what those programs read. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { rules } from '../../rules/index.ts';
import { checkstyleReport } from './checkstyle.ts';
import { gitlabReport } from './gitlab.ts';
import { junitReport } from './junit.ts';
import { rdjsonReport } from './rdjson.ts';
import type { Report } from './report.ts';
import { bareFinding, fullFinding, hint, lintFolder, placeOf, sampleReport } from './testing.ts';

const root = join(import.meta.dirname, '..', '..');
const schemaOf = (name: string): string => join(root, 'fixtures', 'schemas', name);
const shop = await lintFolder(join(root, 'fixtures/repos/shop'), rules);
const full = sampleReport([fullFinding, bareFinding, hint]);
const reports: readonly (readonly [string, Report])[] = [
  ['of a repository', shop],
  ['written by hand', full],
  ['without findings', sampleReport([])],
  ['of nothing at all', sampleReport([], { skipped: [], files: 0, servers: 0, seconds: undefined })],
];
const minSeverity = 'info';

describe.for([
  ['code-quality.schema.json', gitlabReport],
  ['rdjson.schema.json', rdjsonReport],
] as const)('%s', ([schema, format]) => {
  const validate = new Ajv({ strict: true }).compile(JSON.parse(readFileSync(schemaOf(schema), 'utf8')) as object);

  test.for(reports)('a report %s', ([, report]) => {
    validate(JSON.parse(format(report, { minSeverity })));
    expect(validate.errors).toBe(null);
  });
});

const xmllint = spawnSync('xmllint', ['--version']).status === 0;
const skipped = xmllint ? '' : ' (skipped: xmllint is not installed)';

describe.for([
  ['junit.xsd', junitReport],
  ['checkstyle.xsd', checkstyleReport],
] as const)('%s', ([schema, format]) => {
  test.skipIf(!xmllint).for(reports)(`a report %s${skipped}`, ([, report]) => {
    const input = format(report, { minSeverity });
    // It throws, with what is wrong, where the document is not as the schema says.
    execFileSync('xmllint', ['--noout', '--schema', schemaOf(schema), '-'], {
      input,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  });
});

test('GitLab: severities, places, and no fingerprint twice', () => {
  const issues = JSON.parse(gitlabReport(sampleReport([fullFinding, bareFinding, bareFinding, hint]))) as object[];
  expect(issues).toEqual([
    {
      description:
        'the server "orders" maps 280 MiB but requests 256Mi, so the node may kill it; request what the limit allows',
      check_name: 'shared-buffers-exceeds-request',
      fingerprint: '0123456789abcdef',
      severity: 'critical',
      location: { path: 'k8s/a b.yaml', lines: { begin: 3, end: 3 } },
    },
    expect.objectContaining({ severity: 'major', fingerprint: 'fedcba9876543210' }),
    expect.objectContaining({ severity: 'major', fingerprint: 'fedcba9876543210-2' }),
  ]);
});

interface Rdjson {
  readonly diagnostics: readonly { readonly location: { readonly range: unknown }; readonly suggestions?: unknown }[];
}
const rdjson = (...findings: Parameters<typeof sampleReport>[0]): Rdjson =>
  JSON.parse(rdjsonReport(sampleReport(findings), { minSeverity })) as Rdjson;

test('rdjson: a fix is a suggestion, and columns count bytes', () => {
  const [first, second] = rdjson(fullFinding, bareFinding).diagnostics;
  const range = { start: { line: 3, column: 11 }, end: { line: 3, column: 18 } };
  expect(first?.location.range).toEqual(range);
  expect(first?.suggestions).toEqual([{ range, text: '"1Gi"' }]);
  expect(second?.suggestions).toBeUndefined();
  const [wide] = rdjson({ ...bareFinding, at: placeOf('k8s/a b.yaml', '# why') }).diagnostics;
  // "  ä: "😀" ": ä takes two bytes, the face four.
  expect(wide?.location.range).toEqual({ start: { line: 2, column: 14 }, end: { line: 2, column: 19 } });
});

test.for([
  ['of two files', [placeOf('k8s/b.conf', 'off'), placeOf('k8s/a b.yaml', 'why')]],
  ['of another file', [placeOf('k8s/b.conf', 'off')]],
  ['that touches a secret', [placeOf('k8s/a b.yaml', 'hunter2')]],
  ['around a secret', [placeOf('k8s/a b.yaml', 'password'), { path: 'k8s/a b.yaml', start: 55, end: 55 }]],
] as const)('rdjson: a fix %s is no suggestion', ([, places]) => {
  const edits = places.map(place => ({ ...place, text: 'x' }));
  const [only] = rdjson({ ...fullFinding, fix: { title: 't', applicability: 'safe', edits } }).diagnostics;
  expect(only?.suggestions).toBeUndefined();
});

test('rdjson: several edits of a file are one suggestion', () => {
  const edits = [
    { ...placeOf('k8s/a b.yaml', 'memory'), text: 'cpu' },
    { ...placeOf('k8s/a b.yaml', '"256Mi"'), text: '1' },
  ];
  const [only] = rdjson({ ...fullFinding, fix: { title: 't', applicability: 'safe', edits } }).diagnostics;
  const range = { start: { line: 3, column: 3 }, end: { line: 3, column: 18 } };
  expect(only?.suggestions).toEqual([{ range, text: 'cpu: 1' }]);
});

const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' });

test('JUnit: a failed test for each finding, a skipped one for what was not judged', () => {
  const { testsuites } = parser.parse(junitReport(full)) as { testsuites: Record<string, unknown> };
  expect(testsuites).toMatchObject({ tests: '3', failures: '2', errors: '0', time: '0.250' });
  expect(testsuites['testsuite']).toMatchObject([
    {
      name: 'k8s/a b.yaml',
      testcase: {
        name: 'shared-buffers-exceeds-request at 3:11',
        failure: { type: 'error', message: fullFinding.message },
      },
    },
    { name: 'k8s/b.conf', failures: '1' },
    { name: 'big.yaml', skipped: '1', testcase: { skipped: { message: 'larger than 10 MB' } } },
  ]);
  expect(junitReport(full)).toContain('\n     │           ^^^^^^^ less than 280 MiB\n');
});

test('JUnit: a run without findings has a test that passed', () => {
  const { testsuites } = parser.parse(junitReport(sampleReport([], { skipped: [] }))) as { testsuites: unknown };
  expect(testsuites).toMatchObject({ tests: '1', failures: '0', testsuite: { testcase: { name: 'no problems' } } });
});

test('checkstyle: errors by file, hints only when they are asked for', () => {
  const { checkstyle } = parser.parse(checkstyleReport(full)) as { checkstyle: { file: unknown } };
  expect(checkstyle.file).toMatchObject([
    { name: 'k8s/a b.yaml', error: { line: '3', column: '11', severity: 'error' } },
    { name: 'k8s/b.conf', error: { line: '2', column: '1', severity: 'warning', source: 'tusklint.fsync-off' } },
  ]);
  expect(checkstyleReport(full, { minSeverity })).toContain('severity="info"');
});
