import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { classify } from './classify.ts';
import { defaultConfig } from './config.ts';
import { lint } from './lint.ts';
import { loadCatalogue } from './postgres/catalogue.ts';
import { type Verdict, select } from './prefilter.ts';
import type { Source } from './types.ts';

const kept = (files: Readonly<Record<string, string>>, images: readonly string[] = []): readonly string[] =>
  selectOf(
    Object.entries(files).map(([path, text]) => ({ path, text })),
    images,
  ).sources.map(s => s.path);
const selectOf = (sources: readonly Source[], images: readonly string[] = []) =>
  select(
    sources.map(({ path, text }) => ({ path, read: () => text })),
    images,
  );

const object = (kind: string, name: string, rest = ''): string =>
  `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${rest}`;
const server = object(
  'StatefulSet',
  'orders',
  'spec:\n  template:\n    metadata:\n      labels:\n        app: orders\n    spec:\n      containers:\n        - image: postgres:17\n          envFrom:\n            - secretRef:\n                name: orders-login\n',
);

describe('without a PostgreSQL nothing is kept', () => {
  test.for<readonly [string, Readonly<Record<string, string>>]>([
    ['manifests', { 'a.yaml': object('Deployment', 'web'), 'b.yaml': object('NetworkPolicy', 'web') }],
    ['what is of no kind', { 'postgres.md.yaml': 'text: about postgres\n', 'x.json': '{"postgres": 1}' }],
    ['definitions', { 'crd.yaml': object('CustomResourceDefinition', 'clusters.postgresql.cnpg.io') }],
    ['values of charts', { 'values.yaml': 'postgresql:\n  enabled: true\n' }],
  ])('%s', ([, files]) => expect(kept(files)).toEqual([]));
});

test.for<readonly [string, string]>([
  ['an image', object('Pod', 'a', 'spec:\n  image: docker.io/PostgreSQL\n')],
  ['a port', object('Service', 'a', 'spec:\n  port: 5432\n')],
  ['an operator', object('Cluster', 'a').replace('v1', 'postgresql.cnpg.io/v1')],
  ['Spilo', object('Pod', 'a', 'spec:\n  image: x/spilo-16\n')],
  ['an ignore comment', `${object('Pod', 'a')}# tusklint-ignore x -- y\n`],
])('the first pass keeps what names %s', ([, text]) => expect(kept({ 'a.yaml': text })).toEqual(['a.yaml']));

test('a private image that the configuration names is a PostgreSQL', () => {
  const files = { 'a.yaml': object('Pod', 'a', 'spec:\n  image: registry.example/db/main:3\n') };
  expect(kept(files)).toEqual([]);
  expect(kept(files, ['registry.example/db/*'])).toEqual(['a.yaml']);
  expect(kept(files, ['registry_example/db/*'])).toEqual([]);
});

test('the second pass keeps what bears on a server, by its kind or by a shared name', () => {
  const files = {
    'server.yaml': server,
    'policy.yaml': object('NetworkPolicy', 'deny-all', 'spec:\n  podSelector: {}\n'),
    'limits.yaml': object('LimitRange', 'all'),
    'service.yaml': object('Service', 'bestellungen', 'spec:\n  selector:\n    app: orders\n'),
    'login.yaml': object('SealedSecret', 'orders-login'),
    'client.yaml': object(
      'Deployment',
      'shop',
      'spec:\n  env:\n    - name: DB\n      value: "bestellungen.prod.svc:1"\n',
    ),
    'flow.json': '{"kind":"Service","apiVersion":"v1","spec":{"selector":{"app":"orders"}}}',
    'kustomization.yaml': 'resources: [server.yaml]\n',
    'web.yaml': object(
      'Deployment',
      'web',
      'spec:\n  template:\n    spec:\n      containers:\n        - name: nginx\n',
    ),
    'web-service.yaml': object('Service', 'web', 'spec:\n  ports:\n    - port: 80\n'),
  };
  const { 'web.yaml': _1, 'web-service.yaml': _2, ...bearing } = files;
  expect(kept(files)).toEqual(Object.keys(bearing));
});

