import { fix, replaceItems } from '../../src/fix/edits.ts';
import type { Probe } from '../../src/kubernetes/workload.ts';
import { healthCheck } from '../../src/postgres/health-check.ts';
import { livenessCommand } from '../../src/postgres/probe-fixes.ts';
import type { Server } from '../../src/postgres/server.ts';
import { type Problem, defineRule } from '../../src/types.ts';
import { get } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'probe-liveness-runs-query',
  summary: 'The liveness probe needs a connection and a query, which a healthy server may refuse.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  aliases: ['probe-liveness-checks-replica-role'],
  on: 'server',
  *check(server) {
    const { container, name, workload } = server;
    const liveness = container?.probes.liveness;
    if (workload === undefined || workload.partial || liveness === undefined) return;
    if (healthCheck(liveness)?.runsQuery !== true || liveness.handler.kind !== 'exec') return;
    yield {
      at: liveness.handler.at,
      message: `the liveness probe of "${name}" runs psql: with all connections taken, or a lock in its way, the healthy server is killed, and crash recovery makes the outage longer`,
      label: 'runs psql',
      help: 'use pg_isready, which needs no free connection; watch queries by monitoring',
      fix: byIsready(server, liveness),
    };
  },
});

/** Another question than the one that somebody wrote: whether it answers, not whether it works. */
function byIsready(server: Server, { node }: Probe): Problem['fix'] {
  const command = livenessCommand(server);
  const list = get(node, 'exec', 'command');
  if (command === undefined || list?.kind !== 'seq') return undefined;
  return fix({ title: 'ask pg_isready', applicability: 'unsafe', restarts: true }, replaceItems(list, command));
}
