import { preloaded } from '../../src/postgres/preload.ts';
import { onceLoaded } from '../../src/postgres/wording.ts';
import { defineRule } from '../../src/types.ts';

/** Libraries that are not part of PostgreSQL, and the images that bring them. */
const foreign: Readonly<Record<string, string>> = {
  pgaudit: 'the package postgresql-N-pgaudit',
  pg_cron: 'the package postgresql-N-cron',
  timescaledb: 'the image timescale/timescaledb',
  citus: 'the image citusdata/citus',
  pg_partman_bgw: 'the package postgresql-N-partman',
  pglogical: 'the package postgresql-N-pglogical',
  pg_stat_kcache: 'the package postgresql-N-pg-stat-kcache',
  pg_qualstats: 'the package postgresql-N-pg-qualstats',
  pg_wait_sampling: 'the package postgresql-N-pg-wait-sampling',
  pg_hint_plan: 'the package postgresql-N-pg-hint-plan',
  pg_squeeze: 'the package postgresql-N-squeeze',
  credcheck: 'the package postgresql-N-credcheck',
  set_user: 'the package postgresql-N-set-user',
  pg_failover_slots: 'the package postgresql-N-pg-failover-slots',
  repmgr: 'the package postgresql-N-repmgr',
  pg_stat_monitor: 'an image that builds it',
  vectors: 'the image tensorchord/pgvecto-rs',
  vchord: 'the image tensorchord/vchord-postgres',
};

export default defineRule({
  id: 'preload-library-missing',
  summary: 'shared_preload_libraries names a library that the image does not have, so PostgreSQL does not start.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'server',
  *check(server) {
    const { image, name, intended, files } = server;
    const loaded = preloaded(server, intended);
    if (!image.exact || loaded?.setting === undefined) return;
    // A volume over the library directory, or a path of one's own, may bring it.
    if (/\//.test(loaded.setting.value) || files.unseen.some(u => /\/lib(?:64)?\//.test(u.path))) return;
    const missing = loaded.libraries.filter(l => Object.hasOwn(foreign, l));
    const [first] = missing;
    if (first === undefined) return;
    yield {
      at: loaded.setting.at,
      message: `the image of the server "${name}" has no library ${missing.map(l => `"${l}"`).join(' or ')} (could not access file "${first}"), so it does not start${onceLoaded(loaded.setting)}`,
      label: `no ${missing.join(', ')}`,
      help: `use an image that has it: ${foreign[first]?.replace('-N-', `-${image.major.state === 'known' ? image.major.value : 'N'}-`)}`,
    };
  },
});
