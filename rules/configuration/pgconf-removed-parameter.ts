import { type Edits, joined } from '../../src/fix/edits.ts';
import { faultProblems, otherName, otherValue, withoutLine } from '../../src/postgres/fault-rules.ts';
import { removedParameter } from '../../src/postgres/removed-parameters.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'pgconf-removed-parameter',
  summary: 'A setting names a parameter that this major of PostgreSQL no longer has, so it does not start.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'server',
  *check(server, { text }) {
    yield* faultProblems(server, ['removed'], fault => {
      const removed = removedParameter(fault.name);
      const successor = removed?.successor;
      const value = removed?.convert?.(fault.value);
      const edits = (): Edits => {
        if (successor === undefined || value === undefined) return withoutLine(text, fault);
        const next = value === fault.value ? [] : otherValue(text, fault, value);
        return joined([otherName(text, fault, successor), next]);
      };
      const renamed = successor !== undefined && value !== undefined;
      const keeps = renamed ? fault.name !== 'checkpoint_segments' : removed?.droppable === true;
      return {
        wrong: `"${fault.name}" ${fault.message}`,
        place: 'name',
        help: removed?.advice ?? 'take the line away',
        fix: {
          title: renamed ? `${successor} = ${value}` : `without ${fault.name}`,
          applicability: keeps ? 'safe' : 'unsafe',
          edits: successor !== undefined && value === undefined ? undefined : edits(),
        },
      };
    });
  },
});
