import { fix, renameKey, setPath, setScalar } from '../../src/fix/edits.ts';
import { disruptionsAllowed, guards, readDisruptionBudget } from '../../src/kubernetes/disruption-budget.ts';
import { type Problem, defineRule, valueOf } from '../../src/types.ts';
import { type MapNode, getMap, getScalar } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'pdb-blocks-drain',
  summary: 'A PodDisruptionBudget lets no pod of the database go, so nodes cannot be drained.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'environment',
  *check({ resources, servers }) {
    for (const budget of resources.flatMap(r => readDisruptionBudget(r) ?? [])) {
      for (const server of servers) {
        const { name, replicas, workload } = server;
        const count = valueOf(replicas);
        if (workload === undefined || count === undefined || count < 1 || guards(budget, workload) !== true) continue;
        const allowed = disruptionsAllowed(budget, count);
        if (allowed.state !== 'known' || allowed.value > 0) continue;
        const isSingle = count === 1;
        yield {
          at: allowed.at,
          server,
          severity: isSingle ? 'info' : undefined,
          message: `the budget "${budget.resource.name}" ${isSingle ? 'keeps the only pod' : `lets none of the ${count} pods`} of "${name}" ${isSingle ? 'where it is' : 'go'}, so \`kubectl drain\` of ${isSingle ? 'its node' : 'their nodes'} is refused again and again`,
          label: 'allows no disruption',
          fix: isSingle ? undefined : allowOne(budget.resource.root),
          help: isSingle ? 'drop the budget, or plan to delete the pod by hand at each drain' : 'set maxUnavailable: 1',
        };
      }
    }
  },
});

/** One pod at a time may go. */
function allowOne(root: MapNode): Problem['fix'] {
  const spec = getMap(root, 'spec');
  const least = getScalar(spec, 'minAvailable');
  if (spec === undefined) return undefined;
  const edits =
    least === undefined
      ? [setPath(spec, ['maxUnavailable'], 1)]
      : [renameKey(spec, 'minAvailable', 'maxUnavailable'), setScalar(least, 1)];
  return fix({ title: 'maxUnavailable: 1', applicability: 'unsafe' }, ...edits);
}
