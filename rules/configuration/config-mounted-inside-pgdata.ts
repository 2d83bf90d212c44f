import { isWithin } from '../../src/kubernetes/mounts.ts';
import { runsInitdb } from '../../src/postgres/hba-sources.ts';
import { startsPlainly } from '../../src/postgres/plain-start.ts';
import { defineRule, valueOf } from '../../src/types.ts';

export default defineRule({
  id: 'config-mounted-inside-pgdata',
  summary: 'Something is mounted inside PGDATA, so initdb finds the directory not empty and stops.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'server',
  *check(server) {
    const { container, dataDirectory, image, start, name, scripts } = server;
    const directory = valueOf(dataDirectory);
    if (image.family !== 'official' || start.kind !== 'entrypoint' || !startsPlainly(server) || directory === undefined)
      return;
    // Someone else makes the data, perhaps where the mount is not.
    if (scripts.some(s => runsInitdb(s) || /pg_basebackup|restore/.test(s.region.text))) return;
    for (const mount of container?.mounts ?? []) {
      const inside = mount.path === directory ? undefined : mount.path.slice(directory.length + 1);
      if (inside === undefined || !isWithin(mount.path, directory)) continue;
      yield {
        at: mount.at,
        message: `${mount.path} lies inside PGDATA, so at the first start of the server "${name}" initdb stops: directory "${directory}" exists but is not empty`,
        label: 'inside PGDATA',
        help: inside.endsWith('.conf')
          ? `mount it outside of ${directory} and start postgres with -c ${/hba/.test(inside) ? 'hba_file' : 'config_file'}=…`
          : `mount it outside of ${directory}, or set PGDATA to a directory beside it`,
        related:
          dataDirectory.state === 'known' &&
          dataDirectory.at.path === mount.at.path &&
          dataDirectory.at.start !== image.at?.start
            ? [{ at: dataDirectory.at, message: `PGDATA is ${directory}` }]
            : [],
      };
    }
  },
});
