import { settingFix } from '../../src/fix/setting-fix.ts';
import { asPostgresSize } from '../../src/postgres/memory.ts';
import { premise, proofs, sizeText, strainOf } from '../../src/postgres/memory-case.ts';
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
  *check(server, { text }) {
    const strain = strainOf(server, 'effective-cache-size-exceeds-memory');
    if (strain === undefined) return;
    const { figures, limit, severity, plan } = strain;
    const { setting, value } = figures.effectiveCacheSize;
    const percent = Math.round((value / limit.value) * 100);
    const at = setting?.at ?? limit.at;
    yield {
      at,
      severity,
      message: `${premise([setting])}effective_cache_size${setting === undefined ? ' is at its default of' : ' is'} ${asPostgresSize(value)}, ${percent}% of the ${sizeText(server, limit.value)} that the server "${server.name}" may use, so the planner counts on a cache that cannot be there and prefers index scans that read from disk`,
      label: setting === undefined ? 'less than effective_cache_size' : `${percent}% of the limit`,
      help: `set it to three quarters of the limit, ${plan.effective_cache_size}`,
      related: proofs(server, limit, [setting], at),
      fix: settingFix(server, { effective_cache_size: plan.effective_cache_size }, text),
    };
  },
});
