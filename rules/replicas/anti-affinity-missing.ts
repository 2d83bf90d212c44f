import { fix, setPath } from '../../src/fix/edits.ts';
import { selectingLabels } from '../../src/kubernetes/pod-selector.ts';
import { isEphemeral } from '../../src/postgres/server.ts';
import { defineRule, valueOf } from '../../src/types.ts';
import { get, keyPlace } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'anti-affinity-missing',
  summary: 'Nothing keeps the copies of a database on different nodes.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'server',
  *check(server) {
    const { name, replicas, replication, workload } = server;
    const count = valueOf(replicas);
    const spec = workload?.pod.spec;
    if (workload === undefined || workload.partial || spec === undefined || count === undefined || count < 2) return;
    if (workload.kind === 'DaemonSet' || replication.mechanism === 'none') return;
    if (get(spec, 'affinity', 'podAntiAffinity') !== undefined || get(spec, 'topologySpreadConstraints') !== undefined)
      return;
    yield {
      at: keyPlace(spec, 'containers'),
      message: `nothing keeps the ${count} pods of "${name}" on different nodes, so the scheduler may put them on one, and the loss of that node takes all copies`,
      label: 'no anti-affinity',
      help: 'prefer different nodes by podAntiAffinity on kubernetes.io/hostname',
      fix: fix(
        { title: 'prefer different nodes', applicability: isEphemeral(server) ? 'unsafe' : 'safe', restarts: true },
        setPath(spec, ['affinity', 'podAntiAffinity'], {
          preferredDuringSchedulingIgnoredDuringExecution: [
            {
              weight: 100,
              podAffinityTerm: {
                topologyKey: 'kubernetes.io/hostname',
                labelSelector: { matchLabels: selectingLabels(workload) },
              },
            },
          ],
        }),
      ),
    };
  },
});
