/** Reports of real repositories before the validator that the format's own authors wrote, with the rules of code scanning. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { areas, rules } from '../../rules/index.ts';
import { readPage } from '../pages.ts';
import { describeRules, rulePage } from './report.ts';
import { sarifReport } from './sarif.ts';
import { bareFinding, fullFinding, hint, lintFolder, sampleReport } from './testing.ts';

const root = join(import.meta.dirname, '..', '..');
const program = join(root, 'fixtures/oracles/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool');
const available = process.platform === 'linux' && existsSync(program);

const folders = [
  { name: 'fixtures/repos/shop', path: join(root, 'fixtures/repos/shop') },
  { name: '../shared/guide', path: join(root, '../shared/guide') },
];

const described = { rule: describeRules(rules, areas, readPage), url: (id: string) => rulePage(areas, id) };

let work = '';
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'tusklint-sarif-'));
  // The package comes without the permission.
  if (available) chmodSync(program, 0o755);
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

interface Log {
  readonly runs: readonly { readonly results?: readonly { readonly ruleId: string; readonly level?: string }[] }[];
}

/** The rules of the validator that a document breaks; its exit code says nothing of them. */
function broken(document: string): string[] {
  const [input, output] = [join(work, 'in.sarif'), join(work, 'out.sarif')];
  writeFileSync(input, document);
  const args = ['validate', input, '--rule-kind', 'Sarif;Ghas', '-o', output, '--log', 'ForceOverwrite'];
  execFileSync(program, args, { stdio: 'pipe' });
  const { runs } = JSON.parse(readFileSync(output, 'utf8').replace(/^\ufeff/, '')) as Log;
  return runs.flatMap(r => (r.results ?? []).map(({ ruleId, level }) => `${level ?? 'warning'} ${ruleId}`));
}

describe.for(folders)('$name', ({ name, path }) => {
  const missing = !available ? 'the validator is not installed' : existsSync(path) ? '' : `${name} is not here`;
  const skipped = missing === '' ? '' : ` (skipped: ${missing})`;

  test.skipIf(missing !== '')(`has no error and no warning${skipped}`, { timeout: 120_000 }, async () => {
    const report = { ...(await lintFolder(path, rules)), ...described };
    expect(report.findings.length).toBeGreaterThan(5);
    expect(broken(sarifReport(report))).toEqual([]);
  });
});

const skipped = available ? '' : ' (skipped: it is not installed)';

test.skipIf(!available)(`suppressions, categories and folders are in order${skipped}`, { timeout: 120_000 }, () => {
  const suppressed = [{ finding: bareFinding, by: 'comment' as const, reason: 'known' }];
  const report = sampleReport([fullFinding, hint], { ...described, suppressed });
  expect(broken(sarifReport(report, { directory: 'deploy/db', category: 'staging' }))).toEqual([]);
});

test.skipIf(!available)(`the validator finds what is wrong${skipped}`, { timeout: 120_000 }, () => {
  const document = JSON.parse(sarifReport(sampleReport([fullFinding], described))) as {
    runs: { results: { locations: object[] }[] }[];
  };
  for (const result of document.runs[0]?.results ?? []) result.locations = [];
  expect(broken(JSON.stringify(document))).toContainEqual(expect.stringContaining('GH'));
});
