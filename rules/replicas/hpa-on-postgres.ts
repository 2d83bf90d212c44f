import { readScaleTarget, scales } from '../../src/kubernetes/autoscaler.ts';
import { sharesDataDirectory } from '../../src/postgres/data-layout.ts';
import type { Server } from '../../src/postgres/server.ts';
import { defineRule, valueOf } from '../../src/types.ts';

export default defineRule({
  id: 'hpa-on-postgres',
  summary: 'An autoscaler adds and removes pods of a database.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'environment',
  *check({ resources, servers }) {
    for (const target of resources.flatMap(r => readScaleTarget(r) ?? [])) {
      if (target.scaler === 'VerticalPodAutoscaler' || valueOf(target.maximum) === 1) continue;
      const server = servers.find(s => s.workload !== undefined && scales(target, s.workload.resource));
      if (server === undefined) continue;
      const replicates = server.replication.mechanism !== 'none';
      yield {
        at: target.at,
        server,
        severity: replicates ? 'warning' : undefined,
        message: `the ${target.scaler} "${target.resource.name}" scales the database "${server.name}" by load${consequence(server)}`,
        label: 'a database',
        help: 'take the autoscaler away; scale the clients, or use a pooler and read replicas of a fixed number',
        related: [{ at: server.at, message: 'the database' }],
      };
    }
  },
});

function consequence(server: Server): string {
  if (server.replication.mechanism !== 'none') {
    return ': each new copy first reads all of the data when the load is highest, and one that goes leaves its volume behind';
  }
  return sharesDataDirectory(server)
    ? ': each new pod is another server on the same data directory, which corrupts it'
    : ', but its pods do not replicate: each new one is another, empty database';
}
