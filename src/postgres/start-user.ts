/** As which user a server's container starts, and what that means for its data directory. */
import { type EffectiveSecurity, effectiveSecurity } from '../kubernetes/security-context.ts';
import { commandName } from '../formats/shell.ts';
import { isWithin } from '../kubernetes/mounts.ts';
import { locate } from '../text-region.ts';
import type { Located, Location } from '../types.ts';
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

/**
 * An init container that sees the volume of the data makes the directory, gives it to a user, or takes `lost+found` away;
 * or it runs what is not here, and may.
 */
export function preparesData({ dataVolume, scripts, workload }: Server): boolean {
  const volume = dataVolume.mount?.volume;
  return (workload?.pod.containers ?? []).some(container => {
    if (container.role !== 'init' || !container.mounts.some(m => m.volume === volume)) return false;
    const words = [container.command, container.args].flatMap(f => (f.state === 'known' ? f.value : []));
    const read = scripts.filter(s => s.container === container).map(s => s.region.text);
    if (words.length === 0 || (read.length === 0 && words.some(w => /\.(sh|py)$/.test(w.value)))) return true;
    return [...words.map(w => w.value), ...read].some(text => /lost\+found|\b(chown|chmod|install|mkdir)\b/.test(text));
  });
}

/** The user id that an init container gives the whole volume of the data to, where that is written as a number. */
export function dataOwner({ dataVolume, scripts, workload }: Server): Located<number> | undefined {
  const volume = dataVolume.mount?.volume;
  if (volume === undefined) return undefined;
  return (workload?.pod.containers ?? [])
    .flatMap(container => {
      const mount = container.mounts.find(m => m.volume === volume);
      if (container.role !== 'init' || mount === undefined) return [];
      const words = [container.command, container.args].flatMap(f => (f.state === 'known' ? f.value : []));
      const lines = [
        words.map(w => ({ text: w.value, at: w.at })),
        ...scripts
          .filter(s => s.container === container)
          .flatMap(s =>
            s.shell.commands
              .filter(c => c.context.length === 0)
              .map(c => c.words.map(w => ({ text: w.text, at: locate(s.region, w.start, w.end) }))),
          ),
      ];
      return lines.flatMap(line => {
        const isRecursive = line.some(w => /^(-\w*R\w*|--recursive)$/.test(w.text));
        const owner = line.slice(1).find(w => !w.text.startsWith('-'));
        const id = /^(\d+)(?::\d*)?$/.exec(owner?.text ?? '')?.[1];
        if (commandName({ words: line }) !== 'chown' || !isRecursive || owner === undefined || id === undefined)
          return [];
        return line.some(w => w.text.startsWith('/') && isWithin(mount.path, w.text))
          ? [{ value: Number(id), at: owner.at }]
          : [];
      });
    })
    .at(-1);
}
