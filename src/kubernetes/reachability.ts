/** Who may talk to whom under the NetworkPolicies of an environment. */
import { valueOf } from '../types.ts';
import { get, getBoolean, isPlaceholder } from '../yaml/node.ts';
import {
  type Direction,
  type NetworkPolicy,
  type PolicyPeer,
  type PolicyPort,
  type PolicyRule,
  ciliumKey,
  ciliumSelector,
} from './network.ts';
import { runtimeLabels } from './pod-labels.ts';
import { type Labels, type Resource, readLabels, sameNamespace } from './resource.ts';
import { type Answer, every, matches, readSelector, some } from './selector.ts';
import { once } from '../once.ts';
import { namedPort } from './service.ts';
import type { ContainerPort, Workload } from './workload.ts';

/** A pod as policies see it. */
export interface PodIdentity {
  readonly labels: Labels;
  /** Undefined where nothing says: it may be any. */
  readonly namespace: string | undefined;
  /** Named ones resolve the names in policies. */
  readonly ports: readonly ContainerPort[];
  /** Labels that only the running pod has. */
  readonly runtimeLabels?: ReadonlySet<string> | undefined;
  /** Labels of its Namespace object; undefined where that is not here. */
  readonly namespaceLabels?: Labels | undefined;
  /** It uses the node's network, where policies may or may not apply. */
  readonly hostNetwork?: boolean | undefined;
}

/** Namespace objects by name. */
const namespacesIn = once(
  (resources: readonly Resource[]) =>
    new Map(resources.filter(r => r.kind === 'Namespace').map(r => [r.name, r] as const)),
);

/** The identity of a workload's pods; Namespace objects among `resources` give the labels of its namespace. */
export function podIdentity(workload: Workload, resources: readonly Resource[] = []): PodIdentity {
  const { namespace } = workload.resource;
  const object = namespacesIn(resources).get(namespace ?? '');
  return {
    labels: workload.pod.labels,
    namespace,
    ports: workload.pod.containers.flatMap(c => (c.role === 'init' ? [] : c.ports)),
    runtimeLabels: runtimeLabels(workload),
    namespaceLabels: object && readLabels(get(object.root, 'metadata', 'labels')),
    hostNetwork: getBoolean(workload.pod.spec, 'hostNetwork') ?? false,
  };
}

/** Whether a policy selects a pod; for one of another API (`coversUnknown`) false or unknown, never true. */
export function selects(policy: NetworkPolicy, pod: PodIdentity): Answer {
  if (policy.coversUnknown) return selectsForeign(policy, pod);
  if (!sameNamespace(policy.resource.namespace, pod.namespace)) return false;
  const selector = readSelector(policy.podSelector);
  const answer = selector === undefined || matches(selector, pod.labels, pod.runtimeLabels);
  return answer === true && pod.hostNetwork === true ? 'unknown' : answer;
}

function selectsForeign(policy: NetworkPolicy, pod: PodIdentity): Answer {
  const { namespace } = policy.resource;
  // Cluster-wide kinds have no namespace, which matches any.
  if (!sameNamespace(namespace, pod.namespace)) return false;
  const selector = readSelector(ciliumSelector(policy));
  const plain = selector?.requirements.flatMap(r => {
    const key = ciliumKey(r.key);
    // Cilium derives labels of its own from the namespace and the service account.
    return key === undefined || key.startsWith('io.') ? [] : [{ ...r, key }];
  });
  if (plain === undefined) return 'unknown';
  return matches({ requirements: plain, malformed: false }, pod.labels, pod.runtimeLabels) === false
    ? false
    : 'unknown';
}

/** Whether some policy isolates a pod in a direction: only what a rule allows may then pass. */
export function isIsolated(policies: readonly NetworkPolicy[], pod: PodIdentity, direction: Direction): Answer {
  return some(policies.map(policy => isolates(policy, pod, direction)));
}

function isolates(policy: NetworkPolicy, pod: PodIdentity, direction: Direction): Answer {
  return policy.coversUnknown || policy.directions.includes(direction) ? selects(policy, pod) : false;
}

/** What the policies of one end say of a connection. */
export interface Verdict {
  readonly allowed: Answer;
  /** The policies that surely isolate this end in this direction. */
  readonly isolatedBy: readonly NetworkPolicy[];
  /** A rule that surely allows it; undefined where none does or none is needed. */
  readonly allowedBy: PolicyRule | undefined;
}

export interface Reachability {
  readonly allowed: Answer;
  readonly ingress: Verdict;
  readonly egress: Verdict;
  /** The policies that isolate an end which surely refuses; empty unless `allowed` is false. */
  readonly blockedBy: readonly NetworkPolicy[];
  /** The end that surely refuses; the receiver's where both do. */
  readonly direction: Direction | undefined;
}

/**
 * Whether `from` may open a connection to a port of `to` (the pod's port, not the Service's; undefined where not known).
 * Policies are a union; replies need no rule. Unknown where an address block, a label of a namespace that is not here, a
 * placeholder or a policy of another API decides.
 */
