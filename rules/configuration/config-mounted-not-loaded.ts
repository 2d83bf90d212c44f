import { parsePostgresqlConf } from '../../src/formats/postgresql-conf.ts';
import { fix } from '../../src/fix/edits.ts';
import { addSettings } from '../../src/postgres/start-arguments.ts';
import { type UnreadFile, unreadSettings } from '../../src/postgres/unread-files.ts';
import { isSet } from '../../src/postgres/settings.ts';
import { defineRule } from '../../src/types.ts';

/** The names that a file sets, each once. */
const namesIn = (file: UnreadFile): readonly string[] => [
  ...new Set(parsePostgresqlConf(file.region?.text ?? '').entries.map(e => e.name)),
];

/** `3 settings (shared_buffers, work_mem, …)`. */
function count(names: readonly string[]): string {
  const shown = names.slice(0, 2).join(', ');
  return `${names.length} settings (${names.length > 2 ? `${shown}, …` : shown})`;
}

export default defineRule({
  id: 'config-mounted-not-loaded',
  summary: 'A postgresql.conf lies in the container where nothing makes PostgreSQL read it.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server) {
    const files = unreadSettings(server);
    for (const file of files) {
      if (files.findIndex(f => f.via.start === file.via.start && f.via.path === file.via.path) !== files.indexOf(file))
        continue;
      const together = files.filter(f => f.via.start === file.via.start && f.via.path === file.via.path);
      const names = together.flatMap(namesIn);
      const what =
        names.length === 0
          ? 'the settings there do'
          : names.length === 1
            ? `${names[0]} does`
            : `its ${count(names)} do`;
      const complete = file.region !== undefined && file.path.endsWith('/postgresql.conf') && together.length === 1;
      const added = [
        `config_file=${file.path}`,
        ...(isSet(server.intended, 'listen_addresses') ? [] : ['listen_addresses=*']),
      ];
      yield {
        at: file.via,
        message: file.withoutVolume
          ? `the server "${server.name}" would not read the settings file at ${file.path} even if its volume existed, so ${what} not apply`
          : `nothing makes the server "${server.name}" read ${file.path}, so ${what} not apply`,
        label: 'not read',
        help: `start postgres with ${added.map(a => `-c ${a}`).join(' ')}`.replace(/(config_file=\S*)/, s =>
          s.endsWith('.conf') ? s : `${s}/postgresql.conf`,
        ),
        related: together.flatMap(f => (f.region === undefined ? [] : [{ at: f.region.name, message: 'the file' }])),
        fix:
          complete && !file.withoutVolume
            ? fix(
                {
                  title: added.map(a => `-c ${a}`).join(' '),
                  applicability: 'unsafe',
                  restarts: server.platform === 'kubernetes',
                },
                addSettings(server, added),
              )
            : undefined,
      };
    }
  },
});
