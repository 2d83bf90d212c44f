import { formatMib } from '../../src/postgres/memory.ts';
import { defineRule } from '../../src/types.ts';
import { getText } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'resources-request-exceeds-limit',
  summary: 'A resource request is greater than its limit, so the server is not started.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'server',
  *check({ name: server, container, platform }) {
    if (container === undefined) return;
    const { requests, limits, node } = container.resources;
    for (const [name, request] of Object.entries(requests)) {
      const limit = limits[name];
      if (request.state !== 'known' || limit?.state !== 'known' || request.value <= limit.value) continue;
      const asked = getText(node, 'requests', name) ?? formatMib(request.value);
      const allowed = getText(node, 'limits', name) ?? formatMib(limit.value);
      yield {
        at: request.at,
        message:
          platform === 'kubernetes'
            ? `the server "${server}" requests ${asked} of ${name} but may use only ${allowed}, so the API server rejects its pods`
            : `the service "${server}" reserves ${asked} of ${name} but may use only ${allowed}, so the container is not created`,
        label: `more than ${allowed}`,
        help: 'set the request to the limit, or raise the limit',
        related: [{ at: limit.at, message: `limit ${allowed}` }],
      };
    }
  },
});
