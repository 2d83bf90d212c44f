import { lacksInitialPassword } from '../../src/postgres/entrypoint-variables.ts';
import { defineRule } from '../../src/types.ts';
import { entry } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'secret-missing-for-init',
  summary: 'Nothing gives the official image a password, so its first start ends with an error.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'server',
  *check(server) {
    const { container, name, certainty, platform } = server;
    if (container === undefined || !lacksInitialPassword(server)) return;
    const certain = certainty === 'certain';
    const place = platform === 'compose' ? 'environment' : 'env';
    yield {
      at: entry(container.node, place)?.key ?? container.at,
      severity: certain ? 'error' : 'warning',
      message: `"${name}" gets neither POSTGRES_PASSWORD nor POSTGRES_PASSWORD_FILE, so ${certain ? 'its' : 'with the official image its'} first start ends with "Database is uninitialized and superuser password is not specified"`,
      label: 'no POSTGRES_PASSWORD',
      help:
        platform === 'compose'
          ? 'add POSTGRES_PASSWORD_FILE with a secret, or POSTGRES_PASSWORD from the shell'
          : 'add POSTGRES_PASSWORD with valueFrom.secretKeyRef',
    };
  },
});
