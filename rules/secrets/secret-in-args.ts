import { credentialsOf } from '../../src/postgres/credentials.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'secret-in-args',
  summary: 'A password of PostgreSQL stands in clear in a command line or script of a manifest.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'environment',
  *check(environment) {
    for (const { holder, name, owner, at, user, placeholder, password } of credentialsOf(environment)) {
      if (holder !== 'command') continue;
      const whose = password ? `the password${user === undefined ? '' : ` of "${user}"`}` : 'a private key';
      yield {
        at,
        severity: placeholder ? 'warning' : 'error',
        message: `${owner} runs a script with ${whose} in clear (${name}), so everybody who can read the manifest, or list processes on the node, can log in with it`,
        label: placeholder ? 'a placeholder' : 'a password in clear',
        help: 'read it from a variable that comes from a Secret: psql takes PGPASSWORD, and SQL a variable set by -v',
      };
    }
  },
});
