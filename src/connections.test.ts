import { expect, test } from 'vitest';
import { defaultConfig } from './config.ts';
import type { Connection } from './environment.ts';
import { buildModel } from './model.ts';
import { loadCatalogue } from './postgres/catalogue.ts';
import { valueOf } from './types.ts';

const catalogue = await loadCatalogue();

/** The connections of small manifests beside a server "orders" with its Service, in the namespace "shop". */
function connections(...manifests: readonly string[]): readonly Connection[] {
  const text = [server, service, ...manifests].join('---\n');
  const { environments } = buildModel({
    sources: [{ path: 'all.yaml', text }],
    complete: true,
    rules: [],
    config: defaultConfig,
    catalogue,
    now: '2026-06-01',
    pgVersion: undefined,
  });
  return environments.flatMap(e => e.connections);
}

const server = `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: orders, namespace: shop }
spec:
  serviceName: orders
  selector: { matchLabels: { app: orders } }
  template:
    metadata: { labels: { app: orders } }
    spec:
      containers:
        - name: postgres
          image: postgres:17
          env:
            - { name: POSTGRES_HOST, value: orders }
            - { name: POSTGRES_PASSWORD, valueFrom: { secretKeyRef: { name: orders, key: password } } }
`;
const service = `apiVersion: v1
kind: Service
metadata: { name: orders, namespace: shop }
spec: { selector: { app: orders }, ports: [{ port: 5432 }] }
`;

/** A Deployment whose container has these fields. */
const client = (fields: string, image = 'example.com/web:1', kind = 'Deployment', name = 'web') => `apiVersion: apps/v1
kind: ${kind}
metadata: { name: ${name}, namespace: shop }
spec:
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - name: main
          image: ${image}
${fields.replace(/^(?=.)/gm, '          ')}
`;
const variable = (name: string, value: string) => client(`env: [{ name: ${name}, value: "${value}" }]`);
const facts = (c: Connection) => [c.role, valueOf(c.host), valueOf(c.user), c.server?.name];

test('a server that names its own Service is no client of itself', () => expect(connections()).toEqual([]));

test.for([
  ['PGHOST', 'orders', 'orders'],
  ['DB_HOST', 'orders', 'orders'],
  ['DB_HOST', 'orders:5432', 'orders'],
  ['PGHOST', 'orders.shop', 'orders'],
  ['PGHOST', 'orders.shop.svc', 'orders'],
  ['PGHOST', 'orders.shop.svc.cluster.local.', 'orders'],
  ['PGHOST', 'orders-0.orders', 'orders'],
  ['PGHOST', 'orders-0.orders.shop.svc.cluster.local', 'orders'],
  ['PGHOST', 'orders-0', 'orders'],
  ['PGHOST', '$(ORDERS_SERVICE_HOST)', 'orders'],
  ['PGHOST', 'orders.other', undefined],
  ['PGHOST', 'orders.shop.example.com', undefined],
  ['PGHOST', 'orders.example.com', undefined],
] as const)('%s=%s leads to %s', ([name, value, expected]) => {
  expect(connections(variable(name, value)).map(c => c.server?.name)).toEqual([expected]);
});

test.for([
  ['DB_HOST', 'mysql'],
  ['REDIS_HOST', 'cache'],
  ['CACHE', 'redis://orders-cache'],
  ['REPORTS', 'Server=reports;Database=r;User Id=sa;Password=x'],
  ['DSN', 'host=cache port=6379 user=u password=p'],
] as const)('%s=%s is no connection to PostgreSQL', ([name, value]) => {
  expect(connections(variable(name, value))).toEqual([]);
});

test.for<[string, string, string, string | undefined]>([
  ['a URL', 'env: [{ name: DATABASE_URL, value: "postgresql://web:x@orders:5432/orders" }]', 'web', 'orders'],
  [
    'a JDBC URL with its user beside it',
    'env: [{ name: KC_DB_URL, value: "jdbc:postgresql://orders/kc" }, { name: KC_DB_USERNAME, value: kc }]',
    'kc',
    'orders',
  ],
  [
    'the URI of the exporter',
    'env: [{ name: DATA_SOURCE_URI, value: "orders:5432/orders" }, { name: DATA_SOURCE_USER, value: exporter }]',
    'exporter',
    'orders',
  ],
  ['a word of the command line', 'args: ["--dsn=postgres://web@orders/orders"]', 'web', 'orders'],
  ['an option of psql', 'command: [sh, -c, "psql -h orders -U web -f x.sql"]', 'web', 'orders'],
])('%s', ([, fields, user, found]) => {
  expect(connections(client(fields)).map(facts)).toEqual([['application', 'orders', user, found]]);
});

test('a mounted pgbouncer.ini tells its server, its comments do not', () => {
  const pooler = client(`volumeMounts: [{ name: ini, mountPath: /etc/pgbouncer }]`, 'edoburu/pgbouncer:1.23').concat(
    '      volumes: [{ name: ini, configMap: { name: ini } }]\n',
  );
  const ini = `apiVersion: v1
kind: ConfigMap
metadata: { name: ini, namespace: shop }
data:
  pgbouncer.ini: |
    [databases]
    ; old = host=elsewhere port=5432 dbname=old
    orders = host=orders port=5432 dbname=orders
`;
  expect(connections(pooler, ini).map(facts)).toEqual([['pooler', 'orders', undefined, 'orders']]);
});

test.for([
  [client('env: [{ name: PGHOST, value: orders }]', 'prom/postgres-exporter:1'), 'exporter'],
  [client('command: [sh, -c, "pg_dump -h orders app > /b/app.sql"]', 'postgres:17'), 'backup'],
  [client('env: [{ name: PGHOST, value: orders }]', 'example.com/x:1', 'Deployment', 'orders-backup'), 'backup'],
  [client('env: [{ name: PGHOST, value: orders }]', 'example.com/x:1', 'Deployment', 'mailer'), 'application'],
  [client('env: [{ name: PG_PRIMARY_HOST, value: orders }]', 'example.com/pg:1'), 'standby'],
] as const)('its role is told: %#', ([manifest, role]) => {
  expect(connections(manifest).map(c => c.role)).toEqual([role]);
});
