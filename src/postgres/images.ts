/** What is known of the images that run PostgreSQL. */
import { type Fact, type Location, absent, known, unknown } from '../types.ts';
import { type ImageReference, parseImage } from './image-reference.ts';

export { type ImageReference, parseImage } from './image-reference.ts';

export type ImageFamily =
  /** docker-library/postgres and images built on it that keep its entrypoint (postgis, pgvector, timescaledb, citus). */
  | 'official'
  | 'bitnami'
  | 'spilo'
  | 'cloudnative-pg'
  | 'crunchy'
  | 'percona'
  | 'sclorg'
  | 'timescaledb-ha'
  | 'supabase'
  /** A PostgreSQL of unknown make: rules on image behaviour are silent. */
  | 'unknown';

export interface ServerImage {
  readonly family: ImageFamily;
  /** `postgres` itself, not an image built on it. */
  readonly exact: boolean;
  /** As written; absent where no image is. */
  readonly reference: Fact<string>;
  /** Without registry, proxy prefix, tag and digest: `postgres`, `bitnami/postgresql`. */
  readonly repository: string | undefined;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
  /** Two numbers before 10: 9.6. */
  readonly major: Fact<number>;
  readonly minor: number | undefined;
  readonly alpine: boolean | undefined;
  /** User and group id of PostgreSQL in the image; undefined where not known. */
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  /** PGDATA of the image when nothing sets it; undefined where not known. */
  readonly dataDirectory: string | undefined;
  /** Starts as root and drops to `uid` by itself. */
  readonly rootEntrypoint: boolean;
  readonly at: Location | undefined;
}

/** What configuration says of a private image: as if its name had told. */
export interface ConfiguredImage {
  readonly family?: ImageFamily | undefined;
  readonly major?: number | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  readonly dataDirectory?: string | undefined;
}

interface Version {
  readonly major: number;
  readonly minor: number | undefined;
}

/** Images of one make: how their names look, and where their names tell the version of PostgreSQL. */
interface Make {
  readonly family: ImageFamily;
  /** Tested against the repository with a slash before it, so that registries and proxies may put folders in front. */
  readonly repository: RegExp;
  readonly version: (reference: ImageReference) => Version | undefined;
  readonly exact?: boolean;
  /** Whether the image is Alpine, from its tag; undefined where no tag tells. */
  readonly alpine?: (tag: string) => boolean | undefined;
}

/** `15`, `15.4`, `15.4-alpine`, `9.6.24`, `18beta1`. */
const leadingVersion = ({ tag = '' }: ImageReference): Version | undefined =>
  versionOf(/^(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:(?:alpha|beta|rc)\d+)?(?:[-_.]|$)/.exec(tag));
/** The same, where only the first number is PostgreSQL's: `15-3.3` is PostgreSQL 15. */
const leadingMajor = ({ tag = '' }: ImageReference): Version | undefined => {
  const version = versionOf(/^(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-|$)/.exec(tag));
  return version && { ...version, minor: /^\d+\.\d/.test(tag) ? version.minor : undefined };
};
/** `pg16`, `0.8.0-pg17`, `latest-pg15-oss`, `pg14.6-ts2.9.1`. */
const pgInTag = ({ tag = '' }: ImageReference): Version | undefined =>
  versionOf(/(?:^|-)(?:pp)?pg(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-|$)/.exec(tag));

function versionOf(match: RegExpExecArray | null): Version | undefined {
  const numbers = (match ?? []).slice(1).map(n => (n === undefined ? undefined : Number(n)));
  const [major, second, third] = numbers;
  if (major === undefined) return undefined;
  if (major >= 10) return { major, minor: second };
  return second === undefined ? { major, minor: undefined } : { major: Number(`${major}.${second}`), minor: third };
}

const never = (): boolean => false;
const alpineInTag = (tag: string): boolean => /(^|[-_])alpine/.test(tag);
const notTold = (): undefined => undefined;

