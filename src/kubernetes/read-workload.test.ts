import { describe, expect, test } from 'vitest';
import { valueOf } from '../types.ts';
import { readWorkload, selectorOf } from './read-workload.ts';
import { containerIn, resourceIn, workloadIn } from './testing.ts';

const template = '{metadata: {labels: {app: pg}}, spec: {containers: [{name: postgres, image: "postgres:17"}]}}';

test.for<[string, string]>([
  ['StatefulSet', `{apiVersion: apps/v1, kind: StatefulSet, spec: {template: ${template}}}`],
  ['Deployment', `{apiVersion: apps/v1, kind: Deployment, spec: {template: ${template}}}`],
  ['ReplicaSet', `{apiVersion: apps/v1, kind: ReplicaSet, spec: {template: ${template}}}`],
  ['ReplicationController', `{apiVersion: v1, kind: ReplicationController, spec: {template: ${template}}}`],
  ['DaemonSet', `{apiVersion: apps/v1, kind: DaemonSet, spec: {template: ${template}}}`],
  ['Job', `{apiVersion: batch/v1, kind: Job, spec: {template: ${template}}}`],
  ['CronJob', `{apiVersion: batch/v1, kind: CronJob, spec: {jobTemplate: {spec: {template: ${template}}}}}`],
  ['Pod', `{apiVersion: v1, kind: Pod, ${template.slice(1)}`],
  ['Deployment', `{apiVersion: extensions/v1beta1, kind: Deployment, spec: {template: ${template}}}`],
  ['StatefulSet', `{kind: StatefulSet, spec: {template: ${template}}}`],
])('%s: %s', ([kind, text]) => {
  const workload = workloadIn(text);
  expect(workload.kind).toBe(kind);
  expect(workload.pod.labels).toEqual({ app: 'pg' });
  expect(workload.pod.containers.map(c => valueOf(c.image))).toEqual(['postgres:17']);
});

test.for([
  '{apiVersion: batch.volcano.sh/v1alpha1, kind: Job}',
  '{apiVersion: v1, kind: Service}',
  '{apiVersion: v1, kind: constructor}',
])('no workload: %s', text => {
  expect(readWorkload(resourceIn(text))).toBeUndefined();
});

describe('replicas', () => {
  test.for<[string, string, object]>([
    ['Deployment', 'replicas: 3', { state: 'known', value: 3 }],
    ['Deployment', 'replicas: 0', { state: 'known', value: 0 }],
    ['Deployment', 'replicas: 010', { state: 'known', value: 8 }],
    ['Deployment', 'replicas: "2"', { state: 'known', value: 2 }],
    ['StatefulSet', 'replicas: "${N}"', { state: 'unknown' }],
    ['StatefulSet', 'replicas: many', { state: 'unknown' }],
    ['StatefulSet', 'replicas: true', { state: 'unknown' }],
    ['StatefulSet', 'replicas: [1]', { state: 'unknown' }],
    ['StatefulSet', 'replicas: ', { state: 'known', value: 1 }],
    ['StatefulSet', 'x: 1', { state: 'known', value: 1 }],
    ['Job', 'parallelism: 2', { state: 'known', value: 2 }],
    ['Pod', 'replicas: 2', { state: 'known', value: 1 }],
    ['DaemonSet', 'replicas: 2', { state: 'unknown' }],
  ])('%s with %s', ([kind, field, replicas]) => {
    expect(workloadIn(`{kind: ${kind}, metadata: {name: pg}, spec: {${field}}}`).replicas).toMatchObject(replicas);
  });

  test('a partial manifest has no defaults', () => {
    const workload = workloadIn(
      '{kind: Deployment, metadata: {name: pg}, spec: {template: {spec: {volumes: [{name: v}]}}}}',
      {
        partial: true,
      },
    );
    expect(workload.replicas.state).toBe('absent');
    expect(workload.partial).toBe(true);
    expect(workload.pod.volumes[0]?.source).toEqual({ kind: 'other', type: '' });
  });
});

