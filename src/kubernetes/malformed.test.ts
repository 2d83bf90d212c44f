/** Every node of sound manifests is replaced by something that does not belong there: nothing may throw. */
import { expect, test } from 'vitest';
import type { Node } from '../yaml/node.ts';
import { readScaleTarget } from './autoscaler.ts';
import { claimOf } from './claim.ts';
import { disruptionsAllowed, guards, readDisruptionBudget } from './disruption-budget.ts';
import { limitRangesIn } from './limit-range.ts';
import { lookupIn } from './lookup.ts';
import { mountFor, volumeOf } from './mounts.ts';
import { allowsDns } from './name-service.ts';
import { readNetworkPolicy } from './network.ts';
import { qualityOfService } from './quality-of-service.ts';
import { mayConnect, podIdentity } from './reachability.ts';
import { readWorkload, selectorOf } from './read-workload.ts';
import { claimNames, referencesOf } from './references.ts';
import { type Resource, readResources } from './resource.ts';
import { effectiveSecurity, podSecurity } from './security-context.ts';
import { readService, selectsPods, targetPorts } from './service.ts';
import { mapIn } from './testing.ts';

const manifests = [
  `{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: pg, namespace: db, labels: {a: b}}, spec: {replicas: 2, serviceName: pg,
  ordinals: {start: 1}, selector: {matchLabels: {app: pg}, matchExpressions: [{key: app, operator: In, values: [pg]}]},
  template: {metadata: {labels: {app: pg}, annotations: {x: y}}, spec: {serviceAccountName: s, hostNetwork: false,
  securityContext: {runAsUser: 999, fsGroup: 999, seccompProfile: {type: RuntimeDefault}}, imagePullSecrets: [{name: i}],
  resources: {limits: {cpu: 1}}, initContainers: [{name: init, image: busybox, restartPolicy: Always}],
  containers: [{name: postgres, image: postgres, command: [postgres], args: [-c, "a=$(A)"], ports: [{name: pg, containerPort: 5432, hostPort: 1}],
  envFrom: [{prefix: X, configMapRef: {name: c}}, {secretRef: {name: s, optional: true}}],
  env: [{name: A, value: a}, {name: B, valueFrom: {secretKeyRef: {name: s, key: k}}}, {name: C, valueFrom: {configMapKeyRef: {name: c, key: k}}}],
  volumeMounts: [{name: data, mountPath: /data, subPath: s, readOnly: true}, {name: v, mountPath: /v, subPathExpr: "$(A)"}],
  resources: {limits: {memory: 1Gi}, requests: {memory: 1Gi}}, lifecycle: {preStop: {exec: {command: [sleep, 5]}}},
  livenessProbe: {exec: {command: [pg_isready]}, periodSeconds: 5}, readinessProbe: {tcpSocket: {port: pg}}, startupProbe: {httpGet: {port: 1}},
  securityContext: {runAsNonRoot: true, capabilities: {drop: [ALL], add: [CHOWN]}, privileged: false}}],
  volumes: [{name: v, configMap: {name: c, items: [{key: k, path: p}], defaultMode: 0640}}, {name: w, secret: {secretName: s}},
  {name: x, projected: {sources: [{secret: {name: s, items: [{key: k}]}}]}}, {name: y, emptyDir: {medium: Memory, sizeLimit: 1Gi}},
  {name: z, persistentVolumeClaim: {claimName: p}}, {name: h, hostPath: {path: /h}}, {name: e, ephemeral: {volumeClaimTemplate: {spec: {}}}}]}},
  volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]}}`,
  '{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {k: v}, binaryData: {b: aGk=}}',
  '{apiVersion: v1, kind: Service, metadata: {name: pg}, spec: {type: NodePort, clusterIPs: [None], selector: {app: pg}, ports: [{name: pg, port: 5432, targetPort: pg, nodePort: 30000, protocol: TCP}]}}',
  `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: {podSelector: {matchLabels: {app: pg}}, policyTypes: [Ingress, Egress],
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}, namespaceSelector: {matchLabels: {a: b}}}, {ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 5432, endPort: 5433, protocol: TCP}]}],
  egress: [{to: [{namespaceSelector: {}}], ports: [{port: dns, protocol: UDP}]}]}}`,
  '{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: p}, spec: {endpointSelector: {matchLabels: {"k8s:app": pg}}}}',
  '{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: p}, spec: {selector: {matchLabels: {app: pg}}, minAvailable: 50%}}',
  '{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: p}, spec: {scaleTargetRef: {kind: StatefulSet, name: pg}, minReplicas: 1}}',
  '{apiVersion: v1, kind: LimitRange, metadata: {name: p}, spec: {limits: [{type: Container, default: {cpu: 1}, defaultRequest: {cpu: 1}, min: {cpu: 1}, max: {cpu: 1}}]}}',
  '{apiVersion: v1, kind: Namespace, metadata: {name: db, labels: {a: b}}}',
  '{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: p}, spec: {resources: {requests: {storage: 1Gi}}}}]}',
];

