import { describe, expect, test } from 'vitest';
import { valueOf } from '../types.ts';
import { endpointsOf, readService, selectsPods, servicesTo, targetPorts } from './service.ts';
import { resourceIn, resourcesIn, workloadIn } from './testing.ts';

const service = (spec: string, namespace = '') => {
  const found = readService(
    resourceIn(`{apiVersion: v1, kind: Service, metadata: {name: pg, namespace: ${namespace}}, spec: ${spec}}`),
  );
  if (found === undefined) throw new Error(spec);
  return found;
};

test.for<[string, object]>([
  ['{selector: {app: pg}}', { selector: { app: 'pg' }, type: 'ClusterIP', headless: false }],
  ['{selector: {}}', { selector: undefined }],
  ['{selector: oops}', { selector: undefined }],
  ['{}', { selector: undefined, ports: [] }],
  ['oops', { selector: undefined, ports: [] }],
  ['{clusterIP: None}', { headless: true }],
  ['{clusterIPs: [None]}', { headless: true }],
  ['{clusterIP: ""}', { headless: false }],
  ['{type: LoadBalancer}', { type: 'LoadBalancer' }],
  ['{type: NodePort, ports: [{port: 5432, nodePort: 30000}]}', { type: 'NodePort', ports: [{ nodePort: 30000 }] }],
  ['{type: "${TYPE}"}', { type: 'ClusterIP' }],
  ['{type: [NodePort]}', { type: 'ClusterIP' }],
  [
    '{type: ExternalName, externalName: db.example.org, selector: {a: b}}',
    { type: 'ExternalName', selector: undefined },
  ],
  ['{ports: [{port: 5432}]}', { ports: [{ targetPort: { value: '5432' }, protocol: 'TCP', name: undefined }] }],
  ['{ports: [{port: 5432, targetPort: pg}]}', { ports: [{ targetPort: { value: 'pg' } }] }],
  ['{ports: [{port: 5432, targetPort: 0}]}', { ports: [{ targetPort: { value: '5432' } }] }],
  [
    '{ports: [{port: "${PORT}"}, 5, {}]}',
    { ports: [{ port: { state: 'unknown' }, targetPort: { state: 'absent' } }, { port: { state: 'absent' } }] },
  ],
])('%s', ([spec, expected]) => {
  expect(service(spec)).toMatchObject(expected);
});

test('other kinds of the same name are none', () => {
  expect(readService(resourceIn('{apiVersion: serving.knative.dev/v1, kind: Service}'))).toBeUndefined();
  expect(readService(resourceIn('{apiVersion: v1, kind: Endpoints}'))).toBeUndefined();
});

test('points at the type, or else at the name', () => {
  const text = '{apiVersion: v1, kind: Service, metadata: {name: pg}, spec: {type: NodePort}}';
  const at = readService(resourceIn(text))?.at;
  expect(text.slice(at?.start, at?.end)).toBe('NodePort');
});

describe('selectsPods', () => {
  const workload = workloadIn(
    '{kind: StatefulSet, metadata: {name: pg, namespace: db}, spec: {template: {metadata: {labels: {app: pg, tier: db}}}}}',
  );
  test.for<[string, string, boolean | 'unknown']>([
    ['{selector: {app: pg}}', '', true],
    ['{selector: {app: pg}}', 'db', true],
    ['{selector: {app: pg}}', 'other', false],
    ['{selector: {app: pg, tier: web}}', '', false],
    ['{selector: {app: pg, role: primary}}', '', false],
    ['{selector: {app: pg, statefulset.kubernetes.io/pod-name: pg-0}}', '', 'unknown'],
    ['{selector: {app: "${APP}"}}', '', 'unknown'],
    ['{}', '', false],
    ['{selector: {}}', '', false],
    ['{type: ExternalName, selector: {app: pg}}', '', false],
  ])('%s in %j: %s', ([spec, namespace, answer]) => {
    expect(selectsPods(service(spec, namespace), workload)).toBe(answer);
  });

  test('Patroni labels its own pods', () => {
    const patroni = workloadIn(
      '{kind: StatefulSet, spec: {template: {metadata: {labels: {app: pg}}, spec: {containers: [{env: [{name: PATRONI_SCOPE, value: a}, {name: PATRONI_KUBERNETES_ROLE_LABEL, value: my-role}]}]}}}}',
    );
    expect(selectsPods(service('{selector: {app: pg, role: master}}'), patroni)).toBe('unknown');
    expect(selectsPods(service('{selector: {app: pg, my-role: master}}'), patroni)).toBe('unknown');
    expect(selectsPods(service('{selector: {app: other, role: master}}'), patroni)).toBe(false);
  });
});

