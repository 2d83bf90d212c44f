/** NetworkPolicies as they are written. Who may talk to whom under them: `reachability.ts`. */
import type { Location } from '../types.ts';
import { type MapNode, type Node, get, getItems, getMap, getScalar, getText } from '../yaml/node.ts';
import { integerFact } from './facts.ts';
import { type Resource, groupOf } from './resource.ts';

export interface NetworkPolicy {
  readonly resource: Resource;
  /** `spec.podSelector`; an empty one, or none, selects every pod of the namespace. */
  readonly podSelector: Node | undefined;
  /** The directions that it isolates, with the API's defaulting where `policyTypes` is not written. */
  readonly directions: readonly Direction[];
  readonly ingress: readonly PolicyRule[];
  readonly egress: readonly PolicyRule[];
  /**
   * A policy of Cilium, Calico or another API: it may select any pod and allow or deny anything. It has no directions
   * and no rules here, and `selects` never says true of it.
   */
  readonly coversUnknown: boolean;
  /** Where to point for the whole: the policy's name. */
  readonly at: Location;
}
export type Direction = 'Ingress' | 'Egress';

export interface PolicyRule {
  readonly node: MapNode | undefined;
  readonly at: Location;
  /** Undefined = every peer (`from`/`to` is absent or empty). */
  readonly peers: readonly PolicyPeer[] | undefined;
  /** Undefined = every port. */
  readonly ports: readonly PolicyPort[] | undefined;
}
export interface PolicyPeer {
  readonly node: Node;
  readonly podSelector: Node | undefined;
  readonly namespaceSelector: Node | undefined;
  readonly ipBlock: MapNode | undefined;
}
export interface PolicyPort {
  readonly at: Location;
  readonly protocol: string;
  /** A number, a port's name, or undefined for every port. */
  readonly port: number | string | undefined;
  readonly endPort: number | undefined;
}

/** Kinds of other APIs that rule over pod traffic, with their groups. */
const foreign: ReadonlyMap<string, readonly string[]> = new Map([
  ['cilium.io', ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy']],
  ['projectcalico.org', ['NetworkPolicy', 'GlobalNetworkPolicy', 'StagedNetworkPolicy', 'Tier']],
  ['crd.projectcalico.org', ['NetworkPolicy', 'GlobalNetworkPolicy', 'Tier']],
  ['policy.networking.k8s.io', ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'ClusterNetworkPolicy']],
  ['crd.antrea.io', ['NetworkPolicy', 'ClusterNetworkPolicy']],
  ['k8s.ovn.org', ['EgressFirewall']],
]);

/** The policy of an object: Kubernetes' own, or one of another API (`coversUnknown`). Undefined for other kinds. */
export function readNetworkPolicy(resource: Resource): NetworkPolicy | undefined {
  const { root, kind } = resource;
  const group = groupOf(resource);
  const whole = { resource, at: resource.at };
  if (foreign.get(group)?.includes(kind)) {
    return { ...whole, podSelector: undefined, directions: [], ingress: [], egress: [], coversUnknown: true };
  }
  if (kind !== 'NetworkPolicy' || !['networking.k8s.io', 'extensions', ''].includes(group)) return undefined;
  const egress = readRules(root, 'egress', 'to');
  return {
    ...whole,
    podSelector: get(root, 'spec', 'podSelector'),
    directions: directionsOf(root, egress.length > 0),
    ingress: readRules(root, 'ingress', 'from'),
    egress,
    coversUnknown: false,
  };
}

/** Without `policyTypes` a policy isolates ingress, and egress when it has egress rules (an empty list has none). */
function directionsOf(root: MapNode, hasEgressRules: boolean): readonly Direction[] {
  const written = getItems(root, 'spec', 'policyTypes').map(node => getText(node));
  if (written.length === 0) return hasEgressRules ? ['Ingress', 'Egress'] : ['Ingress'];
  return (['Ingress', 'Egress'] as const).filter(direction => written.includes(direction));
}

function readRules(root: MapNode, direction: 'ingress' | 'egress', peers: 'from' | 'to'): readonly PolicyRule[] {
  return getItems(root, 'spec', direction).map(node => ({
    node: getMap(node),
    at: (node.kind === 'map' ? node.entries[0]?.key : undefined) ?? node,
    peers: nonEmpty(getItems(node, peers).map(readPeer)),
    ports: nonEmpty(getItems(node, 'ports').map(readPort)),
  }));
}

/** The API takes an empty list for one that is not written: everything. */
function nonEmpty<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items;
}

function readPeer(node: Node): PolicyPeer {
  return {
    node,
    podSelector: presentNode(node, 'podSelector'),
    namespaceSelector: presentNode(node, 'namespaceSelector'),
    ipBlock: getMap(node, 'ipBlock'),
  };
}

function presentNode(node: Node, key: string): Node | undefined {
  const found = get(node, key);
  return found?.kind === 'scalar' && found.value === null ? undefined : found;
}

function readPort(node: Node): PolicyPort {
  const port = getScalar(node, 'port');
  const endPort = integerFact(getMap(node), 'endPort');
  return {
    at: port ?? (node.kind === 'map' ? node.entries[0]?.key : undefined) ?? node,
    protocol: getText(node, 'protocol') ?? 'TCP',
    port: port === undefined ? undefined : /^\d+$/.test(port.text) ? Number(port.text) : port.text,
    endPort: endPort.state === 'known' ? endPort.value : undefined,
  };
}

/** The pods that a Cilium policy selects, as far as it says so by plain labels; undefined for other policies. */
export function ciliumSelector(policy: NetworkPolicy): Node | undefined {
  return policy.coversUnknown && groupOf(policy.resource) === 'cilium.io'
    ? get(policy.resource.root, 'spec', 'endpointSelector')
    : undefined;
}

/** The key of a Cilium label without its source: `k8s:app` is `app`; undefined for labels that are not Kubernetes'. */
export function ciliumKey(key: string): string | undefined {
  const colon = key.indexOf(':');
  if (colon < 0) return key;
  return ['k8s', 'any'].includes(key.slice(0, colon)) ? key.slice(colon + 1) : undefined;
}
