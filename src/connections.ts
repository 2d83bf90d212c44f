/** Who talks to which PostgreSQL: found in variables, arguments and connection strings. */
import type { Connection } from './environment.ts';
import { injectedHost, serverOfPod, serviceOf } from './connection-hosts.ts';
import type { ConnectionPart } from './formats/connection-string.ts';
import { scriptRegion } from './adapters/kubernetes.ts';
import { commandName, parseShell } from './formats/shell.ts';
import { volumeOf } from './kubernetes/mounts.ts';
import { type Resource, resourcesNamed } from './kubernetes/resource.ts';
import { type Service, selectsPods } from './kubernetes/service.ts';
import type { Container, Workload } from './kubernetes/workload.ts';
import { isPrimaryConninfo, postgresStrings } from './postgres/postgres-strings.ts';
import type { Server } from './postgres/server.ts';
import { locate } from './text-region.ts';
import { type Fact, type Known, type Location, absent, known, unknown, valueOf } from './types.ts';
import { embedded } from './yaml/embedded.ts';
import { getMap, keyText } from './yaml/node.ts';

const HOST_VARIABLE = /(?:^|_|^(?:PG|DB|POSTGRES))(?:HOST|HOSTNAME|SERVER|ADDR|ADDRESS|ENDPOINT|SERVICE)$/;
const POSTGRES_VARIABLE = /^(PG|POSTGRES|POSTGRESQL|DB_POSTGRES)/;

/**
 * The connections that the containers of `workloads` declare: in variables, arguments, scripts, and in the ConfigMaps among
 * `resources` that they mount. Hosts are resolved against `services` and `servers`.
 */
export function connectionsOf(
  workloads: readonly Workload[],
  services: readonly Service[],
  servers: readonly Server[],
  resources: readonly Resource[] = [],
): readonly Connection[] {
  const serverIn = new Map(servers.map(s => [s.container, s]));
  return workloads.flatMap(workload =>
    workload.pod.containers.flatMap(container => {
      const own = serverIn.get(container);
      const found = [
        ...fromCommands(container),
        ...fromStrings(container),
        ...fromVariables(workload, container, services),
        ...fromFiles(workload, container, resources),
      ];
      return found
        .map(target => resolve(target, workload, container, services, servers))
        .filter(c => !isItself(c, own) && (c.server !== undefined || c.sure))
        .filter((c, i, all) => all.findIndex(o => sameText(o.host, c.host) && o.role === c.role) === i);
    }),
  );
}

/** A server that names itself: by the Service that selects its own pods. Only a standby really connects there. */
function isItself({ role, server, service, workload }: Connection, own: Server | undefined): boolean {
  if (role === 'standby') return false;
  if (own !== undefined && server === own) return true;
  return server === undefined && service !== undefined && selectsPods(service, workload) === true;
}