test.for([
  '{kind: StatefulSet}',
  '{kind: StatefulSet, spec: oops}',
  '{kind: StatefulSet, spec: {template: oops}}',
  '{kind: StatefulSet, spec: {template: {spec: oops, metadata: oops}, volumeClaimTemplates: oops}}',
  '{kind: StatefulSet, spec: {template: {spec: [1]}, volumeClaimTemplates: [1, {}]}}',
  '{kind: StatefulSet, spec: {template: {spec: {containers: {a: b}, volumes: {a: b}, initContainers: x}}}}',
  '{kind: StatefulSet, spec: {template: {spec: {containers: [a, [b], {}]}}}}',
  '{kind: Pod}',
  '{kind: CronJob, spec: {jobTemplate: 5}}',
  `{kind: Pod, spec: {securityContext: x, resources: [1], containers: [{name: [1], image: {a: b}, command: x, args: {a: b}, env: x,
    envFrom: 5, volumeMounts: [1, {mountPath: [x]}, {mountPath: /a}], ports: [1, {}, {containerPort: x}], resources: x, livenessProbe: x,
    readinessProbe: {exec: x, periodSeconds: [1]}, startupProbe: {tcpSocket: 5}, lifecycle: {preStop: x}, securityContext: [1]}],
    volumes: [1, {}, {name: a, configMap: x}, {name: b, secret: {}}, {name: c, projected: {sources: x}}, {name: d, emptyDir: x},
    {name: e, persistentVolumeClaim: }, {name: f, hostPath: [1]}, {name: g, projected: {sources: [1, {secret: 5}]}}]}}`,
])('malformed shapes are read: %s', text => {
  const workload = workloadIn(text);
  expect(workload.pod.at.end).toBeGreaterThan(0);
  expect(selectorOf(workload)).toBeUndefined();
});

test('the pod points at the key spec of its template, or at what lacks it', () => {
  const place = (text: string) => {
    const { at } = workloadIn(text).pod;
    return `${at.start}:${text.slice(at.start, at.end)}`;
  };
  expect(place('{kind: Deployment, spec: {template: {spec: {}}}}')).toBe('37:spec');
  expect(place('{kind: Deployment, spec: {template: {metadata: {}}}}')).toBe('37:metadata');
  expect(place('{kind: Deployment, spec: {replicas: 1}}')).toBe('19:spec');
  expect(place('{kind: Deployment, metadata: {name: a}}')).toBe('36:a');
  expect(place('{kind: Pod, spec: {}}')).toBe('12:spec');
});

