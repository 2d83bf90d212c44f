import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'ignore-without-reason',
  summary: 'An ignore comment does not say why.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  on: 'ignore-comment',
  *check({ at, ids, reason }) {
    if (reason !== '') return;
    const named = ids.map(i => `"${i.id}"`).join(', ');
    yield {
      at,
      message: `the comment ignores ${named === '' ? 'nothing' : named} without a reason, so nobody can tell when it may go`,
      help: 'write why behind two dashes: # tusklint-ignore rule-id -- reason',
    };
  },
});
