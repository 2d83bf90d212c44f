import { settingFix } from '../../src/fix/setting-fix.ts';
import { type MemoryFigures, formatTerms } from '../../src/postgres/memory.ts';
import { type Strain, premise, proofs, strainOf } from '../../src/postgres/memory-case.ts';
import type { Server } from '../../src/postgres/server.ts';
import type { Setting } from '../../src/postgres/settings.ts';
import { type Fix, type TextOf, defineRule } from '../../src/types.ts';

const MIB = 1024 ** 2;
/** PostgreSQL's default: with less, small sorts go to disk. */
const LEAST_WORK_MEM = 4 * MIB;
/** The share of the limit below which the sum raises no question. */
const COMFORTABLE = 0.8;

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
    const { figures, limit, chosen, severity } = strain;
    const isAbove = figures.tuner.total > limit.value;
    // Below the limit by the one count, above it by the other: print the one that says something.
    const sum = isAbove || figures.oneOperation.total <= limit.value ? figures.tuner : figures.oneOperation;
    const at = heaviest(figures)?.at ?? chosen[0]?.at ?? limit.at;
    const settings = [figures.sharedBuffers, figures.workMem, figures.maxConnections, figures.maintenanceWorkMem];
    yield {
      at,
      severity,
      message: `${premise(chosen)}with all connections at work the server "${server.name}" may need ${formatTerms(sum, limit.value)}${chosen.length === 0 ? ', all at the defaults' : ''}, so ${sum.total > limit.value ? 'a busy hour may get it killed' : 'little is left for anything else'}`,
      help: adviceFor(strain),
      label: `${Math.round((sum.total / limit.value) * 100)}% of the limit`,
      related: proofs(
        server,
        limit,
        settings.map(f => f.setting),
        at,
      ),
      fix: lowerWorkMem(server, strain, text),
    };
  },
});

/** What a person would change first: work_mem, or the number of connections where that is raised and work_mem is not. */
function heaviest({ workMem, maxConnections }: MemoryFigures): Setting | undefined {
  return workMem.value > 4 * MIB ? workMem.setting : (maxConnections.setting ?? workMem.setting);
}

/** Fewer connections, a smaller work_mem, or more memory: what of it leads anywhere. */
function adviceFor({ figures, limit, plan }: Strain): string {
  const { maxConnections, tuner, workMem } = figures;
  const perConnection = 1.5 * workMem.value;
  const room = COMFORTABLE * limit.value - (tuner.total - maxConnections.value * perConnection);
  const fitting = Math.floor(room / perConnection / 10) * 10;
  const fewer = `lower max_connections${fitting >= 20 ? ` to about ${fitting}` : ''} with a pooler in front`;
  return megabytes(plan.work_mem) >= LEAST_WORK_MEM && workMem.value > LEAST_WORK_MEM
    ? `set work_mem to ${plan.work_mem}, or ${fewer}`
    : `${fewer}, or raise the limit`;
}

/** Another work_mem, where that alone brings the sum well below the limit. */
function lowerWorkMem(server: Server, { figures, limit, plan }: Strain, text: TextOf): Fix | undefined {
  const { workMem, maxConnections, tuner } = figures;
  const planned = megabytes(plan.work_mem);
  const total = tuner.total - 1.5 * maxConnections.value * (workMem.value - planned);
  return workMem.setting !== undefined &&
    planned >= LEAST_WORK_MEM &&
    planned < workMem.value &&
    total <= COMFORTABLE * limit.value
    ? settingFix(server, { work_mem: plan.work_mem }, text)
    : undefined;
}

const megabytes = (size: string): number => Number(/^(\d+)MB$/.exec(size)?.[1] ?? 0) * MIB;
