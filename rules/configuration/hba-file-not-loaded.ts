import { fix } from '../../src/fix/edits.ts';
import { parseHba } from '../../src/formats/pg-hba.ts';
import { coversAnyAddress } from '../../src/postgres/authentication.ts';
import { addSettings } from '../../src/postgres/start-arguments.ts';
import { unreadHba } from '../../src/postgres/unread-files.ts';
import { defineRule, valueOf } from '../../src/types.ts';
import type { TextRegion } from '../../src/text-region.ts';

/** It lets fewer machines in than the image's own file, which takes a password from anywhere. */
function isStricter(region: TextRegion, major: number | undefined): boolean {
  const { records } = parseHba(region.text, major ?? 18);
  return records.length > 0 && !records.some(r => coversAnyAddress(r) && r.authMethod !== 'reject');
}

export default defineRule({
  id: 'hba-file-not-loaded',
  summary: 'A pg_hba.conf lies in the container where nothing makes PostgreSQL read it.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server) {
    const directory = valueOf(server.dataDirectory) ?? 'PGDATA';
    for (const { path, region, via } of unreadHba(server)) {
      const stricter = region !== undefined && isStricter(region, valueOf(server.image.major));
      yield {
        at: via,
        severity: stricter ? 'error' : undefined,
        message: stricter
          ? `nothing makes the server "${server.name}" read ${path}, so ${directory}/pg_hba.conf still lets any address in with a password`
          : `nothing makes the server "${server.name}" read ${path}, so ${directory}/pg_hba.conf decides who may connect`,
        label: 'not read',
        help: `start postgres with -c hba_file=${path}`,
        related: region && [{ at: region.name, message: 'the file' }],
        fix:
          region &&
          fix(
            {
              title: `-c hba_file=${path}`,
              applicability: 'unsafe',
              restarts: server.platform === 'kubernetes',
            },
            addSettings(server, [`hba_file=${path}`]),
          ),
      };
    }
  },
});
