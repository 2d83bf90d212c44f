import { fix, setPath } from '../../src/fix/edits.ts';
import { sharedClaim } from '../../src/postgres/data-layout.ts';
import { defineRule, valueOf } from '../../src/types.ts';

export default defineRule({
  id: 'shared-pvc-multiple-replicas',
  summary: 'Several replicas run on one volume.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server) {
    const { name, replicas, workload } = server;
    const claim = sharedClaim(server);
    const count = valueOf(replicas);
    if (workload === undefined || workload.partial || claim === undefined) return;
    if (replicas.state !== 'known' || count === undefined || count < 2) return;
    yield {
      at: replicas.at,
      message: `the ${count} replicas of "${name}" mount one claim, "${claim.name}": two servers on one data directory corrupt it, and where the volume attaches to one node only, the others never start`,
      label: `${count} servers on one data directory`,
      help: 'run one replica, or give each a volume by a volumeClaimTemplate and replicate',
      related: [{ at: claim.at, message: 'the claim' }],
      fix: fix(
        { title: `replicas: ${count} → 1`, applicability: 'unsafe' },
        setPath(workload.resource.root, ['spec', 'replicas'], 1),
      ),
    };
  },
});
