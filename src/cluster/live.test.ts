import { describe, expect, test } from 'vitest';
import { resourcesIn } from '../kubernetes/testing.ts';
import { get, getMap, getText, keyText } from '../yaml/node.ts';
import { withoutDefaults } from './defaults.ts';
import { liveObjects } from './live.ts';

const object = (kind: string, name: string, rest = '', owner?: readonly [kind: string, name: string]): string => {
  const [ownerKind, ownerName] = owner ?? [];
  const version =
    { Pod: 'v1', Job: 'batch/v1', CronJob: 'batch/v1', Cluster: 'postgresql.cnpg.io/v1' }[kind] ?? 'apps/v1';
  const ofOwner =
    { Cluster: 'postgresql.cnpg.io/v1', Job: 'batch/v1', CronJob: 'batch/v1', Node: 'v1' }[ownerKind ?? ''] ??
    'apps/v1';
  const references =
    owner === undefined
      ? ''
      : `\n  ownerReferences: [{apiVersion: ${ofOwner}, kind: ${ownerKind}, name: ${ownerName}, controller: true}]`;
  return `apiVersion: ${version}\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: shop\n  uid: u-${kind}-${name}${references}\n${rest}`;
};
const namesOf = (...objects: readonly string[]): readonly string[] =>
  liveObjects(resourcesIn(objects.join('\n---\n'))).resources.map(r => `${r.kind}/${r.name}`);

describe('objects are judged once, at who made them', () => {
  test.for<readonly [string, readonly string[], readonly string[]]>([
    [
      'pods of a set',
      [object('StatefulSet', 'db'), object('Pod', 'db-0', '', ['StatefulSet', 'db'])],
      ['StatefulSet/db'],
    ],
    [
      'ReplicaSets and pods of a Deployment',
      [
        object('Deployment', 'web'),
        object('ReplicaSet', 'web-1', '', ['Deployment', 'web']),
        object('Pod', 'web-1-a', '', ['ReplicaSet', 'web-1']),
      ],
      ['Deployment/web'],
    ],
    [
      'pods of a Deployment whose ReplicaSets were not exported',
      [
        object('Deployment', 'web'),
        object('Pod', 'web-5d4f-a', '', ['ReplicaSet', 'web-5d4f']).replace(
          '  uid',
          '  labels: {pod-template-hash: 5d4f}\n  uid',
        ),
      ],
      ['Deployment/web'],
    ],
    [
      'jobs of a CronJob',
      [object('CronJob', 'dump'), object('Job', 'dump-1', '', ['CronJob', 'dump'])],
      ['CronJob/dump'],
    ],
    ['a pod of nobody', [object('Pod', 'psql')], ['Pod/psql']],
    ['a static pod, which its node owns', [object('Pod', 'db-node', '', ['Node', 'node-1'])], ['Pod/db-node']],
    ['a job of its own', [object('Job', 'restore')], ['Job/restore']],
    [
      'one of the pods of a set that is not there, one that runs',
      [
        object('Pod', 'db-0', 'status: {phase: Pending}', ['StatefulSet', 'db']),
        object('Pod', 'db-1', 'status: {phase: Running}', ['StatefulSet', 'db']),
        object('Pod', 'other-0', '', ['StatefulSet', 'other']),
      ],
      ['Pod/db-1', 'Pod/other-0'],
    ],
    [
      'the newest ReplicaSet in use of a Deployment that is not there',
      [
        object('ReplicaSet', 'web-1', 'spec: {replicas: 0}', ['Deployment', 'web']),
        object('ReplicaSet', 'web-2', 'spec: {replicas: 3}', ['Deployment', 'web']),
      ],
      ['ReplicaSet/web-2'],
    ],
    [
      'nothing of ReplicaSets that are out of use',
      [object('ReplicaSet', 'web-1', 'spec: {replicas: 0}', ['Deployment', 'web'])],
      [],
    ],
    ['no revisions', [object('ControllerRevision', 'db-6c9'), object('StatefulSet', 'db')], ['StatefulSet/db']],
    [
      'what an operator made stays, for what others say of it',
      [object('Pod', 'billing-1', '', ['Cluster', 'billing'])],
      ['Pod/billing-1'],
    ],
  ])('%s', ([, objects, expected]) => expect(namesOf(...objects)).toEqual(expected));

  test('it is known which pods belong to what is judged, and whom it stands for', () => {
    const live = liveObjects(
      resourcesIn(
        [
          object('StatefulSet', 'db'),
          object('Pod', 'db-0', '', ['StatefulSet', 'db']),
          object('Pod', 'db-1', '', ['StatefulSet', 'db']),
          object('Pod', 'lost-0', '', ['StatefulSet', 'lost']),
        ].join('\n---\n'),
      ),
    );
    expect([...live.pods].map(([r, pods]) => [r.name, pods.map(p => p.name)])).toEqual([
      ['db', ['db-0', 'db-1']],
      ['lost-0', ['lost-0']],
    ]);
    expect([...live.standsFor].map(([r, owner]) => [r.name, owner])).toEqual([['lost-0', 'StatefulSet "lost"']]);
  });
});

