import { allotMemory } from '../../src/postgres/memory-fix.ts';
import { serverPods } from '../../src/postgres/server-pods.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'resources-best-effort',
  summary: 'The pod of a server requests nothing (BestEffort), so it is killed first when the node runs short.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'environment',
  *check(environment, context) {
    for (const { servers, quality } of serverPods(environment)) {
      const [server] = servers;
      if (quality !== 'BestEffort' || server?.container === undefined) continue;
      const { container } = server;
      yield {
        server,
        at: container.at,
        message: `no container in the pod of "${server.name}" requests or limits cpu or memory, so the pod is BestEffort: the first that a node short of memory evicts or kills`,
        label: 'has no resources',
        help: 'request what PostgreSQL needs, and limit its memory to the same amount',
        fix: allotMemory(server, context),
      };
    }
  },
});
