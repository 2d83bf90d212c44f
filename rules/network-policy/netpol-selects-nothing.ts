import type { Environment } from '../../src/environment.ts';
import { fix, setScalar } from '../../src/fix/edits.ts';
import { unmatchedPeers, unmatchedPolicies } from '../../src/postgres/policy-aims.ts';
import { type Problem, defineRule } from '../../src/types.ts';
import { getScalar } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'netpol-selects-nothing',
  summary: 'A NetworkPolicy that is meant for PostgreSQL selects no pod, or admits none.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'environment',
  *check(environment) {
    yield* policies(environment);
    for (const { policy, peer, labels, served } of unmatchedPeers(environment)) {
      yield {
        server: served.server,
        at: peer.node.kind === 'map' ? (peer.node.entries[0]?.key ?? peer.node) : peer.node,
        severity: 'info',
        message: `the NetworkPolicy "${policy.resource.name}" admits pods with ${labels} to "${served.server.name}", and no workload of ${place(environment)} has these labels, so it admits nobody that is here`,
        label: `no such pod in ${place(environment)}`,
        help: 'name the labels of the pods that need the database, or take the entry away',
      };
    }
  },
});

const place = ({ exported }: Environment) => (exported === undefined ? 'the repository' : 'the cluster');

function* policies(environment: Environment): Iterable<Problem> {
  for (const { policy, near, labels } of unmatchedPolicies(environment)) {
    const { root, name } = policy.resource;
    if (near === undefined) {
      yield {
        at: policy.at,
        severity: 'warning',
        message: `the NetworkPolicy "${name}" is meant for PostgreSQL but selects ${labels}, which no workload of ${place(environment)} has, so it protects nothing`,
        label: 'selects no pod',
        help: 'give podSelector the labels of the pod template',
      };
      continue;
    }
    const { served, miss } = near;
    const { key, values } = miss.requirement;
    const written = getScalar(root, 'spec', 'podSelector', 'matchLabels', key);
    yield {
      server: served.server,
      at: miss.requirement.at,
      message: `the NetworkPolicy "${name}" selects ${key}=${values.join('|')}, but the pods of "${served.server.name}" have ${miss.actual === undefined ? `no label ${key}` : `${key}=${miss.actual}`}, so it selects nothing and the database stays open to every pod`,
      label: miss.actual === undefined ? 'no pod has this label' : `the pods have ${miss.actual}`,
      help: 'write the labels of the pod template',
      related: [{ at: served.server.at, message: `"${served.server.name}"` }],
      fix:
        written === undefined || miss.actual === undefined
          ? undefined
          : fix({ title: `${key}: ${miss.actual}`, applicability: 'unsafe' }, setScalar(written, miss.actual)),
    };
  }
}
