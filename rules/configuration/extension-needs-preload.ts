import { settingFix } from '../../src/fix/setting-fix.ts';
import { splitIdentifiers } from '../../src/postgres/checks.ts';
import { preloaded } from '../../src/postgres/preload.ts';
import { named } from '../../src/postgres/setting-faults.ts';
import { effective } from '../../src/postgres/settings.ts';
import { onceLoaded } from '../../src/postgres/wording.ts';
import { defineRule } from '../../src/types.ts';

/** Prefixes of settings, the library that reads them, and what does not happen without it. */
const libraries: Readonly<Record<string, readonly [library: string, effect: string]>> = {
  pg_stat_statements: ['pg_stat_statements', 'no statement is counted'],
  auto_explain: ['auto_explain', 'no plan is logged'],
  pgaudit: ['pgaudit', 'nothing is audited'],
  cron: ['pg_cron', 'no job runs'],
  pg_partman_bgw: ['pg_partman_bgw', 'partitions are not maintained'],
  timescaledb: ['timescaledb', 'its jobs do not run'],
  credcheck: ['credcheck', 'no password is checked'],
};

/** Libraries that come with PostgreSQL itself. */
const contrib: ReadonlySet<string> = new Set(['pg_stat_statements', 'auto_explain']);

export default defineRule({
  id: 'extension-needs-preload',
  summary: 'Settings of an extension are set while shared_preload_libraries does not load it.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server, { text }) {
    const { intended, image, platform, settingsFiles } = server;
    // An operator adds the libraries of the settings that it is given.
    if (image.family === 'cloudnative-pg' || image.family === 'crunchy') return;
    const loaded = preloaded(server, intended);
    // A part of a configuration leaves them to another part.
    const whole = platform !== 'file' || settingsFiles.some(f => f.region.path.endsWith('postgresql.conf'));
    if (loaded === undefined || (loaded.setting === undefined && !whole)) return;
    const session = effective(intended, 'session_preload_libraries');
    const names = loaded.setting === undefined ? [] : (splitIdentifiers(loaded.setting.value) ?? []);
    const list = loaded.setting === undefined ? 'is not set' : `is "${loaded.setting.value}"`;
    for (const [prefix, [library, effect]] of Object.entries(libraries)) {
      if (loaded.libraries.includes(library)) continue;
      if (library === 'auto_explain' && (session === undefined || String(session).includes(library))) continue;
      const settings = [...intended.settings.values()].filter(
        s => s.origin !== 'operator' && s.name.toLowerCase().startsWith(`${prefix}.`),
      );
      const [first] = settings;
      if (first === undefined) continue;
      yield {
        at: first.nameAt,
        message: `${named(server)} sets ${settings.map(s => s.name).join(', ')}, and shared_preload_libraries ${list}, so ${effect}${onceLoaded(first)}`,
        label: `needs ${library}`,
        help: `add ${library} to shared_preload_libraries`,
        // Of any other library we do not know whether the image has it: without it the server would not start.
        fix: contrib.has(library)
          ? settingFix(server, { shared_preload_libraries: [...names, library].join(',') }, text)
          : undefined,
        related: loaded.setting === undefined ? [] : [{ at: loaded.setting.at, message: 'the libraries' }],
      };
    }
  },
});
