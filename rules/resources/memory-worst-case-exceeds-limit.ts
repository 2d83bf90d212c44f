import { type MemoryFigures, formatTerms } from '../../src/postgres/memory.ts';
import { type Strain, premise, proofs, strainOf } from '../../src/postgres/memory-case.ts';
import { comfortableShare } from '../../src/postgres/memory-excess.ts';
import { assign, proposal, proposalText } from '../../src/postgres/memory-fix.ts';
import type { Proposal } from '../../src/postgres/memory-plan.ts';
import type { Setting } from '../../src/postgres/settings.ts';
import { defineRule } from '../../src/types.ts';

/** The default. */
const ORDINARY_WORK_MEM = 4 * 1024 ** 2;

export default defineRule({
  id: 'memory-worst-case-exceeds-limit',
  summary: 'All connections at work together may need more than the memory limit.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server, context) {
    const strain = strainOf(server, 'memory-worst-case-exceeds-limit');
    if (strain === undefined) return;
    const { figures, limit, chosen, severity } = strain;
    const isAbove = figures.tuner.total > limit.value;
    // Below the limit by the one count, above it by the other: print the one that says something.
    const sum = isAbove || figures.oneOperation.total <= limit.value ? figures.tuner : figures.oneOperation;
    const at = heaviest(figures)?.at ?? chosen[0]?.at ?? limit.at;
    const proposed = proposal(server, 'memory-worst-case-exceeds-limit');
    const settings = [figures.sharedBuffers, figures.workMem, figures.maxConnections, figures.maintenanceWorkMem];
    yield {
      at,
      severity,
      message: `${premise(chosen)}with all connections at work the server "${server.name}" may need ${formatTerms(sum, limit.value)}${chosen.length === 0 ? ', all at the defaults' : ''}, so ${sum.total > limit.value ? 'a busy hour may get it killed' : 'little is left for anything else'}`,
      help: adviceFor(strain, proposed),
      label: `${Math.round((sum.total / limit.value) * 100)}% of the limit`,
      related: proofs(
        server,
        limit,
        settings.map(f => f.setting),
        at,
      ),
      // Nobody wants other settings because of a hint about the defaults.
      fix: proposed && (severity !== 'info' || chosen.length > 0) ? assign(server, proposed, context) : undefined,
    };
  },
});

/** What a person would change first: work_mem, or the number of connections where that is raised and work_mem is not. */
function heaviest({ workMem, maxConnections }: MemoryFigures): Setting | undefined {
  return workMem.value > ORDINARY_WORK_MEM ? workMem.setting : (maxConnections.setting ?? workMem.setting);
}

/** A smaller work_mem, fewer connections, or more memory: what of it leads anywhere. */
function adviceFor({ figures, limit }: Strain, proposed: Proposal | undefined): string {
  const { maxConnections, tuner, workMem } = figures;
  const perConnection = 1.5 * workMem.value;
  const room = comfortableShare * limit.value - (tuner.total - maxConnections.value * perConnection);
  const fitting = Math.floor(room / perConnection / 10) * 10;
  const fewer = `lower max_connections${fitting >= 20 ? ` to about ${fitting}` : ''} with a pooler in front`;
  if (proposed === undefined) return `${fewer}, or raise the limit`;
  return proposed.has('max_connections')
    ? `set ${proposalText(proposed)} with a pooler in front, or raise the limit`
    : `set ${proposalText(proposed)}, or ${fewer}`;
}
