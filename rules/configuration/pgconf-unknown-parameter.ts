import { faultProblems, otherName, versionOf } from '../../src/postgres/fault-rules.ts';
import { defineRule } from '../../src/types.ts';

/** Names of recovery.conf, which `recovery-conf-used` is about. */
const recovery = /^(?:standby_mode|trigger_file)$/i;

export default defineRule({
  id: 'pgconf-unknown-parameter',
  summary: 'A setting has a name that PostgreSQL does not know, so it does not start.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server, { text }) {
    yield* faultProblems(server, ['unknown'], fault => {
      if (recovery.test(fault.name)) return undefined;
      const { suggestion } = fault;
      return {
        wrong: `${versionOf(fault)} knows no parameter "${fault.name}"`,
        place: 'name',
        label: suggestion === undefined ? undefined : `${suggestion}?`,
        help: suggestion === undefined ? 'take the setting away' : `set ${suggestion} if that is meant`,
        severity: fault.doubtful ? 'info' : undefined,
        fix:
          suggestion === undefined
            ? undefined
            : {
                title: `${fault.name} → ${suggestion}`,
                applicability: 'unsafe',
                edits: otherName(text, fault, suggestion),
              },
      };
    });
  },
});
