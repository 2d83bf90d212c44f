import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rules } from '../rules/index.ts';
import { database } from './build/bench-tree.ts';
import { defaultConfig } from './config.ts';
import { server, settings } from './git-testing.ts';
import { lint } from './lint.ts';
import { nearSources } from './near.ts';
import { loadCatalogue } from './postgres/catalogue.ts';
import type { Finding, Source } from './types.ts';

const source = (path: string, text: string): Source => ({ path, text });
const object = (kind: string, name: string, rest = ''): string =>
  `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${rest}`;
const orders = source('orders.yaml', database('orders'));
const users = source('users.yaml', database('users'));
const near = (sources: readonly Source[], changed: string, earlier: readonly Source[] = []) =>
  nearSources(sources, earlier, path => path === changed)?.map(s => s.path);

describe('what is near', () => {
  test.for<readonly [string, readonly Source[], readonly string[]]>([
    ['a database is far from another one', [], ['orders.yaml']],
    [
      'who names it',
      [source('api.yaml', object('Deployment', 'api', 'spec: {env: "postgres://orders-0.orders.shop.svc:5432"}\n'))],
      ['api.yaml', 'orders.yaml'],
    ],
    [
      'who selects it',
      [source('service.yaml', object('Service', 'db', 'spec:\n  selector:\n    app.kubernetes.io/name: orders\n'))],
      ['orders.yaml', 'service.yaml'],
    ],
    [
      'whom it names',
      [source('claim.yaml', object('PersistentVolumeClaim', 'orders-settings'))],
      ['claim.yaml', 'orders.yaml'],
    ],
    [
      'who names those that name it',
      [
        source('api.yaml', object('Deployment', 'api', 'spec:\n  host: orders\n')),
        source('scaler.yaml', object('HorizontalPodAutoscaler', 'scale', 'spec:\n  scaleTargetRef:\n    name: api\n')),
      ],
      ['api.yaml', 'orders.yaml', 'scaler.yaml'],
    ],
    [
      'who has the same password',
      [source('api.yaml', object('Deployment', 'api', 'spec:\n  url: postgres://a:hunter2@elsewhere/b\n'))],
      ['orders.yaml'],
    ],
    [
      'Secrets, and what holds for a namespace',
      [
        source('limits.yaml', object('LimitRange', 'limits')),
        source('policy.yaml', object('NetworkPolicy', 'deny', 'spec: {podSelector: {}}\n')),
        source('secret.yaml', object('ExternalSecret', 'x')),
      ],
      ['limits.yaml', 'orders.yaml', 'policy.yaml', 'secret.yaml'],
    ],
    [
      'files of other kinds',
      [source('db/Dockerfile', 'FROM postgres:17\n'), source('x.conf', 'work_mem = 1MB\n')],
      ['db/Dockerfile', 'orders.yaml', 'x.conf'],
    ],
    [
      'policies, and what they select',
      [
        source(
          'policy.yaml',
          object('NetworkPolicy', 'p', 'spec:\n  podSelector:\n    matchLabels:\n      app.kubernetes.io/name: web\n'),
        ),
        source('web.yaml', object('Deployment', 'web')),
      ],
      ['orders.yaml', 'policy.yaml', 'web.yaml'],
    ],
    ['a name in a longer word is another name', [source('x.yaml', object('Service', 'reorders'))], ['orders.yaml']],
  ])('%s', ([, others, expected]) => {
    expect(
      near(
        [orders, users, ...others].sort((a, b) => (a.path < b.path ? -1 : 1)),
        'orders.yaml',
      ),
    ).toEqual(expected);
  });

  test('a password that two have in common', () => {
    const url = (name: string) =>
      object('Deployment', name, `spec:\n  url: postgres://a:hunter2@elsewhere-${name}/b\n`);
    expect(near([source('a.yaml', url('a1')), source('b.yaml', url('b1')), users], 'a.yaml')).toEqual([
      'a.yaml',
      'b.yaml',
    ]);
  });

  test('what was there before counts as what is there now', () => {
    const gone = source('settings.yaml', settings);
    const all = [source('server.yaml', server.replace(/---[^]*/, '')), users];
    expect(near(all, 'settings.yaml', [gone])).toEqual(['server.yaml']);
    const renamed = source('orders.yaml', database('users').replaceAll('users', 'clients'));
    expect(
      near([renamed, users, source('x.yaml', object('Pod', 'x', 'spec: {a: orders}\n'))], 'orders.yaml', [orders]),
    ).toEqual(['orders.yaml', 'x.yaml']);
  });
});

