import { sameNamespace } from '../../src/kubernetes/resource.ts';
import { podHosts } from '../../src/postgres/pod-hosts.ts';
import { defineRule, valueOf } from '../../src/types.ts';
import { getText } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'statefulset-service-not-headless',
  summary: 'The Service that should give the pods their names has an address of its own instead.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  on: 'environment',
  *check(environment) {
    const { servers, services } = environment;
    for (const server of servers) {
      const { replicas, workload } = server;
      if (workload?.kind !== 'StatefulSet' || workload.partial) continue;
      const { name, namespace, root } = workload.resource;
      const governing = getText(root, 'spec', 'serviceName');
      const service = services.find(
        s => s.resource.name === governing && sameNamespace(s.resource.namespace, namespace),
      );
      if (service === undefined || service.headless || service.type === 'ExternalName') continue;
      const isUsed = podHosts(environment, workload).some(h => h.service === governing);
      yield {
        at: service.resource.at,
        server,
        severity: isUsed || (valueOf(replicas) ?? 1) > 1 ? undefined : 'info',
        message: `the Service "${service.resource.name}" governs StatefulSet "${name}" but is not headless, so its pods have no names of their own in DNS`,
        label: 'clusterIP is not None',
        help: 'let a headless Service (clusterIP: None) govern the StatefulSet, and keep this one for clients under another name',
        related: [{ at: workload.resource.at, message: `its serviceName is "${service.resource.name}"` }],
      };
    }
  },
});
