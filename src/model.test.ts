/** Small repositories, and the servers that the model finds in them. */
import { expect, test } from 'vitest';
import { defaultConfig } from './config.ts';
import { buildModel, type Model } from './model.ts';
import { loadCatalogue } from './postgres/catalogue.ts';
import { bytesOf, effective } from './postgres/settings.ts';
import { valueOf } from './types.ts';

const catalogue = await loadCatalogue();

function model(files: Readonly<Record<string, string>>): Model {
  const sources = Object.entries(files).map(([path, text]) => ({ path, text }));
  return buildModel({
    sources,
    complete: true,
    rules: [],
    config: defaultConfig,
    catalogue,
    now: '2026-06-01',
    pgVersion: undefined,
  });
}

const pod = (container: string, spec = '') => `apiVersion: v1
kind: Pod
metadata: { name: db }
spec:
  containers:
    - name: postgres
${container.replace(/^(?=.)/gm, '      ')}
${spec.replace(/^(?=.)/gm, '  ')}
`;

function onlyServer(files: Readonly<Record<string, string>>) {
  const { servers } = model(files);
  expect(servers).toHaveLength(1);
  return servers[0] as Model['servers'][number];
}

test.for([
  ['image: postgres:17', 'certain'],
  ['image: postgres:17\nargs: ["-c", "work_mem=8MB"]', 'certain'],
  ['image: postgres:17\ncommand: ["sh", "-c", "exec docker-entrypoint.sh postgres"]', 'certain'],
  ['image: postgres:17\ncommand: [sleep, infinity]', undefined],
  ['image: postgres:17\nargs: [psql, -h, db]', undefined],
  ['image: postgres:17\ncommand: ["bash", "-c", "pg_dump -h db app > /backup/app.sql"]', undefined],
  ['image: edoburu/pgbouncer:1.23\nports: [{ containerPort: 5432 }]', undefined],
  ['image: example.com/team/api:3\nenv: [{ name: POSTGRES_PASSWORD, value: x }]', undefined],
  ['image: example.com/team/db:3\nports: [{ containerPort: 5432 }]\nenv: [{ name: PGDATA, value: /data }]', 'likely'],
  ['ports: [{ containerPort: 5432 }]\nenv: [{ name: POSTGRES_DB, value: app }]', 'likely'],
] as const)('a container with %j is a server: %s', ([container, certainty]) => {
  expect(model({ 'pod.yaml': pod(container) }).servers.map(s => s.certainty)).toEqual(
    certainty === undefined ? [] : [certainty],
  );
});

test('a Job of the image is a client', () => {
  const job = `apiVersion: batch/v1
kind: Job
metadata: { name: load }
spec: { template: { spec: { containers: [{ name: load, image: 'postgres:17' }] } } }
`;
  expect(model({ 'job.yaml': job }).servers).toEqual([]);
});

const settings = (text: string) => `---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data:
  postgresql.conf: |
${text.replace(/^(?=.)/gm, '    ')}
`;
const mounted = 'volumes: [{ name: settings, configMap: { name: settings } }]';

test('config_file makes a mounted file the configuration, and initdb loses its values', () => {
  const server = onlyServer({
    'db.yaml':
      pod(
        'image: postgres:14\nargs: ["-c", "config_file=/etc/pg/postgresql.conf", "-c", "work_mem=8MB"]\nvolumeMounts: [{ name: settings, mountPath: /etc/pg }]',
        mounted,
      ) + settings('work_mem = 16MB\nmax_connections = 50\n'),
  });
  expect(effective(server.effective, 'max_connections')).toBe(50);
  expect(bytesOf(server.effective, 'work_mem')).toBe(8 * 1024 ** 2);
  expect(server.effective.settings.get('work_mem')?.overridden.map(s => s.value)).toEqual(['16MB']);
  expect(bytesOf(server.effective, 'shared_buffers')).toBe(8 * 1024 ** 2);
  expect(server.settingsFiles.map(f => f.loaded)).toEqual([true]);
});

