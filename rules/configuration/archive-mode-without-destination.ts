import { effective, settingOf } from '../../src/postgres/settings.ts';
import { named } from '../../src/postgres/setting-faults.ts';
import { onceLoaded } from '../../src/postgres/wording.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'archive-mode-without-destination',
  summary: 'archive_mode is on and nothing says where to, so WAL piles up until the volume is full.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'server',
  *check(server) {
    const { intended, replication, platform, settingsFiles } = server;
    const mode = settingOf(intended, 'archive_mode');
    const value = effective(intended, 'archive_mode');
    if (mode.state !== 'known' || (value !== 'on' && value !== 'always') || mode.value.origin === 'operator') return;
    if (replication.mechanism === 'patroni') return;
    // A part of a configuration may leave the command to another part.
    if (platform === 'file' && !settingsFiles.some(f => f.region.path.endsWith('postgresql.conf'))) return;
    const command = settingOf(intended, 'archive_command');
    const library = settingOf(intended, 'archive_library');
    if (isGiven(command) || isGiven(library)) return;
    const set = command.state === 'known' ? command.value : undefined;
    yield {
      at: mode.at,
      message: `archive_mode is ${value} and archive_command is ${set === undefined ? 'not set' : 'empty'}, so ${named(server)} keeps every WAL segment until its volume is full and it stops${onceLoaded(mode.value, set)}`,
      label: 'no archive_command',
      help: 'set archive_command or archive_library, or archive_mode = off',
      related: set === undefined ? [] : [{ at: set.at, message: "archive_command = ''" }],
    };

    function isGiven(fact: typeof command): boolean {
      return fact.state === 'unknown' || (fact.state === 'known' && fact.value.value.trim() !== '');
    }
  },
});
