import { asPostgresSize } from '../../src/postgres/memory.ts';
import { premise, proofs, sizeText, strainOf } from '../../src/postgres/memory-case.ts';
import { assign, proposal } from '../../src/postgres/memory-fix.ts';
import { quarterOf, threeQuartersOf } from '../../src/postgres/memory-plan.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'shared-buffers-below-recommended',
  summary: 'shared_buffers is far below the quarter of the memory that PostgreSQL advises.',
  severity: 'info',
  preset: 'strict',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server, context) {
    const strain = strainOf(server, 'shared-buffers-below-recommended');
    if (strain === undefined) return;
    const { figures, limit } = strain;
    const { setting, value } = figures.sharedBuffers;
    const proposed = proposal(server, 'shared-buffers-below-recommended');
    // Its default counts on 4 GB: whoever sets the one should set the other.
    const cache = figures.effectiveCacheSize.setting === undefined ? threeQuartersOf(limit.value) : undefined;
    const percent = Math.round((value / limit.value) * 100);
    const at = setting?.at ?? limit.at;
    yield {
      at,
      message: `${premise([setting])}shared_buffers${setting === undefined ? ' is at its default of' : ' is'} ${asPostgresSize(value)}, ${percent}% of the ${sizeText(server, limit.value)} that the server "${server.name}" may use, so PostgreSQL's own cache stays small however much is free`,
      label: setting === undefined ? `shared_buffers uses ${percent}% of it` : `${percent}% of the limit`,
      help: `start with a quarter of the limit, ${asPostgresSize(quarterOf(limit.value))}, and effective_cache_size = ${asPostgresSize(threeQuartersOf(limit.value))}`,
      related: proofs(server, limit, [setting], at),
      fix:
        proposed &&
        assign(
          server,
          cache === undefined ? proposed : new Map([...proposed, ['effective_cache_size', cache]]),
          context,
        ),
    };
  },
});
