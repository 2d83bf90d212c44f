import { describe, expect, test } from 'vitest';
import { jsonSplitter } from './json-splitter.ts';
import { type Chosen, createSieve } from './sieve.ts';
import { createStore } from './store.ts';

interface Made {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

function chosenOf(objects: readonly Made[], images: readonly string[] = []): readonly string[] {
  const sieve = createSieve(images);
  const splitter = jsonSplitter();
  const items = objects.map(o => ({ apiVersion: 'v1', ...o }));
  for (const piece of splitter.push(Buffer.from(JSON.stringify({ items, kind: 'List' }))))
    sieve.add(piece, 'e', 'json');
  return [...sieve.chosen()].map((c: Chosen) => (JSON.parse(c.text) as Made).metadata.name);
}

const made = (kind: string, name: string, rest: object = {}, namespace = 'shop'): Made => ({
  kind,
  metadata: { name, namespace, uid: '7a15432c-0000-5432-8000-000000005432', resourceVersion: '95432' },
  ...rest,
});
const owned = (object: Made): Made => ({
  ...object,
  metadata: { ...object.metadata, ownerReferences: [{ kind: 'ReplicaSet', name: 'x', controller: true }] },
});
const template = (image: string, env: readonly object[] = [], labels: object = {}): object => ({
  spec: {
    template: { metadata: { labels }, spec: { schedulerName: 'default-scheduler', containers: [{ image, env }] } },
  },
});
const server = made('StatefulSet', 'data-store', {
  spec: {
    serviceName: 'data-store-headless',
    template: {
      metadata: { labels: { app: 'store' } },
      spec: {
        schedulerName: 'default-scheduler',
        nodeName: 'node-7',
        containers: [{ image: 'postgres:17', envFrom: [{ secretRef: { name: 'data' } }] }],
        volumes: [{ name: 'conf', configMap: { name: 'settings' } }],
      },
    },
  },
});

describe('what matters beside a server', () => {
  test.for<readonly [string, Made, boolean]>([
    ['its Secret, however common the name', made('Secret', 'data', { data: {} }), true],
    ['its ConfigMap', made('ConfigMap', 'settings', { data: { a: 'b' } }), true],
    ['a Secret of the same name elsewhere', made('Secret', 'data', { data: {} }, 'other'), false],
    ['another Secret', made('Secret', 'token', { data: {} }), false],
    ['its claims', made('PersistentVolumeClaim', 'pgvol-data-store-0'), true],
    ['the Service that it names', made('Service', 'data-store-headless', { spec: { selector: { a: 'b' } } }), true],
    ['a Service that selects it', made('Service', 'front', { spec: { selector: { app: 'store' } } }), true],
    ['a Service of others', made('Service', 'web', { spec: { selector: { app: 'web' } } }), false],
    ['a policy of its namespace', made('NetworkPolicy', 'deny-all'), true],
    ['a policy of another namespace', made('NetworkPolicy', 'deny-all', {}, 'other'), false],
    ['a budget', made('PodDisruptionBudget', 'pdb', { spec: { selector: {} } }), true],
    ['namespaces', { kind: 'Namespace', metadata: { name: 'other' } }, true],
    [
      'a client in its namespace',
      made('Deployment', 'web', template('web:1', [{ name: 'DB', value: 'data-store-headless:6000' }])),
      true,
    ],
    [
      'a workload elsewhere with the same word',
      made('Deployment', 'web', template('web:1', [{ name: 'A', value: 'data-store' }]), 'other'),
      false,
    ],
    ['a workload that shares nothing but defaults', made('Deployment', 'web', template('web:1')), false],
    ['a pod on the same node', owned(made('Pod', 'web-1', { spec: { nodeName: 'node-7', containers: [] } })), false],
    [
      'a pod whose numbers look like a port',
      owned(made('Pod', 'web-1', { status: { hash: '15432' }, spec: { containers: [] } })),
      false,
    ],
    [
      'a pod of PostgreSQL',
      owned(made('Pod', 'data-store-0', { spec: { containers: [{ image: 'postgres:17' }] } })),
      true,
    ],
    ['an event about PostgreSQL', made('Event', 'postgres.1', { message: 'postgres' }), false],
  ])('%s', ([, object, expected]) => {
    expect(chosenOf([object, server])).toEqual(expected ? [object.metadata.name, 'data-store'] : ['data-store']);
    expect(chosenOf([server, object])).toEqual(expected ? ['data-store', object.metadata.name] : ['data-store']);
  });

  test('a client elsewhere names the Service and its namespace', () => {
    const service = made('Service', 'data-store-headless', { spec: { selector: { app: 'store' } } });
    const client = (host: string) =>
      made('Deployment', 'web', template('web:1', [{ name: 'DB', value: host }]), 'other');
    expect(chosenOf([server, service, client('data-store-headless.shop.svc')])).toContain('web');
    expect(chosenOf([server, service, client('data-store-headless.else.svc')])).not.toContain('web');
  });

  test('without any server nothing does', () => {
    expect(chosenOf([made('NetworkPolicy', 'deny-all'), made('Deployment', 'web', template('web:1'))])).toEqual([]);
  });

  test('private images are known by the configuration', () => {
    const own = made('Deployment', 'own', template('registry.example/db/main:3'));
    expect(chosenOf([own])).toEqual([]);
    expect(chosenOf([own], ['registry.example/db/*'])).toEqual(['own']);
  });
});

test('a store gives back what was put into it', () => {
  const store = createStore();
  const texts = Array.from({ length: 300 }, (_, i) => Buffer.from(`${i}`.repeat((i * 37) % 9000)));
  const stored = texts.map(t => store.put(t));
  for (const [i, place] of [...stored.entries()].reverse())
    expect(store.get(place).equals(texts[i] ?? Buffer.alloc(0))).toBe(true);
  const more = store.put(Buffer.from('later'));
  expect(store.get(more).toString()).toBe('later');
});
