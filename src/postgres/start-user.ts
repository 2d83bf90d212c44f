/** As which user a server's container starts, and what that means for its data directory. */
import { type EffectiveSecurity, effectiveSecurity } from '../kubernetes/security-context.ts';
import { commandName } from '../formats/shell.ts';
import type { Location } from '../types.ts';
import type { Server } from './server.ts';

export interface StartUser {
  /** The user id of the first process; undefined where neither manifest nor image tell. */
  readonly uid: number | undefined;
  /** Undefined where that is not known. */
  readonly isRoot: boolean | undefined;
  /** The manifest says which user; otherwise the image does. */
  readonly explicit: boolean;
  /** `runAsUser`, or what would hold it. */
  readonly at: Location;
}

/** The security context of the server's container; undefined where no workload runs it. */
export function serverSecurity({ workload, container }: Server): EffectiveSecurity | undefined {
  return workload === undefined || container === undefined ? undefined : effectiveSecurity(workload.pod, container);
}

/**
 * The user that the container starts as. `runAsNonRoot` chooses none: it only makes the kubelet refuse root. Images whose
 * reference is not written (a Dockerfile builds them) may have a `USER` of their own.
 */
export function startUser(server: Server): StartUser | undefined {
  const security = serverSecurity(server);
  if (security === undefined) return undefined;
  const { runAsUser } = security;
  const at = runAsUser.at ?? security.at;
  if (runAsUser.state === 'known') {
    return { uid: runAsUser.value, isRoot: runAsUser.value === 0, explicit: true, at };
  }
  if (runAsUser.state === 'unknown' || server.image.reference.state !== 'known') {
    return { uid: undefined, isRoot: undefined, explicit: runAsUser.state === 'unknown', at };
  }
  const { family, rootEntrypoint, uid } = server.image;
  if (rootEntrypoint) return { uid: 0, isRoot: true, explicit: false, at };
  return { uid, isRoot: family === 'unknown' || uid === undefined ? undefined : false, explicit: false, at };
}

/** Docker-library's entrypoint runs as root: it gives the data directory to `postgres`, then becomes it. */
export function startsAsRoot(server: Server): boolean {
  const { image, start } = server;
  return image.rootEntrypoint && start.kind === 'entrypoint' && startUser(server)?.isRoot === true;
}

/**
 * How PGDATA lies on the volume that holds it: it is the volume's own root (which root owns when it is new), or a folder
 * of it. Undefined where no mount covers it or its place is not known.
 */
export function dataPlace({ dataDirectory, dataVolume }: Server): 'root' | 'folder' | undefined {
  const { mount } = dataVolume;
  if (dataDirectory.state !== 'known' || mount === undefined) return undefined;
  return dataDirectory.value === mount.path ? 'root' : 'folder';
}

/**
 * Whether the image can start as its own user instead of root: it needs a data directory that this user can make. The
 * root of a new volume belongs to root, and initdb cannot change its permissions.
 */
export function canStartAsOwnUser(server: Server): boolean {
  const { dataVolume, image, start } = server;
  if (image.family !== 'official' || image.uid === undefined || start.kind !== 'entrypoint') return false;
  if (dataVolume.kind === 'container') return dataVolume.shadowedBy === undefined;
  return (dataVolume.kind === 'persistent' || dataVolume.kind === 'emptyDir') && dataPlace(server) === 'folder';
}

/** An init container gives the data directory to another user, makes it, or takes `lost+found` away. */
export function preparesData(server: Server): boolean {
  return (server.workload?.pod.containers ?? [])
    .filter(c => c.role === 'init')
    .some(c => {
      const text = [c.command, c.args].flatMap(f => (f.state === 'known' ? f.value : [])).map(w => w.value);
      const scripts = server.scripts.filter(s => s.role === 'init' && s.container === c);
      const programs = scripts.flatMap(s => s.shell.commands.map(commandName));
      return (
        [...text, ...scripts.map(s => s.region.text)].some(t => /lost\+found|\b(chown|chmod|install|mkdir)\b/.test(t)) ||
        programs.some(p => p === 'chown' || p === 'mkdir')
      );
    });
}
