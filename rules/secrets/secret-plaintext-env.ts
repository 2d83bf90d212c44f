import { addKey, fix, removeEntry } from '../../src/fix/edits.ts';
import { credentialsOf } from '../../src/postgres/credentials.ts';
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
    for (const { holder, name, owner, at, item, user, placeholder, workload } of credentialsOf(environment)) {
      if (holder !== 'variable' || item === undefined) continue;
      const secret = `${workload ?? 'postgres'}-credentials`;
      const key = name.toLowerCase().replaceAll('_', '-');
      yield {
        at,
        severity: placeholder ? 'warning' : 'error',
        message: placeholder
          ? `${name} of ${owner} is a placeholder that everybody can guess, and the password of whoever applies the file as it stands`
          : `${owner} has the value of ${name} in its manifest, so everybody who can read the repository can log in${user === undefined ? '' : ` as "${user}"`}`,
        label: placeholder ? 'a placeholder' : 'a password in clear',
        help: 'take it from a Secret that is made outside the repository, and change the password: the history keeps the old one',
        fix: fix(
          {
            title: `${name} from the key "${key}" of a Secret "${secret}", which is to be made first`,
            applicability: 'unsafe',
            restarts: true,
          },
          removeEntry(item, 'value'),
          addKey(item, 'valueFrom', { secretKeyRef: { name: secret, key } }, ['name']),
        ),
      };
    }
  },
});
