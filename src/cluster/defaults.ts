/**
 * Takes out of an object what the API server wrote into it: a default is nobody's choice, and rules speak of what was chosen.
 * What `kubectl apply` or server-side apply lists as written stays, whatever its value.
 */
import type { Resource } from '../kubernetes/resource.ts';
import { type Entry, type MapNode, type Node, getText, keyText } from '../yaml/node.ts';
import { type Written, writtenIn } from './written.ts';

/** Of one type of map: the defaults of its fields, and the types of what is below. */
interface Shape {
  /** Scalars by their text; `empty` for a map without entries. */
  readonly defaults?: Readonly<Record<string, string | readonly string[] | typeof empty>>;
  /** By key; a list stands for each of its items. */
  readonly below?: Readonly<Record<string, string>>;
}
const empty = Symbol('empty');

const shapes: Readonly<Record<string, Shape>> = {
  workload: { below: { spec: 'workloadSpec' } },
  workloadSpec: {
    defaults: {
      podManagementPolicy: 'OrderedReady',
      revisionHistoryLimit: '10',
      progressDeadlineSeconds: '600',
      minReadySeconds: '0',
    },
    below: {
      template: 'podTemplate',
      strategy: 'strategy',
      updateStrategy: 'strategy',
      persistentVolumeClaimRetentionPolicy: 'retention',
      jobTemplate: 'workload',
      volumeClaimTemplates: 'claim',
    },
  },
  strategy: { defaults: { type: 'RollingUpdate' }, below: { rollingUpdate: 'rollingUpdate' } },
  rollingUpdate: { defaults: { maxSurge: ['25%', '0'], maxUnavailable: '25%', partition: '0' } },
  retention: { defaults: { whenDeleted: 'Retain', whenScaled: 'Retain' } },
  claim: { below: { spec: 'claimSpec' } },
  claimSpec: { defaults: { volumeMode: 'Filesystem' } },
  pod: { below: { spec: 'podSpec' } },
  podTemplate: { below: { spec: 'podSpec' } },
  podSpec: {
    defaults: {
      terminationGracePeriodSeconds: '30',
      dnsPolicy: 'ClusterFirst',
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      securityContext: empty,
      enableServiceLinks: 'true',
      preemptionPolicy: 'PreemptLowerPriority',
      priority: '0',
      serviceAccount: 'default',
      serviceAccountName: 'default',
    },
    below: { containers: 'container', initContainers: 'container', volumes: 'volume' },
  },
  container: {
    defaults: {
      imagePullPolicy: ['IfNotPresent', 'Always'],
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      resources: empty,
    },
    below: { livenessProbe: 'probe', readinessProbe: 'probe', startupProbe: 'probe', ports: 'port' },
  },
  probe: {
    defaults: { timeoutSeconds: '1', periodSeconds: '10', successThreshold: '1', failureThreshold: '3' },
    below: { httpGet: 'httpGet' },
  },
  httpGet: { defaults: { scheme: 'HTTP', path: '/' } },
  port: { defaults: { protocol: 'TCP' } },
  volume: { below: { configMap: 'files', secret: 'files', projected: 'files', downwardAPI: 'files' } },
  files: { defaults: { defaultMode: '420' } },
  service: { below: { spec: 'serviceSpec' } },
  serviceSpec: {
    defaults: {
      type: 'ClusterIP',
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
      externalTrafficPolicy: 'Cluster',
    },
    below: { ports: 'port' },
  },
};

const roots: Readonly<Record<string, string>> = {
  StatefulSet: 'workload',
  Deployment: 'workload',
  ReplicaSet: 'workload',
  DaemonSet: 'workload',
  CronJob: 'workload',
  Job: 'workload',
  Pod: 'pod',
  Service: 'service',
  PersistentVolumeClaim: 'claim',
};

/** The object without what an API server filled in. */
export function withoutDefaults(resource: Resource): Resource {
  const shape = roots[resource.kind];
  if (shape === undefined) return resource;
  const root = visit(resource.root, shape, writtenIn(resource)) as MapNode;
  return { ...resource, root, written: true };
}

function visit(node: Node, name: string, written: Written): Node {
  if (node.kind === 'scalar') return node;
  if (node.kind === 'seq') {
    const items = node.items.map((item, i) => visit(item, name, written.item(item, i)));
    return items.every((item, i) => item === node.items[i]) ? node : { ...node, items };
  }
  const shape = shapes[name] ?? {};
  let changed = false;
  const entries = node.entries.flatMap((entry): readonly Entry[] => {
    const key = keyText(entry.key);
    const field = written.field(key);
    const below = shape.below?.[key];
    const value = below === undefined ? entry.value : visit(entry.value, below, field);
    const isLeft = (key !== 'volumes' && key !== 'volumeMounts') || value.kind !== 'seq';
    const next = isLeft ? value : withoutToken(value);
    if (!field.isWritten && (isDefault(shape, key, next) || isEmptied(entry.value, next))) {
      changed = true;
      return [];
    }
    if (next === entry.value) return [entry];
    changed = true;
    return [{ ...entry, value: next }];
  });
  return changed ? { ...node, entries } : node;
}

function isDefault({ defaults }: Shape, key: string, value: Node): boolean {
  const expected = defaults !== undefined && Object.hasOwn(defaults, key) ? defaults[key] : undefined;
  if (expected === undefined) return false;
  if (expected === empty) return value.kind === 'map' && value.entries.length === 0;
  return value.kind === 'scalar' && (typeof expected === 'string' ? [expected] : expected).includes(value.text);
}

/** All that it held was filled in: a `strategy` of nothing but defaults. */
function isEmptied(before: Node, after: Node): boolean {
  const length = (node: Node) =>
    node.kind === 'map' ? node.entries.length : node.kind === 'seq' ? node.items.length : 1;
  return length(before) > 0 && length(after) === 0;
}

/** Without the volume and the mounts of the token that every pod is given. */
function withoutToken(list: Node): Node {
  if (list.kind !== 'seq') return list;
  const items = list.items.filter(item => !/^kube-api-access-[a-z0-9]{5}$/.test(getText(item, 'name') ?? ''));
  return items.length === list.items.length ? list : { ...list, items };
}
