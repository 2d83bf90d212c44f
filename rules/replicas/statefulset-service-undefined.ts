import { isWhole } from '../../src/environment.ts';
import { fix, setPath } from '../../src/fix/edits.ts';
import { resourcesNamed } from '../../src/kubernetes/resource.ts';
import { servicesTo } from '../../src/kubernetes/service.ts';
import { podHosts } from '../../src/postgres/pod-hosts.ts';
import { defineRule, valueOf } from '../../src/types.ts';
import { textFact } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'statefulset-service-undefined',
  summary: 'The Service that gives the pods their names does not exist.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'environment',
  *check(environment) {
    for (const server of environment.servers) {
      const { replicas, replication, workload } = server;
      if (workload?.kind !== 'StatefulSet' || workload.partial) continue;
      const { name, namespace, root } = workload.resource;
      const serviceName = textFact(root, 'spec', 'serviceName');
      if (serviceName.state !== 'known' || serviceName.value === '') continue;
      if (resourcesNamed(environment.resources, 'Service', serviceName.value, namespace).length > 0) continue;
      const selecting = servicesTo(workload, environment.services);
      // Without a Service for these pods beside it, the Service may well be elsewhere.
      if (selecting.length === 0 && !isWhole(environment, ['Service'], namespace)) continue;
      const hosts = podHosts(environment, workload);
      const hasCopies = (valueOf(replicas) ?? 1) > 1;
      const [headless, ...more] = selecting.filter(s => s.headless);
      yield {
        at: serviceName.at,
        server,
        // Patroni's members know each other by address.
        severity: hosts.length > 0 ? 'error' : hasCopies && replication.mechanism !== 'patroni' ? undefined : 'info',
        message: `no Service is named "${serviceName.value}", so the pods of "${name}" get no DNS names${hosts[0] === undefined ? '' : `, and "${hosts[0].host}" does not resolve`}`,
        label: 'no such Service',
        help:
          headless === undefined
            ? `add a headless Service "${serviceName.value}" that selects the pods`
            : `name the headless Service "${headless.resource.name}" (serviceName cannot be changed: the StatefulSet must be made anew), or add a Service of this name`,
        related: [
          ...hosts.map(h => ({ at: h.at, message: `"${h.host}" is used here` })),
          ...selecting.map(s => ({
            at: s.resource.at,
            message: `selects the pods, but is named "${s.resource.name}"`,
          })),
        ],
        fix:
          headless === undefined || more.length > 0
            ? undefined
            : fix(
                {
                  title: `serviceName: ${headless.resource.name} (the StatefulSet must be made anew)`,
                  applicability: 'unsafe',
                },
                setPath(root, ['spec', 'serviceName'], headless.resource.name),
              ),
      };
    }
  },
});
