import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'ignore-unused',
  summary: 'An ignore comment takes no finding away, or its day has passed.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  on: 'ignore-comment',
  *check({ ids, until }) {
    for (const { id, at, state } of ids) {
      if (state === 'unused') {
        yield {
          at,
          message: `nothing here is found by "${id}", so the comment would hide the next mistake`,
          help: 'take the comment away',
        };
      }
      if (state === 'ended') {
        yield {
          at,
          message: `the comment held until ${until}, so "${id}" reports its finding again`,
          help: 'mend the finding, or give the comment a new date',
        };
      }
    }
  },
});
