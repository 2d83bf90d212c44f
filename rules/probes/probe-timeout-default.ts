import { fix, setPath } from '../../src/fix/edits.ts';
import type { Probe } from '../../src/kubernetes/workload.ts';
import { isEphemeral } from '../../src/postgres/server.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'probe-timeout-default',
  summary: 'A probe that starts a program has the default timeout of one second.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  options: { seconds: 5 },
  on: 'server',
  *check(server, { options }) {
    const { container, name, workload } = server;
    if (workload === undefined || workload.partial || container === undefined) return;
    const { liveness, readiness, startup } = container.probes;
    const short = [liveness, readiness, startup].filter(
      (p): p is Probe => p?.handler.kind === 'exec' && p.timeoutSeconds.state === 'absent',
    );
    const [first, ...others] = short;
    if (first === undefined) return;
    yield {
      at: first.at,
      message: `the ${short.map(p => p.kind).join(' and ')} ${short.length > 1 ? 'probes' : 'probe'} of "${name}" must start a program and get its answer within 1 s (the default), so a busy node ${short.includes(liveness as Probe) ? 'has the server killed' : 'takes the server out of its Service'}`,
      label: 'timeoutSeconds is 1',
      help: `set timeoutSeconds: ${options.seconds}`,
      related: others.map(p => ({ at: p.at, message: 'timeoutSeconds is 1 here too' })),
      fix: fix(
        { title: `timeoutSeconds: ${options.seconds}`, applicability: isEphemeral(server) ? 'unsafe' : 'safe', restarts: true },
        ...short.map(p => setPath(p.node, ['timeoutSeconds'], options.seconds)),
      ),
    };
  },
});
