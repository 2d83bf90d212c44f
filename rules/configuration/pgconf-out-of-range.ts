import { faultProblems } from '../../src/postgres/fault-rules.ts';
import type { SettingFault } from '../../src/postgres/setting-faults.ts';
import { defineRule } from '../../src/types.ts';

/** What a bare number counts. */
const inUnit = ({ value, unit }: SettingFault): string =>
  unit === undefined || /[a-z]/i.test(value) ? '' : ` (in ${unit})`;

export default defineRule({
  id: 'pgconf-out-of-range',
  summary: 'A setting has a value beyond what its parameter allows, so PostgreSQL does not start.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'server',
  *check(server) {
    yield* faultProblems(server, ['range'], fault => ({
      wrong: `${fault.name} = ${fault.value}${inUnit(fault)} is ${fault.message}`,
      place: 'value',
      help: 'choose a value inside the range',
    }));
  },
});
