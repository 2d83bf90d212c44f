import { asPostgresSize } from '../../src/postgres/memory.ts';
import { premise, proofs, sizeText, strainOf } from '../../src/postgres/memory-case.ts';
import { maintenanceBytes, maintenanceShare } from '../../src/postgres/memory-excess.ts';
import { assign, proposal, proposalText } from '../../src/postgres/memory-fix.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'maintenance-work-mem-excessive',
  summary: 'Maintenance and autovacuum may take too much of the memory limit.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server, context) {
    const strain = strainOf(server, 'maintenance-work-mem-excessive');
    if (strain === undefined) return;
    const { figures, limit, chosen, severity } = strain;
    const { autovacuumMaxWorkers: workers, autovacuumWorkMem, maintenanceWorkMem } = figures;
    const bytes = maintenanceBytes(figures);
    const isAutovacuum = bytes > maintenanceShare * limit.value;
    const figure = isAutovacuum ? autovacuumWorkMem : maintenanceWorkMem;
    const at = figure.setting?.at ?? chosen[0]?.at ?? limit.at;
    const what = isAutovacuum
      ? `${workers.value} autovacuum workers may take ${asPostgresSize(autovacuumWorkMem.value)} each, ${asPostgresSize(bytes)} together`
      : `one CREATE INDEX or VACUUM may take ${asPostgresSize(maintenanceWorkMem.value)} (maintenance_work_mem)`;
    const proposed = proposal(server, 'maintenance-work-mem-excessive');
    yield {
      at,
      severity,
      message: `${premise(chosen)}${what}${chosen.length === 0 ? ' (the default)' : ''}, of the ${sizeText(server, limit.value)} that the server "${server.name}" may use, so upkeep of large tables may get it killed`,
      label: `${Math.round(((isAutovacuum ? bytes : maintenanceWorkMem.value) / limit.value) * 100)}% of the limit`,
      help: proposed === undefined ? 'raise the limit' : `set ${proposalText(proposed)}, or raise the limit`,
      related: proofs(server, limit, chosen, at),
      fix: proposed && assign(server, proposed, context),
    };
  },
});
