import { insertDocument, fix } from '../../src/fix/edits.ts';
import { guards, readDisruptionBudget } from '../../src/kubernetes/disruption-budget.ts';
import { defineRule, valueOf } from '../../src/types.ts';

export default defineRule({
  id: 'pdb-missing',
  summary: 'No PodDisruptionBudget keeps a drain from taking several copies at once.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'environment',
  *check({ complete, resources, servers }) {
    const budgets = resources.flatMap(r => readDisruptionBudget(r) ?? []);
    for (const server of servers) {
      const { name, replicas, replication, workload } = server;
      const count = valueOf(replicas);
      if (workload === undefined || workload.partial || count === undefined || count < 2) continue;
      // Independent databases need another remedy than a budget.
      if (replication.mechanism === 'none' || budgets.some(b => guards(b, workload) !== false)) continue;
      if (!complete && budgets.length === 0) continue;
      yield {
        at: workload.resource.at,
        server,
        message: `no PodDisruptionBudget selects the ${count} pods of "${name}", so a drain of two nodes may stop all of them at once`,
        help: 'add a PodDisruptionBudget with maxUnavailable: 1',
        fix: fix(
          { title: 'add a PodDisruptionBudget', applicability: 'safe' },
          insertDocument(workload.resource.root, {
            apiVersion: 'policy/v1',
            kind: 'PodDisruptionBudget',
            metadata: {
              name: workload.resource.name,
              ...(workload.resource.namespace === undefined ? {} : { namespace: workload.resource.namespace }),
            },
            spec: { maxUnavailable: 1, selector: { matchLabels: workload.pod.labels } },
          }),
        ),
      };
    }
  },
});
