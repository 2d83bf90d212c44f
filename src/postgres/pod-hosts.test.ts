import { expect, test } from 'vitest';
import type { Environment } from '../environment.ts';
import { defaultConfig } from '../config.ts';
import { buildModel } from '../model.ts';
import { loadCatalogue } from './catalogue.ts';
import { podHosts } from './pod-hosts.ts';

const catalogue = await loadCatalogue();

/** The hosts of pods of the StatefulSet "orders" in "shop" that a client in `namespace` with this DATABASE_URL uses. */
function hosts(host: string, namespace = 'shop'): readonly string[] {
  const text = `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: orders, namespace: shop }
spec:
  serviceName: orders
  selector: { matchLabels: { app: orders } }
  template:
    metadata: { labels: { app: orders } }
    spec:
      containers:
        - { name: postgres, image: "postgres:17.6" }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: example/web:1
          env: [{ name: DATABASE_URL, value: "postgresql://web@${host}:5432/shop" }]
`;
  const { environments } = buildModel({
    sources: [{ path: 'shop.yaml', text }],
    complete: true,
    rules: [],
    config: defaultConfig,
    catalogue,
    now: '2026-06-01',
    pgVersion: undefined,
  });
  return environments.flatMap((e: Environment) =>
    e.servers
      .flatMap(s => (s.workload === undefined ? [] : podHosts(e, s.workload)))
      .map(h => `${h.ordinal} ${h.service ?? '-'} of ${h.user?.resource.name}: ${h.host}`),
  );
}

test.for<[host: string, namespace: string, expected: readonly string[]]>([
  ['orders-0', 'shop', ['0 - of web: orders-0']],
  ['orders-12.orders', 'shop', ['12 orders of web: orders-12.orders']],
  ['orders-1.orders.shop.svc.cluster.local', 'web', ['1 orders of web: orders-1.orders.shop.svc.cluster.local']],
  ['orders-0', 'elsewhere', []],
  ['orders', 'shop', []],
  ['orders-primary', 'shop', []],
  ['my-orders-0', 'shop', []],
  ['orders-0x.orders', 'shop', []],
])('%s from "%s"', ([host, namespace, expected]) => expect(hosts(host, namespace)).toEqual(expected));