export function mayConnect(
  policies: readonly NetworkPolicy[],
  from: PodIdentity,
  to: PodIdentity,
  port: number | undefined,
  protocol = 'TCP',
): Reachability {
  const allowsPorts = (rule: PolicyRule) => coversPort(rule, port, protocol, to.ports);
  const ingress = judge(policies, to, 'Ingress', (policy, rule) =>
    every([peersOf(policy, rule, from), allowsPorts(rule)]),
  );
  const egress = judge(policies, from, 'Egress', (policy, rule) =>
    every([peersOf(policy, rule, to), allowsPorts(rule)]),
  );
  const refused = ingress.allowed === false ? 'Ingress' : egress.allowed === false ? 'Egress' : undefined;
  return {
    allowed: every([ingress.allowed, egress.allowed]),
    ingress,
    egress,
    blockedBy: [ingress, egress].flatMap(verdict => (verdict.allowed === false ? verdict.isolatedBy : [])),
    direction: refused,
  };
}

type Allows = (policy: NetworkPolicy, rule: PolicyRule) => Answer;

/** What the policies of one end say, given what each rule allows. */
export function judge(
  policies: readonly NetworkPolicy[],
  pod: PodIdentity,
  direction: Direction,
  allows: Allows,
): Verdict {
  const covering = policies
    .map(policy => ({ policy, isolates: isolates(policy, pod, direction) }))
    .filter(covered => covered.isolates !== false)
    .map(covered => {
      const rules = direction === 'Ingress' ? covered.policy.ingress : covered.policy.egress;
      const answers = rules.map(rule => ({ rule, answer: allows(covered.policy, rule) }));
      const allowed: Answer = covered.policy.coversUnknown ? 'unknown' : some(answers.map(a => a.answer));
      return { ...covered, allowed, by: answers.find(a => a.answer === true)?.rule };
    });
  const certain = covering.filter(covered => covered.isolates === true);
  const possible = covering.filter(covered => covered.isolates === 'unknown');
  const allowed = combine(
    certain.map(c => c.allowed),
    possible.map(c => c.allowed),
  );
  return {
    // Unlike Kubernetes' own policies, those of other APIs may deny what another one allows.
    allowed: allowed && possible.some(c => c.policy.coversUnknown) ? 'unknown' : allowed,
    isolatedBy: certain.map(covered => covered.policy),
    allowedBy: certain.find(covered => covered.allowed === true)?.by,
  };
}

/** `certain`: what the policies that surely isolate allow; `possible`: what those that perhaps do would allow. */
function combine(certain: readonly Answer[], possible: readonly Answer[]): Answer {
  if (certain.includes(true)) return true;
  if (certain.length === 0) return every(possible) === true ? true : 'unknown';
  // One that perhaps isolates too can only add permission.
  return some([...certain, ...possible]) === false ? false : 'unknown';
}

function peersOf(policy: NetworkPolicy, rule: PolicyRule, peer: PodIdentity): Answer {
  return rule.peers === undefined || some(rule.peers.map(p => coversPeer(p, policy.resource.namespace, peer)));
}

/** Whether a peer of a rule covers a pod; `namespace` is the policy's own. */
export function coversPeer(peer: PolicyPeer, namespace: string | undefined, pod: PodIdentity): Answer {
  // The addresses of pods are not known before they run.
  if (peer.ipBlock !== undefined) return 'unknown';
  const pods = readSelector(peer.podSelector);
  const namespaces = readSelector(peer.namespaceSelector);
  if (pods === undefined && namespaces === undefined) return 'unknown';
  return every([
    namespaces === undefined ? sameNamespace(namespace, pod.namespace) : coversNamespace(peer, pod),
    pods === undefined || matches(pods, pod.labels, pod.runtimeLabels),
  ]);
}

const nameLabel = 'kubernetes.io/metadata.name';

/** Whether the `namespaceSelector` of a peer covers a pod's namespace. */
export function coversNamespace(peer: PolicyPeer, { namespace, namespaceLabels }: PodIdentity): Answer {
  const selector = readSelector(peer.namespaceSelector);
  const implied: Labels = namespace === undefined ? {} : { [nameLabel]: namespace };
  const keys = selector?.requirements.map(r => r.key) ?? [];
  const open = new Set(namespaceLabels === undefined ? keys.filter(key => key !== nameLabel) : []);
  if (namespace === undefined) open.add(nameLabel);
  return matches(selector, { ...namespaceLabels, ...implied }, open);
}

function coversPort(
  rule: PolicyRule,
  port: number | undefined,
  protocol: string,
  ports: readonly ContainerPort[],
): Answer {
  return rule.ports === undefined || some(rule.ports.map(p => matchesPort(p, port, protocol, ports)));
}

/** Whether a port of a rule covers a port of a pod with these container ports; names resolve among them. */
export function matchesPort(
  written: PolicyPort,
  port: number | undefined,
  protocol: string,
  ports: readonly ContainerPort[],
): Answer {
  if (isPlaceholder(written.protocol)) return 'unknown';
  if (written.protocol !== protocol) return false;
  if (written.port === undefined) return true;
  if (port === undefined) return 'unknown';
  if (typeof written.port === 'number') return port >= written.port && port <= (written.endPort ?? written.port);
  if (isPlaceholder(written.port)) return 'unknown';
  const named = namedPort(written.port, protocol, ports);
  if (named === undefined) return false;
  return named.state === 'known' ? valueOf(named) === port : 'unknown';
}
