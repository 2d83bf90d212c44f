import { credentialsOf } from '../../src/postgres/credentials.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'secret-in-dsn',
  summary: 'A connection string holds its password in clear.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'environment',
  *check(environment) {
    for (const { holder, name, owner, at, user, placeholder } of credentialsOf(environment)) {
      if (holder !== 'dsn') continue;
      yield {
        at,
        severity: placeholder ? 'warning' : 'error',
        message: placeholder
          ? `the connection string in ${name} of ${owner} has a placeholder for its password, so it works only where that is the password`
          : `the connection string in ${name} of ${owner} holds the password${user === undefined ? '' : ` of "${user}"`}, so everybody who can read the file can log in`,
        label: placeholder ? 'a placeholder' : 'a password in clear',
        help: 'keep the string without its password, and give that in a variable from a Secret (PGPASSWORD, DATA_SOURCE_PASS), or keep the whole string in a Secret',
      };
    }
  },
});
