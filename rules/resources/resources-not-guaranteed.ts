import { raiseRequest } from '../../src/postgres/memory-fix.ts';
import { defineRule } from '../../src/types.ts';
import { getScalar } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'resources-not-guaranteed',
  summary:
    'The memory request of a server is below its limit, so it may be evicted or killed for using what it may use.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server) {
    const { container, name, platform } = server;
    if (container === undefined || platform !== 'kubernetes') return;
    const { requests, limits, node } = container.resources;
    const [request, limit] = [requests.memory, limits.memory];
    if (request?.state !== 'known' || limit?.state !== 'known' || request.value >= limit.value) return;
    const [asked, allowed] = [getScalar(node, 'requests', 'memory'), getScalar(node, 'limits', 'memory')];
    if (asked === undefined || allowed === undefined) return;
    yield {
      at: request.at,
      message: `the server "${name}" requests ${asked.text} of memory but may use ${allowed.text}, so once it uses more than its request, page cache included, it is among the first that a node short of memory evicts`,
      label: `less than ${allowed.text}`,
      help: 'request what the limit allows, so that the memory is kept for PostgreSQL',
      related: [{ at: limit.at, message: `the limit, ${allowed.text}` }],
      fix: raiseRequest(server),
    };
  },
});
