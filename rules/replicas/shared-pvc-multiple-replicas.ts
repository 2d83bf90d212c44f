import { fix, setPath } from '../../src/fix/edits.ts';
import { sharesDataDirectory } from '../../src/postgres/data-layout.ts';
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
    const { dataVolume, name, replicas, workload } = server;
    const source = dataVolume.volume?.source;
    const count = valueOf(replicas);
    if (workload === undefined || workload.partial || source?.kind !== 'persistentVolumeClaim') return;
    if (!sharesDataDirectory(server)) return;
    if (replicas.state !== 'known' || count === undefined || count < 2) return;
    yield {
      at: replicas.at,
      message: `the ${count} replicas of "${name}" mount one claim, "${source.reference.name}": two servers on one data directory corrupt it, and where the volume attaches to one node only, the others never start`,
      label: `${count} servers on one data directory`,
      help: 'run one replica, or give each a volume by a volumeClaimTemplate and replicate',
      related: [{ at: source.reference.at, message: 'the claim' }],
      fix: fix(
        { title: `replicas: ${count} → 1`, applicability: 'unsafe' },
        setPath(workload.resource.root, ['spec', 'replicas'], 1),
      ),
    };
  },
});
