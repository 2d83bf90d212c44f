import { acceptsRemoteReplication } from '../../src/postgres/authentication.ts';
import { hbaSource } from '../../src/postgres/hba-sources.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'hba-no-replication-record',
  summary: 'A standby connects to a server whose pg_hba.conf lets nobody replicate.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'environment',
  *check({ connections }) {
    for (const { role, server, at, container } of connections) {
      const source = role === 'standby' && server !== undefined ? hbaSource(server) : undefined;
      if (server === undefined || source === undefined || acceptsRemoteReplication(source.records)) continue;
      const whose =
        source.kind === 'file'
          ? 'the pg_hba.conf'
          : source.kind === 'image'
            ? "the image's pg_hba.conf"
            : 'the pg_hba.conf of initdb';
      yield {
        at,
        server,
        message: `"${container.name}" replicates from the server "${server.name}", but ${whose} has no record "replication" for other machines ("all" does not include it), so the standby is refused`,
        help: 'add a record such as: host replication replicator samenet scram-sha-256',
        related: source.kind === 'file' ? [{ at: source.use.region.name, message: 'the file' }] : [],
      };
    }
  },
});
