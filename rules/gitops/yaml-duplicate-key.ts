import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'yaml-duplicate-key',
  summary: 'A key is written twice in one map, and only the last one counts.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  on: 'yaml-file',
  *check({ problems }) {
    for (const { kind, at, message, related } of problems) {
      if (kind !== 'duplicate-key') continue;
      yield {
        at,
        message,
        help: 'merge the two, or take one away',
        related: related && [{ at: related, message: 'the first one' }],
      };
    }
  },
});
