/** Who talks to which PostgreSQL: found in variables, arguments and connection strings. */
import type { Connection } from './environment.ts';
import { type ConnectionPart, connectionStrings } from './formats/connection-string.ts';
import { scriptRegion } from './adapters/kubernetes.ts';
import { commandName, parseShell } from './formats/shell.ts';
import { sameNamespace } from './kubernetes/resource.ts';
import { type Service, selectsPods } from './kubernetes/service.ts';
import type { Container, Workload } from './kubernetes/workload.ts';
import type { Server } from './postgres/server.ts';
import { locate } from './text-region.ts';
import { type Fact, type Location, absent, known, unknown, valueOf } from './types.ts';

const HOST_VARIABLE = /(^|_)(HOST|HOSTNAME|SERVER|ADDR|ADDRESS|ENDPOINT|SERVICE)$/;
const POSTGRES_VARIABLE = /^(PG|POSTGRES|POSTGRESQL|DB_POSTGRES)/;

/** The connections that the containers of `workloads` declare; hosts are resolved against `services` and `servers`. */
export function connectionsOf(
  workloads: readonly Workload[],
  services: readonly Service[],
  servers: readonly Server[],
): readonly Connection[] {
  return workloads.flatMap(workload =>
    workload.pod.containers.flatMap(container => {
      const own = servers.find(s => s.container === container);
      const found = [...fromStrings(container), ...fromVariables(container), ...fromCommands(container)];
      return found
        .map(target => resolve(target, workload, container, services, servers))
        .filter(
          c => (own === undefined || c.server !== own || c.role === 'standby') && (c.server !== undefined || c.sure),
        )
        .filter((c, i, all) => all.findIndex(o => valueOf(o.host) === valueOf(c.host) && o.role === c.role) === i);
    }),
  );
}

interface Target {
  readonly host: Fact<string>;
  readonly port: Fact<number>;
  readonly user: Fact<string>;
  readonly database: Fact<string>;
  readonly sslmode: Fact<string>;
  readonly at: Location;
  /** Surely PostgreSQL, whatever the host is. */
  readonly sure: boolean;
  readonly standby: boolean;
}

function fromStrings(container: Container): readonly Target[] {
  return container.environment.flatMap(variable => {
    const value = variable.value;
    if (value.state !== 'known') return [];
    return connectionStrings(value.value).map(found => {
      const part = (p: ConnectionPart | undefined): Fact<string> =>
        p === undefined ? absent(value.at) : p.literal ? known(p.text, value.at) : unknown('filled in later', value.at);
      const port = found.port?.literal ? Number(found.port.text) : undefined;
      return {
        host: part(found.host),
        port: port === undefined ? absent(value.at) : known(port, value.at),
        user: part(found.user),
        database: part(found.database),
        sslmode: part(found.sslmode),
        at: value.at,
        sure: true,
        standby: false,
      };
    });
  });
}

/** `PGHOST`, `DB_HOST` and their like; a generic name counts only where its host turns out to be a PostgreSQL. */
function fromVariables(container: Container): readonly Target[] {
  const variable = (test: RegExp) => container.environment.find(v => test.test(v.name));
  const fact = (test: RegExp): Fact<string> => variable(test)?.value ?? absent(container.at);
  return container.environment
    .filter(v => HOST_VARIABLE.test(v.name) && v.value.state === 'known' && HOST_NAME.test(v.value.value))
    .map(v => {
      const [host = '', inlinePort] = (valueOf(v.value) ?? '').split(':');
      const prefix = v.name.replace(/_?(HOST|HOSTNAME|SERVER|ADDR|ADDRESS|ENDPOINT|SERVICE)$/, '');
      const named = (suffix: string) => fact(new RegExp(`^${prefix}_?(${suffix})$`));
      const port = inlinePort ?? valueOf(named('PORT'));
      return {
        host: known(host, v.value.at ?? v.at),
        port: port === undefined || !/^\d+$/.test(port) ? absent(v.at) : known(Number(port), v.at),
        user: named('USER|USERNAME'),
        database: named('DB|DATABASE|NAME|DBNAME'),
        sslmode: named('SSLMODE'),
        at: v.value.at ?? v.at,
        sure: POSTGRES_VARIABLE.test(v.name) && !/_SERVICE$/.test(v.name),
        standby: false,
      };
    });
}
const HOST_NAME = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?$/i;

