import { fix, setPath } from '../../src/fix/edits.ts';
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
    if (workload === undefined || workload.partial || liveness === undefined) return;
    const patience = liveness.periodSeconds * liveness.failureThreshold;
    const timeout = timeoutOf(liveness);
    // A timeout that nobody wrote is another finding: probe-timeout-default.
    const isShort = liveness.handler.kind === 'exec' && liveness.timeoutSeconds.state === 'known' && (timeout ?? options.timeout) < options.timeout;
    if (!(patience < options.patience) && !isShort) return;
    const edits = [
      ...(isShort ? [setPath(liveness.node, ['timeoutSeconds'], 5)] : []),
      ...(patience < options.patience ? [setPath(liveness.node, ['periodSeconds'], 10), setPath(liveness.node, ['failureThreshold'], 6)] : []),
    ];
    yield {
      at: liveness.at,
      message:
        patience < options.patience
          ? `the liveness probe of "${name}" has it killed after ${patience} s without an answer (${liveness.periodSeconds}×${liveness.failureThreshold}), so a checkpoint or a slow disk ends in crash recovery`
          : `the liveness probe of "${name}" waits ${timeout} s for pg_isready to start and answer, so a busy node fails it and the server is killed`,
      help: 'give it a timeout of 5 s and 6 failures in a row, 10 s apart',
      fix: fix({ title: 'a timeout of 5 s, a minute of patience', applicability: isEphemeral(server) ? 'unsafe' : 'safe', restarts: true }, ...edits),
    };
  },
});
