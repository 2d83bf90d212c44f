import { servicesTo } from '../../src/kubernetes/service.ts';
import { defineRule, valueOf } from '../../src/types.ts';

/** Names of Services that are meant to reach any copy. */
const FOR_READING =
  /(^|-)(r|ro|read|reads|readonly|reader|replica|replicas|repl|standby|standbys|secondary|slave|slaves|headless|peers|metrics|all|any|nodes|pods)(-|$)/;

export default defineRule({
  id: 'service-mixes-primary-and-replicas',
  summary: 'One Service sends writes to the primary and to its copies alike.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'environment',
  *check({ servers, services }) {
    for (const server of servers) {
      const { name, replicas, replication, workload } = server;
      const count = valueOf(replicas);
      if (workload === undefined || workload.partial || count === undefined || count < 2) continue;
      // Patroni moves the endpoints or the labels itself; unknown means may be.
      if (replication.mechanism !== 'none' && replication.mechanism !== 'script') continue;
      // Another Service, that picks pods by a label of the running cluster, may be the one for writing.
      const isSplit = servicesTo(workload, services, 'unknown').length > 0;
      if (isSplit && replication.mechanism === 'script') continue;
      for (const service of servicesTo(workload, services)) {
        if (service.headless || service.type === 'ExternalName' || FOR_READING.test(service.resource.name)) continue;
        const isIndependent = replication.mechanism === 'none';
        yield {
          at: service.resource.at,
          server,
          message: isIndependent
            ? `the Service "${service.resource.name}" spreads connections over the ${count} independent databases of "${name}", so reads miss what other connections wrote`
            : `the Service "${service.resource.name}" selects all ${count} pods of "${name}", so ${count - 1} of ${count} connections reach a standby, where each write fails with: cannot execute INSERT in a read-only transaction`,
          label: `selects all ${count} pods`,
          help: isIndependent
            ? 'run one replica, or let an operator run the copies and keep a Service for the primary'
            : 'select the primary alone, by a label that follows it (an operator or Patroni keeps one)',
          related: replicas.state === 'known' ? [{ at: replicas.at, message: `${count} replicas` }] : [],
        };
      }
    }
  },
});