/** `-h host` of PostgreSQL's own clients. */
function fromCommands(container: Container): readonly Target[] {
  const words = [...(valueOf(container.command) ?? []), ...(valueOf(container.args) ?? [])];
  const script = scriptRegion(words);
  if (script === undefined) return [];
  return parseShell(script.text).commands.flatMap(command => {
    const name = commandName(command);
    if (!/^(psql|pg_dump|pg_dumpall|pg_basebackup|pg_isready|pg_restore|createdb|pg_rewind)$/.test(name ?? ''))
      return [];
    const option = (short: string, long: string): Fact<string> => {
      const at = command.words.findIndex(w => w.text === short || w.text === long);
      const inline = command.words.find(
        w => w.text.startsWith(`${long}=`) || (w.text.startsWith(short) && w.text.length > 2),
      );
      const word = at >= 0 ? command.words[at + 1] : inline;
      if (word === undefined) return absent();
      const text =
        at >= 0 ? word.text : word.text.startsWith('--') ? word.text.slice(long.length + 1) : word.text.slice(2);
      const place = locate(script, word.start, word.end);
      return word.literal ? known(text, place) : unknown('filled in by the shell', place);
    };
    const host = option('-h', '--host');
    if (host.state === 'absent') return [];
    const port = option('-p', '--port');
    return [
      {
        host,
        port: port.state === 'known' ? known(Number(port.value), port.at) : absent(),
        user: option('-U', '--username'),
        database: option('-d', '--dbname'),
        sslmode: absent(),
        at: host.at ?? container.at,
        sure: true,
        standby: name === 'pg_basebackup' || name === 'pg_rewind',
      },
    ];
  });
}

function resolve(
  target: Target,
  workload: Workload,
  container: Container,
  services: readonly Service[],
  servers: readonly Server[],
): Connection & { readonly sure: boolean } {
  const service =
    target.host.state === 'known' ? serviceOf(target.host.value, workload.resource.namespace, services) : undefined;
  const server =
    service === undefined
      ? undefined
      : servers.find(s => s.workload !== undefined && selectsPods(service, s.workload) === true);
  return {
    workload,
    container,
    role: roleOf(container, workload, target.standby),
    host: target.host,
    port: target.port,
    user: target.user,
    database: target.database,
    sslmode: target.sslmode,
    at: target.at,
    service,
    server,
    sure: target.sure,
  };
}

/** The Service that a host name reaches from a namespace: `svc`, `svc.ns`, `svc.ns.svc…`, `pod.svc…`. */
export function serviceOf(
  host: string,
  namespace: string | undefined,
  services: readonly Service[],
): Service | undefined {
  const labels = host.toLowerCase().split('.');
  const candidates = [
    { name: labels[0], namespace: labels[1] ?? namespace },
    { name: labels[1], namespace: labels[2] ?? namespace },
  ];
  for (const { name, namespace: where } of candidates) {
    if (name === undefined) continue;
    const found = services.find(s => s.resource.name === name && sameNamespace(s.resource.namespace, where));
    if (found !== undefined) return found;
  }
  return undefined;
}

function roleOf(container: Container, workload: Workload, standby: boolean): Connection['role'] {
  if (standby) return 'standby';
  const image = valueOf(container.image) ?? '';
  if (/exporter/.test(image)) return 'exporter';
  if (/pgbouncer|pgcat|odyssey|pgpool/.test(image)) return 'pooler';
  const words = [...(valueOf(container.command) ?? []), ...(valueOf(container.args) ?? [])].map(w => w.value).join(' ');
  if (/\bpg_dump(all)?\b|wal-g|pgbackrest|barman/.test(words) || workload.kind === 'CronJob') return 'backup';
  return 'application';
}
