import { writesTo } from '../../src/postgres/script-writes.ts';
import { refusal, settingFaults } from '../../src/postgres/setting-faults.ts';
import { defineRule, valueOf } from '../../src/types.ts';

const help = 'write standby.signal, and primary_conninfo to postgresql.auto.conf: pg_basebackup -R does both';

export default defineRule({
  id: 'recovery-conf-used',
  summary: 'recovery.conf, or what only it could set, is used with PostgreSQL 12 or later, which refuses to start.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'server',
  *check(server) {
    const major = valueOf(server.image.major);
    for (const fault of settingFaults(server)) {
      if (!/^(?:standby_mode|trigger_file)$/i.test(fault.name) || (major !== undefined && major < 12)) continue;
      yield {
        at: fault.nameAt,
        message: `"${fault.name}" belonged to recovery.conf and is no parameter, ${refusal(server, fault)}`,
        help: 'take it away and create the file standby.signal',
      };
    }
    if (major === undefined || major < 12) return;
    const message = `PostgreSQL ${major} stops at recovery.conf (using recovery command file "recovery.conf" is not supported), so the server "${server.name}" does not start`;
    for (const script of server.scripts) {
      // A script that knows both ways looks at the version first.
      if (script.region.text.includes('standby.signal')) continue;
      const [first, ...others] = writesTo(script, 'recovery.conf');
      if (first === undefined) continue;
      yield {
        at: first.at,
        message,
        label: 'recovery.conf',
        help,
        related: others.map(w => ({ at: w.at, message: 'recovery.conf' })),
      };
    }
    const directory = valueOf(server.dataDirectory);
    const mounted = server.files.files.find(f => directory !== undefined && f.path === `${directory}/recovery.conf`);
    if (mounted !== undefined) yield { at: mounted.via, message, label: 'recovery.conf', help };
  },
});
