import type { Workload } from '../../src/kubernetes/workload.ts';
import { isThrowAway } from '../../src/postgres/purpose.ts';
import { defineRule } from '../../src/types.ts';
import { get } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'host-path-data',
  summary: 'The data lies in a folder of whatever node the pod runs on.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'server',
  *check(server) {
    const { dataVolume, name, workload } = server;
    const { mount, volume } = dataVolume;
    if (workload === undefined || workload.partial || mount === undefined || volume?.source.kind !== 'hostPath') return;
    const choice = nodeChoice(workload);
    yield {
      at: volume.at,
      severity: choice === 'any' && !isThrowAway(server) ? undefined : 'warning',
      message:
        choice === 'one'
          ? `"${name}" keeps its data in ${volume.source.path} of one node, so the database is lost with that node, and Pod Security (baseline) refuses the pod`
          : `"${name}" keeps its data in ${volume.source.path} of the node it happens to run on, so on another node it starts with an empty database`,
      label: 'a folder of the node',
      help: 'use a claim of a local volume or of a storage class: it keeps the pod with its data',
      related: [{ at: mount.at, message: 'mounted here' }],
    };
  },
});

/** Whether the pod may run on any node, on some, or on the one that is named. */
function nodeChoice({ kind, pod }: Workload): 'any' | 'some' | 'one' {
  if (kind === 'DaemonSet' || get(pod.spec, 'nodeName') !== undefined) return 'one';
  const selector = get(pod.spec, 'nodeSelector');
  const keys = selector?.kind === 'map' ? selector.entries.map(e => (e.key.kind === 'scalar' ? e.key.text : '')) : [];
  if (keys.includes('kubernetes.io/hostname')) return 'one';
  // Every node has an operating system and an architecture.
  const isChosen = keys.some(key => !/^(beta\.)?kubernetes\.io\/(os|arch)$/.test(key));
  return isChosen || get(pod.spec, 'affinity', 'nodeAffinity') !== undefined ? 'some' : 'any';
}
