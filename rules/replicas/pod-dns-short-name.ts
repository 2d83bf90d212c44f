import { fix } from '../../src/fix/edits.ts';
import { setValue } from '../../src/fix/line-edits.ts';
import { podHosts } from '../../src/postgres/pod-hosts.ts';
import { defineRule } from '../../src/types.ts';
import { getText } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'pod-dns-short-name',
  summary: "A pod of a StatefulSet is called by its bare name, which no DNS server knows.",
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'environment',
  *check(environment, { text }) {
    for (const server of environment.servers) {
      const { workload } = server;
      if (workload?.kind !== 'StatefulSet') continue;
      const governing = getText(workload.resource.root, 'spec', 'serviceName');
      const names = new Set(environment.services.map(s => s.resource.name));
      const [first, ...others] = podHosts(environment, workload).filter(h => h.service === undefined && !names.has(h.host));
      if (first === undefined) continue;
      const full = governing === undefined || governing === '' ? undefined : `${first.host}.${governing}`;
      yield {
        at: first.at,
        server,
        message: `the host name "${first.host}" does not resolve: a pod of StatefulSet "${workload.resource.name}" has its name only below its Service, so the connection fails with: could not translate host name`,
        label: full === undefined ? 'no DNS name' : `the name is ${full}`,
        help: full === undefined ? 'set serviceName to a headless Service and use <pod>.<service>' : `use ${full}`,
        related: others.map(o => ({ at: o.at, message: 'used here too' })),
        fix:
          governing !== undefined && names.has(governing)
            ? fix(
                { title: `use <pod>.${governing}`, applicability: 'safe', restarts: true },
                ...[first, ...others].map(h => setValue(text, { value: h.host, at: h.at }, `${h.host}.${governing}`)),
              )
            : undefined,
      };
    }
  },
});
