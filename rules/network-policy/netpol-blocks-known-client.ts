import { addItemAt, fix } from '../../src/fix/edits.ts';
import type { NetworkPolicy } from '../../src/kubernetes/network.ts';
import { peerFor, podLabelText } from '../../src/kubernetes/policy-edits.ts';
import { type BlockedClient, type ServedPod, blockedClients, servedPods } from '../../src/postgres/policy-checks.ts';
import { admit, admittingPlace } from '../../src/postgres/policy-fixes.ts';
import { type Problem, defineRule } from '../../src/types.ts';
import { keyPlace } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'netpol-blocks-known-client',
  summary: 'A NetworkPolicy refuses a client that is in the repository.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'environment',
  *check(environment) {
    for (const served of servedPods(environment)) {
      const blocked = blockedClients(environment, served);
      const refused = blocked.filter(b => b.reach.direction === 'Ingress');
      const [policy] = refused[0]?.reach.ingress.isolatedBy ?? [];
      if (policy !== undefined) yield atServer(served, policy, refused);
      for (const client of blocked) {
        const [own] = client.reach.direction === 'Egress' ? client.reach.egress.isolatedBy : [];
        if (own !== undefined) yield atClient(served, own, client);
      }
    }
  },
});

/** The clients that the policies of the server do not admit. */
function atServer(served: ServedPod, policy: NetworkPolicy, clients: readonly BlockedClient[]): Problem {
  const { server, port } = served;
  const { name } = policy.resource;
  const names = clients.map(c => `"${c.connection.workload.resource.name}"`).join(', ');
  const several = clients.length > 1;
  return {
    server,
    at: admittingPlace(policy, served),
    message: `the NetworkPolicy "${name}" does not admit ${names} to port ${port} of "${server.name}", so ${several ? 'their' : 'its'} connections time out`,
    label: `${several ? `${clients.length} clients are` : `${names} is`} missing`,
    help: 'admit the labels of the clients under `from`',
    related: clients.map(({ connection: c }) => ({
      at: c.host.at ?? c.at,
      message: `${c.role} "${c.workload.resource.name}" (${podLabelText(c.workload)}) connects to "${server.name}"`,
    })),
    fix: fix(
      { title: `admit ${names}`, applicability: 'unsafe' },
      ...admit(
        policy,
        served,
        clients.map(c => c.connection),
      ),
    ),
  };
}

/** A client whose own policies do not let it out. */
function atClient(
  { server, workload, port }: ServedPod,
  policy: NetworkPolicy,
  { connection }: BlockedClient,
): Problem {
  const { root, name } = policy.resource;
  const peer = peerFor(workload, connection.workload);
  return {
    server,
    at: keyPlace(root, 'spec', 'egress'),
    message: `the NetworkPolicy "${name}" does not let "${connection.workload.resource.name}" out to port ${port} of "${server.name}", so its connections time out`,
    label: `no way to "${server.name}"`,
    help: `allow egress to the pods of "${server.name}" on port ${port}`,
    related: [
      {
        at: connection.host.at ?? connection.at,
        message: `${connection.role} "${connection.workload.resource.name}" connects here`,
      },
    ],
    fix:
      peer === undefined
        ? undefined
        : fix(
            { title: `egress to "${server.name}" on port ${port}`, applicability: 'unsafe' },
            addItemAt(root, ['spec', 'egress'], { to: [peer], ports: [{ protocol: 'TCP', port }] }),
          ),
  };
}
