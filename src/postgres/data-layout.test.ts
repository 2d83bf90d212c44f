import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../config.ts';
import { buildModel } from '../model.ts';
import { loadCatalogue } from './catalogue.ts';
import { breaksOn18, hasLayoutOf18, lastingMounts, mountPathNode, sharesDataDirectory } from './data-layout.ts';
import type { Server } from './server.ts';

const catalogue = await loadCatalogue();

function only(path: string, text: string): Server {
  const [server] = buildModel({
    sources: [{ path, text }],
    complete: true,
    rules: [],
    config: defaultConfig,
    catalogue,
    now: '2026-06-01',
    pgVersion: undefined,
  }).servers;
  if (server === undefined) throw new Error('no server');
  return server;
}

/** A pod with the volumes `claim`, `scratch`, `node` and `settings`, and these lines of its container, in flow style. */
const pod = (image: string, ...lines: readonly string[]) =>
  only(
    'pod.yaml',
    `apiVersion: v1
kind: Pod
metadata: { name: orders }
spec:
  containers:
    - name: postgres
      image: ${image}
${lines.map(line => `      ${line}\n`).join('')}  volumes:
    - { name: claim, persistentVolumeClaim: { claimName: orders } }
    - { name: scratch, emptyDir: {} }
    - { name: node, hostPath: { path: /srv } }
    - { name: settings, configMap: { name: settings } }
`,
  );
const OLD = '/var/lib/postgresql/data';
const mounts = (...pairs: readonly string[]) =>
  `volumeMounts: [${pairs.map(p => `{ name: ${p.split(' ')[0]}, mountPath: ${p.split(' ')[1]} }`).join(', ')}]`;

test.for<[image: string, is18: boolean]>([
  ['postgres', true],
  ['postgres:latest', true],
  ['postgres:alpine', true],
  ['postgres:18', true],
  ['postgres:18.1-alpine', true],
  ['postgres:17.6', false],
  ['postgres@sha256:abc', false],
  ['postgis/postgis:latest', false],
  ['postgis/postgis:18-3.6', true],
  ['bitnami/postgresql:18.1.0', false],
])('%s: layout of 18 is %s', ([image, is18]) => expect(hasLayoutOf18(pod(image).image)).toBe(is18));

describe('a mount at the old place', () => {
  test.for<[name: string, image: string, ...lines: string[]]>([
    ['18', 'postgres:18', mounts(`claim ${OLD}`)],
    ['no version', 'postgres', mounts(`claim ${OLD}/`)],
    ['an emptyDir', 'postgres:18', mounts(`scratch ${OLD}`)],
  ])('stops %s', ([, image, ...lines]) => expect(breaksOn18(pod(image, ...lines))?.path).toBe(OLD));

  test.for<[name: string, image: string, ...lines: string[]]>([
    ['17', 'postgres:17', mounts(`claim ${OLD}`)],
    ['18 with its own mount', 'postgres:18', mounts('claim /var/lib/postgresql')],
    ['18 with PGDATA', 'postgres:18', `env: [{ name: PGDATA, value: ${OLD}/pgdata }]`, mounts(`claim ${OLD}`)],
    ['18 with -D', 'postgres:18', `args: [-D, ${OLD}/pgdata]`, mounts(`claim ${OLD}`)],
    [
      '18 with variables that are not here',
      'postgres:18',
      'envFrom: [{ secretRef: { name: x } }]',
      mounts(`claim ${OLD}`),
    ],
  ])('does not stop %s', ([, image, ...lines]) => expect(breaksOn18(pod(image, ...lines))).toBeUndefined());
});

describe('mounts of volumes that outlive the pod', () => {
  test('are those of claims and of the node', () => {
    const server = pod('postgres:17', mounts('claim /a', 'scratch /b', 'node /c', 'settings /d', 'gone /e'));
    expect(lastingMounts(server).map(m => m.path)).toEqual(['/a', '/c']);
  });
  test('are in a compose file those where data would lie', () => {
    const server = only(
      'compose.yaml',
      `services:
  db:
    image: postgres:17
    volumes:
      - ./init:/docker-entrypoint-initdb.d
      - ./postgresql.conf:/etc/postgresql/postgresql.conf
      - data:/var/lib/postgresql/data
volumes:
  data:
`,
    );
    expect(lastingMounts(server).map(m => m.path)).toEqual([OLD]);
  });
});

test.for<[name: string, shares: boolean, ...lines: string[]]>([
  ['one claim', true, mounts(`claim ${OLD}`)],
  ['an emptyDir', false, mounts(`scratch ${OLD}`)],
  ['no mount', false],
  [
    'a folder for each pod',
    false,
    'env: [{ name: POD, valueFrom: { fieldRef: { fieldPath: metadata.name } } }]',
    `volumeMounts: [{ name: claim, mountPath: ${OLD}, subPathExpr: $(POD) }]`,
  ],
])('with %s, the pods share their data: %s', ([, shares, ...lines]) => {
  expect(sharesDataDirectory(pod('postgres:17', ...lines))).toBe(shares);
});

test('a claim at the place that 18 gives up on is shared as well', () => {
  expect(sharesDataDirectory(pod('postgres:latest', mounts(`claim ${OLD}`)))).toBe(true);
});

test('the scalar of a mount', () => {
  const { container } = pod('postgres:17', mounts('claim /a', 'node /c'));
  const mount = container?.mounts[1];
  if (container === undefined || mount === undefined) throw new Error('no mount');
  expect(mountPathNode(container, mount)?.text).toBe('/c');
  expect(mountPathNode({ ...container, node: undefined }, mount)).toBeUndefined();
});
