import { fix } from '../../src/fix/edits.ts';
import { lacksInitialPassword } from '../../src/postgres/entrypoint-variables.ts';
import { type SecretKey, howToMake, secretKeyFor, variableFromSecret } from '../../src/postgres/secret-convention.ts';
import type { Server } from '../../src/postgres/server.ts';
import { type Problem, defineRule } from '../../src/types.ts';
import { entry } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'secret-missing-for-init',
  summary: 'Nothing gives the official image a password, so its first start ends with an error.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server) {
    const { container, name, certainty, platform } = server;
    if (container === undefined || !lacksInitialPassword(server)) return;
    const certain = certainty === 'certain';
    const to = secretKeyFor(server.resource?.name, 'POSTGRES_PASSWORD');
    const place = platform === 'compose' ? 'environment' : 'env';
    yield {
      at: entry(container.node, place)?.key ?? container.at,
      severity: certain ? 'error' : 'warning',
      message: `"${name}" gets neither POSTGRES_PASSWORD nor POSTGRES_PASSWORD_FILE, so ${certain ? 'its' : 'with the official image its'} first start ends with "Database is uninitialized and superuser password is not specified"`,
      label: 'no POSTGRES_PASSWORD',
      help:
        platform === 'compose'
          ? 'add POSTGRES_PASSWORD_FILE with a secret, or POSTGRES_PASSWORD from the shell'
          : `add POSTGRES_PASSWORD from a Secret (${howToMake(to.secret, [to.key])})`,
      fix: addPassword(server, to),
    };
  },
});

function addPassword({ container, platform }: Server, to: SecretKey): Problem['fix'] {
  const isThere = container?.environment.some(v => v.name === 'POSTGRES_PASSWORD');
  if (container?.node === undefined || platform !== 'kubernetes' || isThere === true) return undefined;
  const title = `POSTGRES_PASSWORD from the key "${to.key}" of a Secret "${to.secret}", which is to be made first`;
  return fix(
    { title, applicability: 'unsafe', restarts: true },
    variableFromSecret(container.node, 'POSTGRES_PASSWORD', to),
  );
}