test('Secrets have keys and no values', () => {
  const { resources } = liveObjects(
    resourcesIn(
      'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {password: c2VjcmV0}\nstringData: {token: abc}\n',
    ),
  );
  const root = resources[0]?.root;
  expect(getMap(root, 'data')?.entries.map(e => keyText(e.key))).toEqual(['password']);
  expect(getText(root, 'data', 'password')).toBe('');
  expect(getText(root, 'stringData', 'token')).toBe('');
});

describe('defaults', () => {
  const set = (annotations: string, fields = ''): string =>
    `apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: db\n  uid: u${annotations}\nspec:\n  podManagementPolicy: OrderedReady\n  updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 0}}\n  template:\n    spec:\n      terminationGracePeriodSeconds: 30\n      securityContext: {}\n      containers:\n      - name: postgres\n        resources: {}\n        livenessProbe: {exec: {command: [pg_isready]}, timeoutSeconds: 1, periodSeconds: 10}\n        ports: [{containerPort: 5432, protocol: TCP}]\n${fields}`;
  const rootOf = (text: string) => resourcesIn(text).map(withoutDefaults)[0]?.root;
  const at = ['spec', 'template', 'spec'] as const;

  test('go where nobody wrote them', () => {
    const root = rootOf(set(''));
    expect(get(root, 'spec', 'podManagementPolicy')).toBeUndefined();
    expect(get(root, 'spec', 'updateStrategy')).toBeUndefined();
    expect(getMap(root, ...at)?.entries.map(e => keyText(e.key))).toEqual(['containers']);
    expect(getMap(root, ...at, 'containers', 0, 'livenessProbe')?.entries.map(e => keyText(e.key))).toEqual(['exec']);
    expect(getMap(root, ...at, 'containers', 0)?.entries.map(e => keyText(e.key))).toEqual([
      'name',
      'livenessProbe',
      'ports',
    ]);
  });

  test('stay where kubectl apply sent them', () => {
    const applied = JSON.stringify({
      spec: {
        updateStrategy: { type: 'RollingUpdate' },
        template: {
          spec: {
            terminationGracePeriodSeconds: 30,
            containers: [{ name: 'postgres', livenessProbe: { timeoutSeconds: 1 } }],
          },
        },
      },
    });
    const root = rootOf(set(`\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '${applied}'`));
    expect(getText(root, ...at, 'terminationGracePeriodSeconds')).toBe('30');
    expect(getText(root, ...at, 'containers', 0, 'livenessProbe', 'timeoutSeconds')).toBe('1');
    expect(get(root, ...at, 'containers', 0, 'livenessProbe', 'periodSeconds')).toBeUndefined();
    expect(getText(root, 'spec', 'updateStrategy', 'type')).toBe('RollingUpdate');
    expect(get(root, ...at, 'securityContext')).toBeUndefined();
  });

  test('stay where server-side apply owns them; an update owns the defaults too, and says nothing', () => {
    const managed = (operation: string): string =>
      `\n  managedFields:\n  - operation: ${operation}\n    fieldsV1: {'f:spec': {'f:template': {'f:spec': {'f:terminationGracePeriodSeconds': {}, 'f:containers': {'k:{"name":"postgres"}': {'f:livenessProbe': {'f:timeoutSeconds': {}}}}}}}}`;
    const root = rootOf(set(managed('Apply')));
    expect(getText(root, ...at, 'terminationGracePeriodSeconds')).toBe('30');
    expect(getText(root, ...at, 'containers', 0, 'livenessProbe', 'timeoutSeconds')).toBe('1');
    expect(get(rootOf(set(managed('Update'))), ...at, 'terminationGracePeriodSeconds')).toBeUndefined();
  });

  test.for(['not json', '[1]', 'null', '"text"', '{"spec": 3}'])('an annotation of %j says nothing', text => {
    const root = rootOf(set(`\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '${text}'`));
    expect(get(root, ...at, 'terminationGracePeriodSeconds')).toBeUndefined();
  });

  test('values of people stay', () => {
    const root = rootOf(
      set('').replace('Seconds: 30', 'Seconds: 31').replace('timeoutSeconds: 1,', 'timeoutSeconds: 2,'),
    );
    expect(getText(root, ...at, 'terminationGracePeriodSeconds')).toBe('31');
    expect(getText(root, ...at, 'containers', 0, 'livenessProbe', 'timeoutSeconds')).toBe('2');
  });
});
