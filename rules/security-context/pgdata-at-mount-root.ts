import { fix } from '../../src/fix/edits.ts';
import { dataFolder, folderEdits } from '../../src/postgres/data-folder.ts';
import { isFolderVolume } from '../../src/postgres/new-volume.ts';
import type { Server } from '../../src/postgres/server.ts';
import { dataPlace, preparesData, startUser } from '../../src/postgres/start-user.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'pgdata-at-mount-root',
  summary: 'The data directory is the root of its volume, where initdb refuses to work.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'environment',
  *check(environment) {
    for (const server of environment.servers) {
      const { dataVolume, image, name, start, workload } = server;
      const { mount } = dataVolume;
      if (workload === undefined || workload.partial || mount === undefined || image.family !== 'official') continue;
      if (dataPlace(server) !== 'root' || dataVolume.shadowedBy !== undefined || start.kind === 'unknown') continue;
      if (dataVolume.kind === 'hostPath' || dataVolume.kind === 'container' || preparesData(server)) continue;
      const user = startUser(server);
      const isFolder = isFolderVolume(server, environment);
      const isOther = user?.isRoot === false;
      // Root may change what it finds, and only a file system of its own has something in it.
      if (!isOther && (dataVolume.kind === 'emptyDir' || isFolder === true || mount.subPath !== undefined)) continue;
      yield {
        at: mount.at,
        server,
        severity: isOther && isFolder !== true && dataVolume.kind !== 'unknown' ? undefined : 'warning',
        message: isOther
          ? `"${name}" keeps its data in the root of a volume, which root owns, and runs as user ${user.uid ?? 'of the image'}: on a new volume initdb ends with: could not change permissions of directory "${mount.path}": Operation not permitted`
          : `"${name}" keeps its data in the root of a volume: on a new ext4 file system, which most block storage has, initdb finds lost+found and ends with: directory "${mount.path}" exists but is not empty`,
        label: 'PGDATA is this mount itself',
        help: `set PGDATA to a folder below it, such as ${mount.path}/pgdata; move the data there first if there is any`,
        related: setsDirectory(server),
        fix: intoFolder(server),
      };
    }
  },
});

/** An existing cluster is not found any more where PGDATA then points. */
function intoFolder(server: Server) {
  const title = `PGDATA: ${dataFolder(server)} (move existing data there, or the server starts with an empty database)`;
  return fix({ title, applicability: 'unsafe', restarts: true }, folderEdits(server));
}

/** The variable that says it, where the image does not. */
function setsDirectory({ container, dataDirectory }: Server) {
  if (dataDirectory.state !== 'known' || !container?.environment.some(v => v.name === 'PGDATA')) return [];
  return [{ at: dataDirectory.at, message: `PGDATA is ${dataDirectory.value}` }];
}
