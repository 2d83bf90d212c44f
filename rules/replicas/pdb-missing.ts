import { isWhole } from '../../src/environment.ts';
import { fix, insertDocument } from '../../src/fix/edits.ts';
import { guards, readDisruptionBudget } from '../../src/kubernetes/disruption-budget.ts';
import { selectingLabels } from '../../src/kubernetes/pod-selector.ts';
import { defineRule, valueOf } from '../../src/types.ts';

export default defineRule({
  id: 'pdb-missing',
  summary: 'No PodDisruptionBudget keeps a drain from taking several copies at once.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'environment',
  *check(environment) {
    const { resources, servers } = environment;
    const budgets = resources.flatMap(r => readDisruptionBudget(r) ?? []);
    for (const server of servers) {
      const { name, replicas, replication, workload } = server;
      const count = valueOf(replicas);
      if (workload === undefined || workload.partial || count === undefined || count < 2) continue;
      if (!isWhole(environment, ['PodDisruptionBudget'], workload.resource.namespace)) continue;
      // Independent databases need another remedy than a budget.
      if (replication.mechanism === 'none' || budgets.some(b => guards(b, workload) !== false)) continue;
      yield {
        at: workload.resource.at,
        server,
        message: `no PodDisruptionBudget selects the ${count} pods of "${name}", so drains of several nodes may stop all of them at once`,
        label: 'no budget',
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
            spec: { maxUnavailable: 1, selector: { matchLabels: selectingLabels(workload) } },
          }),
        ),
      };
    }
  },
});
