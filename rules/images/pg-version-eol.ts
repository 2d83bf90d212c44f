import { daysUntilEndOfLife, endOfLife, latestMinor } from '../../src/postgres/versions.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'pg-version-eol',
  summary: 'The major version of PostgreSQL gets no more fixes, or soon gets none.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  options: { days: 180 },
  on: 'server',
  *check({ image, name }, { now, options }) {
    if (image.major.state !== 'known' || image.at === undefined) return;
    const major = image.major.value;
    const end = endOfLife(major);
    const days = daysUntilEndOfLife(major, now);
    if (end === undefined || days === undefined || days > options.days) return;
    const isOver = days < 0;
    // Of the oldest majors only a day that is late enough is known.
    const since = latestMinor(major) === undefined ? 'for many years' : `since ${end}`;
    yield {
      at: image.at,
      severity: isOver ? undefined : 'info',
      message: isOver
        ? `"${name}" runs PostgreSQL ${major}, which has had no fixes, security fixes included, ${since}`
        : `"${name}" runs PostgreSQL ${major}, which gets its last fixes on ${end}, in ${days} days`,
      label: isOver ? 'past its end of life' : `end of life in ${days} days`,
      help: 'plan the upgrade to a supported major, with pg_upgrade or a dump',
    };
  },
});
