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
    // Whose password a stranger's file holds is for that repository to judge.
    if (environment.servers.length === 0) return;
    const passwords = credentialsOf(environment).filter(c => c.password && !c.placeholder);
    for (const [index, { value, user, name, owner, at }] of passwords.entries()) {
      // One password in several places is changed once.
      if (passwords.slice(0, index).some(c => c.value === value)) continue;
      const same = passwords.filter(c => c.value === value);
      const weakness = passwordWeakness(value, user);
      if (weakness === undefined) continue;
      yield {
        at,
        message: `the password${user === undefined ? '' : ` of "${user}"`} in ${name} of ${owner} ${weakness.fault}, so it ${weakness.consequence}`,
        severity: weakness.merelyShort ? 'info' : 'warning',
        label: 'a weak password',
        help: 'generate one of 20 characters or more, and change it in the database too: variables count at the first start alone',
        related: same.slice(1).map(c => ({ at: c.at, message: `the same in ${c.name} of ${c.owner}` })),
      };
    }
  },
});
