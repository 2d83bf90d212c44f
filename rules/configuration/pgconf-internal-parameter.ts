import { faultProblems, withoutLine } from '../../src/postgres/fault-rules.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'pgconf-internal-parameter',
  summary: 'A setting names a parameter that PostgreSQL only shows, so it does not start.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'server',
  *check(server, { text }) {
    yield* faultProblems(server, ['internal'], fault => ({
      wrong: `"${fault.name}" only shows how the server was built or initialised and cannot be set`,
      place: 'name',
      help: 'take the setting away',
      fix: { title: `without ${fault.name}`, applicability: 'safe', edits: withoutLine(text, fault) },
    }));
  },
});
