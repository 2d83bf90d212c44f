import { fix, setPath } from '../../src/fix/edits.ts';
import { servicesTo } from '../../src/kubernetes/service.ts';
import { readinessProbe } from '../../src/postgres/probe-fixes.ts';
import { isEphemeral } from '../../src/postgres/server.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'probe-readiness-missing',
  summary: 'A Service sends clients to a PostgreSQL that has no readiness probe.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'environment',
  *check({ servers, services }) {
    for (const server of servers) {
      const { container, image, name, workload } = server;
      if (workload === undefined || workload.partial || container?.node === undefined) continue;
      if (container.probes.readiness !== undefined) continue;
      const [service] = servicesTo(workload, services);
      if (service === undefined) continue;
      const probe = readinessProbe(server);
      yield {
        at: container.at,
        server,
        message: `"${name}" has no readiness probe, so the Service "${service.resource.name}" sends clients to it while it starts and recovers, and they are refused`,
        label: 'no readinessProbe',
        help: 'ask pg_isready over TCP (-h 127.0.0.1): the socket answers even while the first start is not done',
        related: [{ at: service.resource.at, message: 'sends clients' }],
        fix:
          image.family === 'official' && probe !== undefined
            ? fix(
                {
                  title: 'add a readinessProbe',
                  applicability: isEphemeral(server) ? 'unsafe' : 'safe',
                  restarts: true,
                },
                setPath(container.node, ['readinessProbe'], probe),
              )
            : undefined,
      };
    }
  },
});
