/** A Service: what it selects and where it sends. */
import { grouped } from '../grouped.ts';
import { once } from '../once.ts';
import { type Fact, type Location, absent, known, unknown, valueOf } from '../types.ts';
import { type MapNode, get, getItems, getScalar, getText, isPlaceholder, textFact } from '../yaml/node.ts';
import { integerFact } from './facts.ts';
import { runtimeLabels } from './pod-labels.ts';
import { type Labels, type Resource, groupOf, readLabels, sameNamespace } from './resource.ts';
import { type Answer, matches, readEqualities } from './selector.ts';
import type { ContainerPort, Pod, Workload } from './workload.ts';

export interface Service {
  readonly resource: Resource;
  /** Undefined for a Service without a selector (an empty one counts as none), and for an ExternalName. */
  readonly selector: Labels | undefined;
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  readonly headless: boolean;
  readonly ports: readonly ServicePort[];
  /** Where to point for what exposes it: the value of `type`, or the name. */
  readonly at: Location;
}

export interface ServicePort {
  readonly name: string | undefined;
  readonly port: Fact<number>;
  /** A number or the name of a container port; the port itself where it is not written. */
  readonly targetPort: Fact<string>;
  readonly nodePort: number | undefined;
  readonly protocol: string;
  readonly at: Location;
}

const types: readonly string[] = ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'] satisfies Service['type'][];

/** The Service of an object; undefined for other kinds (also for those of Knative, that share the name). */
export function readService(resource: Resource): Service | undefined {
  if (resource.kind !== 'Service' || groupOf(resource) !== '') return undefined;
  const { root } = resource;
  const written = getScalar(root, 'spec', 'type');
  const type = types.includes(written?.text ?? '') ? (written?.text as Service['type']) : 'ClusterIP';
  const selector = readLabels(get(root, 'spec', 'selector'));
  const addresses = [getText(root, 'spec', 'clusterIP'), ...getItems(root, 'spec', 'clusterIPs').map(n => getText(n))];
  return {
    resource,
    selector: type === 'ExternalName' || Object.keys(selector).length === 0 ? undefined : selector,
    type,
    headless: addresses.includes('None'),
    ports: getItems(root, 'spec', 'ports').flatMap(node => (node.kind === 'map' ? [readPort(node)] : [])),
    at: written ?? resource.at,
  };
}

function readPort(node: MapNode): ServicePort {
  const port = integerFact(node, 'port');
  const target = textFact(node, 'targetPort');
  return {
    name: getText(node, 'name'),
    port,
    targetPort: isUnset(target) && port.state === 'known' ? known(String(port.value), port.at) : target,
    nodePort: valueOf(integerFact(node, 'nodePort')),
    protocol: getText(node, 'protocol') ?? 'TCP',
    at: getScalar(node, 'port') ?? node.entries[0]?.key ?? node,
  };
}

/** The API takes 0 and the empty text for a target that is not written. */
function isUnset(target: Fact<string>): boolean {
  return target.state === 'absent' || (target.state === 'known' && (target.value === '0' || target.value === ''));
}

/**
 * Whether a Service sends to pods of a workload. Unknown where labels are filled in later, or are given to the running
 * pod (`statefulset.kubernetes.io/pod-name`, the role labels of Patroni).
 */
export function selectsPods(service: Service, workload: Workload): Answer {
  if (service.selector === undefined) return false;
  if (!sameNamespace(service.resource.namespace, workload.resource.namespace)) return false;
  return matches(requirementsOf(service), workload.pod.labels, runtimeLabels(workload));
}

const requirementsOf = once((service: Service) => readEqualities(get(service.resource.root, 'spec', 'selector')));

/** The Services among `services`, in their order, that send to pods of a workload (or may, for the answer `unknown`). */
export function servicesTo(
  workload: Workload,
  services: readonly Service[],
  answer: true | 'unknown' = true,
): readonly Service[] {
  return candidates(workload, services).filter(s => selectsPods(s, workload) === answer);
}

/** All that can select the workload, and few more: to look at every Service for every server takes the square of their number. */
function candidates(workload: Workload, services: readonly Service[]): readonly Service[] {
  const labels = Object.entries(workload.pod.labels);
  if (labels.flat().some(isPlaceholder)) return services;
  const entries = bySelector(services);
  const asked = [anyLabel, ...labels.map(([key, value]) => `${key}=${value}`), ...runtimeLabels(workload)];
  const found = asked.flatMap(key => entries.get(key) ?? []).sort((a, b) => a.position - b.position);
  return found.filter(({ position }, i) => position !== found[i - 1]?.position).map(({ service }) => service);
}

/** What pods may have to be selected: one of the labels that a selector asks for, as `key=value` and as `key`. */
const bySelector = once((services: readonly Service[]) =>
  grouped(
    services.flatMap((service, position) => {
      const [first] = requirementsOf(service)?.requirements ?? [];
      const isOpen = first === undefined || isPlaceholder(first.key) || first.values.some(isPlaceholder);
      const keys = isOpen ? [anyLabel] : [first.key, ...first.values.map(value => `${first.key}=${value}`)];
      return keys.map(key => ({ key, service, position }));
    }),
    ({ key }) => key,
  ),
);

const anyLabel = '*';

/**
 * The ports of a pod at which a connection to `port` of a Service ends. A headless Service translates nothing: clients
 * reach the pod at the port that they name. None where the Service has no such port, or names no pods (ExternalName).
 */
export function targetPorts(service: Service, port: number, pod: Pod): readonly Fact<number>[] {
  if (service.type === 'ExternalName') return [];
  if (service.headless) return [known(port, service.at)];
  return service.ports
    .filter(p => p.port.state === 'unknown' || valueOf(p.port) === port)
    .map(p => (p.port.state === 'unknown' ? unknown(p.port.reason, p.at) : targetPort(p, pod)));
}

/** The port number in the pod that a Service's port names: absent where no container has a port of that name. */
export function targetPort(port: ServicePort, pod: Pod): Fact<number> {
  const { targetPort: target } = port;
  if (target.state !== 'known') return target;
  if (/^\d+$/.test(target.value)) return known(Number(target.value), target.at);
  return (
    namedPort(
      target.value,
      port.protocol,
      pod.containers.flatMap(c => (c.role === 'init' ? [] : c.ports)),
    ) ?? absent(target.at)
  );
}

/** The number of the container port with a name and protocol; undefined where there is none. */
export function namedPort(name: string, protocol: string, ports: readonly ContainerPort[]): Fact<number> | undefined {
  const found = ports.find(p => p.name === name && p.protocol === protocol)?.port;
  if (found !== undefined || !ports.some(p => p.name !== undefined && isPlaceholder(p.name))) return found;
  return unknown(`the port "${name}" may be filled in later`);
}

/** The Endpoints and EndpointSlices that say where a Service without a selector sends. */
export function endpointsOf(service: Service, resources: readonly Resource[]): readonly Resource[] {
  const { name, namespace } = service.resource;
  return resources.filter(
    r =>
      sameNamespace(r.namespace, namespace) &&
      ((r.kind === 'Endpoints' && r.name === name) ||
        (r.kind === 'EndpointSlice' && r.labels['kubernetes.io/service-name'] === name)),
  );
}
