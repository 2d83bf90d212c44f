import { isWhole } from '../../src/environment.ts';
import { fix } from '../../src/fix/edits.ts';
import { setValue } from '../../src/fix/line-edits.ts';
import { servicesTo } from '../../src/kubernetes/service.ts';
import { type PodHost, podHosts } from '../../src/postgres/pod-hosts.ts';
import { isEphemeral } from '../../src/postgres/server.ts';
import { defineRule, valueOf } from '../../src/types.ts';
import { getText } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'pod-dns-short-name',
  summary: 'A pod of a StatefulSet is called by its bare name, which no DNS server knows.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'environment',
  *check(environment, { text }) {
    const { servers, services } = environment;
    const names = new Set(services.map(s => s.resource.name));
    for (const server of servers) {
      const { replicas, workload } = server;
      if (workload?.kind !== 'StatefulSet') continue;
      // A Service for each pod, named like the pod, may be elsewhere.
      const isKnown = isWhole(environment, ['Service'], workload.resource.namespace);
      if (!isKnown && servicesTo(workload, services).length === 0) continue;
      // The only pod knows its own name.
      const isItself = (h: PodHost) => h.user === workload && (valueOf(replicas) ?? 2) < 2;
      const short = podHosts(environment, workload).filter(h => h.service === undefined && !names.has(h.host));
      const [first, ...others] = short.filter(h => !isItself(h));
      if (first === undefined) continue;
      const governing = getText(workload.resource.root, 'spec', 'serviceName') ?? '';
      const isThere = services.some(s => s.resource.name === governing && s.headless);
      yield {
        at: first.at,
        server,
        message: `the host name "${first.host}" does not resolve: a pod of StatefulSet "${workload.resource.name}" has its name only below its headless Service, so the connection fails with: could not translate host name "${first.host}" to address`,
        label: governing === '' ? 'no name in DNS' : `the name is ${first.host}.${governing}`,
        help:
          governing === ''
            ? 'set serviceName to a headless Service and use <pod>.<service>'
            : `use ${first.host}.${governing}`,
        related: others.map(o => ({ at: o.at, message: 'used here too' })),
        fix: isThere
          ? fix(
              {
                title: `use <pod>.${governing}`,
                applicability: isEphemeral(server) ? 'unsafe' : 'safe',
                restarts: true,
              },
              ...[first, ...others].map(h => setValue(text, { value: h.host, at: h.at }, `${h.host}.${governing}`)),
            )
          : undefined,
      };
    }
  },
});
