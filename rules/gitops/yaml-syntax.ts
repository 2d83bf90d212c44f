import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'yaml-syntax',
  summary: 'A YAML file cannot be read, so kubectl refuses it and everything behind the mistake.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'yaml-file',
  *check({ problems }) {
    for (const { kind, at, message, related } of problems) {
      if (kind === 'duplicate-key') continue;
      yield { at, message, related: related && [{ at: related, message: 'the other place' }] };
    }
  },
});
