import { fix } from '../../src/fix/edits.ts';
import { setValue } from '../../src/fix/line-edits.ts';
import { isThrowAway } from '../../src/postgres/purpose.ts';
import { isPrivate } from '../../src/postgres/published-ports.ts';
import { settingOf } from '../../src/postgres/settings.ts';
import { defineRule, valueOf } from '../../src/types.ts';

/** The entrypoint writes pg_hba.conf once. */
const existing = 'where one exists, change its pg_hba.conf too';

export default defineRule({
  id: 'host-auth-method-trust',
  summary: 'POSTGRES_HOST_AUTH_METHOD=trust lets anybody in who reaches the port, as any role.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server, { text }) {
    const { container, image } = server;
    const variable = container?.environment.find(v => v.name === 'POSTGRES_HOST_AUTH_METHOD');
    if (image.family !== 'official' || variable?.value.state !== 'known') return;
    // It goes into PGDATA's own pg_hba.conf, which another file may replace.
    if (variable.value.value.trim() !== 'trust' || settingOf(server.effective, 'hba_file').state === 'known') return;
    const password = container?.environment.some(
      v => /^POSTGRES_PASSWORD(_FILE)?$/.test(v.name) && valueOf(v.value) !== '',
    );
    yield {
      at: variable.value.at,
      severity: isThrowAway(server) || isPrivate(server) ? 'warning' : undefined,
      message: `the server "${server.name}" takes every connection to its port for the role that it names, superusers too, without a password`,
      label: 'no password',
      help:
        password === true
          ? `take the variable away: a new database then asks for POSTGRES_PASSWORD; ${existing}`
          : `take the variable away and set POSTGRES_PASSWORD ${server.platform === 'compose' ? 'from the shell or a secret' : 'from a Secret'}; ${existing}`,
      fix:
        password === true
          ? fix(
              { title: 'scram-sha-256', applicability: 'unsafe', restarts: server.platform === 'kubernetes' },
              setValue(text, variable.value, 'scram-sha-256'),
            )
          : undefined,
    };
  },
});
