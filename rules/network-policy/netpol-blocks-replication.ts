import { addItemAt, fix } from '../../src/fix/edits.ts';
import { peerFor } from '../../src/kubernetes/policy-edits.ts';
import { mayConnect, podIdentity } from '../../src/kubernetes/reachability.ts';
import { replicates, servedPods } from '../../src/postgres/policy-checks.ts';
import { defineRule, valueOf } from '../../src/types.ts';
import { keyPlace } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'netpol-blocks-replication',
  summary: 'NetworkPolicies keep the copies of a server from each other, so replication cannot run.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'environment',
  *check(environment) {
    for (const served of servedPods(environment)) {
      const { server, workload, pod } = served;
      const standbys = environment.connections
        .filter(c => c.role === 'standby' && c.server === server && c.workload !== workload)
        .map(c => c.workload);
      const copies = (valueOf(server.replicas) ?? 1) > 1 ? [workload] : [];
      for (const from of new Set([...copies, ...standbys])) {
        const ports = server.replication.mechanism === 'patroni' ? [served.port, 8008] : [served.port];
        const blocked = ports
          .map(port => ({
            port,
            reach: mayConnect(environment.policies, podIdentity(from, environment.resources), pod, port),
          }))
          .find(b => b.reach.allowed === false);
        const policy = blocked?.reach.blockedBy[0];
        if (blocked === undefined || policy === undefined) continue;
        const { port, reach } = blocked;
        const [ingress] = reach.ingress.allowed === false ? reach.ingress.isolatedBy : [];
        const [egress] = reach.egress.allowed === false ? reach.egress.isolatedBy : [];
        const ends = [ingress && 'take', egress && 'open'].filter(e => e !== undefined).join(' or ');
        const who = from === workload ? `the pods of "${server.name}"` : `"${from.resource.name}" and "${server.name}"`;
        const sure = from !== workload || replicates(environment, served);
        const [to, peer] = [peerFor(workload, from), peerFor(from, workload)];
        const rule = { ports: ports.map(number => ({ protocol: 'TCP', port: number })) };
        yield {
          server,
          at: keyPlace(policy.resource.root, 'spec', ingress === undefined ? 'egress' : 'ingress'),
          severity: sure ? 'error' : 'warning',
          message: `the NetworkPolicy "${policy.resource.name}" does not let ${who} ${ends} connections to each other on port ${port}, so ${sure ? 'no standby can follow the primary' : 'they cannot replicate'}`,
          label: `no rule for the pods of "${from.resource.name}"`,
          help: `admit the pods to each other on port ${port}, in every direction that the policy isolates`,
          related: [{ at: from.resource.at, message: `"${from.resource.name}"` }],
          fix:
            to === undefined || peer === undefined
              ? undefined
              : fix(
                  {
                    title: `${ports.length > 1 ? 'ports' : 'port'} ${ports.join(' and ')} between the pods`,
                    applicability: 'unsafe',
                  },
                  ingress === undefined
                    ? []
                    : addItemAt(ingress.resource.root, ['spec', 'ingress'], { from: [peer], ...rule }),
                  egress === undefined
                    ? []
                    : addItemAt(egress.resource.root, ['spec', 'egress'], { to: [to], ...rule }),
                ),
        };
      }
    }
  },
});
