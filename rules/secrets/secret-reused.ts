import { credentialsOf } from '../../src/postgres/credentials.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'secret-reused',
  summary: 'Several roles of PostgreSQL have the same password.',
  severity: 'info',
  preset: 'strict',
  since: '0.1.0',
  on: 'environment',
  *check(environment) {
    if (environment.servers.length === 0) return;
    const told = new Set<string>();
    const all = credentialsOf(environment).filter(c => c.password && !c.placeholder && c.user !== undefined);
    for (const [index, second] of all.entries()) {
      const first = all.slice(0, index).find(c => c.value === second.value);
      const pair = [first?.user ?? '', second.user ?? ''].sort((a, b) => (a < b ? -1 : 1)).join('\0');
      if (first === undefined || first.user === second.user || told.has(pair)) continue;
      told.add(pair);
      yield {
        at: second.at,
        message: `the roles "${first.user}" and "${second.user}" have the same password, so whoever learns the weaker one's has the other's rights too`,
        label: `also the password of "${first.user}"`,
        help: 'give each role a password of its own',
        related: [{ at: first.at, message: `the password of "${first.user}"` }],
      };
    }
  },
});
