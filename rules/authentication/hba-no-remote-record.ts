import { acceptsRemoteConnections } from '../../src/postgres/authentication.ts';
import { hbaSource } from '../../src/postgres/hba-sources.ts';
import { defineRule, valueOf } from '../../src/types.ts';

export default defineRule({
  id: 'hba-no-remote-record',
  summary: 'pg_hba.conf lets no other machine in, though the port is there for others.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'server',
  *check(server) {
    const { container, name } = server;
    const port = valueOf(server.port);
    const declared = container?.ports.find(p => valueOf(p.port) === port);
    const source = declared === undefined ? undefined : hbaSource(server);
    if (declared === undefined || source === undefined || source.kind === 'image') return;
    if (acceptsRemoteConnections(source.records)) return;
    const related = [{ at: declared.at, message: `the port ${port} is meant for others` }];
    yield source.kind === 'file'
      ? {
          at: source.use.region.name,
          message: `no record of this pg_hba.conf lets another machine open a database, so the server "${name}" refuses every client`,
          help: 'add a record such as: host all all samenet scram-sha-256',
          related,
        }
      : {
          at: source.at,
          message: `the script runs initdb by itself, which lets in nobody but the pod itself, and adds no record for other clients${source.records.length > 0 ? ' (replication is not a database)' : ''}, so the server "${name}" refuses them all`,
          help: 'let the entrypoint of the image initialise the data, or add a record such as: host all all samenet scram-sha-256',
          related,
        };
  },
});
