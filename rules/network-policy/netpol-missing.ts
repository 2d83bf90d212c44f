import { type Yaml, fix, insertDocument } from '../../src/fix/edits.ts';
import { metadataBeside, namingLabels, peerFor } from '../../src/kubernetes/policy-edits.ts';
import { sameNamespace } from '../../src/kubernetes/resource.ts';
import { type ServedPod, isIsolatedForIngress, servedPods } from '../../src/postgres/policy-checks.ts';
import { type Environment, isWhole } from '../../src/environment.ts';
import { type Problem, defineRule, valueOf } from '../../src/types.ts';

export default defineRule({
  id: 'netpol-missing',
  summary: 'No NetworkPolicy selects the pods of a server, so every pod of the cluster may connect.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'environment',
  *check(environment) {
    for (const served of servedPods(environment)) {
      const { server, workload, port } = served;
      const beside = environment.policies.find(p => sameNamespace(p.resource.namespace, workload.resource.namespace));
      if (
        (!isWhole(environment, ['NetworkPolicy'], workload.resource.namespace) && beside === undefined) ||
        isIsolatedForIngress(environment, served) !== false
      )
        continue;
      yield {
        server,
        at: server.at,
        message: `no NetworkPolicy selects the pods of "${server.name}", so every pod of the cluster may open connections to port ${port}`,
        label: 'open to the whole cluster',
        help: 'admit the pods that need the database, and nobody else, by a NetworkPolicy',
        related:
          beside === undefined
            ? []
            : [{ at: beside.at, message: `the NetworkPolicy "${beside.resource.name}" selects other pods` }],
        fix: skeleton(environment, served),
      };
    }
  },
});

/** A policy that admits the clients that are known; where none is, the namespace. */
function skeleton(environment: Environment, { server, workload, pod, port }: ServedPod): Problem['fix'] {
  const labels = namingLabels(workload);
  if (labels === undefined) return undefined;
  const clients = environment.connections
    .filter(c => c.server === server && c.workload !== workload)
    .map(c => c.workload);
  const peers = [...new Set(clients)].map(client => peerFor(client, workload));
  if (peers.includes(undefined)) return undefined;
  const known: readonly Yaml[] = peers.length > 0 ? peers.filter(p => p !== undefined) : [{ podSelector: {} }];
  const self: readonly Yaml[] =
    peers.length > 0 && valueOf(server.replicas) !== 1 ? [{ podSelector: { matchLabels: labels } }] : [];
  const others = pod.ports.flatMap(p => (valueOf(p.port) === port ? [] : (valueOf(p.port) ?? [])));
  return fix(
    {
      title: `a NetworkPolicy that admits ${peers.length > 0 ? 'the clients that are here' : 'the pods of the namespace'}`,
      applicability: 'unsafe',
    },
    insertDocument(workload.resource.root, {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: metadataBeside(workload, `${workload.resource.name}-ingress`),
      spec: {
        podSelector: { matchLabels: labels },
        policyTypes: ['Ingress'],
        ingress: [
          { from: [...known, ...self], ports: [{ protocol: 'TCP', port }] },
          ...(others.length === 0 ? [] : [{ ports: others.map(other => ({ protocol: 'TCP', port: other })) }]),
        ],
      },
    }),
  );
}
