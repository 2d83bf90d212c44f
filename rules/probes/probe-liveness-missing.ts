import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'probe-liveness-missing',
  summary: 'Nothing restarts a PostgreSQL that hangs.',
  severity: 'info',
  preset: 'strict',
  since: '0.1.0',
  on: 'server',
  *check({ container, name, workload }) {
    if (workload === undefined || workload.partial || container === undefined) return;
    if (container.probes.liveness !== undefined) return;
    yield {
      at: container.at,
      message: `"${name}" has no liveness probe: one that ends is restarted anyway, but one that hangs stays as it is`,
      label: 'no livenessProbe',
      help: 'add one that is slow to act and takes a server in recovery for alive, together with a startupProbe',
    };
  },
});
