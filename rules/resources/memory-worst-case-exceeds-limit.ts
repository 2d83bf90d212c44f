import { settingFix } from '../../src/fix/setting-fix.ts';
import { type MemoryFigures, formatTerms } from '../../src/postgres/memory.ts';
import { type Strain, premise, proofs, strainOf } from '../../src/postgres/memory-case.ts';
import type { Server } from '../../src/postgres/server.ts';
import type { Setting } from '../../src/postgres/settings.ts';
import { type Fix, type TextOf, defineRule } from '../../src/types.ts';

const MIB = 1024 ** 2;

export default defineRule({
  id: 'memory-worst-case-exceeds-limit',
  summary: 'All connections at work together may need more than the memory limit.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server, { text }) {
    const strain = strainOf(server, 'memory-worst-case-exceeds-limit');
    if (strain === undefined) return;
    const { figures, limit, chosen, severity, plan } = strain;
    const isAbove = figures.tuner.total > limit.value;
    // Below the limit by the one count, above it by the other: print the one that says something.
    const sum = isAbove || figures.oneOperation.total <= limit.value ? figures.tuner : figures.oneOperation;
    const at = heaviest(figures)?.at ?? chosen[0]?.at ?? limit.at;
    const settings = [figures.sharedBuffers, figures.workMem, figures.maxConnections, figures.maintenanceWorkMem];
    yield {
      at,
      severity,
      message: `${premise(chosen)}with all connections at work the server "${server.name}" may need ${formatTerms(sum, limit.value)}${chosen.length === 0 ? ', all at the defaults' : ''}, so ${sum.total > limit.value ? 'a busy hour gets it killed' : 'little is left for anything else'}`,
      help: `lower max_connections and put a pooler in front, or set work_mem to ${plan.work_mem}`,
      label: `${Math.round((sum.total / limit.value) * 100)}% of the limit`,
      related: proofs(server, limit, settings.map(f => f.setting), at),
      fix: lowerWorkMem(server, strain, text),
    };
  },
});

/** What a person would change first: work_mem, or the number of connections where that is raised and work_mem is not. */
function heaviest({ workMem, maxConnections }: MemoryFigures): Setting | undefined {
  return workMem.value > 4 * MIB ? workMem.setting : (maxConnections.setting ?? workMem.setting);
}

/** Another work_mem, where that alone brings the sum below the limit; not below 1 MB, where every sort goes to disk. */
function lowerWorkMem(server: Server, { figures, limit, plan }: Strain, text: TextOf): Fix | undefined {
  const { workMem, maxConnections, tuner } = figures;
  const planned = Number(/^(\d+)MB$/.exec(plan.work_mem)?.[1]) * MIB;
  const total = tuner.total - 1.5 * maxConnections.value * (workMem.value - planned);
  return workMem.setting !== undefined && planned < workMem.value && total <= 0.8 * limit.value
    ? settingFix(server, 'work_mem', plan.work_mem, text)
    : undefined;
}
