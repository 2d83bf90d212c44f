import { formatTerms } from '../../src/postgres/memory.ts';
import { premise, proofs, strainOf } from '../../src/postgres/memory-case.ts';
import { assign, proposal, proposalText } from '../../src/postgres/memory-fix.ts';
import type { Proposal } from '../../src/postgres/memory-plan.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'memory-static-exceeds-limit',
  summary: 'Shared memory and autovacuum alone may need more than the memory limit.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server, context) {
    const strain = strainOf(server, 'memory-static-exceeds-limit');
    if (strain === undefined) return;
    const { figures, limit, chosen, severity } = strain;
    const { setting } = figures.autovacuumWorkMem;
    const isDefault = chosen.length === 0;
    const at = setting?.at ?? chosen[0]?.at ?? limit.at;
    const proposed = proposal(server, 'memory-static-exceeds-limit');
    yield {
      at,
      severity,
      message: `${premise(chosen)}the server "${server.name}" may need ${formatTerms(figures.static, limit.value)} before its first query${isDefault ? ', all at the defaults' : ''}, so a busy autovacuum may get it killed`,
      label: at === limit.at ? 'less than that' : undefined,
      help: helpFor(proposed),
      related: proofs(server, limit, [...chosen, figures.sharedBuffers.setting], at),
      fix: proposed && assign(server, proposed, context),
    };
  },
});

/** Many changes, or more memory: the shorter way first. */
function helpFor(proposed: Proposal | undefined): string {
  if (proposed === undefined) return 'raise the limit';
  const change = `set ${proposalText(proposed)}`;
  return proposed.size > 2 ? `raise the limit, or ${change}` : `${change}, or raise the limit`;
}
