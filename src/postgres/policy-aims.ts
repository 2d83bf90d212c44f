/** NetworkPolicies that miss what they are surely meant for. */
import { type Environment, isWhole } from '../environment.ts';
import { allowsDns } from '../kubernetes/name-service.ts';
import type { NetworkPolicy, PolicyPeer, PolicyPort, PolicyRule } from '../kubernetes/network.ts';
import { isIsolated, judge, matchesPort, podIdentity, selects } from '../kubernetes/reachability.ts';
import { sameNamespace } from '../kubernetes/resource.ts';
import { type NearMiss, type Selector, nearMiss, readSelector, some } from '../kubernetes/selector.ts';
import { servicesTo, targetPort } from '../kubernetes/service.ts';
import type { Workload } from '../kubernetes/workload.ts';
import { type Known, type Severity, valueOf } from '../types.ts';
import { type ServedPod, coversServer, peersOf, policiesOf, replicates, servedPods } from './policy-checks.ts';

/** Whatever makes pods: without one of these kinds nobody knows what a policy selects. */
const podKinds = ['StatefulSet', 'Deployment', 'DaemonSet', 'CronJob', 'Pod'];

export interface UnmatchedPolicy {
  readonly policy: NetworkPolicy;
  /** What it selects, for a message. */
  readonly labels: string;
  /** The server that it misses by one label. */
  readonly near: { readonly served: ServedPod; readonly miss: NearMiss } | undefined;
}

/** Labels that operators give the pods which they make: those are no workloads of the repository. */
const operatorLabel =
  /^(?:cnpg\.io|postgres-operator\.crunchydata\.com|stackgres\.io|acid\.zalan\.do)\/|^(?:cluster-name|spilo-role|pgo-pg-database|pg-cluster)$/;

/** Policies that are aimed at PostgreSQL and select no workload. */
export function unmatchedPolicies(environment: Environment): readonly UnmatchedPolicy[] {
  const served = servedPods(environment);
  return environment.policies.flatMap((policy): readonly UnmatchedPolicy[] => {
    const selector = readSelector(policy.podSelector);
    if (policy.coversUnknown || selector === undefined || selector.malformed || selector.requirements.length === 0)
      return [];
    if (selector.requirements.some(r => operatorLabel.test(r.key) || r.values.includes('spilo'))) return [];
    if (some(environment.workloads.map(w => selects(policy, podIdentity(w, environment.resources)))) !== false)
      return [];
    const labels = selectorText(selector);
    const near = served
      .filter(s => sameNamespace(s.workload.resource.namespace, policy.resource.namespace))
      .flatMap(s => {
        const miss = nearMiss(selector, s.pod.labels);
        return miss === undefined || !isAimed(policy, s) ? [] : [{ served: s, miss }];
      })
      // Without the whole repository the pods that it selects may be elsewhere: then the rest of the labels has to agree.
      .find(
        ({ miss }) =>
          isWhole(environment, podKinds, policy.resource.namespace) || miss.met > 0 || miss.otherKey !== undefined,
      );
    if (near !== undefined) return [{ policy, labels, near }];
    const aimed = isWhole(environment, podKinds, policy.resource.namespace) && served.some(s => isAimed(policy, s));
    return aimed ? [{ policy, labels, near: undefined }] : [];
  });
}

/** Its name, or the port that it opens, says PostgreSQL. */
function isAimed({ resource, ingress }: NetworkPolicy, { port, workload }: ServedPod): boolean {
  if (/postgres|pgsql|(?:^|-)pg(?:-|$)/.test(resource.name) || resource.name.includes(workload.resource.name))
    return true;
  return ingress.some(rule => rule.ports?.some(p => p.port === port) === true);
}

function selectorText({ requirements }: Selector): string {
  return requirements
    .map(r => (r.operator === 'In' ? `${r.key}=${r.values.join('|')}` : `${r.key} (${r.operator})`))
    .join(', ');
}

export interface UnmatchedPeer {
  readonly policy: NetworkPolicy;
  readonly peer: PolicyPeer;
  readonly labels: string;
  readonly served: ServedPod;
}

/** Peers that are admitted to a server, of the same namespace, and cover no workload of a complete environment. */
export function unmatchedPeers(environment: Environment): readonly UnmatchedPeer[] {
  const seen = new Set<PolicyPeer>();
  return servedPods(environment).flatMap(served =>
    policiesOf(environment, served.pod, 'Ingress').flatMap(policy =>
      policy.ingress
        .filter(rule => coversServer(rule, served))
        .flatMap(rule => rule.peers ?? [])
        .flatMap((peer): readonly UnmatchedPeer[] => {
          const selector = readSelector(peer.podSelector);
          if (!isWhole(environment, podKinds, policy.resource.namespace)) return [];
          if (selector === undefined || peer.namespaceSelector !== undefined || selector.requirements.length === 0)
            return [];
          if (seen.has(peer) || peersOf(environment, policy, peer).length > 0) return [];
          seen.add(peer);
          return [{ policy, peer, labels: selectorText(selector), served }];
        }),
    ),
  );
}

export interface WrongPort {
  readonly policy: NetworkPolicy;
  readonly port: PolicyPort;
  readonly served: ServedPod;
  readonly reason: 'protocol' | 'undefined' | 'service' | 'other';
}

