import { expect, test } from 'vitest';
import { areas, rules } from '../../rules/index.ts';
import { readPage } from '../pages.ts';
import type { Finding } from '../types.ts';
import { describeRules } from './report.ts';
import { sarifReport } from './sarif.ts';
import { bareFinding, fullFinding, hint, placeOf, sampleReport } from './testing.ts';

interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly Record<string, unknown>[] } };
  readonly results: readonly Record<string, unknown>[];
  readonly invocations: readonly { readonly toolExecutionNotifications: readonly unknown[] }[];
  readonly automationDetails?: unknown;
}

function runOf(...args: Parameters<typeof sarifReport>): Run {
  const { runs } = JSON.parse(sarifReport(...args)) as { runs: [Run] };
  return runs[0];
}

test('a result with everything', () => {
  const { results, invocations } = runOf(sampleReport([fullFinding]));
  expect(results).toEqual([
    {
      ruleId: 'shared-buffers-exceeds-request',
      ruleIndex: 0,
      level: 'error',
      message: {
        text: 'the server "orders" maps 280 MiB but requests 256Mi, so the node may kill it; request what the limit allows.',
      },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'k8s/a%20b.yaml' },
            region: { startLine: 3, startColumn: 11, endLine: 3, endColumn: 18 },
          },
        },
      ],
      relatedLocations: [
        {
          id: 1,
          physicalLocation: {
            artifactLocation: { uri: 'k8s/b.conf' },
            region: { startLine: 1, startColumn: 18, endLine: 1, endColumn: 23 },
          },
          message: { text: 'shared_buffers = 256MB' },
        },
      ],
      partialFingerprints: { 'tusklint/v1': '0123456789abcdef' },
      fixes: [
        {
          description: { text: 'memory: "256Mi" → "1Gi" (unsafe).' },
          artifactChanges: [
            {
              artifactLocation: { uri: 'k8s/a%20b.yaml' },
              replacements: [
                {
                  deletedRegion: { startLine: 3, startColumn: 11, endLine: 3, endColumn: 18 },
                  insertedContent: { text: '"1Gi"' },
                },
              ],
            },
          ],
        },
      ],
      properties: { server: 'orders, billing', build: 'prod, staging', parts: ['a-part'] },
    },
  ]);
  expect(invocations[0]?.toolExecutionNotifications).toEqual([
    {
      level: 'warning',
      message: { text: 'skipped big.yaml: larger than 10 MB.' },
      locations: [{ physicalLocation: { artifactLocation: { uri: 'big.yaml' } } }],
    },
  ]);
});

test('rules are those of the results, with what code scanning shows of them', () => {
  const rule = describeRules(rules, areas, readPage);
  const ruleOf = (finding: Finding) => runOf(sampleReport([finding], { rule })).tool.driver.rules;
  const [fsync] = ruleOf(bareFinding);
  expect(fsync).toMatchObject({
    id: 'fsync-off',
    name: 'FsyncOff',
    defaultConfiguration: { level: 'error' },
    helpUri: 'https://rules.example/fsync-off',
    properties: { tags: ['configuration', 'postgresql', 'kubernetes'], 'problem.severity': 'error' },
  });
  expect(JSON.stringify(fsync)).not.toContain('security-severity');
  expect(JSON.stringify(fsync?.['help'])).not.toContain('```');
  const [dsn] = ruleOf({ ...bareFinding, rule: 'secret-in-dsn' });
  expect(dsn?.['properties']).toMatchObject({
    tags: ['security', 'secrets', 'postgresql', 'kubernetes'],
    'security-severity': '8.0',
  });
  expect(ruleOf({ ...bareFinding, rule: 'no-such-rule' })).toHaveLength(1);
  const many = runOf(sampleReport([bareFinding, fullFinding, bareFinding]));
  expect(many.tool.driver.rules.map(r => r['id'])).toEqual(['fsync-off', 'shared-buffers-exceeds-request']);
  expect(many.results.map(r => r['ruleIndex'])).toEqual([0, 1, 0]);
});

test('hints are notes, and are told whatever the least severity of other formats', () => {
  expect(runOf(sampleReport([hint])).results.map(r => r['level'])).toEqual(['note']);
});

test('a fix that touches a secret is left out', () => {
  const at = placeOf('k8s/a b.yaml', 'hunter2');
  const edits = [{ ...at, text: 'x' }];
  const touching = { ...fullFinding, fix: { title: 't', applicability: 'safe' as const, edits } };
  expect(runOf(sampleReport([touching])).results[0]).not.toHaveProperty('fixes');
});

test('accepted findings are told as suppressed, and then each result says whether it is', () => {
  const suppressed = [
    { finding: hint, by: 'comment' as const, reason: 'known' },
    { finding: bareFinding, by: 'baseline' as const, reason: '' },
  ];
  const { results } = runOf(sampleReport([fullFinding], { suppressed }));
  expect(results.map(r => r['suppressions'])).toEqual([
    [],
    [{ kind: 'inSource', status: 'accepted', justification: 'known' }],
    [{ kind: 'external', status: 'accepted' }],
  ]);
  expect(runOf(sampleReport([fullFinding])).results[0]).not.toHaveProperty('suppressions');
});

test('addresses are those of the repository, and runs are told apart', () => {
  const run = runOf(sampleReport([fullFinding]), { directory: 'deploy/db', category: 'staging' });
  expect(JSON.stringify(run.results)).toContain('"uri":"deploy/db/k8s/a%20b.yaml"');
  expect(run.automationDetails).toEqual({ id: 'staging/' });
  expect(runOf(sampleReport([])).automationDetails).toBeUndefined();
});

test('more results than are kept come worst first; more than are taken are left out, and that is said', () => {
  const few = runOf(sampleReport([bareFinding, fullFinding]));
  expect(few.results.map(r => r['level'])).toEqual(['warning', 'error']);
  const many = [...Array<Finding>(25_000).fill(hint), bareFinding, fullFinding];
  const { results, invocations } = runOf(sampleReport(many, { skipped: [] }));
  expect(results).toHaveLength(25_000);
  expect(results.slice(0, 3).map(r => r['level'])).toEqual(['error', 'warning', 'note']);
  expect(JSON.stringify(invocations)).toContain('2 results of less weight are left out');
});

test('a run without findings is a run', () => {
  expect(runOf(sampleReport([]))).toMatchObject({ results: [], tool: { driver: { rules: [] } } });
});
