import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'ignore-unknown-rule',
  summary: 'An ignore comment names a rule that does not exist, so it ignores nothing.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  on: 'ignore-comment',
  *check({ ids }) {
    for (const { id, at, state, suggestion } of ids) {
      if (state !== 'unknown') continue;
      yield {
        at,
        message: `there is no rule "${id}", so the comment ignores nothing`,
        help: suggestion === undefined ? 'look the name up with `tusklint rules`' : `write "${suggestion}"`,
      };
    }
  },
});
