import { credentialsOf } from '../../src/postgres/credentials.ts';
import { passwordWeakness } from '../../src/postgres/password-weakness.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'secret-weak-password',
  summary: 'A password of PostgreSQL is among the first that anybody tries.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  on: 'environment',
  *check(environment) {
    for (const { password, placeholder, value, user, name, owner, at } of credentialsOf(environment)) {
      const weakness = password && !placeholder ? passwordWeakness(value, user) : undefined;
      if (weakness === undefined) continue;
      yield {
        at,
        message: `the password${user === undefined ? '' : ` of "${user}"`} in ${name} of ${owner} ${weakness.fault}, so it ${weakness.consequence}`,
        severity: weakness.merelyShort ? 'info' : 'warning',
        label: 'a weak password',
        help: 'generate one of 20 characters or more, and change it in the database too: the variable counts at the first start alone',
      };
    }
  },
});
