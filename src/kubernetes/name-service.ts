/** Whether NetworkPolicies leave a pod the cluster's name service. */
import type { NetworkPolicy, PolicyPeer, PolicyRule } from './network.ts';
import { type PodIdentity, coversNamespace, judge, matchesPort } from './reachability.ts';
import { type Answer, every, matches, readSelector, some } from './selector.ts';

export type DnsAnswer = 'allowed' | 'blocked' | 'unknown';

/** Namespaces that the cluster's name service runs in, and the port at which its pods listen. */
const nameServices = [
  { namespace: 'kube-system', port: 53, labels: { 'k8s-app': 'kube-dns' } },
  { namespace: 'openshift-dns', port: 5353, labels: { 'dns.operator.openshift.io/daemonset-dns': 'default' } },
] as const;

/** Whether a pod may ask the cluster's name service, over UDP and over TCP. */
export function allowsDns(
  policies: readonly NetworkPolicy[],
  pod: PodIdentity,
): { readonly udp: DnsAnswer; readonly tcp: DnsAnswer } {
  const ask = (protocol: string): DnsAnswer => {
    const { allowed } = judge(policies, pod, 'Egress', (policy, rule) => allowsNameService(policy, rule, protocol));
    return allowed === 'unknown' ? 'unknown' : allowed ? 'allowed' : 'blocked';
  };
  return { udp: ask('UDP'), tcp: ask('TCP') };
}

function allowsNameService(policy: NetworkPolicy, rule: PolicyRule, protocol: string): Answer {
  return some(
    nameServices.map(({ namespace, port, labels }) => {
      const peers = rule.peers?.map(peer => coversNameService(peer, policy, { labels, namespace, ports: [] }));
      const ports = rule.ports?.map(p => {
        // Names (`dns`, `dns-tcp`) are those of a pod that is not here; 53 is what everyone writes, and some translate.
        if (typeof p.port === 'string') return p.protocol === protocol ? 'unknown' : false;
        return some([matchesPort(p, 53, protocol, []), matchesPort(p, port, protocol, [])]);
      });
      return every([peers === undefined || some(peers), ports === undefined || some(ports)]);
    }),
  );
}

/** Labels of the name service differ between distributions: only its namespace can be told apart surely. */
function coversNameService(peer: PolicyPeer, policy: NetworkPolicy, service: PodIdentity): Answer {
  if (peer.ipBlock !== undefined) return 'unknown';
  // A policy whose namespace is not written stands beside its pods, not beside the name service.
  const within =
    peer.namespaceSelector === undefined
      ? policy.resource.namespace === service.namespace
      : coversNamespace(peer, service);
  const pods = readSelector(peer.podSelector);
  return every([within, pods === undefined || matches(pods, service.labels) === true || 'unknown']);
}
