/** The superuser that the official image creates, and the clients that log in as it. */
import type { Connection, Environment } from '../environment.ts';
import { type Fact, type Location, absent, known } from '../types.ts';
import type { Server } from './server.ts';

export interface Superuser {
  /** Undefined where it comes from a Secret. */
  readonly name: string | undefined;
  /** Where to point: POSTGRES_USER, or the first client's user. */
  readonly at: Location | undefined;
  /** POSTGRES_USER gives a name that is no administrator's. */
  readonly chosen: boolean;
  /** Applications, poolers and exporters that surely log in as it. */
  readonly clients: readonly Connection[];
}

/** Undefined where the image is not known to make POSTGRES_USER a superuser. */
export function superuserOf(server: Server, environment: Environment): Superuser | undefined {
  const { container, image } = server;
  if (container === undefined || image.family !== 'official') return undefined;
  const variable = container.environment.findLast(v => v.name === 'POSTGRES_USER');
  const role: Fact<string> =
    variable?.value ?? (container.environmentOpen ? absent(container.at) : known('postgres', container.at));
  const clients = environment.connections.filter(
    c => c.server === server && logsIn(c) && role.state !== 'absent' && isSame(c.user, role),
  );
  const name = role.state === 'known' ? role.value : undefined;
  return {
    name,
    at:
      variable === undefined ? (clients[0]?.user.at ?? clients[0]?.at) : role.state === 'known' ? role.at : variable.at,
    chosen: variable !== undefined && name !== undefined && name !== '' && !administrator.test(name),
    clients,
  };
}

const administrator =
  /^(?:postgres|postgresql|pg|pgsql|(?:db|pg|postgres|sys|super)?[-_]?(?:admin|administrator|root|superuser|su|sa|dba|master|owner))$/i;

/** Dumps, standbys, Jobs that prepare a database and containers that only wait for it are no applications. */
function logsIn({ role, workload, container }: Connection): boolean {
  if (role === 'backup' || role === 'standby' || container.role === 'init') return false;
  return workload.kind !== 'Job' && workload.kind !== 'CronJob';
}

/** Equal texts, or the same key of the same Secret. */
function isSame(a: Fact<string>, b: Fact<string>): boolean {
  if (a.state === 'known' && b.state === 'known') return a.value === b.value;
  return (
    a.state === 'unknown' &&
    b.state === 'unknown' &&
    a.at !== undefined &&
    a.at.path === b.at?.path &&
    a.at.start === b.at.start
  );
}
