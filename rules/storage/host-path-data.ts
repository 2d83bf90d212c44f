import { defineRule } from '../../src/types.ts';
import { get } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'host-path-data',
  summary: 'The data lies in a folder of whatever node the pod runs on.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'server',
  *check({ dataVolume, name, workload }) {
    const { mount, volume } = dataVolume;
    if (workload === undefined || workload.partial || mount === undefined || volume?.source.kind !== 'hostPath') return;
    const { spec } = workload.pod;
    const isPinned =
      workload.kind === 'DaemonSet' ||
      get(spec, 'nodeName') !== undefined ||
      get(spec, 'nodeSelector') !== undefined ||
      get(spec, 'affinity', 'nodeAffinity') !== undefined;
    yield {
      at: volume.at,
      severity: isPinned ? 'warning' : undefined,
      message: isPinned
        ? `"${name}" keeps its data in ${volume.source.path} of one node, so the database is as available as that node, and Pod Security (baseline) refuses the pod`
        : `"${name}" keeps its data in ${volume.source.path} of the node it happens to run on, so on another node it starts with an empty database`,
      label: 'a folder of the node',
      help: isPinned
        ? 'use a claim of a local volume or of a storage class'
        : 'use a claim of a local volume or of a storage class, which keeps the pod with its data',
      related: [{ at: mount.at, message: 'mounted here' }],
    };
  },
});