/** In the order in which they are tried. */
const makes: readonly Make[] = [
  {
    family: 'official',
    repository:
      /^\/postgres$|\/library\/postgres$|^\/(?:amd64|arm32v[5-7]|arm64v8|i386|mips64le|ppc64le|riscv64|s390x)\/postgres$/,
    version: leadingVersion,
    exact: true,
    alpine: alpineInTag,
  },
  { family: 'official', repository: /\/postgis\/postgis$/, version: leadingMajor, alpine: alpineInTag },
  { family: 'official', repository: /\/pgvector\/pgvector$/, version: pgInTag, alpine: never },
  { family: 'official', repository: /\/timescale\/timescaledb$/, version: pgInTag, alpine: () => true },
  // The tag is the version of Citus: 14.1.0 is PostgreSQL 18.
  { family: 'official', repository: /\/citusdata\/citus$/, version: pgInTag, alpine: alpineInTag },
  { family: 'timescaledb-ha', repository: /\/timescale\/timescaledb-ha$/, version: pgInTag, alpine: never },
  {
    family: 'bitnami',
    repository: /\/bitnami(?:legacy|secure)?\/postgresql(?:-repmgr)?$/,
    version: leadingVersion,
    alpine: never,
  },
  {
    family: 'spilo',
    repository: /\/spilo-[\w.-]+$/,
    version: ({ repository = '' }) => versionOf(/\/spilo-(?:cdp-)?(\d+)(?:\.(\d+))?(?:-|$)/.exec(`/${repository}`)),
    alpine: never,
  },
  {
    family: 'cloudnative-pg',
    repository:
      /\/cloudnative-pg\/(?:postgresql|postgis)(?:-[\w-]+)?$|\/enterprisedb\/(?:postgresql|edb-postgres-advanced)$/,
    version: cloudNativeVersion,
    alpine: never,
  },
  {
    family: 'cloudnative-pg',
    repository: /\/tensorchord\/cloudnative-(?:pgvecto\.rs|vectorchord)$/,
    version: leadingVersion,
    alpine: never,
  },
  {
    family: 'crunchy',
    repository: /\/crunchy-postgres(?:-gis)?(?:-ha)?$/,
    version: ({ tag = '' }) => versionOf(/^(?:ubi|centos|rhel|rocky)\d+-(\d+)\.(\d+)(?:\.(\d+))?-/.exec(tag)),
    alpine: never,
  },
  {
    family: 'percona',
    repository: /\/percona\/percona-distribution-postgresql(?:-with-postgis)?$/,
    version: leadingVersion,
    alpine: never,
  },
  {
    family: 'percona',
    repository: /\/percona\/percona-postgresql-operator$/,
    version: ({ tag = '' }) => versionOf(/-ppg(\d+)(?:\.(\d+))?(?:\.(\d+))?-postgres(?:-|$)/.exec(tag)),
    alpine: never,
  },
  {
    family: 'sclorg',
    repository:
      /\/(?:sclorg|fedora|f\d+|centos\d*|centos\/centos\d*|rhel\d+|rhscl|ubi\d+|openshift)\/postgresql-\d+(?:-(?:c\d+s|centos\d+|rhel\d+|el\d+))?$/,
    version: ({ repository = '' }) => {
      const digits = /\/postgresql-(\d+)/.exec(`/${repository}`)?.[1] ?? '';
      const old = /^9[0-6]$/.test(digits);
      return { major: old ? Number(digits) / 10 : Number(digits), minor: undefined };
    },
    alpine: never,
  },
  { family: 'supabase', repository: /\/supabase\/postgres$/, version: leadingVersion, alpine: never },
  // Certainly PostgreSQL, of a make whose habits are not recorded here.
  {
    family: 'unknown',
    repository:
      /\/(?:tensorchord\/(?:pgvecto-rs|vchord-postgres|vchord-suite)|paradedb\/paradedb|ankane\/pgvector|sorintlab\/stolon)$/,
    version: pgInTag,
    alpine: notTold,
  },
  {
    family: 'unknown',
    repository:
      /\/(?:immich-app\/postgres|kartoza\/postgis|imresamu\/postgis|pgautoupgrade\/pgautoupgrade|debezium\/postgres|apache\/age)$/,
    version: leadingMajor,
    alpine: notTold,
  },
];

