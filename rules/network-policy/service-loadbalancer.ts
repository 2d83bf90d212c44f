import { type Edits, fix, removeEntry, setScalar } from '../../src/fix/edits.ts';
import { exposuresOf, nodePortOf, outsideKeys } from '../../src/kubernetes/exposure.ts';
import { type Service, selectsPods, targetPort } from '../../src/kubernetes/service.ts';
import { type Problem, composed, defineRule, valueOf } from '../../src/types.ts';
import { getItems, getMap, getScalar } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'service-loadbalancer',
  summary: 'A Service opens PostgreSQL to networks outside the cluster.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  aliases: ['service-nodeport', 'service-external-ips'],
  on: 'environment',
  *check({ services, servers }) {
    for (const service of services.filter(s => exposuresOf(s).length > 0)) {
      const server = servers.find(
        ({ workload, port }) =>
          workload !== undefined &&
          selectsPods(service, workload) === true &&
          service.ports.some(p => port.state === 'known' && valueOf(targetPort(p, workload.pod)) === port.value),
      );
      if (server === undefined) continue;
      for (const { kind, reach, at } of exposuresOf(service)) {
        if (reach === 'unknown') continue;
        const name = `the Service "${service.resource.name}"`;
        if (kind === 'load-balancer') {
          yield {
            server,
            at,
            severity: reach === 'anywhere' ? 'error' : reach === 'listed' ? 'warning' : 'info',
            message: {
              anywhere: `${name} gives "${server.name}" a load balancer without loadBalancerSourceRanges, so on a cloud anybody on the internet can try its passwords`,
              listed: `${name} opens "${server.name}" to the address ranges that it lists, so one stolen password is enough from there`,
              private: `${name} opens "${server.name}" to the private network outside the cluster, where NetworkPolicies see no pods but addresses`,
            }[reach],
            label: reach === 'anywhere' ? 'open to the internet' : 'open beyond the cluster',
            help: 'use ClusterIP, and reach the database from outside by a tunnel or an internal load balancer with loadBalancerSourceRanges',
            fix: inside(service),
          };
        } else if (kind === 'node-port') {
          const port = nodePortOf(service);
          const text = `${name} opens "${server.name}" on ${port === undefined ? 'a port' : `port ${port}`} of every node, so whoever reaches a node reaches the database`;
          yield part('service-nodeport', text, {
            at,
            server,
            label: 'open on every node',
            help: 'use ClusterIP',
            fix: inside(service),
          });
        } else if (reach !== 'private') {
          const text = `${name} answers for "${server.name}" at external addresses, so whoever reaches them reaches the database`;
          yield part('service-external-ips', text, {
            at,
            server,
            label: 'open beyond the cluster',
            help: 'take externalIPs away',
          });
        }
      }
    }
  },
});

function part(id: string, message: string, rest: Omit<Problem, 'message'>): Problem {
  return composed([{ id, text: message }], () => ({ ...rest, message, severity: 'warning' }));
}

/** ClusterIP, without the fields that the API takes only for the other types. */
function inside(service: Service): Problem['fix'] {
  const spec = getMap(service.resource.root, 'spec');
  const type = getScalar(spec, 'type');
  if (spec === undefined || type === undefined) return undefined;
  const ports: readonly Edits[] = getItems(spec, 'ports').flatMap(p =>
    p.kind === 'map' && getScalar(p, 'nodePort') !== undefined ? [removeEntry(p, 'nodePort')] : [],
  );
  return fix(
    { title: `type: ${type.text} → ClusterIP`, applicability: 'unsafe' },
    setScalar(type, 'ClusterIP'),
    ...outsideKeys(service).map(key => removeEntry(spec, key)),
    ...ports,
  );
}
