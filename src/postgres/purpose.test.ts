import { expect, test } from 'vitest';
import { defaultConfig } from '../config.ts';
import { buildModel } from '../model.ts';
import { loadCatalogue } from './catalogue.ts';
import { isThrowAway } from './purpose.ts';

const catalogue = await loadCatalogue();

function isForShow(path: string, metadata: string): boolean {
  const text = `apiVersion: v1
kind: Pod
metadata: ${metadata}
spec:
  containers:
    - name: postgres
      image: postgres:17.6
`;
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
  return isThrowAway(server);
}

test.for<[path: string, metadata: string]>([
  ['test/db.yaml', '{ name: orders }'],
  ['deploy/quick-start/db.yaml', '{ name: orders }'],
  ['overlays/local/db.yaml', '{ name: orders }'],
  ['db.yaml', '{ name: orders-test }'],
  ['db.yaml', '{ name: orders, namespace: ci }'],
  ['db.yaml', '{ name: orders, labels: { environment: dev } }'],
])('%s with %s is for tests or show', ([path, metadata]) => expect(isForShow(path, metadata)).toBe(true));

test.for<[path: string, metadata: string]>([
  ['db.yaml', '{ name: orders }'],
  ['../developers/latest/db.yaml', '{ name: contest, namespace: civil }'],
  ['prod/db.yaml', '{ name: orders, labels: { app: test } }'],
  ['production/db.yaml', '{ name: attestation, labels: { environment: prod } }'],
])('%s with %s is not', ([path, metadata]) => expect(isForShow(path, metadata)).toBe(false));
