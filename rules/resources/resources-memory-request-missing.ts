import { allotMemory } from '../../src/postgres/memory-fix.ts';
import { serverPods } from '../../src/postgres/server-pods.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'resources-memory-request-missing',
  summary: 'A server neither requests nor limits memory, so the scheduler counts on none.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'environment',
  *check(environment, context) {
    const pods = serverPods(environment).filter(p => p.quality !== 'BestEffort');
    for (const server of pods.flatMap(p => p.servers)) {
      const { container, memoryLimit, memoryRequest, name } = server;
      if (container === undefined || memoryLimit.state !== 'absent' || memoryRequest.state !== 'absent') continue;
      yield {
        server,
        at: container.resources.at,
        message: `the server "${name}" neither requests nor limits memory, so the scheduler may place it where none is left, and all that PostgreSQL uses is above its request, where eviction begins`,
        label: 'no memory',
        help: 'request the memory that PostgreSQL needs, and limit it to the same amount',
        fix: allotMemory(server, context),
      };
    }
  },
});
