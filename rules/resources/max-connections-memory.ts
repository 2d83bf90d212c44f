import { formatMib } from '../../src/postgres/memory.ts';
import { premise, proofs, sizeText, strainOf } from '../../src/postgres/memory-case.ts';
import { IDLE_BACKEND } from '../../src/postgres/memory-excess.ts';
import { assign, proposal } from '../../src/postgres/memory-fix.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'max-connections-memory',
  summary: 'Idle connections alone may fill the memory limit.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server, context) {
    const strain = strainOf(server, 'max-connections-memory');
    if (strain === undefined) return;
    const { figures, limit, severity } = strain;
    const { setting, value } = figures.maxConnections;
    const shared = figures.sharedMemory.bytes;
    const idle = value * IDLE_BACKEND;
    const isAll = idle > limit.value - shared;
    const proposed = proposal(server, 'max-connections-memory');
    const fitting = proposed?.get('max_connections') ?? Math.floor((limit.value - shared) / 2 / IDLE_BACKEND / 10) * 10;
    const at = setting?.at ?? limit.at;
    yield {
      at,
      severity,
      message: `${premise([setting])}${value} connections${setting === undefined ? ' (the default)' : ''} × ${formatMib(IDLE_BACKEND)} take ${formatMib(idle)} while they idle, and shared memory leaves ${formatMib(limit.value - shared)} of the ${sizeText(server, limit.value)} that the server "${server.name}" may use, so ${isAll ? 'it is killed before they are all open' : 'little is left for their queries'}`,
      label: setting === undefined ? 'the limit' : `${formatMib(idle)} while idle`,
      help: `lower max_connections${fitting >= 20 ? ` to about ${fitting}` : ''}, and put a pooler in front of the server`,
      related: proofs(server, limit, [figures.sharedBuffers.setting], at),
      fix: proposed && assign(server, proposed, context),
    };
  },
});
