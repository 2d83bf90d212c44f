import { fix, setPath } from '../../src/fix/edits.ts';
import { asQuantity } from '../../src/postgres/memory.ts';
import { isEphemeral } from '../../src/postgres/server.ts';
import { serverPods } from '../../src/postgres/server-pods.ts';
import { bytesOf } from '../../src/postgres/settings.ts';
import { defineRule } from '../../src/types.ts';

const GIB = 1024 ** 3;

export default defineRule({
  id: 'resources-best-effort',
  summary: 'The pod of a server requests nothing (BestEffort), so it is killed first when the node runs short.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'environment',
  *check(environment) {
    for (const { servers, quality } of serverPods(environment)) {
      const [server] = servers;
      if (quality !== 'BestEffort' || server?.container === undefined) continue;
      const { container, intended } = server;
      const sharedBuffers = bytesOf(intended, 'shared_buffers');
      const memory = sharedBuffers === undefined ? undefined : asQuantity(Math.max(GIB, 4 * sharedBuffers));
      yield {
        server,
        at: container.at,
        message: `no container in the pod of "${server.name}" requests or limits cpu or memory, so the pod is BestEffort: the first that a node short of memory evicts or kills`,
        label: 'has no resources',
        help: 'request what PostgreSQL needs, and limit its memory to the same amount',
        fix:
          memory === undefined || container.node === undefined
            ? undefined
            : fix(
                {
                  title: `memory request and limit of ${memory}${isEphemeral(server) ? ' (the restart deletes the data)' : ''}`,
                  applicability: 'unsafe',
                  restarts: true,
                },
                setPath(container.node, ['resources'], { requests: { memory }, limits: { memory } }),
              ),
      };
    }
  },
});
