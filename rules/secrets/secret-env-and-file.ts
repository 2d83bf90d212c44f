import { fileVariables } from '../../src/postgres/entrypoint-variables.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'secret-env-and-file',
  summary: 'A password is given twice, or by a file that is not there, and the entrypoint of the image gives up.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'server',
  *check(server) {
    for (const { name, variable, direct, path, fault } of fileVariables(server)) {
      const at = variable.value.at ?? variable.at;
      if (fault === 'both') {
        yield {
          at: variable.at,
          message: `"${server.name}" sets both ${name} and ${name}_FILE, so its container ends with "Both ${name} and ${name}_FILE are set (but are exclusive)"`,
          label: 'set beside the variable itself',
          help: `keep ${name}_FILE, and take ${name} away`,
          related: direct === undefined ? [] : [{ at: direct.at, message: name }],
        };
      } else {
        yield {
          at,
          message: `${name}_FILE of "${server.name}" names ${path}, where nothing is mounted, so the container ends with "${path}: No such file or directory"`,
          label: 'no volume is mounted here',
          help: 'mount the Secret there, or name the path at which it is mounted',
        };
      }
    }
  },
});
