/** What NetworkPolicies mean for the servers of an environment and for those that talk to them. */
import type { Connection, Environment } from '../environment.ts';
import type { NetworkPolicy, PolicyPeer, PolicyRule } from '../kubernetes/network.ts';
import {
  type PodIdentity,
  type Reachability,
  coversPeer,
  isIsolated,
  matchesPort,
  mayConnect,
  podIdentity,
  selects,
} from '../kubernetes/reachability.ts';
import { readSelector } from '../kubernetes/selector.ts';
import type { Workload } from '../kubernetes/workload.ts';
import { valueOf } from '../types.ts';
import { getItems, getText } from '../yaml/node.ts';
import type { Server } from './server.ts';

/** A server whose pods NetworkPolicies can rule over, and the port that it surely listens on. */
export interface ServedPod {
  readonly server: Server;
  readonly workload: Workload;
  readonly pod: PodIdentity;
  readonly port: number;
}

/** The servers of plain manifests; those on the node's network and those of partial manifests are left out. */
export function servedPods({ servers, resources }: Environment): readonly ServedPod[] {
  return servers.flatMap((server): readonly ServedPod[] => {
    const { workload } = server;
    const port = valueOf(server.port);
    if (workload === undefined || workload.partial || port === undefined) return [];
    const pod = podIdentity(workload, resources);
    return pod.hostNetwork === true ? [] : [{ server, workload, pod, port }];
  });
}

/** The policies that surely select a pod in a direction. */
export function policiesOf(
  environment: Environment,
  pod: PodIdentity,
  direction: NetworkPolicy['directions'][number],
): readonly NetworkPolicy[] {
  return environment.policies.filter(p => p.directions.includes(direction) && selects(p, pod) === true);
}

/** Whether some policy isolates the pods for incoming connections. */
export const isIsolatedForIngress = ({ policies }: Environment, { pod }: ServedPod) =>
  isIsolated(policies, pod, 'Ingress');

/** Whether a rule covers the port that a server listens on; unknown where it is filled in later. */
export function coversServer(rule: PolicyRule, { pod, port }: ServedPod): boolean {
  return rule.ports === undefined || rule.ports.some(p => matchesPort(p, port, 'TCP', pod.ports) === true);
}

/** The peer (or the rule without one) that lets anybody in; undefined where none does. */
export function openPeer(rule: PolicyRule): PolicyPeer | 'everybody' | undefined {
  if (rule.peers === undefined) return 'everybody';
  return rule.peers.find(({ podSelector, namespaceSelector, ipBlock }) => {
    const cidr = getText(ipBlock, 'cidr');
    if (ipBlock !== undefined)
      return (cidr === '0.0.0.0/0' || cidr === '::/0') && getItems(ipBlock, 'except').length === 0;
    const [pods, namespaces] = [readSelector(podSelector), readSelector(namespaceSelector)];
    const isAll = (s: typeof pods) => s !== undefined && s.requirements.length === 0 && !s.malformed;
    return isAll(namespaces) && (pods === undefined || isAll(pods));
  });
}

/** A client and what keeps it from its server. */
export interface BlockedClient {
  readonly connection: Connection;
  readonly reach: Reachability;
}

/** The clients of a server whose connections policies surely refuse. */
export function blockedClients(environment: Environment, served: ServedPod): readonly BlockedClient[] {
  const { policies, resources, connections } = environment;
  const seen = new Set<Workload>();
  return connections.flatMap((connection): readonly BlockedClient[] => {
    const { workload, server, role } = connection;
    if (server !== served.server || workload === served.workload || role === 'standby' || seen.has(workload)) return [];
    seen.add(workload);
    const reach = mayConnect(policies, podIdentity(workload, resources), served.pod, served.port);
    return reach.allowed === false ? [{ connection, reach }] : [];
  });
}

/** Workloads of the environment that a peer surely covers, or may cover. */
export function peersOf(environment: Environment, policy: NetworkPolicy, peer: PolicyPeer): readonly Workload[] {
  return environment.workloads.filter(
    w => coversPeer(peer, policy.resource.namespace, podIdentity(w, environment.resources)) !== false,
  );
}

/** Whether the copies of a server, or a standby beside it, need each other. */
export function replicates({ connections }: Environment, { server, workload }: ServedPod): boolean {
  const { mechanism } = server.replication;
  return mechanism !== 'none' && mechanism !== 'unknown'
    ? true
    : connections.some(c => c.role === 'standby' && (c.workload === workload || c.server === server));
}
