import { acceptsRemoteConnections } from '../../src/postgres/authentication.ts';
import { hbaSource } from '../../src/postgres/hba-sources.ts';
import { effective, settingOf } from '../../src/postgres/settings.ts';
import { locate } from '../../src/text-region.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'hba-hostssl-without-ssl',
  summary: 'pg_hba.conf lets other machines in over TLS only, and TLS is off: nobody can connect.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'server',
  *check(server) {
    const source = hbaSource(server);
    if (source?.kind !== 'file' || effective(server.effective, 'ssl') !== false) return;
    const { records, use } = source;
    if (!acceptsRemoteConnections(records) || acceptsRemoteConnections(records, false)) return;
    const record = records.find(r => r.type === 'hostssl');
    if (record === undefined) return;
    const ssl = settingOf(server.effective, 'ssl');
    yield {
      at: locate(use.region, record.typeToken.start, record.typeToken.end),
      message: `other machines may connect to the server "${server.name}" over TLS only, and its ssl is off, so it refuses them all`,
      label: 'matches TLS only',
      help: 'set ssl = on with ssl_cert_file and ssl_key_file, or let hosts in without TLS',
      related: ssl.state === 'known' ? [{ at: ssl.at, message: 'ssl = off' }] : [],
    };
  },
});