describe('containers', () => {
  test('main containers come first; an init container that restarts is a sidecar', () => {
    const { pod } = workloadIn(
      '{kind: Pod, spec: {initContainers: [{name: a}, {name: b, restartPolicy: Always}], containers: [{name: c}, {name: d, restartPolicy: Always}]}}',
    );
    expect(pod.containers.map(c => `${c.name} ${c.role}`)).toEqual(['c main', 'd main', 'a init', 'b sidecar']);
  });

  test.for<[string, string[] | 'absent' | 'unknown']>([
    ['command: [sh, -c, "echo $(A) $(date) $$ $(B)"]', ['sh', '-c', 'echo one $(date) $ $(B)']],
    ['command: [postgres, -p, 5432]', ['postgres', '-p', '5432']],
    ['command: []', 'absent'],
    ['command:', 'absent'],
    ['image: postgres', 'absent'],
    ['command: postgres', 'unknown'],
    ['command: [[postgres]]', 'unknown'],
    ['command: {a: b}', 'unknown'],
  ])('%s', ([fields, words]) => {
    const { command } = containerIn(
      `${fields}\nenv: [{name: A, value: one}, {name: B, valueFrom: {secretKeyRef: {name: s, key: k}}}]`,
    );
    expect(command.state === 'known' ? command.value.map(w => w.value) : command.state).toEqual(words);
  });

  test('a word that was expanded is not exactly its scalar', () => {
    const { command } = containerIn('command: [a, "$(A)"]\nenv: [{name: A, value: one}]');
    expect(valueOf(command)?.map(w => w.node?.text)).toEqual(['a', undefined]);
  });

  test('images, ports, resources', () => {
    const container = containerIn(
      'image: "postgres:${TAG}"\nports: [{containerPort: 5432, name: pg}, {containerPort: 53, protocol: UDP, hostPort: 5353}, {hostPort: 0}]\nresources: {limits: {memory: 1Gi, cpu: 500m, hugepages-2Mi: 4Mi, oops: x}, requests: {memory: 512m, cpu: }}',
    );
    expect(container.image.state).toBe('unknown');
    expect(container.ports.map(p => [p.name, valueOf(p.port), p.protocol, p.hostPort?.value])).toEqual([
      ['pg', 5432, 'TCP', undefined],
      [undefined, 53, 'UDP', 5353],
      [undefined, undefined, 'TCP', undefined],
    ]);
    const { limits, requests } = container.resources;
    expect(Object.entries(limits).map(([k, v]) => [k, valueOf(v)])).toEqual([
      ['memory', 2 ** 30],
      ['cpu', 0.5],
      ['hugepages-2Mi', 4 * 2 ** 20],
      ['oops', undefined],
    ]);
    expect(Object.entries(requests).map(([k, v]) => [k, valueOf(v)])).toEqual([['memory', 1]]);
  });

  test('mounts', () => {
    const container = containerIn(
      'env: [{name: P, value: pod}]\nvolumeMounts: [{name: a, mountPath: /data/}, {name: b, mountPath: x//y/../z, subPath: s, readOnly: true}, {name: c, mountPath: /c, subPathExpr: "$(P)/$(Q)"}, {name: d, mountPath: "${D}"}, {mountPath: /e}]',
    );
    expect(container.mounts.map(m => [m.volume, m.path, m.subPath, m.readOnly])).toEqual([
      ['a', '/data', undefined, false],
      ['b', '/x/z', 's', true],
      ['c', '/c', 'pod/$(Q)', false],
      ['d', '${D}', undefined, false],
      [undefined, '/e', undefined, false],
    ]);
  });
});

describe('probes', () => {
  const probe = (text: string) =>
    containerIn(
      `env: [{name: A, value: one}, {name: B, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]\nlivenessProbe: ${text}`,
    ).probes.liveness;

  test("defaults are the API's", () => {
    expect(probe('{tcpSocket: {port: 5432}}')).toMatchObject({
      kind: 'liveness',
      handler: { kind: 'tcpSocket', port: { value: '5432' } },
      initialDelaySeconds: 0,
      periodSeconds: 10,
      failureThreshold: 3,
      timeoutSeconds: { state: 'absent' },
      successThreshold: { state: 'absent' },
    });
  });

  test('a written 0 takes the default, a placeholder is no number', () => {
    expect(
      probe('{periodSeconds: 0, timeoutSeconds: 0, failureThreshold: "${N}", initialDelaySeconds: 5}'),
    ).toMatchObject({
      handler: { kind: 'none' },
      periodSeconds: 10,
      timeoutSeconds: { state: 'known', value: 1 },
      failureThreshold: Number.NaN,
      initialDelaySeconds: 5,
    });
  });

  test('exec sees literal variables alone', () => {
    const handler = probe('{exec: {command: [a, "$(A)", "$(B)", "$A"]}}')?.handler;
    expect(handler?.kind === 'exec' && handler.command.map(w => w.value)).toEqual(['a', 'one', '$(B)', '$A']);
  });

  test.for<[string, object]>([
    ['{httpGet: {path: /, port: http}}', { kind: 'httpGet', port: { value: 'http' } }],
    ['{grpc: {port: 9}}', { kind: 'grpc', port: { value: '9' } }],
    ['{httpGet: {}}', { kind: 'httpGet', port: { state: 'absent' } }],
    ['{exec: , tcpSocket: {port: 1}}', { kind: 'tcpSocket' }],
    ['{exec: {}}', { kind: 'exec', command: [] }],
  ])('%s', ([text, handler]) => {
    expect(probe(text)?.handler).toMatchObject(handler);
  });

  test.for(['', 'oops', '[1]'])('no probe: %j', text => {
    expect(probe(text)).toBeUndefined();
  });

  test('hooks are not expanded', () => {
    const { hooks } = containerIn(
      'env: [{name: A, value: one}]\nlifecycle: {preStop: {exec: {command: [pg_ctl, "$(A)"]}}, postStart: {httpGet: {port: 1}}}',
    );
    expect(hooks.map(h => [h.kind, ...h.command.map(w => w.value)])).toEqual([['preStop', 'pg_ctl', '$(A)']]);
  });
});

