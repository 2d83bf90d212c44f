/**
 * `npx tsx src/build/make-export.ts FILE MEGABYTES [yaml]`: writes an export as a large cluster gives it, for measurements. Of
 * many applications in many namespaces, each with pods, ReplicaSets, settings and Services, every hundredth has a PostgreSQL.
 */
import { closeSync, openSync, writeSync } from 'node:fs';

const [path = '', size = '', format = 'json'] = process.argv.slice(2);
const wanted = Number(size) * 1e6;
if (path === '' || !(wanted > 0)) throw new Error('usage: make-export.ts FILE MEGABYTES [yaml]');

/** The same numbers at each run (mulberry32). */
let seed = 42;
function random(): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const hex = (length: number): string => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
const uid = (): string => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
const moment = '2026-11-20T03:12:44Z';

type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };
type Owner = { readonly kind: string; readonly apiVersion: string; readonly name: string; readonly uid: string };

const metadata = (
  name: string,
  namespace: string,
  labels: { [key: string]: string },
  owner?: Owner,
  id = uid(),
): Value => ({
  annotations: { 'example.com/team': 'platform', 'example.com/change': hex(40) },
  creationTimestamp: moment,
  labels,
  name,
  namespace,
  ...(owner === undefined ? {} : { ownerReferences: [{ ...owner, blockOwnerDeletion: true, controller: true }] }),
  resourceVersion: String(Math.floor(random() * 1e9)),
  uid: id,
});

function podSpec(
  app: string,
  image: string,
  port: number,
  memory: string,
  host: string | undefined,
): { [key: string]: Value } {
  return {
    containers: [
      {
        env: [
          { name: 'LOG_LEVEL', value: 'info' },
          ...(host === undefined ? [] : [{ name: 'DB_HOST', value: host }]),
          { name: 'REGION', value: 'eu-west-1' },
          { name: 'API_TOKEN', valueFrom: { secretKeyRef: { key: 'token', name: `${app}-token` } } },
        ],
        envFrom: [{ configMapRef: { name: `${app}-settings` } }],
        image,
        imagePullPolicy: 'IfNotPresent',
        livenessProbe: {
          failureThreshold: 3,
          httpGet: { path: '/healthz', port, scheme: 'HTTP' },
          periodSeconds: 10,
          successThreshold: 1,
          timeoutSeconds: 1,
        },
        name: app,
        ports: [{ containerPort: port, protocol: 'TCP' }],
        resources: { limits: { memory }, requests: { cpu: '100m', memory } },
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        volumeMounts: [
          { mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', name: 'kube-api-access-x7vcn', readOnly: true },
        ],
      },
    ],
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    serviceAccount: app,
    serviceAccountName: app,
    terminationGracePeriodSeconds: 30,
    tolerations: [
      { effect: 'NoExecute', key: 'node.kubernetes.io/not-ready', operator: 'Exists', tolerationSeconds: 300 },
      { effect: 'NoExecute', key: 'node.kubernetes.io/unreachable', operator: 'Exists', tolerationSeconds: 300 },
    ],
  };
}

function pod(
  app: string,
  namespace: string,
  name: string,
  owner: Owner,
  spec: { [key: string]: Value },
  image: string,
): Value {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata(name, namespace, { app, 'pod-template-hash': hex(10) }, owner),
    spec: { ...spec, nodeName: `node-${Math.floor(random() * 900)}` },
    status: {
      conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(type => ({
        lastProbeTime: null,
        lastTransitionTime: moment,
        status: 'True',
        type,
      })),
      containerStatuses: [
        {
          containerID: `containerd://${hex(64)}`,
          image,
          imageID: `${image}@sha256:${hex(64)}`,
          lastState: {},
          name: app,
          ready: true,
          restartCount: Math.floor(random() * 3),
          started: true,
          state: { running: { startedAt: moment } },
        },
      ],
      hostIP: '10.1.2.3',
      phase: 'Running',
      podIP: '10.244.0.10',
      qosClass: 'Burstable',
      startTime: moment,
    },
  };
}

