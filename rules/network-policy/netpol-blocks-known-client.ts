import type { NetworkPolicy } from '../../src/kubernetes/network.ts';
import { type Edits, addItemAt, fix } from '../../src/fix/edits.ts';
import { peerFor, podLabelText } from '../../src/kubernetes/policy-edits.ts';
import {
  type BlockedClient,
  type ServedPod,
  blockedClients,
  coversServer,
  servedPods,
} from '../../src/postgres/policy-checks.ts';
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
  const { server, workload, port } = served;
  const { root, name } = policy.resource;
  const names = clients.map(c => `"${c.connection.workload.resource.name}"`).join(', ');
  const rule = policy.ingress.find(r => r.peers !== undefined && r.node !== undefined && coversServer(r, served));
  const peers = clients.map(c => peerFor(c.connection.workload, workload));
  const edits: readonly Edits[] = peers.map(peer => {
    if (peer === undefined) return undefined;
    if (rule?.node !== undefined) return addItemAt(rule.node, ['from'], peer);
    return addItemAt(root, ['spec', 'ingress'], { from: [peer], ports: [{ protocol: 'TCP', port }] });
  });
  return {
    server,
    at: rule?.node === undefined ? keyPlace(root, 'spec', 'ingress') : keyPlace(rule.node, 'from'),
    message: `the NetworkPolicy "${name}" does not admit ${names} to port ${port} of "${server.name}", so ${clients.length > 1 ? 'their' : 'its'} connections time out`,
    label: `${clients.length > 1 ? `${clients.length} clients are` : `${names} is`} missing`,
    help: 'admit the labels of the clients under `from`',
    related: clients.map(({ connection: c }) => ({
      at: c.host.at ?? c.at,
      message: `${c.role} "${c.workload.resource.name}" (${podLabelText(c.workload)}) connects to "${server.name}"`,
    })),
    // Where the policy has no rule yet, several new ones would each need their own list.
    fix:
      rule?.node === undefined && peers.length > 1
        ? undefined
        : fix({ title: `admit ${names}`, applicability: 'unsafe' }, ...edits),
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
