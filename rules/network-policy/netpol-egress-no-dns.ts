import { addItemAt, fix } from '../../src/fix/edits.ts';
import { namesWithoutDns } from '../../src/postgres/policy-aims.ts';
import { defineRule } from '../../src/types.ts';
import { keyPlace } from '../../src/yaml/node.ts';

const dns = {
  to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }],
  ports: [
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ],
};

export default defineRule({
  id: 'netpol-egress-no-dns',
  summary: 'A NetworkPolicy keeps pods that use host names from the name service of the cluster.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'environment',
  *check(environment) {
    for (const { policy, workload, host, blocked, severity } of namesWithoutDns(environment)) {
      const { root, name } = policy.resource;
      const half = blocked !== 'both';
      yield {
        at: keyPlace(root, 'spec', 'egress'),
        severity,
        message: half
          ? `the NetworkPolicy "${name}" lets "${workload.resource.name}" ask the name service over ${blocked === 'UDP' ? 'TCP' : 'UDP'} only, so ${blocked === 'UDP' ? 'look-ups that begin with UDP wait and fail' : 'long answers, which need TCP, fail'}`
          : `the NetworkPolicy "${name}" allows "${workload.resource.name}" no DNS, so ${host === undefined ? 'its pods cannot find each other by name' : `it cannot look up "${host.value}" ("could not translate host name")`}`,
        label: half ? `no ${blocked} 53` : 'no rule for port 53',
        help: 'allow UDP and TCP 53 to the name service of the cluster',
        related:
          host === undefined ? [] : [{ at: host.at, message: `"${workload.resource.name}" connects by this name` }],
        fix: fix(
          { title: 'UDP and TCP 53 to kube-system', applicability: 'unsafe' },
          addItemAt(root, ['spec', 'egress'], dns),
        ),
      };
    }
  },
});
