import { faultProblems, otherValue } from '../../src/postgres/fault-rules.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'pgconf-invalid-value',
  summary: 'A setting has a value that its parameter does not take, so PostgreSQL does not start.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server, { text }) {
    yield* faultProblems(server, ['value'], fault => {
      const { suggestion } = fault;
      return {
        wrong: `${fault.name}: ${fault.message}`,
        place: 'value',
        label: suggestion === undefined ? undefined : `${suggestion}?`,
        help: suggestion === undefined ? 'write a value that it takes' : `write ${suggestion} if that is meant`,
        severity: fault.doubtful ? 'warning' : undefined,
        fix:
          suggestion === undefined
            ? undefined
            : {
                title: `${fault.name} = ${suggestion}`,
                applicability: 'unsafe',
                edits: otherValue(text, fault, suggestion),
              },
      };
    });
  },
});