test('a mounted file that nothing loads is intended, not effective', () => {
  const server = onlyServer({
    'db.yaml':
      pod('image: postgres:17\nvolumeMounts: [{ name: settings, mountPath: /etc/postgresql }]', mounted) +
      settings('max_connections = 50\n'),
  });
  expect(effective(server.effective, 'max_connections')).toBe(100);
  expect(effective(server.intended, 'max_connections')).toBe(50);
  expect(server.intended.settings.get('max_connections')?.loaded).toBe(false);
});

test('a ConfigMap that a mount names without its volume is intended too', () => {
  const server = onlyServer({
    'db.yaml':
      pod('image: postgres:17\nvolumeMounts: [{ name: settings, mountPath: /etc/postgresql }]') +
      settings('max_connections = 50\n'),
  });
  expect(effective(server.intended, 'max_connections')).toBe(50);
});

test.for([
  [
    'over the sample that initdb copies',
    'volumeMounts: [{ name: settings, mountPath: /usr/share/postgresql/postgresql.conf.sample, subPath: postgresql.conf }]',
  ],
  [
    'in PGDATA',
    'volumeMounts: [{ name: settings, mountPath: /var/lib/postgresql/data/postgresql.conf, subPath: postgresql.conf }]',
  ],
] as const)('a file mounted %s is loaded', ([, mount]) => {
  const server = onlyServer({
    'db.yaml': pod(`image: postgres:17\n${mount}`, mounted) + settings('max_connections = 50\n'),
  });
  expect(effective(server.effective, 'max_connections')).toBe(50);
});

test('what a script may change is unknown, never a default', () => {
  const server = onlyServer({
    'db.yaml': pod(
      'image: postgres:17\ncommand: ["sh", "-c", "cp /etc/pg/postgresql.conf $PGDATA && exec docker-entrypoint.sh postgres"]',
    ),
  });
  expect(effective(server.effective, 'max_connections')).toBeUndefined();
});

test.for([
  ['image: postgres:17', '/var/lib/postgresql/data'],
  ['image: postgres:18', '/var/lib/postgresql/18/docker'],
  ['image: postgres:17\nenv: [{ name: PGDATA, value: /data/pg/ }]', '/data/pg'],
  ['image: postgres:17\nargs: [-D, /elsewhere]', '/elsewhere'],
  ['image: postgres:17\nenvFrom: [{ configMapRef: { name: foreign } }]', undefined],
  ['image: example.com/postgres-like:1\nports: [{ containerPort: 5432 }]\ncommand: [postgres]', undefined],
] as const)('PGDATA of %j is %s', ([container, directory]) => {
  expect(valueOf(onlyServer({ 'pod.yaml': pod(container) }).dataDirectory)).toBe(directory);
});

test.for([
  ['nothing mounted', '', '', 'container', undefined],
  ['an emptyDir', '/var/lib/postgresql/data', 'emptyDir: {}', 'emptyDir', undefined],
  ['a claim', '/var/lib/postgresql/data', 'persistentVolumeClaim: { claimName: db }', 'persistent', undefined],
  [
    'a claim above the volume of the image',
    '/var/lib/postgresql',
    'persistentVolumeClaim: { claimName: db }',
    'persistent',
    '/var/lib/postgresql/data',
  ],
  ['a folder of the node', '/var/lib/postgresql/data', 'hostPath: { path: /srv }', 'hostPath', undefined],
] as const)('the data lies on %s', ([, path, source, kind, shadowedBy]) => {
  const mount = path === '' ? '' : `\nvolumeMounts: [{ name: data, mountPath: ${path} }]`;
  const volumes = path === '' ? '' : `volumes: [{ name: data, ${source} }]`;
  const { dataVolume } = onlyServer({ 'pod.yaml': pod(`image: postgres:17${mount}`, volumes) });
  expect([dataVolume.kind, dataVolume.shadowedBy]).toEqual([kind, shadowedBy]);
});