describe('everything, where names do not tell', () => {
  test.for<readonly [string, readonly Source[]]>([
    ['all of it is near', [source('api.yaml', object('Deployment', 'api', 'spec:\n  hosts: [orders, users]\n'))]],
    ['an overlay', [source('k/kustomization.yaml', 'resources: []\n')]],
    [
      'an overlay under another name',
      [source('k.yaml', 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Component\n')],
    ],
    ['one object in two places', [source('staging/users.yaml', users.text)]],
    ['a list', [source('list.yaml', 'apiVersion: v1\nkind: List\nitems: []\n')]],
    ['JSON under the name of YAML', [source('j.yaml', 'kind: x\n---\n{"kind": "Service"}\n')]],
    ['labels by an alias', [source('a.yaml', object('Service', 'a', 'spec:\n  selector: *labels\n'))]],
    ['names that are filled in', [source('a.yaml', object('Service', '${NAME}-db'))]],
  ])('%s', ([, others]) => expect(near([orders, users, ...others], 'orders.yaml')).toBeUndefined());

  test.for(['NetworkPolicy', 'LimitRange', 'Secret', 'HelmRelease', 'Namespace'])('a change of a %s', kind => {
    expect(near([orders, users, source('x.yaml', object(kind, 'x'))], 'x.yaml')).toBeUndefined();
  });

  test('a change of a file of another kind', () => {
    expect(near([orders, users, source('x.conf', 'work_mem = 1MB\n')], 'x.conf')).toBeUndefined();
  });
});

/** Numbers that look random, the same in every run. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    yield state / 0x7fffffff;
  }
}

test('what is found near a change is what is found in the whole', { timeout: 120_000 }, async () => {
  const catalogue = await loadCatalogue();
  const random = numbers(7);
  const next = (): number => random.next().value as number;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const shop = new URL('../fixtures/repos/shop', import.meta.url).pathname;
  const tree = [
    ...['orders', 'users', 'stock', 'postgres-audit'].map(name => source(`${name}.yaml`, database(name))),
    source('ledger/server.yaml', server.replace(/---[^]*/, '')),
    source('ledger/settings.yaml', settings),
    ...readdirSync(shop, { recursive: true, encoding: 'utf8' })
      .filter(path => path.endsWith('.yaml'))
      .map(path => source(`shop/${path}`, readFileSync(join(shop, path), 'utf8').replaceAll('orders', 'basket'))),
    source('api.yaml', object('Deployment', 'api', 'spec:\n  url: postgres://api:stock@stock:5432/stock\n')),
    source('login.yaml', object('Secret', 'users-login', 'stringData:\n  password: hunter2\n')),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
  const found = (sources: readonly Source[]) =>
    lint({
      sources,
      complete: true,
      rules,
      config: { ...defaultConfig, preset: 'strict' },
      catalogue,
      now: '2026-06-01',
      pgVersion: undefined,
    }).findings;
  const mutated = (text: string): string => {
    const lines = text.split('\n');
    const at = Math.floor(next() * lines.length);
    if (next() < 0.3) return lines.toSpliced(at, 1).join('\n');
    const words = text.match(/[a-z]\w*(?:-\w+)+|\d+/g) ?? [];
    const word = pick(words);
    return text.replaceAll(word, /^\d/.test(word) ? String(Number(word) * 3 + 1) : `${word}-x`);
  };
  let narrow = 0;
  for (let i = 0; i < 60; i += 1) {
    const { path, text } = pick(tree);
    const other = next() < 0.2 ? undefined : source(path, mutated(text));
    const changedTree = tree.flatMap(s => (s.path === path ? (other ?? []) : s));
    const [now, before] = next() < 0.5 ? [tree, changedTree] : [changedTree, tree];
    const earlier = before.filter(s => s.path === path);
    const some = nearSources(now, earlier, p => p === path);
    if (some === undefined) continue;
    narrow += 1;
    const paths = new Set([path, ...some.map(s => s.path)]);
    const reported = (after: readonly Source[], base: readonly Source[]): readonly string[] => {
      const known = new Set(found(base).map(f => f.fingerprint));
      const isReported = ({ at, related, fingerprint }: Finding): boolean =>
        at.path === path || related.some(r => r.at.path === path) || !known.has(fingerprint);
      return found(after)
        .filter(isReported)
        .map(f => `${f.rule} ${f.at.path}:${f.at.start} ${f.severity} ${f.message}`);
    };
    expect(
      reported(
        some,
        before.filter(s => paths.has(s.path)),
      ),
    ).toEqual(reported(now, before));
  }
  expect(narrow).toBeGreaterThan(20);
});
