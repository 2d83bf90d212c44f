import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'deployment-for-postgres',
  summary: 'A Deployment runs PostgreSQL, where a StatefulSet would keep each pod with its volume.',
  severity: 'info',
  preset: 'strict',
  since: '0.1.0',
  on: 'server',
  *check({ dataVolume, name, workload }) {
    if (workload?.kind !== 'Deployment' || workload.partial || dataVolume.kind !== 'persistent') return;
    yield {
      at: workload.resource.at,
      message: `"${name}" is a Deployment: its pod has no stable name, and a second copy could not get a volume of its own, so a standby means to build it anew`,
      label: 'a Deployment with data',
      help: 'use a StatefulSet with a volumeClaimTemplate',
    };
  },
});