/** Ports that policies open beside the one that a server listens on, which none of them opens. */
export function wrongPorts(environment: Environment): readonly WrongPort[] {
  return servedPods(environment).flatMap(served => {
    const { pod, port } = served;
    const open = judge(
      environment.policies,
      pod,
      'Ingress',
      (_, rule) => rule.ports === undefined || some(rule.ports.map(p => matchesPort(p, port, 'TCP', pod.ports))),
    );
    if (open.allowed !== false) return [];
    return open.isolatedBy
      .flatMap(policy =>
        policy.ingress.flatMap(rule => (rule.ports ?? []).map(written => ({ policy, port: written, served }))),
      )
      .flatMap(wrong => {
        const reason = reasonOf(environment, served, wrong.port);
        return reason === undefined ? [] : [{ ...wrong, reason }];
      });
  });
}

/** Why a port was surely meant for the server; undefined where it may be another container's. */
function reasonOf(
  { services }: Environment,
  { pod, port, workload }: ServedPod,
  written: PolicyPort,
): WrongPort['reason'] | undefined {
  if (written.protocol !== 'TCP') return written.port === port && written.protocol === 'UDP' ? 'protocol' : undefined;
  if (typeof written.port === 'string') {
    return pod.ports.some(p => p.name === written.port) ? undefined : 'undefined';
  }
  if (written.port === undefined || pod.ports.some(p => valueOf(p.port) === written.port)) return undefined;
  const isService = servicesTo(workload, services).some(s =>
    s.ports.some(p => valueOf(p.port) === written.port && valueOf(targetPort(p, workload.pod)) === port),
  );
  if (isService) return 'service';
  return pod.ports.some(p => valueOf(p.port) === port) && Math.abs(written.port - port) < 10 ? 'other' : undefined;
}

export interface Unresolved {
  readonly policy: NetworkPolicy;
  readonly workload: Workload;
  /** A name that the pods have to look up. */
  readonly host: Known<string> | undefined;
  readonly blocked: 'both' | 'UDP' | 'TCP';
  readonly severity: Severity;
}

/** Pods of PostgreSQL and its clients that use names and may not ask for them. */
export function namesWithoutDns(environment: Environment): readonly Unresolved[] {
  const { connections, policies, resources } = environment;
  const served = servedPods(environment);
  const workloads = new Set([...served.map(s => s.workload), ...connections.map(c => c.workload)]);
  return [...workloads].flatMap((workload): readonly Unresolved[] => {
    const pod = podIdentity(workload, resources);
    const [policy] = policiesOf(environment, pod, 'Egress');
    if (policy === undefined || isIsolated(policies, pod, 'Egress') !== true) return [];
    const { udp, tcp } = allowsDns(policies, pod);
    const blocked = udp === 'blocked' ? (tcp === 'blocked' ? 'both' : 'UDP') : tcp === 'blocked' ? 'TCP' : undefined;
    if (blocked === undefined || (blocked !== 'both' && (udp === 'unknown' || tcp === 'unknown'))) return [];
    const host = connections
      .filter(c => c.workload === workload)
      .map(c => c.host)
      .find(isName);
    const own = served.find(s => s.workload === workload);
    const several = own !== undefined && (valueOf(own.server.replicas) ?? 1) > 1;
    // A single primary that only answers looks nothing up.
    if (host === undefined && !several && !(own !== undefined && replicates(environment, own))) return [];
    const sure = host !== undefined || (own !== undefined && replicates(environment, own));
    return [{ policy, workload, host, blocked, severity: blocked !== 'both' ? 'info' : sure ? 'error' : 'warning' }];
  });
}

/** A host that has to be looked up: no address, no socket, not the pod itself. */
function isName(host: { readonly state: string; readonly value?: string }): host is Known<string> {
  const { value } = host;
  return host.state === 'known' && value !== undefined && !/^[\d.]+$|:|^\/|^localhost$/.test(value);
}

export interface ReplyRule {
  readonly policy: NetworkPolicy;
  readonly rule: PolicyRule;
  readonly served: ServedPod;
  readonly labels: string;
}

/** Egress rules to the port of the server itself whose peers are its clients, and serve nothing there. */
export function replyRules(environment: Environment): readonly ReplyRule[] {
  const served = servedPods(environment);
  return served.flatMap(own =>
    policiesOf(environment, own.pod, 'Egress').flatMap(policy => {
      const clients = policy.ingress.filter(rule => coversServer(rule, own)).flatMap(rule => rule.peers ?? []);
      return policy.egress.flatMap((rule): readonly ReplyRule[] => {
        const { peers, ports } = rule;
        if (
          peers === undefined ||
          ports === undefined ||
          !ports.every(p => p.port === own.port && p.protocol === 'TCP')
        )
          return [];
        const isReply = peers.every(peer => {
          const selector = readSelector(peer.podSelector);
          if (selector === undefined || selector.requirements.length === 0) return false;
          if (!clients.some(client => peerKey(client) === peerKey(peer))) return false;
          return !peersOf(environment, policy, peer).some(
            w => servesPort(w, own.port) || served.some(s => s.workload === w),
          );
        });
        if (!isReply) return [];
        const labels = peers
          .flatMap(p => readSelector(p.podSelector) ?? [])
          .map(selectorText)
          .join('; ');
        return [{ policy, rule, served: own, labels }];
      });
    }),
  );
}

const servesPort = ({ pod }: Workload, port: number) =>
  pod.containers.some(c => c.ports.some(p => valueOf(p.port) === port));

function peerKey({ podSelector, namespaceSelector }: PolicyPeer): string {
  return [podSelector, namespaceSelector]
    .map(node => {
      const selector = readSelector(node);
      return selector === undefined
        ? ''
        : selector.requirements
            .map(r => `${r.key} ${r.operator} ${[...r.values].sort().join(',')}`)
            .sort()
            .join('&');
    })
    .join('|');
}
