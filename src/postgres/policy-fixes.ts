/** Edits that admit pods by a NetworkPolicy. */
import type { Connection } from '../environment.ts';
import { type Edits, addItemAt } from '../fix/edits.ts';
import type { NetworkPolicy, PolicyRule } from '../kubernetes/network.ts';
import { peerFor } from '../kubernetes/policy-edits.ts';
import type { Location } from '../types.ts';
import { keyPlace } from '../yaml/node.ts';
import { type ServedPod, coversServer } from './policy-checks.ts';

/** The rule of a policy that lists who may connect to a server; undefined where none names peers for its port. */
export function admittingRule(policy: NetworkPolicy, served: ServedPod): PolicyRule | undefined {
  return policy.ingress.find(r => r.peers !== undefined && r.node !== undefined && coversServer(r, served));
}

/** Where a person would add a client: the `from` of that rule, else `ingress` of the policy. */
export function admittingPlace(policy: NetworkPolicy, served: ServedPod): Location {
  const node = admittingRule(policy, served)?.node;
  return node === undefined ? keyPlace(policy.resource.root, 'spec', 'ingress') : keyPlace(node, 'from');
}

/** Admits clients to a server. Undefined where labels do not name one, or several would each need a rule of their own. */
export function admit(policy: NetworkPolicy, served: ServedPod, clients: readonly Connection[]): readonly Edits[] {
  const node = admittingRule(policy, served)?.node;
  if (node === undefined && clients.length > 1) return [undefined];
  return clients.map(({ workload }) => {
    const peer = peerFor(workload, served.workload);
    if (peer === undefined) return undefined;
    if (node !== undefined) return addItemAt(node, ['from'], peer);
    const ports = [{ protocol: 'TCP', port: served.port }];
    return addItemAt(policy.resource.root, ['spec', 'ingress'], { from: [peer], ports });
  });
}