describe('volumes', () => {
  const source = (text: string) =>
    workloadIn(`{kind: Pod, spec: {volumes: [{name: v, ${text}}]}}`).pod.volumes[0]?.source;

  test.for<[string, object]>([
    [
      'configMap: {name: c}',
      { kind: 'configMap', reference: { kind: 'ConfigMap', name: 'c', optional: false }, items: undefined },
    ],
    [
      'configMap: {name: c, items: [{key: a, path: b}, {key: d}], optional: true}',
      {
        kind: 'configMap',
        reference: { optional: true },
        items: new Map([
          ['a', 'b'],
          ['d', 'd'],
        ]),
      },
    ],
    [
      'secret: {secretName: s, defaultMode: 0640}',
      { kind: 'secret', reference: { kind: 'Secret', name: 's' }, defaultMode: { value: 416 } },
    ],
    ['secret: {secretName: s, defaultMode: 416}', { defaultMode: { value: 416 } }],
    ['secret: {name: s}', { kind: 'other', type: 'secret' }],
    ['persistentVolumeClaim: {claimName: p}', { kind: 'persistentVolumeClaim', reference: { name: 'p' } }],
    ['emptyDir: {}', { kind: 'emptyDir', medium: undefined, sizeLimit: { state: 'absent' } }],
    ['emptyDir: {medium: Memory, sizeLimit: 1Gi}', { kind: 'emptyDir', medium: 'Memory', sizeLimit: { value: '1Gi' } }],
    ['emptyDir:', { kind: 'emptyDir' }],
    ['hostPath: {path: /data}', { kind: 'hostPath', path: '/data' }],
    [
      'projected: {sources: [{secret: {name: s}}, {configMap: {name: c, items: [{key: k, path: p}]}}, {serviceAccountToken: {}}]}',
      {
        kind: 'projected',
        references: [
          { kind: 'Secret', name: 's', key: undefined },
          { kind: 'ConfigMap', name: 'c', key: 'k' },
        ],
      },
    ],
    ['ephemeral: {volumeClaimTemplate: {}}', { kind: 'ephemeral' }],
    ['csi: {driver: d}', { kind: 'other', type: 'csi' }],
    ['nfs: {server: s, path: /}', { kind: 'other', type: 'nfs' }],
  ])('%s', ([text, expected]) => {
    expect(source(text)).toMatchObject(expected);
  });

  test('claim templates', () => {
    const { claimTemplates } = workloadIn(
      '{kind: StatefulSet, spec: {volumeClaimTemplates: [{metadata: {name: data}, spec: {resources: {requests: {storage: 8Gi}}}}, {spec: {}}]}}',
    );
    expect(claimTemplates.map(t => [t.name, valueOf(t.storage)])).toEqual([
      ['data', '8Gi'],
      ['', undefined],
    ]);
    expect(
      workloadIn('{kind: Deployment, spec: {volumeClaimTemplates: [{metadata: {name: data}}]}}').claimTemplates,
    ).toEqual([]);
  });
});

test('a ReplicationController selects by plain labels, or by its template', () => {
  const keys = (spec: string) =>
    selectorOf(workloadIn(`{kind: ReplicationController, spec: ${spec}}`))?.requirements.map(r => r.key);
  expect(keys('{selector: {a: b}}')).toEqual(['a']);
  expect(keys('{template: {metadata: {labels: {c: d}}}}')).toEqual(['c']);
});
