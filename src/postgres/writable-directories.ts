/** The directories that an image writes to besides the data. */
import { isWithin, normalisePath, volumeOf } from '../kubernetes/mounts.ts';
import type { Server } from './server.ts';
import { settingOf } from './settings.ts';
import { startUser } from './start-user.ts';

export interface NeededDirectory {
  readonly path: string;
  /** What fails without it, as the log says it. */
  readonly failure: string;
}

/** The directories that no volume makes writable under a read-only root; undefined where the image's needs are not known. */
export function missingDirectories(server: Server): readonly NeededDirectory[] | undefined {
  const needed = neededDirectories(server);
  return needed?.filter(({ path }) => !isWritable(server, path));
}

/** Whether a volume that can be written covers the path. `/var/run` is `/run` in these images. */
export function isWritable({ container, workload }: Server, path: string): boolean {
  const inside = realPath(path);
  return (container?.mounts ?? []).some(mount => {
    if (mount.readOnly || !isWithin(inside, realPath(mount.path))) return false;
    const kind = workload === undefined ? undefined : volumeOf(workload, mount)?.source.kind;
    return kind !== 'configMap' && kind !== 'secret' && kind !== 'projected';
  });
}

function neededDirectories(server: Server): readonly NeededDirectory[] | undefined {
  const { effective, image } = server;
  if (image.family === 'bitnami') {
    return ['/tmp', '/opt/bitnami/postgresql/conf', '/opt/bitnami/postgresql/tmp'].map(path => ({
      path,
      failure: `${path}: Read-only file system`,
    }));
  }
  if (image.family !== 'official') return undefined;
  const sockets = settingOf(effective, 'unix_socket_directories');
  if (sockets.state === 'unknown') return undefined;
  const paths = sockets.state === 'known' ? sockets.value.value.split(',').map(p => p.trim()) : ['/var/run/postgresql'];
  const user = startUser(server);
  const isForeign = user?.isRoot === false && image.uid !== undefined && user.uid !== image.uid;
  return [
    ...paths
      .filter(p => p.startsWith('/'))
      .map(path => ({
        path,
        failure: `could not create lock file "${path}/.s.PGSQL.5432.lock": Read-only file system`,
      })),
    // For a user that the image does not know, the entrypoint writes a passwd file for initdb.
    ...(isForeign ? [{ path: '/tmp', failure: 'mktemp: failed to create file: Read-only file system' }] : []),
  ];
}

const realPath = (path: string) => normalisePath(path).replace(/^\/var\/run(?=\/|$)/, '/run');
