import { healthCheck } from '../../src/postgres/health-check.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'probe-liveness-runs-query',
  summary: 'The liveness probe needs a connection and a query, which a healthy server may refuse.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  aliases: ['probe-liveness-checks-replica-role'],
  on: 'server',
  *check({ container, name, workload }) {
    const liveness = container?.probes.liveness;
    if (workload === undefined || workload.partial || liveness === undefined) return;
    if (healthCheck(liveness)?.runsQuery !== true || liveness.handler.kind !== 'exec') return;
    yield {
      at: liveness.handler.at,
      message: `the liveness probe of "${name}" runs psql: with all connections taken, or a lock in its way, the healthy server is killed, and crash recovery makes the outage longer`,
      label: 'runs psql',
      help: 'use pg_isready, which needs no free connection; watch queries by monitoring',
    };
  },
});
