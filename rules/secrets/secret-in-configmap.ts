import { credentialsOf } from '../../src/postgres/credentials.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'secret-in-configmap',
  summary: 'A ConfigMap holds a password or private key of PostgreSQL.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'environment',
  *check(environment) {
    for (const { holder, name, owner, at, user, placeholder, password } of credentialsOf(environment)) {
      if (holder !== 'configmap') continue;
      const what = password ? `the password${user === undefined ? '' : ` of "${user}"`}` : 'a private key';
      yield {
        at,
        severity: placeholder ? 'warning' : 'error',
        message: `${owner} holds ${what} under "${name}", so everybody who can read ${environment.exported === undefined ? 'the repository, or ' : ''}ConfigMaps in the namespace${environment.exported === undefined ? ',' : ''} has it`,
        label: placeholder ? 'a placeholder' : password ? 'a password in clear' : 'a private key',
        help: 'keep it in a Secret that is made outside the repository, and leave the ConfigMap to what may be read',
      };
    }
  },
});
