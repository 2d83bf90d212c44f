import { fix, setScalar } from '../../src/fix/edits.ts';
import { credentialsOf } from '../../src/postgres/credentials.ts';
import { isPrivate } from '../../src/postgres/published-ports.ts';
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
      const server = environment.servers.find(s => s.resource?.root === service);
      // The port is the way in: without one, or with one of the host alone, the password is no more than known.
      const isKept = server !== undefined && isPrivate(server);
      const role = user === undefined ? '' : ` as "${user}"`;
      yield {
        at,
        severity: placeholder || isKept ? 'warning' : 'error',
        message: `${owner} has the value of ${name} in the compose file, so everybody who can read the repository can log in${role}${isKept ? ', once the port is within reach' : ''}`,
        label: placeholder ? 'a placeholder' : 'a password in clear',
        help: `take it from the shell (\${${name}:?})${readsFile(name) ? `, or from a file outside the repository by \`secrets\` and ${name}_FILE` : ', or from an .env file that is not committed'}`,
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

/** The entrypoints of the official image and of Bitnami's read these from a file. */
const readsFile = (name: string): boolean => /^POSTGRES(QL)?_([A-Z]+_)?PASSWORD$/.test(name);
