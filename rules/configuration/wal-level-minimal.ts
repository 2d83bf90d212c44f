import { fix } from '../../src/fix/edits.ts';
import { setValue } from '../../src/fix/line-edits.ts';
import { effective, settingOf } from '../../src/postgres/settings.ts';
import { named } from '../../src/postgres/setting-faults.ts';
import { onceLoaded } from '../../src/postgres/wording.ts';
import { defineRule, valueOf } from '../../src/types.ts';

export default defineRule({
  id: 'wal-level-minimal',
  summary: 'wal_level = minimal beside replication or archiving keeps PostgreSQL from starting.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'server',
  *check(server, { text }) {
    const { intended } = server;
    const level = settingOf(intended, 'wal_level');
    if (level.state !== 'known' || effective(intended, 'wal_level') !== 'minimal') return;
    const senders = effective(intended, 'max_wal_senders');
    const archive = effective(intended, 'archive_mode');
    const archiving = archive === 'on' || archive === 'always';
    if (!archiving && !(typeof senders === 'number' && senders > 0)) return;
    const other = archiving ? settingOf(intended, 'archive_mode') : settingOf(intended, 'max_wal_senders');
    const beside = archiving ? `archive_mode = ${archive}` : `max_wal_senders = ${senders}`;
    const set = valueOf(other);
    yield {
      at: level.at,
      message: `wal_level = minimal does not go with ${beside}${set === undefined ? ' (the default)' : ''}, so ${named(server)} does not start${onceLoaded(level.value, set)}`,
      help: archiving ? 'set wal_level = replica' : 'set wal_level = replica, or max_wal_senders = 0',
      related: set === undefined ? [] : [{ at: set.at, message: beside }],
      fix: fix({ title: 'wal_level = replica', applicability: 'safe' }, setValue(text, level.value, 'replica')),
    };
  },
});
