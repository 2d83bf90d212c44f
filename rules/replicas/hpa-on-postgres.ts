import { readScaleTarget, scales } from '../../src/kubernetes/autoscaler.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'hpa-on-postgres',
  summary: 'An autoscaler adds and removes pods of a database.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'environment',
  *check({ resources, servers }) {
    for (const target of resources.flatMap(r => readScaleTarget(r) ?? [])) {
      if (target.scaler === 'VerticalPodAutoscaler') continue;
      const server = servers.find(s => s.workload !== undefined && scales(target, s.workload.resource));
      if (server === undefined) continue;
      const replicates = server.replication.mechanism !== 'none';
      yield {
        at: target.at,
        server,
        severity: replicates ? 'warning' : undefined,
        message: replicates
          ? `the ${target.scaler} "${target.resource.name}" scales the database "${server.name}" by load: each new copy first reads all of the data, when the load is highest, and a copy that goes leaves its slot and its volume behind`
          : `the ${target.scaler} "${target.resource.name}" scales the database "${server.name}", whose pods do not replicate: each new pod is another, empty database`,
        help: 'take the autoscaler away; scale the clients, or use a pooler and read replicas of a fixed number',
        related: [{ at: server.at, message: 'the database' }],
      };
    }
  },
});
