import { asQuantity } from '../../src/postgres/memory.ts';
import { type MemoryContext, allotMemory } from '../../src/postgres/memory-fix.ts';
import { serverPods } from '../../src/postgres/server-pods.ts';
import type { Server } from '../../src/postgres/server.ts';
import { type Problem, defineRule, valueOf } from '../../src/types.ts';
import { getText } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'resources-memory-limit-missing',
  summary: 'A server requests memory but has no limit, so it grows until the node runs out.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'environment',
  *check(environment, context) {
    const pods = serverPods(environment).filter(p => p.quality !== 'BestEffort');
    for (const server of pods.flatMap(p => p.servers)) {
      const request = valueOf(server.memoryRequest);
      if (server.memoryLimit.state === 'absent' && request !== undefined) yield unlimited(server, request, context);
    }
    for (const server of environment.servers) {
      if (server.platform !== 'compose' || server.memoryLimit.state !== 'absent') continue;
      yield {
        server,
        at: server.at,
        severity: 'info',
        message: `the service "${server.name}" has no memory limit, so PostgreSQL and the other programs of the host compete until the kernel kills one of them`,
        label: 'has no memory limit',
        help: 'set deploy.resources.limits.memory, and make shared_buffers a quarter of it',
      };
    }
  },
});

function unlimited(server: Server, request: number, context: MemoryContext): Problem {
  const { container, memoryRequest, name } = server;
  const asked = getText(container?.resources.node, 'requests', 'memory') ?? asQuantity(request);
  return {
    server,
    at: memoryRequest.at ?? server.at,
    message: `the server "${name}" requests ${asked} of memory but has no limit, so it can grow until the node runs out of memory and the kernel picks a victim`,
    label: 'no limit beside it',
    help: 'limit the memory to what is requested, and fit the settings into it',
    fix: allotMemory(server, context),
  };
}
