/** How far a Service can be reached from outside the cluster. */
import type { Location } from '../types.ts';
import { entry, getItems, getScalar, getText, isPlaceholder } from '../yaml/node.ts';
import type { Service } from './service.ts';

export interface Exposure {
  readonly kind: 'load-balancer' | 'node-port' | 'external-ips';
  /**
   * `anywhere`: nothing limits it; `listed`: to ranges that are listed; `private`: an internal load balancer or private
   * addresses; `unknown`: what decides is filled in later.
   */
  readonly reach: 'anywhere' | 'listed' | 'private' | 'unknown';
  readonly at: Location;
}

/** The ways in which a Service is reached from outside; none for a plain ClusterIP. */
export function exposuresOf(service: Service): readonly Exposure[] {
  const { type, at, resource } = service;
  const external = entry(getSpec(service), 'externalIPs');
  const ips = getItems(resource.root, 'spec', 'externalIPs').map(ip => getText(ip) ?? '');
  return [
    ...(type === 'LoadBalancer' ? [{ kind: 'load-balancer' as const, reach: loadBalancerReach(service), at }] : []),
    ...(type === 'NodePort' ? [{ kind: 'node-port' as const, reach: 'anywhere' as const, at }] : []),
    ...(ips.length > 0 && external !== undefined
      ? [{ kind: 'external-ips' as const, reach: addressReach(ips) ?? 'anywhere', at: external.key }]
      : []),
  ];
}

const getSpec = ({ resource }: Service) => entry(resource.root, 'spec')?.value;

function loadBalancerReach({ resource }: Service): Exposure['reach'] {
  const ranges = getItems(resource.root, 'spec', 'loadBalancerSourceRanges').map(r => getText(r) ?? '');
  const source = resource.annotations['service.beta.kubernetes.io/load-balancer-source-ranges']?.split(',') ?? [];
  const listed = [...ranges, ...source].map(r => r.trim()).filter(r => r !== '');
  const byAnnotation = annotationReach(Object.entries(resource.annotations));
  if (byAnnotation !== undefined) return byAnnotation;
  const address = getText(resource.root, 'spec', 'loadBalancerIP');
  const byAddress = address === undefined || address === '' ? undefined : addressReach([address]);
  if (byAddress !== undefined && byAddress !== 'anywhere') return byAddress;
  const className = getText(resource.root, 'spec', 'loadBalancerClass') ?? '';
  if (/tailscale|internal/.test(className)) return 'private';
  if (isPlaceholder(className) || listed.some(isPlaceholder)) return 'unknown';
  return listed.length > 0 && !listed.some(r => r === '0.0.0.0/0' || r === '::/0') ? 'listed' : 'anywhere';
}

/** Annotations of the clouds and of bare-metal balancers that make it internal, or give it an address. */
function annotationReach(annotations: readonly (readonly [string, string])[]): Exposure['reach'] | undefined {
  for (const [key, value] of annotations) {
    const isInternal = /internal/i.test(key) && /^(?:true|yes|0\.0\.0\.0\/0|10\.)/i.test(value);
    if (
      isInternal ||
      (/scheme|load-balancer-type|address-type|network-type|private/i.test(key) &&
        /^(?:internal|intranet|private|true)$/i.test(value))
    )
      return 'private';
    if (/(?:internal|scheme|load-balancer-type)$/i.test(key) && isPlaceholder(value)) return 'unknown';
    if (/loadbalancerips?$|lb-ipam-ips$|lbipam\.cilium\.io\/ips$|load-balancer-ips?$/i.test(key)) {
      const reach = addressReach(value.split(',').map(v => v.trim()));
      if (reach !== 'anywhere') return reach;
    }
    // A pool of addresses of MetalLB or Cilium: which ones is not told here.
    if (/^(?:metallb\.(?:universe\.tf|io)\/address-pool|tailscale\.com\/expose)$/.test(key)) return 'private';
  }
  return undefined;
}

/** Of several addresses the one that reaches farthest; undefined where none is given. */
function addressReach(addresses: readonly string[]): Exposure['reach'] | undefined {
  if (addresses.length === 0) return undefined;
  if (addresses.some(a => isPlaceholder(a) || a.includes('$'))) return 'unknown';
  const isPrivate = (a: string) =>
    /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|127\.|169\.254\.|f[cd][0-9a-f]{2}:)/i.test(
      a,
    );
  return addresses.every(isPrivate) ? 'private' : 'anywhere';
}

/** The port at which each node answers, where the Service writes it. */
export const nodePortOf = (service: Service): number | undefined =>
  service.ports.find(p => p.nodePort !== undefined)?.nodePort;

/** The keys of a Service's spec that the API takes only for types that reach outside. */
export function outsideKeys(service: Service): readonly string[] {
  const spec = getSpec(service);
  return [
    'loadBalancerSourceRanges',
    'loadBalancerClass',
    'loadBalancerIP',
    'externalTrafficPolicy',
    'allocateLoadBalancerNodePorts',
    'healthCheckNodePort',
  ].filter(key => getScalar(spec, key) !== undefined || entry(spec, key) !== undefined);
}
