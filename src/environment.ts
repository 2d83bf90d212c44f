/** Everything that goes to one API server: names, selectors and policies resolve here. */
import { type Coverage, covers } from './cluster/coverage.ts';
import type { NetworkPolicy } from './kubernetes/network.ts';
import { type Resource, sameNamespace } from './kubernetes/resource.ts';
import type { Service } from './kubernetes/service.ts';
import type { Container, Workload } from './kubernetes/workload.ts';
import { once } from './once.ts';
import type { Server } from './postgres/server.ts';
import type { Fact, Location } from './types.ts';

export interface Environment {
  /** The directory or build that it stands for; empty for the only one. */
  readonly name: string;
  /**
   * Nothing of it can be elsewhere: the whole repository (or an export) was read, nothing was skipped, remote or unbuilt.
   * "Missing" and "undefined" findings need this, or an explicit partner beside the gap.
   */
  readonly complete: boolean;
  /** It was read from a cluster, and these kinds of it in full; undefined for files of a repository. */
  readonly exported?: Coverage | undefined;
  readonly resources: readonly Resource[];
  readonly workloads: readonly Workload[];
  readonly servers: readonly Server[];
  readonly services: readonly Service[];
  readonly policies: readonly NetworkPolicy[];
  readonly connections: readonly Connection[];
  /** Names that configuration says exist elsewhere: `Secret/postgres-password`, with `*`. */
  readonly external: readonly string[];
}

/** A container that talks to a PostgreSQL host, as its environment, arguments or connection strings say. */
export interface Connection {
  readonly workload: Workload;
  readonly container: Container;
  readonly role: 'standby' | 'pooler' | 'exporter' | 'backup' | 'application';
  /** The host name, or address, and where it is written. */
  readonly host: Fact<string>;
  readonly port: Fact<number>;
  readonly user: Fact<string>;
  readonly database: Fact<string>;
  readonly sslmode: Fact<string>;
  /** Where the connection is declared: what to point at. */
  readonly at: Location;
  /** The Service that the host names, and the server behind it, when both are here. */
  readonly service: Service | undefined;
  readonly server: Server | undefined;
}

/** Whether what is not here of these kinds (in this namespace) does not exist: of a cluster no more is known than was exported. */
export function isWhole(environment: Environment, kinds: readonly string[], namespace: string | undefined): boolean {
  const { complete, exported } = environment;
  return complete || (exported !== undefined && kinds.every(kind => covers(exported, kind, namespace)));
}

/** The objects of a kind (and name, and namespace) in an environment. */
export function find(environment: Environment, kind: string, name?: string, namespace?: string): readonly Resource[] {
  return (byKind(environment).get(kind) ?? []).filter(
    r => (name === undefined || r.name === name) && sameNamespace(r.namespace, namespace),
  );
}

const byKind = once((environment: Environment) => {
  const kinds = new Map<string, Resource[]>();
  for (const resource of environment.resources) {
    const same = kinds.get(resource.kind);
    if (same === undefined) kinds.set(resource.kind, [resource]);
    else same.push(resource);
  }
  return kinds;
});