/** Unknown texts are the same where they stand at the same place. */
function sameText(a: Fact<string>, b: Fact<string>): boolean {
  if (a.state === 'known' && b.state === 'known') return a.value === b.value;
  return a.state === b.state && a.at?.path === b.at?.path && a.at?.start === b.at?.start;
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

/** Connection strings in variables and in the words of the command line, scripts among them. */
function fromStrings(container: Container): readonly Target[] {
  const variables = container.environment.flatMap(({ name, value }) =>
    value.state === 'known' ? fromVariable(container, name, value) : [],
  );
  const words = [...(valueOf(container.command) ?? []), ...(valueOf(container.args) ?? [])];
  return [...variables, ...words.flatMap(({ value, at }) => targetsIn(value, () => at))];
}

/** A string without its user (JDBC's, the exporter's DATA_SOURCE_URI) has it in a variable beside it. */
function fromVariable(container: Container, name: string, { value, at }: Known<string>): readonly Target[] {
  const text = name === 'DATA_SOURCE_URI' ? `postgresql://${value}` : value;
  const prefix = name.replace(/_?(?:JDBC_)?(?:URL|URI|DSN)$/, '');
  const beside = container.environment.find(v => v.name === `${prefix}_USER` || v.name === `${prefix}_USERNAME`);
  return targetsIn(text, () => at).map(target => ({
    ...target,
    user: target.user.state === 'absent' ? (beside?.value ?? target.user) : target.user,
  }));
}

/** The PostgreSQL connection strings of a text; `place` tells where a part of it stands. */
function targetsIn(text: string, place: (start: number, end: number) => Location): readonly Target[] {
  return postgresStrings(text).map(found => {
    const at = place(found.start, found.end);
    const part = (p: ConnectionPart | undefined): Fact<string> => {
      if (p === undefined) return absent(at);
      const where = place(p.start, p.end);
      return p.literal ? known(p.text, where) : unknown('filled in later', where);
    };
    return {
      host: part(found.host),
      port: numberOf(part(found.port)),
      user: part(found.user),
      database: part(found.database),
      sslmode: part(found.sslmode),
      at,
      sure: true,
      standby: isPrimaryConninfo(text, found),
    };
  });
}

function numberOf(port: Fact<string>): Fact<number> {
  if (port.state !== 'known') return port;
  return /^\d+$/.test(port.value) ? known(Number(port.value), port.at) : unknown('no number', port.at);
}

/** Texts of ConfigMaps that the container mounts: a pgbouncer.ini, an application's properties. Comments do not count. */
function fromFiles(workload: Workload, container: Container, resources: readonly Resource[]): readonly Target[] {
  const names = new Set(
    container.mounts.flatMap(mount => {
      const source = volumeOf(workload, mount)?.source;
      return source?.kind === 'configMap' ? [source.reference.name] : [];
    }),
  );
  return [...names]
    .flatMap(name => resourcesNamed(resources, 'ConfigMap', name, workload.resource.namespace))
    .flatMap(r => getMap(r.root, 'data')?.entries ?? [])
    .flatMap(({ key, value }) => {
      if (value.kind !== 'scalar' || /\.(?:md|sql|json)$/.test(keyText(key))) return [];
      const region = embedded(value, key, value.source);
      const text = region.text.replace(/^[ \t]*[#;].*/gm, comment => ' '.repeat(comment.length));
      return targetsIn(text, (start, end) => locate(region, start, end));
    });
}

/** `PGHOST`, `DB_HOST` and their like; a generic name counts only where its host turns out to be a PostgreSQL. */
function fromVariables(workload: Workload, container: Container, services: readonly Service[]): readonly Target[] {
  const variable = (test: RegExp) => container.environment.find(v => test.test(v.name));
  const fact = (test: RegExp): Fact<string> => variable(test)?.value ?? absent(container.at);
  return container.environment
    .map(v => ({ ...v, value: injectedHost(v, container, workload.resource.namespace, services) ?? v.value }))
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
        sure: POSTGRES_VARIABLE.test(v.name) && !v.name.endsWith('_SERVICE'),
        standby: STANDBY_VARIABLE.test(v.name) && /^(PG|POSTGRES|REPLIC)/.test(v.name),
      };
    });
}
/** Variables that tell a server which one it follows. */
const STANDBY_VARIABLE = /(PRIMARY|MASTER|LEADER)/;

const HOST_NAME = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\.?(:\d+)?$/i;

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
      ? target.host.state === 'known'
        ? serverOfPod(target.host.value, workload.resource.namespace, servers)
        : undefined
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

function roleOf(container: Container, workload: Workload, standby: boolean): Connection['role'] {
  if (standby) return 'standby';
  const image = valueOf(container.image) ?? '';
  if (/exporter|pgwatch|pganalyze/.test(image)) return 'exporter';
  if (/pgbouncer|pgcat|odyssey|pgpool|supavisor/.test(image)) return 'pooler';
  const words = [...(valueOf(container.command) ?? []), ...(valueOf(container.args) ?? [])].map(w => w.value).join(' ');
  const named = [workload.resource.name, container.name, image].some(n => BACKUP.test(n));
  return named || /\bpg_(dump(all)?|restore)\b|\bwal-g\b|pgbackrest|barman/.test(words) ? 'backup' : 'application';
}
const BACKUP = /backup|(^|[-_/])(pg-?)?dump|pg-?restore|wal-g|pgbackrest|barman/;
