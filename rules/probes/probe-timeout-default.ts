import { fix, setPath } from '../../src/fix/edits.ts';
import { mayHoldDefaults } from '../../src/kubernetes/export.ts';
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
    const exported = mayHoldDefaults(workload.resource);
    const short = [liveness, readiness, startup].filter(
      (p): p is Probe => p?.handler.kind === 'exec' && isDefault(p, exported),
    );
    const [first, ...others] = short;
    if (first === undefined) return;
    yield {
      at: first.at,
      message: `the ${short.map(p => p.kind).join(' and ')} ${short.length > 1 ? 'probes' : 'probe'} of "${name}" must start a program and get its answer within 1 s (the default), so a busy node ${consequence(short)}`,
      label: 'timeoutSeconds is 1',
      help: `set timeoutSeconds: ${options.seconds}`,
      related: others.map(p => ({ at: p.at, message: 'timeoutSeconds is 1 here too' })),
      fix: fix(
        {
          title: `timeoutSeconds: ${options.seconds}`,
          applicability: isEphemeral(server) ? 'unsafe' : 'safe',
          restarts: true,
        },
        ...short.map(p => setPath(p.node, ['timeoutSeconds'], options.seconds)),
      ),
    };
  },
});

/** The API server writes the default of one second into what it stores. */
const isDefault = ({ timeoutSeconds }: Probe, exported: boolean) =>
  timeoutSeconds.state === 'absent' || (exported && timeoutSeconds.state === 'known' && timeoutSeconds.value === 1);

function consequence(probes: readonly Probe[]): string {
  if (probes.some(p => p.kind === 'liveness')) return 'has the server killed';
  return probes.some(p => p.kind === 'readiness') ? 'takes the server out of its Service' : 'never lets it start';
}
