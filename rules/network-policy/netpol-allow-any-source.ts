import { exposuresOf } from '../../src/kubernetes/exposure.ts';
import { servicesTo } from '../../src/kubernetes/service.ts';
import { coversServer, openPeer, policiesOf, servedPods } from '../../src/postgres/policy-checks.ts';
import { defineRule } from '../../src/types.ts';
import { entry, getText } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'netpol-allow-any-source',
  summary: 'A NetworkPolicy admits every source to PostgreSQL, so it protects nothing.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  on: 'environment',
  *check(environment) {
    for (const served of servedPods(environment)) {
      const { server, workload, pod, port } = served;
      const outside = servicesTo(workload, environment.services).find(s =>
        exposuresOf(s).some(e => e.reach === 'anywhere'),
      );
      for (const policy of policiesOf(environment, pod, 'Ingress')) {
        for (const rule of policy.ingress) {
          const open = coversServer(rule, served) ? openPeer(rule) : undefined;
          if (open === undefined) continue;
          const cidr = open === 'everybody' ? undefined : getText(open.ipBlock, 'cidr');
          const whom = cidr === undefined && open !== 'everybody' ? 'every pod of every namespace' : 'every address';
          const at =
            open === 'everybody'
              ? rule.at
              : (entry(open.ipBlock, 'cidr')?.value ?? entry(open.node, 'namespaceSelector')?.key ?? open.node);
          yield {
            server,
            at,
            severity: outside === undefined ? 'warning' : 'error',
            message: `the NetworkPolicy "${policy.resource.name}" admits ${whom} to port ${port} of "${server.name}"${open === 'everybody' ? ' (the rule has no `from`)' : ''}, so it protects nothing${outside === undefined ? '' : `, and the Service "${outside.resource.name}" leads there from outside`}`,
            label: open === 'everybody' ? 'without `from`: from everywhere' : whom,
            help: 'name the pods that need the database under `from`',
            related:
              outside === undefined ? [] : [{ at: outside.at, message: `the Service "${outside.resource.name}"` }],
          };
        }
      }
    }
  },
});