test('texts are read again, not kept, once many wait for the second pass', () => {
  const long = `${object('Deployment', 'web')}# ${'x'.repeat(1024 * 1024)}\n`;
  const reads = new Map<string, number>();
  const verdicts: Verdict[] = [];
  const paths = Array.from({ length: 20 }, (_, i) => `web-${i}.yaml`);
  const candidates = [...paths, 'server.yaml'].map(path => ({
    path,
    read: () => {
      reads.set(path, (reads.get(path) ?? 0) + 1);
      return path === 'server.yaml' ? server : long;
    },
  }));
  const selection = select(candidates, [], v => verdicts.push(v));
  expect(selection.sources.map(s => s.path)).toEqual(['server.yaml']);
  expect(selection.files).toBe(21);
  expect(reads.get('web-0.yaml')).toBe(1);
  expect(reads.get('web-19.yaml')).toBeGreaterThan(1);
  expect(verdicts.filter(v => !v.kept).map(v => v.reason)).toEqual(
    paths.map(() => 'shares no name with what concerns PostgreSQL'),
  );
});

test('what is made elsewhere is named, and chart templates of PostgreSQL', () => {
  const selection = selectOf([
    { path: 'a.yaml', text: object('HelmRelease', 'x') },
    { path: 'b/kustomization.yaml', text: 'resources: []\n' },
    { path: 'c/templates/db.yaml', text: '{{ .Values.x }}\nimage: postgres\n' },
    { path: 'c/templates/web.yaml', text: '{{ .Values.x }}\nimage: nginx\n' },
    { path: 'd.yaml', text: object('Service', 'x') },
  ]);
  expect(selection.generators.map(g => g.split(':')[0])).toEqual([
    'a.yaml',
    'b/kustomization.yaml',
    'c/templates/db.yaml',
    'c/templates/web.yaml',
  ]);
  expect(selection.templates).toEqual(['c/templates/db.yaml']);
});

/** Every text below a folder, by its path. */
function sourcesBelow(folder: string, prefix = ''): readonly Source[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = `${prefix}${entry.name}`;
    const absolute = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesBelow(absolute, `${path}/`);
    return statSync(absolute).size < 200_000 ? [{ path, text: readFileSync(absolute, 'utf8') }] : [];
  });
}

const shared = join(import.meta.dirname, '../../shared');
const ownRepositories = join(import.meta.dirname, '../fixtures/repos');
const trees = [join(shared, 'guide'), ...foldersOf(join(shared, 'corpus')), ...foldersOf(ownRepositories)].filter(
  existsSync,
);
function foldersOf(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap(e => (e.isDirectory() ? [join(folder, e.name)] : []));
}

describe.skipIf(!existsSync(shared))(
  'findings with it equal findings without it (skipped where ../shared is absent)',
  () => {
    test.for(trees)('%s', { timeout: 60_000 }, async tree => {
      const { rules } = await import('../rules/index.ts');
      const sources = sourcesBelow(tree);
      const selected = selectOf(sources).sources;
      const input = {
        complete: true,
        rules,
        config: { ...defaultConfig, preset: 'strict' as const },
        catalogue: await loadCatalogue(),
        now: '2026-11-22',
        pgVersion: undefined,
      };
      const chosen = new Set(selected.map(s => s.path));
      const judged = new Set('kubernetes kustomization compose dockerfile postgresql.conf pg_hba.conf'.split(' '));
      const all = sources.filter(s => judged.has(classify(s.path, s.text).kind));
      const findings = (given: readonly Source[]) =>
        lint({ ...input, sources: given })
          // A file that concerns no PostgreSQL may be as broken as it likes.
          .findings.filter(f => chosen.has(f.at.path))
          .map(f => `${f.at.path}:${f.at.start} ${f.rule} ${f.severity}: ${f.message}`);
      expect(findings(selected)).toEqual(findings(all));
      const others = lint({ ...input, sources: all }).findings.filter(f => !chosen.has(f.at.path));
      expect(others.filter(f => !f.rule.startsWith('yaml-')).map(f => `${f.at.path} ${f.rule}`)).toEqual([]);
    });
  },
);
