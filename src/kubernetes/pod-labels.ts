/** Labels that pods have only in a running cluster. */
import { once } from '../once.ts';
import { valueOf } from '../types.ts';
import type { Workload } from './workload.ts';

const always: readonly string[] = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];

const byKind: Readonly<Partial<Record<Workload['kind'], readonly string[]>>> = {
  StatefulSet: ['statefulset.kubernetes.io/pod-name', 'apps.kubernetes.io/pod-index', 'controller-revision-hash'],
  Deployment: ['pod-template-hash'],
  DaemonSet: ['controller-revision-hash', 'pod-template-generation'],
  Job: ['batch.kubernetes.io/job-name', 'batch.kubernetes.io/controller-uid', 'job-name', 'controller-uid'],
  CronJob: ['batch.kubernetes.io/job-name', 'batch.kubernetes.io/controller-uid', 'job-name', 'controller-uid'],
};

/** The keys of labels whose values only a running pod has: the controller's, and those that Patroni moves at a failover. */
export const runtimeLabels = once(
  (workload: Workload): ReadonlySet<string> =>
    new Set([...always, ...(byKind[workload.kind] ?? []), ...roleLabels(workload)]),
);

function roleLabels({ pod }: Workload): readonly string[] {
  const variables = pod.containers.flatMap(c => c.environment);
  const images = pod.containers.map(c => valueOf(c.image) ?? '');
  const isPatroni = variables.some(v => v.name.startsWith('PATRONI_')) || images.some(i => /spilo|patroni/.test(i));
  if (!isPatroni) return [];
  const named = variables
    .filter(v => /^(PATRONI_)?KUBERNETES_ROLE_LABEL$/.test(v.name))
    .map(v => valueOf(v.value) ?? '');
  return ['role', 'spilo-role', ...named];
}
