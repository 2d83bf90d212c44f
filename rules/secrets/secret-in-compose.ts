import { fix, setScalar } from '../../src/fix/edits.ts';
import { credentialsOf } from '../../src/postgres/credentials.ts';
import { defineRule } from '../../src/types.ts';
import { getScalar } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'secret-in-compose',
  summary: 'A compose file holds a password of PostgreSQL in clear.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'environment',
  *check(environment) {
    for (const { holder, name, owner, at, user, placeholder, service } of credentialsOf(environment)) {
      if (holder !== 'compose') continue;
      const value = getScalar(service, 'environment', name);
      yield {
        at,
        severity: placeholder ? 'warning' : 'error',
        message: `${owner} has the value of ${name} in the compose file, so everybody who can read the repository can log in${user === undefined ? '' : ` as "${user}"`}`,
        label: placeholder ? 'a placeholder' : 'a password in clear',
        help: `take it from the shell (\${${name}:?}), or from a file outside the repository by \`secrets\` and ${name}_FILE`,
        fix:
          value === undefined
            ? undefined
            : fix(
                {
                  title: `${name} from the shell or an .env file that is not committed`,
                  applicability: 'unsafe',
                  restarts: true,
                },
                setScalar(value, `\${${name}:?}`),
              ),
      };
    }
  },
});
