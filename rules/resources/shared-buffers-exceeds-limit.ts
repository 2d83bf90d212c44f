import { asPostgresSize, formatSharedMemory } from '../../src/postgres/memory.ts';
import {
  memoryLimitOf,
  premise,
  proofs,
  sharedMemoryMargin,
  sharedNeed,
  sizeText,
} from '../../src/postgres/memory-case.ts';
import { assign, memoryFix } from '../../src/postgres/memory-fix.ts';
import { quarterOf } from '../../src/postgres/memory-plan.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'shared-buffers-exceeds-limit',
  summary: 'The shared memory of a server does not fit into its memory limit.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server, context) {
    const limit = memoryLimitOf(server);
    const need = sharedNeed(server);
    if (limit === undefined || need === undefined || need.bytes < limit.value) return;
    const { estimate, setting, sharedBuffers } = need;
    const sure = sharedBuffers >= limit.value || need.bytes - sharedMemoryMargin(need.bytes) >= limit.value;
    const maps =
      estimate === undefined
        ? `at least the ${sizeText(server, sharedBuffers)} of shared_buffers`
        : formatSharedMemory(estimate);
    const quarter = quarterOf(limit.value);
    const at = setting?.at ?? limit.at;
    yield {
      at,
      severity: sure ? undefined : 'warning',
      message: `${premise([setting])}the server "${server.name}" maps ${maps} of shared memory, and its limit is ${sizeText(server, limit.value)}, so it is killed when the buffers fill`,
      label:
        setting === undefined ? 'less than its shared memory' : `more than fits into ${sizeText(server, limit.value)}`,
      help:
        setting === undefined
          ? 'raise the limit: shared_buffers should be about a quarter of it'
          : `lower shared_buffers to a quarter of the limit, ${asPostgresSize(quarter)}, or raise the limit`,
      related: proofs(server, limit, [setting], at),
      fix:
        memoryFix(server, 'shared-buffers-exceeds-limit', context) ??
        (setting !== undefined && estimate === undefined
          ? assign(server, new Map([['shared_buffers', quarter]]), context)
          : undefined),
    };
  },
});
