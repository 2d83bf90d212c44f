import { faultProblems, versionOf } from '../../src/postgres/fault-rules.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'pgconf-parameter-too-new',
  summary: 'A setting names a parameter that only later majors of PostgreSQL have, so it does not start.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'server',
  *check(server) {
    yield* faultProblems(server, ['too-new'], fault => ({
      wrong: `"${fault.name}" ${fault.message}, and this is ${versionOf(fault)}`,
      place: 'name',
      help: 'take the setting away, or move to a major that has it',
    }));
  },
});
