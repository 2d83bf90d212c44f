import { expect, test } from 'vitest';
import { defaultConfig } from '../config.ts';
import { buildModel } from '../model.ts';
import { loadCatalogue } from '../postgres/catalogue.ts';
import { selectingLabels } from './pod-selector.ts';

const catalogue = await loadCatalogue();

test.for<[selector: string, labels: Readonly<Record<string, string>>]>([
  ['{ matchLabels: { app: orders } }', { app: 'orders' }],
  ['{ matchExpressions: [{ key: app, operator: In, values: [orders] }] }', { app: 'orders' }],
  ['{ matchExpressions: [{ key: app, operator: In, values: [orders, x] }] }', { app: 'orders', version: 'v1' }],
  [
    '{ matchLabels: { app: orders }, matchExpressions: [{ key: version, operator: Exists }] }',
    { app: 'orders', version: 'v1' },
  ],
  ['{}', { app: 'orders', version: 'v1' }],
])('%s', ([selector, labels]) => {
  const text = `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: orders }
spec:
  selector: ${selector}
  template:
    metadata: { labels: { app: orders, version: v1 } }
    spec: { containers: [{ name: postgres, image: "postgres:17.6" }] }
`;
  const [server] = buildModel({
    sources: [{ path: 'orders.yaml', text }],
    complete: true,
    rules: [],
    config: defaultConfig,
    catalogue,
    now: '2026-06-01',
    pgVersion: undefined,
  }).servers;
  if (server?.workload === undefined) throw new Error('no workload');
  expect(selectingLabels(server.workload)).toEqual(labels);
});
