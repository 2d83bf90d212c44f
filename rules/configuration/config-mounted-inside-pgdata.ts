import { fix, setScalar } from '../../src/fix/edits.ts';
import { isWithin } from '../../src/kubernetes/mounts.ts';
import type { Mount } from '../../src/kubernetes/workload.ts';
import { runsInitdb } from '../../src/postgres/hba-sources.ts';
import { startsPlainly } from '../../src/postgres/plain-start.ts';
import type { Server } from '../../src/postgres/server.ts';
import { isSet } from '../../src/postgres/settings.ts';
import { addSettings } from '../../src/postgres/start-arguments.ts';
import { type Problem, defineRule, valueOf } from '../../src/types.ts';
import { getItems, getScalar } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'config-mounted-inside-pgdata',
  summary: 'Something is mounted inside PGDATA, so initdb finds the directory not empty and stops.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
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
        fix: outside(server, mount, inside),
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

/** What the server then has to be told, for each of its own files. */
const parameters: Readonly<Record<string, string>> = {
  'postgresql.conf': 'config_file',
  'pg_hba.conf': 'hba_file',
  'pg_ident.conf': 'ident_file',
};

/** Mounts one of the server's own files where people look for it, and says so to the server. */
function outside(server: Server, mount: Mount, inside: string): Problem['fix'] {
  const parameter = Object.hasOwn(parameters, inside) ? parameters[inside] : undefined;
  if (server.platform !== 'kubernetes' || parameter === undefined || isSet(server.effective, parameter))
    return undefined;
  const items = getItems(server.container?.node, 'volumeMounts').map(item => getScalar(item, 'mountPath'));
  const scalar = items.find(s => s?.start === mount.at.start);
  const path = `/etc/postgresql/${inside}`;
  const listens = parameter !== 'config_file' || isSet(server.intended, 'listen_addresses');
  const words = [`${parameter}=${path}`, ...(listens ? [] : ['listen_addresses=*'])];
  return fix(
    {
      title: `mount it at ${path}, and ${words.map(w => `-c ${w}`).join(' ')}`,
      applicability: 'unsafe',
      restarts: true,
    },
    scalar && setScalar(scalar, path),
    addSettings(server, words),
  );
}
