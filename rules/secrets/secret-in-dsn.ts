import { fix } from '../../src/fix/edits.ts';
import { credentialsOf } from '../../src/postgres/credentials.ts';
import { fromSecret, howToMake, secretKeyFor } from '../../src/postgres/secret-convention.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'secret-in-dsn',
  summary: 'A connection string holds its password in clear.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'environment',
  *check(environment) {
    for (const { holder, name, owner, at, item, user, placeholder, workload } of credentialsOf(environment)) {
      if (holder !== 'dsn') continue;
      const to = secretKeyFor(workload, name);
      yield {
        at,
        severity: placeholder ? 'warning' : 'error',
        message: placeholder
          ? `the connection string in ${name} of ${owner} has a placeholder for its password, so it works only where that is the password`
          : `the connection string in ${name} of ${owner} holds the password${user === undefined ? '' : ` of "${user}"`}, so everybody who can read the file can log in`,
        label: placeholder ? 'a placeholder' : 'a password in clear',
        help:
          item === undefined
            ? 'keep the string without its password, and give that in a variable from a Secret (PGPASSWORD, DATA_SOURCE_PASS), or keep the whole string in a Secret'
            : `keep the whole string in a Secret (${howToMake(to.secret, [to.key])}), or without its password, which a variable from a Secret gives (PGPASSWORD, DATA_SOURCE_PASS)`,
        fix:
          item &&
          fix(
            {
              title: `${name} from the key "${to.key}" of a Secret "${to.secret}", which is to be made first`,
              applicability: 'unsafe',
              restarts: true,
            },
            fromSecret(item, to),
          ),
      };
    }
  },
});
