/** Where host names of a StatefulSet's pods are used: `orders-0`, `orders-0.orders`, `orders-0.orders.prod.svc`. */
import type { Environment } from '../environment.ts';
import { connectionStrings } from '../formats/connection-string.ts';
import { grouped } from '../grouped.ts';
import { sameNamespace } from '../kubernetes/resource.ts';
import type { Workload } from '../kubernetes/workload.ts';
import { once } from '../once.ts';
import { locate } from '../text-region.ts';
import type { Location } from '../types.ts';
import type { Server } from './server.ts';

export interface PodHost {
  /** As written. */
  readonly host: string;
  readonly ordinal: number;
  /** What follows the pod's name: the governing Service, first of all; undefined for the bare name. */
  readonly service: string | undefined;
  readonly at: Location;
  /** Whose container or script uses it. */
  readonly user: Workload | undefined;
}

/**
 * The hosts of connections, and of the connection strings in scripts, that name a pod of the workload: the bare name from
 * its own namespace alone.
 */
export function podHosts(environment: Environment, workload: Workload): readonly PodHost[] {
  const { name, namespace } = workload.resource;
  const found = (podUses(environment).get(name) ?? []).flatMap(({ host, ordinal, service, at, user }) => {
    const isNear = user === undefined || sameNamespace(user.resource.namespace, namespace);
    return isNear || host.includes('.') ? [{ host, ordinal, service, at, user }] : [];
  });
  return found.filter((h, i) => found.findIndex(o => o.at.path === h.at.path && o.at.start === h.at.start) === i);
}

/** Every host that may be a pod's, by the name that its StatefulSet then has. */
const podUses = once(({ connections, servers }: Environment) =>
  grouped(
    [...ofConnections(connections), ...servers.flatMap(ofScripts)].flatMap(use => {
      const [, name, ordinal, service] = /^([^.]+)-(\d+)(?:\.([^.]+)(?:\..*)?)?$/.exec(use.host) ?? [];
      return name === undefined ? [] : [{ ...use, name, ordinal: Number(ordinal), service }];
    }),
    use => use.name,
  ),
);

interface Use {
  readonly host: string;
  readonly at: Location;
  readonly user: Workload | undefined;
}

const ofConnections = (connections: Environment['connections']): readonly Use[] =>
  connections.flatMap(({ host, workload }) =>
    host.state === 'known' ? [{ host: host.value, at: host.at, user: workload }] : [],
  );

const ofScripts = ({ scripts, workload }: Server): readonly Use[] =>
  scripts.flatMap(({ region }) =>
    connectionStrings(region.text).flatMap(({ hosts }) =>
      hosts.flatMap(part =>
        part.literal ? [{ host: part.text, at: locate(region, part.start, part.end), user: workload }] : [],
      ),
    ),
  );
