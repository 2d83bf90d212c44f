import { asPostgresSize } from '../../src/postgres/memory.ts';
import { premise, proofs, sizeText, strainOf } from '../../src/postgres/memory-case.ts';
import { assign } from '../../src/postgres/memory-fix.ts';
import { threeQuartersOf } from '../../src/postgres/memory-plan.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'effective-cache-size-exceeds-memory',
  summary: 'effective_cache_size promises the planner more cache than the memory limit leaves.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  aliases: ['effective-cache-size-default-too-large'],
  on: 'server',
  *check(server, context) {
    const strain = strainOf(server, 'effective-cache-size-exceeds-memory');
    if (strain === undefined) return;
    const { figures, limit, severity } = strain;
    const proposed = threeQuartersOf(limit.value);
    const { setting, value } = figures.effectiveCacheSize;
    const percent = Math.round((value / limit.value) * 100);
    const at = setting?.at ?? limit.at;
    yield {
      at,
      severity,
      message: `${premise([setting])}effective_cache_size${setting === undefined ? ' is at its default of' : ' is'} ${asPostgresSize(value)}, ${percent}% of the ${sizeText(server, limit.value)} that the server "${server.name}" may use, so the planner counts on a cache that cannot be there and prefers index scans that read from disk`,
      label: setting === undefined ? 'less than effective_cache_size' : `${percent}% of the limit`,
      help: `set it to three quarters of the limit, ${asPostgresSize(proposed)}`,
      related: proofs(server, limit, [setting], at),
      fix: assign(server, new Map([['effective_cache_size', proposed]]), context),
    };
  },
});