/** The version in `17.5-system-trixie`, `16.2-7`, and of postgis `15-3.3`, where the second number is PostGIS's. */
function cloudNativeVersion(reference: ImageReference): Version | undefined {
  return reference.name === 'postgis' ? leadingMajor(reference) : leadingVersion(reference);
}

interface Habits {
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  readonly dataDirectory?: string | undefined;
  readonly rootEntrypoint?: boolean;
}

/** How an image of the family runs; for the official one it depends on its base and major. */
function habitsOf(family: ImageFamily, major: number | undefined, alpine: boolean | undefined): Habits {
  switch (family) {
    case 'official': {
      const id = alpine === undefined ? undefined : alpine ? 70 : 999;
      return { uid: id, gid: id, dataDirectory: officialDataDirectory(major), rootEntrypoint: true };
    }
    case 'bitnami':
      return { uid: 1001, gid: 1001, dataDirectory: '/bitnami/postgresql/data' };
    case 'spilo':
      return { uid: 101, gid: 103, dataDirectory: '/home/postgres/pgdata/pgroot/data', rootEntrypoint: true };
    case 'cloudnative-pg':
    case 'crunchy':
      return { uid: 26, gid: 26 };
    case 'sclorg':
      return { uid: 26, dataDirectory: '/var/lib/pgsql/data/userdata' };
    case 'timescaledb-ha':
      return { uid: 1000, gid: 1000, dataDirectory: '/home/postgres/pgdata/data' };
    case 'supabase':
      return { dataDirectory: '/var/lib/postgresql/data', rootEntrypoint: true };
    case 'percona':
    case 'unknown':
      return {};
  }
}

function officialDataDirectory(major: number | undefined): string | undefined {
  if (major === undefined) return undefined;
  return major >= 18 ? `/var/lib/postgresql/${major}/docker` : '/var/lib/postgresql/data';
}

/**
 * What is known of the image of a container that runs PostgreSQL. `configured` maps private names (without tag, with `*`)
 * to what they are; it wins over what the name tells. A reference that is filled in later is of unknown make.
 */
export function serverImage(
  reference: Fact<string>,
  at?: Location,
  configured: Readonly<Record<string, ConfiguredImage>> = {},
): ServerImage {
  const parsed = reference.state === 'known' ? parseImage(reference.value) : undefined;
  const settings = parsed && configuredFor(parsed, configured);
  const make = parsed && makeOf(parsed);
  const family = settings?.family ?? make?.family ?? 'unknown';
  const own = make !== undefined && make.family === family;
  const version = settings?.major === undefined ? versionIn(parsed, own ? make : defaultMake(family)) : undefined;
  const major = settings?.major ?? version?.major;
  const alpine = parsed && alpineOf(parsed, own ? make : undefined);
  const habits = habitsOf(family, major, alpine);
  return {
    family,
    exact: own && make.exact === true,
    reference,
    repository: parsed?.repository,
    tag: parsed?.tag,
    digest: parsed?.digest,
    major: majorFact(major, reference),
    minor: version?.minor,
    alpine,
    uid: settings?.uid ?? habits.uid,
    gid: settings?.gid ?? settings?.uid ?? habits.gid,
    dataDirectory: settings?.dataDirectory ?? habits.dataDirectory,
    rootEntrypoint: habits.rootEntrypoint ?? false,
    at: reference.at ?? at,
  };
}

function majorFact(major: number | undefined, reference: Fact<string>): Fact<number> {
  if (reference.state === 'absent') return absent(reference.at);
  if (reference.state === 'unknown') return unknown(reference.reason, reference.at);
  return major === undefined
    ? unknown(`the image "${reference.value}" does not tell its version of PostgreSQL`, reference.at)
    : known(major, reference.at);
}

function versionIn(parsed: ImageReference | undefined, make: Make | undefined): Version | undefined {
  return parsed && make?.version(parsed);
}

