import { fix } from '../../src/fix/edits.ts';
import { credentialsOf } from '../../src/postgres/credentials.ts';
import { fromSecret, howToMake, secretKeyFor } from '../../src/postgres/secret-convention.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'secret-plaintext-env',
  summary: 'A container has a password of PostgreSQL in clear among its variables.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'environment',
  *check(environment) {
    const exported = environment.exported !== undefined;
    const all = credentialsOf(environment).filter(c => c.holder === 'variable');
    for (const { name, owner, at, item, user, placeholder, workload } of all) {
      if (item === undefined) continue;
      const to = secretKeyFor(workload, name);
      const keys = all.filter(c => c.workload === workload).map(c => secretKeyFor(workload, c.name).key);
      yield {
        at,
        severity: placeholder ? 'warning' : 'error',
        message: placeholder
          ? `${name} of ${owner} is a placeholder that everybody can guess, and ${exported ? 'it is the password that the server was made with' : 'the password of whoever applies the file as it stands'}`
          : `${owner} has the value of ${name} in its manifest, so everybody who can read ${exported ? 'workloads in the namespace' : 'the repository'} can log in${user === undefined ? '' : ` as "${user}"`}`,
        label: placeholder ? 'a placeholder' : 'a password in clear',
        help: exported
          ? `take it from a Secret (${howToMake(to.secret, keys)}), and change the password`
          : `take it from a Secret that is made outside the repository (${howToMake(to.secret, keys)}), and change the password: the history keeps the old one`,
        fix: fix(
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
