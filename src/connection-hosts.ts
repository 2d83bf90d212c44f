/** Which Service, and which server, the host of a connection means inside the cluster. */
import { grouped } from './grouped.ts';
import { sameNamespace } from './kubernetes/resource.ts';
import type { Service } from './kubernetes/service.ts';
import type { Container, EnvironmentVariable } from './kubernetes/workload.ts';
import { once } from './once.ts';
import type { Server } from './postgres/server.ts';
import { type Fact, known } from './types.ts';
import { getItems, getScalar, getText } from './yaml/node.ts';

/** The Service that a host name reaches from a namespace: `svc`, `svc.ns`, `svc.ns.svc…`, `pod.svc…`. */
export function serviceOf(
  host: string,
  namespace: string | undefined,
  services: readonly Service[],
): Service | undefined {
  const labels = host.toLowerCase().replace(/\.$/, '').split('.');
  const [first, second, third, fourth] = labels;
  const short = labels.length <= 2;
  // A longer name is the cluster's only where it says so, or where its namespace is one that a Service is written in.
  const candidates = [
    { name: first, namespace: second ?? namespace, sure: short || third === 'svc' },
    { name: second, namespace: third ?? namespace, sure: short || fourth === 'svc' },
  ];
  for (const { name, namespace: where, sure } of candidates) {
    if (name === undefined) continue;
    const found = (byName(services).get(name) ?? []).find(({ resource: { namespace: own } }) =>
      sure ? sameNamespace(own, where) : labels.length === 3 && own === where,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

const byName = once((services: readonly Service[]) => grouped(services, s => s.resource.name));

/** The server behind the name of one pod of its StatefulSet, `orders-0`, whose Service is not here. */
export function serverOfPod(
  host: string,
  namespace: string | undefined,
  servers: readonly Server[],
): Server | undefined {
  const name = /^(.+)-\d+$/.exec(host.split('.')[0] ?? '')?.[1];
  if (name === undefined) return undefined;
  return servers.find(
    s =>
      s.workload?.kind === 'StatefulSet' &&
      s.workload.resource.name === name &&
      sameNamespace(s.workload.resource.namespace, namespace),
  );
}

/** The host in `$(POSTGRES_SERVICE_HOST)`, the variable that the kubelet sets for the Service "postgres"; else undefined. */
export function injectedHost(
  variable: EnvironmentVariable,
  container: Container,
  namespace: string | undefined,
  services: readonly Service[],
): Fact<string> | undefined {
  if (variable.value.state !== 'unknown') return undefined;
  const written = getItems(container.node, 'env').findLast(item => getText(item, 'name') === variable.name);
  const value = getScalar(written, 'value');
  const name = /^\$\(([A-Z0-9_]+)_SERVICE_HOST\)$/.exec(value?.text ?? '')?.[1];
  if (value === undefined || name === undefined) return undefined;
  const service = services.find(
    ({ resource }) =>
      resource.name.toUpperCase().replaceAll('-', '_') === name && sameNamespace(resource.namespace, namespace),
  );
  return service === undefined ? undefined : known(service.resource.name, value);
}
