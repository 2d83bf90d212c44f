import { asPostgresSize, formatMib } from '../../src/postgres/memory.ts';
import { memoryCase, premise, proofs, sizeText, strains } from '../../src/postgres/memory-case.ts';
import { memoryFix } from '../../src/postgres/memory-fix.ts';
import { memoryPlan } from '../../src/postgres/memory-plan.ts';
import { defineRule } from '../../src/types.ts';

const MIB = 1024 ** 2;

export default defineRule({
  id: 'work-mem-above-fair-share',
  summary: 'work_mem is more than each connection can have of the memory limit.',
  severity: 'info',
  preset: 'strict',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server, context) {
    const memory = memoryCase(server);
    const setting = memory?.figures.workMem.setting;
    if (memory === undefined || setting === undefined) return;
    const { figures, limit } = memory;
    const { workMem, sharedBuffers, maxConnections, maxWorkerProcesses, workMemCeiling: ceiling } = figures;
    if (workMem.value <= ceiling || figures.sharedMemory.bytes >= limit.value) return;
    if (strains(server).some(s => s.rule.startsWith('memory-'))) return;
    const share = memoryPlan(server)?.values.work_mem ?? Math.floor(ceiling / MIB) * MIB;
    yield {
      at: setting.at,
      message: `${premise([setting])}work_mem = ${setting.value} is more than the fair share of the server "${server.name}", (${sizeText(server, limit.value)} - ${formatMib(sharedBuffers.value)} shared_buffers) / (3 × (${maxConnections.value} connections + ${maxWorkerProcesses.value} workers)) = ${formatMib(ceiling)}, so a few dozen sorts at a time use the limit up`,
      label: `the fair share is ${formatMib(ceiling)}`,
      help: `lower it to ${asPostgresSize(share)}, and raise it with SET where one query needs more`,
      related: proofs(server, limit, [maxConnections.setting, sharedBuffers.setting], setting.at),
      fix: memoryFix(server, 'work-mem-above-fair-share', context),
    };
  },
});
