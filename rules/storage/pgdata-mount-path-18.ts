import { fix, setScalar } from '../../src/fix/edits.ts';
import { breaksOn18, mountPathNode } from '../../src/postgres/data-layout.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'pgdata-mount-path-18',
  summary: 'The volume of a PostgreSQL 18 is mounted where its image refuses to start.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server) {
    const { container, image, name, start, workload } = server;
    const mount = breaksOn18(server);
    if (mount === undefined || start.kind !== 'entrypoint' || workload?.partial === true) return;
    const floating = image.major.state !== 'known';
    const version = floating
      ? 'an image without a version (18 or later since 2025-09-25)'
      : `PostgreSQL ${image.major.value}`;
    const directory = `/var/lib/postgresql/${floating ? 18 : image.major.value}/docker`;
    const path = container && mountPathNode(container, mount);
    yield {
      at: mount.at,
      message: `"${name}" mounts a volume at /var/lib/postgresql/data, but ${version} keeps its data in ${directory} and its entrypoint exits with status 1 when something is mounted at the old place, so the database does not start`,
      label: 'the image of 18 refuses this mount',
      help: floating
        ? 'name the major version that wrote the data, or mount the volume at /var/lib/postgresql'
        : 'mount the volume at /var/lib/postgresql, and bring older data over with pg_upgrade or a dump',
      related:
        image.at === undefined
          ? []
          : [{ at: image.at, message: floating ? 'this tag follows the newest major' : 'the image' }],
      fix: fix(
        {
          title: 'mount at /var/lib/postgresql (data of an older major must be upgraded)',
          applicability: 'unsafe',
          restarts: true,
        },
        path && setScalar(path, '/var/lib/postgresql'),
      ),
    };
  },
});