/** How a configured family, under a private name, would tell its version. */
function defaultMake(family: ImageFamily): Make | undefined {
  return family === 'unknown' ? undefined : makes.find(make => make.family === family);
}

function alpineOf({ tag, digest, placeholder }: ImageReference, make: Make | undefined): boolean | undefined {
  if (tag === undefined && (digest !== undefined || placeholder))
    return make?.alpine?.('alpine') === false ? false : undefined;
  const told = make?.alpine?.(tag ?? 'latest');
  // A private name may leave out what it is built on.
  return told ?? (tag !== undefined && alpineInTag(tag) ? true : undefined);
}

function makeOf(reference: ImageReference): Make | undefined {
  if (reference.path === undefined) return undefined;
  // The folders of a registry come before the name: a proxy's `hub/library/postgres`.
  const path = `/${reference.path}`;
  return makes.find(make => make.repository.test(path) && !isOtherVariant(reference));
}

/** The operator itself, its pooler and its backup tool share a repository with Percona's servers. */
function isOtherVariant({ path, tag = '' }: ImageReference): boolean {
  if (path?.endsWith('percona/percona-postgresql-operator')) return !/-postgres(?:-|$)/.test(tag);
  return path?.endsWith('timescale/timescaledb') === true && tag.endsWith('-bitnami');
}

function configuredFor(
  reference: ImageReference,
  configured: Readonly<Record<string, ConfiguredImage>>,
): ConfiguredImage | undefined {
  const names = [reference.text, reference.nameWithRegistry, reference.path];
  return Object.entries(configured).find(([pattern]) => names.some(n => n !== undefined && matches(pattern, n)))?.[1];
}

/** `*` stands for any text. */
function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}

/** Whether an image is known to be a PostgreSQL server (section "images" of the configuration included). */
export function isServerImage(reference: string, configured: Readonly<Record<string, ConfiguredImage>> = {}): boolean {
  const parsed = parseImage(reference);
  return (
    !isPoolerOrTool(reference) && (configuredFor(parsed, configured) !== undefined || makeOf(parsed) !== undefined)
  );
}

/** Whether an image's last name says PostgreSQL, though its make is not known: `registry.example/team/postgres:15`. */
export function mayBeServerImage(reference: string): boolean {
  const name = parseImage(reference).name ?? '';
  const parts = name.toLowerCase().split(/[-_.]/);
  return (
    !isPoolerOrTool(reference) && parts.some(p => /^(?:postgres|postgresql|pg\d*|postgis|timescaledb|patroni)$/.test(p))
  );
}

/** Poolers, proxies, exporters, consoles, backup and migration tools, operators: never servers, whatever their names hold. */
export function isPoolerOrTool(reference: string): boolean {
  const { path, tag } = parseImage(reference);
  if (path === undefined) return false;
  const name = path.toLowerCase();
  if (name.endsWith('percona/percona-postgresql-operator')) return !/-postgres(?:-|$)/.test(tag ?? '');
  return tool.test(name);
}

const tool = new RegExp(
  [
    'pgbouncer',
    'pgpool',
    'pgcat',
    'odyssey',
    'supavisor',
    'haproxy',
    'envoy',
    'socat',
    'cloud-?sql-proxy',
    'cloudsql-docker',
    'gce-proxy',
    'alloydb-auth-proxy',
    'stolon-(?:proxy|sentinel)',
    'exporter',
    'pgadmin',
    'adminer',
    'pgweb',
    'pghero',
    'pganalyze',
    'pgwatch',
    'postgres-meta',
    'postgrest',
    'pgbackrest',
    'barman',
    'wal-[eg]',
    'backup',
    'pg-?dump',
    'pgloader',
    'pgcopydb',
    'pgbench',
    'migrat',
    'postgres(?:ql)?-(?:init|client|operator)',
    '(?:^|/)pgo(?:[-/]|$)',
    'cloudnative-pg$',
    'crunchy-upgrade',
  ].join('|'),
);
