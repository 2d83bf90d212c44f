import { fix, setPath } from '../../src/fix/edits.ts';
import { healthCheck, livenessBudget } from '../../src/postgres/health-check.ts';
import { startupProbe } from '../../src/postgres/probe-fixes.ts';
import { isEphemeral } from '../../src/postgres/server.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'probe-startup-missing',
  summary: 'The liveness probe kills a PostgreSQL that takes long to recover.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  options: { warning: 90, minimum: 300 },
  on: 'server',
  *check(server, { options }) {
    const { container, image, name, workload } = server;
    if (workload === undefined || workload.partial || container?.node === undefined) return;
    const { liveness, startup } = container.probes;
    const check = healthCheck(liveness);
    // A connection to the port succeeds during recovery, and a program of its own may know better.
    if (
      liveness === undefined ||
      startup !== undefined ||
      check === undefined ||
      check.program === 'other' ||
      check.toleratesStart
    )
      return;
    const probe = startupProbe(server);
    const budget = livenessBudget(liveness);
    if (!(budget < options.minimum)) return;
    yield {
      at: liveness.at,
      severity: budget < options.warning ? undefined : 'info',
      message: `the liveness probe of "${name}" kills it ${budget} s after its start (${liveness.initialDelaySeconds} + ${liveness.periodSeconds}×${liveness.failureThreshold}) unless it takes connections by then: a crash recovery that needs longer is killed and begins again, without end`,
      label: `${budget} s to recover`,
      help: 'add a startupProbe: until it succeeds, the liveness probe waits',
      fix:
        image.family === 'official' && probe !== undefined
          ? fix(
              {
                title: 'add a startupProbe of 10 minutes',
                applicability: isEphemeral(server) ? 'unsafe' : 'safe',
                restarts: true,
              },
              setPath(container.node, ['startupProbe'], probe),
            )
          : undefined,
    };
  },
});
