import { fix, setPath } from '../../src/fix/edits.ts';
import { sharesDataDirectory } from '../../src/postgres/data-layout.ts';
import { defineRule, valueOf } from '../../src/types.ts';

export default defineRule({
  id: 'replicas-without-replication',
  summary: 'Several replicas that do not replicate: each is a database of its own.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server) {
    const { certainty, image, name, replicas, replication, workload } = server;
    const count = valueOf(replicas);
    if (workload === undefined || workload.partial || certainty !== 'certain' || count === undefined || count < 2)
      return;
    if (replicas.state !== 'known' || replication.mechanism !== 'none' || image.repository === 'citusdata/citus')
      return;
    // Two servers on one volume are another defect: shared-pvc-multiple-replicas.
    if (sharesDataDirectory(server)) return;
    yield {
      at: replicas.at,
      message: `${workload.kind} "${name}" runs ${count} replicas and nothing makes them replicate: they are ${count} independent databases, so what is written to one is missing in the others`,
      label: `${count} independent databases`,
      help: 'run one replica, or let an operator (CloudNativePG, for one) run the copies',
      fix: fix(
        { title: `replicas: ${count} → 1`, applicability: 'unsafe' },
        setPath(workload.resource.root, ['spec', 'replicas'], 1),
      ),
    };
  },
});