test('a compose service with a command and a bind mount that is here', () => {
  const server = onlyServer({
    'deploy/compose.yaml': `services:
  db:
    image: postgres:17
    command: postgres -c config_file=/etc/pg.conf -c max_connections=40
    mem_limit: 1g
    volumes: ["./pg.conf:/etc/pg.conf:ro", "data:/var/lib/postgresql/data"]
volumes: { data: {} }
`,
    'deploy/pg.conf': "listen_addresses = '*'\nshared_buffers = 256MB\nmax_connections = 90\n",
  });
  expect(effective(server.effective, 'max_connections')).toBe(40);
  expect(bytesOf(server.effective, 'shared_buffers')).toBe(256 * 1024 ** 2);
  expect(valueOf(server.memoryLimit)).toBe(1024 ** 3);
  expect(server.dataVolume.kind).toBe('persistent');
});

test('a Dockerfile is a server with what it copies, unless a compose service builds it', () => {
  const files = {
    'db/Dockerfile':
      'FROM postgres:16-alpine\nCOPY pg.conf /etc/pg.conf\nCMD ["postgres", "-c", "config_file=/etc/pg.conf"]\n',
    'db/pg.conf': 'shared_buffers = 64MB\nmax_connections = 20\n',
  };
  expect(effective(onlyServer(files).effective, 'max_connections')).toBe(20);
  const server = onlyServer({
    ...files,
    'compose.yaml': 'services:\n  db:\n    build: ./db\n    ports: ["5432:5432"]\n',
  });
  expect(server.platform).toBe('compose');
  expect(effective(server.effective, 'max_connections')).toBe(20);
});

test('a settings file alone is judged as a server of which nothing else is known', () => {
  const server = onlyServer({ 'postgresql.conf': 'shared_buffers = 1GB\n' });
  expect(server.platform).toBe('file');
  expect(server.memoryLimit.state).toBe('unknown');
});

test('a patch of a kustomization is no server', () => {
  const files = {
    'base/db.yaml': pod('image: postgres:17'),
    'prod/kustomization.yaml':
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../base]\npatches: [{ path: patch.yaml }]\n',
    'prod/patch.yaml': pod('image: postgres:16'),
  };
  const { servers, environments } = model(files);
  expect(servers.map(s => valueOf(s.image.major))).toEqual([17]);
  expect(environments.map(e => e.complete)).toEqual([false]);
});

test('a host name leads to its Service and the server behind it', () => {
  const yaml = `${pod('image: postgres:17').replace('{ name: db }', '{ name: db, labels: { app: db } }')}---
apiVersion: v1
kind: Service
metadata: { name: orders }
spec: { selector: { app: db }, ports: [{ port: 5432 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec:
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec:
      containers:
        - name: api
          image: example.com/api:1
          env: [{ name: DB_HOST, value: orders.default.svc }, { name: DB_USER, value: app }, { name: CACHE_HOST, value: redis }]
`;
  const [connection, ...others] = model({ 'all.yaml': yaml }).environments[0]?.connections ?? [];
  expect(others).toEqual([]);
  expect([
    connection?.role,
    connection?.service?.resource.name,
    connection?.server?.name,
    valueOf(connection?.user),
  ]).toEqual(['application', 'orders', 'db', 'app']);
});

test('an image whose tag is filled in later is still PostgreSQL, of unknown version', () => {
  const { image } = onlyServer({ 'pod.yaml': pod('image: "postgres:${POSTGRES_TAG}"') });
  expect([image.family, image.major.state, image.reference.state]).toEqual(['official', 'unknown', 'unknown']);
});

test('a workload that an overlay patches is known only in part', () => {
  const kustomization = (patch: string) =>
    `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../base]\npatches:\n${patch}`;
  const inline =
    '  - patch: |-\n      apiVersion: v1\n      kind: Pod\n      metadata: { name: db }\n      spec: { dnsPolicy: None }\n';
  const partial = (patch: string) =>
    onlyServer({ 'base/db.yaml': pod('image: postgres:17'), 'prod/kustomization.yaml': kustomization(patch) }).workload
      ?.partial;
  expect(partial(inline)).toBe(true);
  expect(partial('  - target: { kind: Pod, name: d. }\n    path: patch.yaml\n')).toBe(true);
  expect(partial('  - target: { kind: Pod, name: other }\n    path: patch.yaml\n')).toBe(false);
});
