import { formatSharedMemory } from '../../src/postgres/memory.ts';
import { chosenSetting, premise, proofs, sharedMemoryMargin, sharedNeed } from '../../src/postgres/memory-case.ts';
import { raiseRequest } from '../../src/postgres/memory-fix.ts';
import { defineRule, valueOf } from '../../src/types.ts';
import { getScalar } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'shared-buffers-exceeds-request',
  summary: 'The shared memory of a server is more than the memory that it requests.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server) {
    const { container, memoryRequest, memoryLimit, name, platform } = server;
    const need = sharedNeed(server);
    if (platform !== 'kubernetes' || memoryRequest.state !== 'known' || need === undefined) return;
    const { estimate, setting, sharedBuffers } = need;
    const request = memoryRequest.value;
    const limit = valueOf(memoryLimit);
    // Above the limit too: that is the finding then.
    if (limit !== undefined && (limit <= need.bytes || limit <= request)) return;
    const isChosen = chosenSetting(server, 'shared_buffers') !== undefined;
    // That the request is too low is said already where a limit stands beside it.
    if (!isChosen && limit !== undefined) return;
    const exceeds = sharedBuffers > request || (sharedBuffers === request && isChosen);
    if (!exceeds && need.bytes - sharedMemoryMargin(need.bytes) <= request) return;
    const resources = container?.resources.node;
    const asked = getScalar(resources, 'requests', 'memory');
    const allowed = getScalar(resources, 'limits', 'memory');
    const maps = estimate === undefined ? `${setting?.value} of shared_buffers` : formatSharedMemory(estimate);
    yield {
      at: memoryRequest.at,
      severity: exceeds && isChosen ? undefined : 'info',
      message: `${premise([setting])}the server "${name}" maps ${maps} of shared memory but requests ${asked?.text ?? 'less'}, so with full buffers it is above its request, and a node short of memory evicts it first`,
      label: 'less than its shared memory',
      help: allowed === undefined ? 'request four times shared_buffers' : 'request what the limit already allows',
      related: proofs(server, undefined, [setting], memoryRequest.at),
      fix: raiseRequest(server),
    };
  },
});
