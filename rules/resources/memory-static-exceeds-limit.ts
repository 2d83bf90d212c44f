import { settingFix } from '../../src/fix/setting-fix.ts';
import { asPostgresSize, formatTerms } from '../../src/postgres/memory.ts';
import { maintenanceBytes, maintenanceProposal, premise, proofs, strainOf } from '../../src/postgres/memory-case.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'memory-static-exceeds-limit',
  summary: 'Shared memory and autovacuum alone may need more than the memory limit.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server, { text }) {
    const strain = strainOf(server, 'memory-static-exceeds-limit');
    if (strain === undefined) return;
    const { figures, limit, chosen, severity } = strain;
    const { setting } = figures.autovacuumWorkMem;
    const isDefault = chosen.length === 0;
    const at = setting?.at ?? chosen[0]?.at ?? limit.at;
    const proposal = maintenanceProposal(strain);
    const saved = maintenanceBytes(figures) - figures.autovacuumMaxWorkers.value * proposal;
    yield {
      at,
      severity,
      message: `${premise(chosen)}the server "${server.name}" may need ${formatTerms(figures.static, limit.value)} before its first query${isDefault ? ', all at the defaults' : ''}, so a busy autovacuum may get it killed`,
      label: at === limit.at ? 'less than that' : undefined,
      help: `let a maintenance operation take at most ${asPostgresSize(proposal)} (maintenance_work_mem), or raise the limit`,
      related: proofs(server, limit, [...chosen, figures.sharedBuffers.setting], at),
      fix:
        setting !== undefined && figures.static.total - saved <= limit.value
          ? settingFix(server, { [setting.name]: asPostgresSize(proposal) }, text)
          : undefined,
    };
  },
});