/** Runs every reader and every question over objects. */
function readAll(resources: readonly Resource[]): void {
  const workloads = resources.flatMap(r => readWorkload(r, lookupIn(resources)) ?? []);
  const services = resources.flatMap(r => readService(r) ?? []);
  const policies = resources.flatMap(r => readNetworkPolicy(r) ?? []);
  const budgets = resources.flatMap(r => readDisruptionBudget(r) ?? []);
  for (const resource of resources) readScaleTarget(resource);
  for (const budget of budgets) disruptionsAllowed(budget, 2);
  for (const workload of workloads) {
    const { pod } = workload;
    const identity = podIdentity(workload, resources);
    selectorOf(workload);
    referencesOf(workload);
    claimNames(workload);
    podSecurity(pod);
    qualityOfService(pod, limitRangesIn(resources, workload.resource.namespace));
    mayConnect(policies, identity, identity, 5432);
    allowsDns(policies, identity);
    for (const budget of budgets) guards(budget, workload);
    for (const volume of pod.volumes) claimOf(workload, volume, resources);
    for (const service of services) {
      selectsPods(service, workload);
      targetPorts(service, 5432, pod);
    }
    for (const container of pod.containers) {
      effectiveSecurity(pod, container);
      const mount = mountFor(container, '/data/pgdata');
      if (mount !== undefined) volumeOf(workload, mount);
    }
  }
}

function* nodesOf(node: Node): Iterable<Node> {
  yield node;
  if (node.kind === 'map') for (const { value } of node.entries) yield* nodesOf(value);
  if (node.kind === 'seq') for (const item of node.items) yield* nodesOf(item);
}

/** The same tree with another node in one place. */
function replaced(node: Node, place: Node, by: Node): Node {
  if (node === place) return by;
  if (node.kind === 'map') {
    return { ...node, entries: node.entries.map(e => ({ ...e, value: replaced(e.value, place, by) })) };
  }
  return node.kind === 'seq' ? { ...node, items: node.items.map(item => replaced(item, place, by)) } : node;
}

const roots = manifests.map(mapIn);
const sound = roots.map(root => readResources({ root }));

test('the sound manifests are read', () => {
  expect(sound.flat()).toHaveLength(manifests.length);
  expect(() => readAll(sound.flat())).not.toThrow();
});

/** What reading throws, if it does. */
function failureOf(resources: readonly Resource[]): unknown {
  try {
    readAll(resources);
    return undefined;
  } catch (error) {
    return error;
  }
}

test.for(['oops', '5', '~', '[1, [x]]', '{}', '{a: {b: c}}', '"${VAR}"', '""'])(
  '%s in the place of every value',
  replacement => {
    const [by] = mapIn(`{by: ${replacement}}`).entries;
    const outcomes = roots.flatMap((root, index) => {
      const others = sound.filter((_, i) => i !== index).flat();
      return [...nodesOf(root)].map(place => ({
        kind: sound[index]?.[0]?.kind,
        start: place.start,
        error: by && failureOf([...readResources({ root: replaced(root, place, by.value) }), ...others]),
      }));
    });
    expect(outcomes.length).toBeGreaterThan(300);
    expect(outcomes.filter(outcome => outcome.error !== undefined)).toEqual([]);
  },
);