/** The objects of one application. */
function application(n: number): readonly Value[] {
  const app = `app-${n}`;
  const namespace = `team-${n % 400}`;
  const withDatabase = n % 100 === 0;
  const image = `registry.example.com/${app}:1.${n % 17}.0`;
  const host = withDatabase ? `${app}-db` : undefined;
  const spec = podSpec(app, image, 8080, '256Mi', host);
  const deployment = uid();
  const template = { metadata: { labels: { app } }, spec };
  const selector = { matchLabels: { app } };
  const object = (
    apiVersion: string,
    kind: string,
    name: string,
    rest: { [key: string]: Value },
    owner?: Owner,
    id?: string,
  ): Value => ({
    apiVersion,
    kind,
    metadata: metadata(name, namespace, { app }, owner, id),
    ...rest,
  });
  const ofDeployment: Owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: app, uid: deployment };
  const ofReplicaSet: Owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${app}-5d4f8c7b9`, uid: uid() };
  const objects: Value[] = [
    object('apps/v1', 'Deployment', app, { spec: { replicas: 3, selector, template } }, undefined, deployment),
    ...['5d4f8c7b9', '6b5c9d8f7', '7c6d8e9f5'].map((hash, i) =>
      object(
        'apps/v1',
        'ReplicaSet',
        `${app}-${hash}`,
        { spec: { replicas: i === 0 ? 3 : 0, selector, template } },
        ofDeployment,
      ),
    ),
    ...['x2k4p', 'b7n3q', 'm9z5w'].map(end =>
      pod(app, namespace, `${app}-5d4f8c7b9-${end}`, ofReplicaSet, spec, image),
    ),
    object('v1', 'Service', app, {
      spec: { clusterIP: '10.96.0.10', ports: [{ port: 80, targetPort: 8080 }], selector: { app } },
    }),
    object('v1', 'ConfigMap', `${app}-settings`, {
      data: { 'application.yaml': 'server:\n  port: 8080\n'.repeat(30), mode: 'production' },
    }),
    object('v1', 'Secret', `${app}-token`, { data: { token: '' }, type: 'Opaque' }),
    object('v1', 'Event', `${app}.${hex(16)}`, {
      message: 'Started container',
      reason: 'Started',
      type: 'Normal',
      count: 1,
    }),
  ];
  if (!withDatabase) return objects;
  const name = `${app}-db`;
  const set = uid();
  const database = podSpec(name, 'postgres:17.2', 5432, '1Gi', undefined);
  const ofSet: Owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name, uid: set };
  return [
    ...objects,
    object(
      'apps/v1',
      'StatefulSet',
      name,
      {
        spec: {
          replicas: 1,
          selector: { matchLabels: { app: name } },
          serviceName: name,
          template: { metadata: { labels: { app: name } }, spec: database },
        },
      },
      undefined,
      set,
    ),
    pod(name, namespace, `${name}-0`, ofSet, database, 'docker.io/library/postgres:17.2'),
    object('v1', 'Service', name, { spec: { clusterIP: 'None', ports: [{ port: 5432 }], selector: { app: name } } }),
    object('networking.k8s.io/v1', 'NetworkPolicy', name, {
      spec: { podSelector: { matchLabels: { app: 'other' } }, policyTypes: ['Ingress'] },
    }),
  ];
}

/** As kubectl prints YAML, for values as simple as those here. */
function yaml(value: Value, indent: string): string {
  if (Array.isArray(value))
    return value.length === 0
      ? ' []'
      : value.map((v: Value) => `\n${indent}- ${yaml(v, `${indent}  `).trimStart()}`).join('');
  if (typeof value !== 'object' || value === null) {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (text.includes('\n'))
      return ` |\n${text
        .trimEnd()
        .split('\n')
        .map(l => `${indent}${l}`)
        .join('\n')}`;
    return ` ${typeof value === 'string' && !/^[A-Za-z/][\w./-]*$/.test(text) ? JSON.stringify(text) : text}`;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return ' {}';
  return entries.map(([k, v]) => `\n${indent}${k}:${yaml(v, Array.isArray(v) ? indent : `${indent}  `)}`).join('');
}

const file = openSync(path, 'w');
const isYaml = format === 'yaml';
let written = writeSync(file, isYaml ? 'apiVersion: v1\nitems:\n' : '{\n    "apiVersion": "v1",\n    "items": [');
let objects = 0;
for (let n = 0; written < wanted; n++) {
  const texts = application(n).map(o =>
    isYaml ? `- ${yaml(o, '  ').trimStart()}\n` : JSON.stringify(o, null, 4).replaceAll('\n', '\n        '),
  );
  const text = isYaml ? texts.join('') : `${n === 0 ? '' : ','}\n        ${texts.join(',\n        ')}`;
  written += writeSync(file, text);
  objects += texts.length;
}
writeSync(
  file,
  isYaml
    ? 'kind: List\nmetadata:\n  resourceVersion: ""\n'
    : '\n    ],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n',
);
closeSync(file);
console.log(`${objects} objects, ${Math.round(written / 1e6)} MB`);
