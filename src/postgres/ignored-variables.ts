/** Variables of a container that look like settings of PostgreSQL, and that docker-library's entrypoint does not read. */
import type { EnvironmentVariable } from '../kubernetes/workload.ts';
import { valueOf } from '../types.ts';
import type { Server } from './server.ts';
import { effective, parameterIn } from './settings.ts';
import { parseValue } from './values.ts';
import { judgingMajor } from './catalogue.ts';

export interface IgnoredVariable {
  readonly variable: EnvironmentVariable;
  /** `name`: another spelling of a variable that is read. */
  readonly kind: 'parameter' | 'tls' | 'replication' | 'name';
  /** The parameter, or the variable that is read. */
  readonly meant: string | undefined;
  /** Whether PostgreSQL would take the value for the parameter. */
  readonly valid: boolean;
}

const READ = /^(?:(?:PASSWORD|USER|DB|INITDB_ARGS)(?:_FILE)?|INITDB_WALDIR|HOST_AUTH_METHOD)$/;
/** How people, and other images, call what the entrypoint reads. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  DATABASE: 'POSTGRES_DB',
  DB_NAME: 'POSTGRES_DB',
  DBNAME: 'POSTGRES_DB',
  USERNAME: 'POSTGRES_USER',
  PASS: 'POSTGRES_PASSWORD',
  PASSWD: 'POSTGRES_PASSWORD',
  PWD: 'POSTGRES_PASSWORD',
};

/**
 * The variables of a server that nothing reads, of a container that runs docker-library's entrypoint (or names no image, and
 * most likely means it). Left out: what a script, an argument or another variable uses, and values that hold anyhow.
 */
export function ignoredVariables(server: Server): readonly IgnoredVariable[] {
  const { container, image, start, files, workload } = server;
  const isOfficial = image.family === 'official' && start.kind === 'entrypoint';
  const isUnnamed = image.reference.state === 'absent' && container?.command.state === 'absent';
  if (container === undefined || workload?.partial === true || !(isOfficial || isUnnamed)) return [];
  if (files.unseen.some(u => /^\/(?:docker-entrypoint-initdb\.d|usr\/local\/bin|$)/.test(u.path))) return [];
  return container.environment.flatMap(variable => {
    const ignored = classify(server, variable);
    return ignored === undefined || !isOwn(server, variable) || isUsed(server, variable.name) ? [] : [ignored];
  });
}

function classify(server: Server, variable: EnvironmentVariable): IgnoredVariable | undefined {
  const rest = /^POSTGRES_(.+)$/.exec(variable.name)?.[1] ?? /^POSTGRESQL_(.+)$/.exec(variable.name)?.[1];
  if (rest === undefined || (READ.test(rest) && variable.name.startsWith('POSTGRES_'))) return undefined;
  const ignored = { variable, meant: undefined, valid: false };
  const canonical = OTHER_NAMES[rest] ?? (READ.test(rest) ? `POSTGRES_${rest}` : undefined);
  if (canonical !== undefined) {
    const names = new Set(server.container?.environment.map(v => v.name));
    const isSet = names.has(canonical) || names.has(`${canonical}_FILE`) || server.container?.environmentOpen === true;
    return isSet ? undefined : { ...ignored, kind: 'name', meant: canonical };
  }
  if (/^(?:SSL|TLS)(?:_|$)/.test(rest)) {
    return effective(server.intended, 'ssl') === true ? undefined : { ...ignored, kind: 'tls' };
  }
  if (/^(?:REPLICATION|MASTER)_/.test(rest)) {
    return server.replication.mechanism === 'none' || server.replication.mechanism === 'environment'
      ? { ...ignored, kind: 'replication' }
      : undefined;
  }
  return parameterVariable(server, variable, rest.toLowerCase());
}

function parameterVariable(server: Server, variable: EnvironmentVariable, name: string): IgnoredVariable | undefined {
  const { intended } = server;
  const parameter = parameterIn(intended, name);
  if (parameter === undefined) return undefined;
  const text = valueOf(variable.value);
  const value =
    text === undefined ? undefined : parseValue(parameter, text, judgingMajor(intended.catalogue, intended.major));
  if (name === 'port' && (text === undefined || server.port.state !== 'known' || String(server.port.value) === text)) {
    return undefined;
  }
  const holds = value?.ok === true && value.value === effective(intended, name);
  return holds ? undefined : { variable, kind: 'parameter', meant: parameter.name, valid: value?.ok === true };
}

/** Written in the container itself: what `envFrom` brings is meant for many. */
function isOwn({ container }: Server, { at }: EnvironmentVariable): boolean {
  const node = container?.node;
  return node === undefined || (node.path === at.path && node.start <= at.start && at.end <= node.end);
}

/** Named by a script of the pod, a file of the container, or anything of the manifest that expands variables. */
function isUsed({ files, scripts, resource }: Server, name: string): boolean {
  const mention = new RegExp(`(^|[^A-Za-z0-9_])${name}([^A-Za-z0-9_]|$)`);
  const root = resource?.root;
  const manifest = root?.source.text.slice(root.start, root.end) ?? '';
  const expanded = new RegExp(`\\$[({]?${name}([^A-Za-z0-9_]|$)`);
  return (
    expanded.test(manifest) ||
    scripts.some(s => mention.test(s.region.text)) ||
    files.files.some(f => mention.test(f.region.text))
  );
}
