/** What the entrypoint of the official image demands of its variables before it initialises a data directory. */
import type { Container, EnvironmentVariable } from '../kubernetes/workload.ts';
import { mountFor, mountsOpen } from '../kubernetes/mounts.ts';
import { valueOf } from '../types.ts';
import { getItems, getText } from '../yaml/node.ts';
import type { Server } from './server.ts';

/** The variables that may be given as a file, by their name and `_FILE`. */
const fromFile = ['POSTGRES_PASSWORD', 'POSTGRES_USER', 'POSTGRES_DB', 'POSTGRES_INITDB_ARGS'] as const;

export interface FileVariable {
  /** Without `_FILE`. */
  readonly name: string;
  /** The one with `_FILE`. */
  readonly variable: EnvironmentVariable;
  /** The one without. */
  readonly direct: EnvironmentVariable | undefined;
  /** The file that it names. */
  readonly path: string;
  /** `both`: the variable is set too; `missing`: nothing is mounted at its path. */
  readonly fault: 'both' | 'missing';
}

/** The `_FILE` variables of a server at which the entrypoint gives up. None where another program starts it. */
export function fileVariables(server: Server): readonly FileVariable[] {
  const { container, image, start } = server;
  if (container === undefined || image.family !== 'official' || start.kind !== 'entrypoint') return [];
  return fromFile.flatMap((name): readonly FileVariable[] => {
    const variable = variableOf(container, `${name}_FILE`);
    const path = valueOf(variable?.value);
    if (variable === undefined || path === undefined || path === '') return [];
    const direct = variableOf(container, name);
    const isSet = direct !== undefined && (direct.from?.optional === false || (valueOf(direct.value) ?? '') !== '');
    if (isSet) return [{ name, variable, direct, path, fault: 'both' }];
    return isAbsentFile(server, container, path) ? [{ name, variable, direct, path, fault: 'missing' }] : [];
  });
}

const variableOf = ({ environment }: Container, name: string) => environment.findLast(v => v.name === name);

/** Surely no file of the container: the image itself has none, and nothing is mounted there. */
function isAbsentFile({ image, platform, resource }: Server, container: Container, path: string): boolean {
  if (!image.exact || !path.startsWith('/') || mountsOpen(container) || mountFor(container, path) !== undefined)
    return false;
  if (platform === 'kubernetes') return container.node !== undefined;
  if (platform !== 'compose' || !path.startsWith('/run/secrets/') || container.environmentOpen) return false;
  const targets = getItems(resource?.root, 'secrets').map(
    item => getText(item, 'target') ?? getText(item, 'source') ?? getText(item) ?? '',
  );
  return !targets.some(target => target === path || path === `/run/secrets/${target}`);
}

/** Whether the first start of a server surely ends for want of a password: no variable gives one, and none is waived. */
export function lacksInitialPassword({ container, image, start, platform, scripts }: Server): boolean {
  if (container === undefined || image.family !== 'official' || start.kind !== 'entrypoint') return false;
  // An image leaves the password to whoever runs it.
  if (platform === 'dockerfile' || container.environmentOpen) return false;
  if (
    scripts.some(s => s.role === 'init' && /\binitdb\b|pg_basebackup|pg_restore|\brestore\b|wal-g/.test(s.region.text))
  )
    return false;
  const isEmpty = (name: string) => {
    const variable = variableOf(container, name);
    return variable === undefined || valueOf(variable.value) === '';
  };
  const waived = variableOf(container, 'POSTGRES_HOST_AUTH_METHOD')?.value;
  if (waived !== undefined && (waived.state !== 'known' || waived.value === 'trust')) return false;
  return isEmpty('POSTGRES_PASSWORD') && isEmpty('POSTGRES_PASSWORD_FILE');
}