test('the Services of a workload are found by its labels, as one by one', () => {
  const services = [
    '{selector: {app: pg}}',
    '{selector: {app: other}}',
    '{selector: {role: master, app: pg}}',
    '{selector: {statefulset.kubernetes.io/pod-name: pg-0}}',
    '{selector: {app: "${APP}"}}',
    '{selector: {"${KEY}": pg}}',
    '{selector: {app: [pg]}}',
    '{selector: {tier: db, app: pg}}',
    '{selector: {}}',
  ].map(spec => service(spec));
  for (const labels of ['{app: pg, tier: db}', '{app: pg, role: master}', '{app: "${APP}"}', '{"${KEY}": pg}', '{}']) {
    const workload = workloadIn(`{kind: StatefulSet, spec: {template: {metadata: {labels: ${labels}}}}}`);
    for (const answer of [true, 'unknown'] as const)
      expect(servicesTo(workload, services, answer)).toEqual(services.filter(s => selectsPods(s, workload) === answer));
  }
});

describe('targetPorts', () => {
  const { pod } = workloadIn(
    '{kind: Pod, spec: {containers: [{ports: [{name: pg, containerPort: 5432}, {name: dns, containerPort: 53, protocol: UDP}]}], initContainers: [{ports: [{name: init, containerPort: 1}]}]}}',
  );
  test.for<[string, (number | string)[]]>([
    ['{ports: [{port: 5432}]}', [5432]],
    ['{ports: [{port: 5432, targetPort: 6432}]}', [6432]],
    ['{ports: [{port: 5432, targetPort: pg}]}', [5432]],
    ['{ports: [{port: 5432, targetPort: none}]}', ['absent']],
    ['{ports: [{port: 5432, targetPort: init}]}', ['absent']],
    ['{ports: [{port: 5432, targetPort: dns}]}', ['absent']],
    ['{ports: [{port: 5432, targetPort: dns, protocol: UDP}]}', [53]],
    ['{ports: [{port: 5432, targetPort: "${PORT}"}]}', ['unknown']],
    ['{ports: [{port: "${PORT}"}]}', ['unknown']],
    ['{ports: [{port: 5433}]}', []],
    ['{}', []],
    ['{clusterIP: None, ports: [{port: 5432, targetPort: 6432}]}', [5432]],
    ['{type: ExternalName, ports: [{port: 5432}]}', []],
  ])('%s', ([spec, ports]) => {
    expect(targetPorts(service(spec), 5432, pod).map(p => valueOf(p) ?? p.state)).toEqual(ports);
  });
});

test('endpoints written by hand', () => {
  const resources = resourcesIn(
    '{kind: Endpoints, metadata: {name: pg}}\n---\n{kind: Endpoints, metadata: {name: other}}\n---\n{kind: EndpointSlice, metadata: {name: pg-1, labels: {kubernetes.io/service-name: pg}}}\n---\n{kind: Endpoints, metadata: {name: pg, namespace: b}}',
  );
  expect(endpointsOf(service('{}', 'a'), resources).map(r => r.name)).toEqual(['pg', 'pg-1']);
});
