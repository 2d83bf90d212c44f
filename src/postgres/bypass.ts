/** Whether a container starts PostgreSQL without the entrypoint of the official image. */
import { commandName, isServerCommand, programOf } from '../formats/shell.ts';
import { effectiveSecurity } from '../kubernetes/security-context.ts';
import { type Location, valueOf } from '../types.ts';
import { textFact } from '../yaml/node.ts';
import type { Server } from './server.ts';

export interface Bypass {
  readonly at: Location;
  /** PostgreSQL gets to run as root, which it refuses; otherwise only an empty volume stops it. */
  readonly asRoot: boolean;
}

/** What makes a data directory, or brings one. */
const INITIALISES =
  /initdb|pg_basebackup|docker_setup|docker-entrypoint|patroni|repmgr|pgbackrest|wal-g|barman|restore|pg_rewind/;
const USERS = /^(?:gosu|su-exec|su|runuser|setpriv|sudo|chpst|s6-setuidgid)$/;

/** Undefined where the entrypoint runs, or where it cannot be told what runs. */
export function bypassOf(server: Server): Bypass | undefined {
  const { start, image, certainty, platform, scripts } = server;
  if (image.family !== 'official' || certainty !== 'certain' || platform === 'dockerfile') return undefined;
  const initialised = scripts.some(s => INITIALISES.test(s.region.text));
  const at = start.kind === 'direct' || start.kind === 'shell' ? start.at : undefined;
  const changesUser =
    start.kind === 'direct' ? USERS.test(baseName(start.program)) : start.kind === 'shell' && dropsRoot(server);
  if (at === undefined || changesUser === undefined || !startsPostgres(server)) return undefined;
  const asRoot = !changesUser && runsAsRoot(server);
  return asRoot || (!initialised && isKnownUser(server)) ? { at, asRoot } : undefined;
}

function startsPostgres({ start }: Server): boolean {
  if (start.kind === 'direct') return /(^|\/)(postgres|pg_ctl)$/.test(start.program);
  if (start.kind !== 'shell' || /docker-entrypoint/.test(start.script.region.text)) return false;
  const command = start.script.shell.commands.findLast(c => isServerCommand(c.words));
  return command !== undefined && /^(?:postgres|postmaster|pg_ctl)$/.test(commandName(command) ?? '');
}

/** The server's own command, or all of the script's words, go through a program that changes the user. */
function dropsRoot({ start }: Server): boolean {
  if (start.kind !== 'shell') return false;
  const command = start.script.shell.commands.findLast(c => isServerCommand(c.words));
  const program = programOf(command?.words ?? [])[0]?.text;
  const before = command?.words.map(w => baseName(w.text)) ?? [];
  return (
    before.slice(0, before.indexOf(baseName(program ?? ''))).some(w => USERS.test(w)) || USERS.test(before[0] ?? '')
  );
}

function runsAsRoot(server: Server): boolean {
  const user = userOf(server);
  return (
    server.image.rootEntrypoint &&
    (user.state === 'absent' || (user.state === 'known' && /^0(:|$)|^root/.test(user.value)))
  );
}

const isKnownUser = (server: Server): boolean => userOf(server).state !== 'unknown';

function userOf({ container, workload }: Server) {
  if (container === undefined || workload === undefined) return textFact(container?.node, 'user');
  const user = effectiveSecurity(workload.pod, container).runAsUser;
  return user.state === 'known' ? { ...user, value: String(valueOf(user)) } : user;
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
