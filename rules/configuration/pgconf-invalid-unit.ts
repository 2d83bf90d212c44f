import { faultProblems, otherValue } from '../../src/postgres/fault-rules.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'pgconf-invalid-unit',
  summary: 'A setting has a unit that PostgreSQL does not know, so it does not start.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'server',
  *check(server, { text }) {
    yield* faultProblems(server, ['unit'], fault => {
      const { suggestion, value } = fault;
      // A lone m may be meant for minutes or for millions of something.
      const sure = !/\dm\s*$/.test(value);
      return {
        wrong: `${fault.name}: ${fault.message}`,
        place: 'value',
        label: suggestion === undefined ? undefined : `${suggestion}?`,
        help: suggestion === undefined ? 'write the number without a unit' : `write ${suggestion}`,
        fix:
          suggestion === undefined
            ? undefined
            : {
                title: `${fault.name} = ${suggestion}`,
                applicability: sure ? 'safe' : 'unsafe',
                edits: otherValue(text, fault, suggestion),
              },
      };
    });
  },
});
