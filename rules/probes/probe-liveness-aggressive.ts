import { fix, setPath } from '../../src/fix/edits.ts';
import { mayHoldDefaults } from '../../src/kubernetes/export.ts';
import { timeoutOf } from '../../src/postgres/health-check.ts';
import { isEphemeral } from '../../src/postgres/server.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'probe-liveness-aggressive',
  summary: 'The liveness probe kills a PostgreSQL that is only busy for some seconds.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  options: { patience: 30, timeout: 3 },
  on: 'server',
  *check(server, { options }) {
    const { container, name, workload } = server;
    const liveness = container?.probes.liveness;
    // The kernel takes a connection to the port however busy the server is.
    if (workload === undefined || workload.partial || liveness?.handler.kind !== 'exec') return;
    const { failureThreshold, periodSeconds } = liveness;
    const patience = periodSeconds * failureThreshold;
    const timeout = timeoutOf(liveness);
    // A timeout that nobody wrote is another finding: probe-timeout-default.
    const isWritten =
      liveness.timeoutSeconds.state === 'known' && !(timeout === 1 && mayHoldDefaults(workload.resource));
    const isShort = isWritten && timeout !== undefined && timeout < options.timeout;
    const isImpatient = patience < options.patience;
    if (!isImpatient && !isShort) return;
    const times = failureThreshold === 1 ? 'once' : `${failureThreshold} times in a row`;
    yield {
      at: isImpatient || liveness.timeoutSeconds.at === undefined ? liveness.at : liveness.timeoutSeconds.at,
      severity: !isImpatient && (patience >= 2 * options.patience || (timeout ?? 0) >= 2) ? 'info' : undefined,
      message: isImpatient
        ? `the liveness probe of "${name}" has it killed after ${patience} s without an answer (${failureThreshold} × ${periodSeconds} s), so a short stall of the node or its disk ends in crash recovery`
        : `the liveness probe of "${name}" kills it when starting a program and getting its answer takes more than ${timeout} s, ${times}, so a busy node ends in crash recovery`,
      help: 'give it a timeout of 5 s and a minute of failures: 6, 10 s apart',
      fix: fix(
        {
          title: isImpatient ? `a minute of patience${isShort ? ', a timeout of 5 s' : ''}` : 'a timeout of 5 s',
          applicability: isEphemeral(server) ? 'unsafe' : 'safe',
          restarts: true,
        },
        ...(isShort ? [setPath(liveness.node, ['timeoutSeconds'], 5)] : []),
        ...(isImpatient && periodSeconds < 10 ? [setPath(liveness.node, ['periodSeconds'], 10)] : []),
        ...(isImpatient && failureThreshold < 6 ? [setPath(liveness.node, ['failureThreshold'], 6)] : []),
      ),
    };
  },
});
