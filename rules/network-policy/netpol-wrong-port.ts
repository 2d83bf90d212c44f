import { fix } from '../../src/fix/edits.ts';
import { setValue } from '../../src/fix/line-edits.ts';
import { wrongPorts } from '../../src/postgres/policy-aims.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'netpol-wrong-port',
  summary: 'A NetworkPolicy opens another port than the one that PostgreSQL listens on.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'environment',
  *check(environment, { text }) {
    for (const { policy, port, served, reason } of wrongPorts(environment)) {
      const { server } = served;
      const why = {
        protocol: `${port.protocol} ${port.port ?? ''}`.trim(),
        undefined: `the port "${port.port}", which no container of the pod declares`,
        service: `${port.port}, which is the port of a Service`,
        other: `${port.port}`,
      }[reason];
      yield {
        server,
        at: port.at,
        message: `the NetworkPolicy "${policy.resource.name}" opens ${why}, but "${server.name}" listens on TCP ${served.port} and nothing opens that, so nobody can connect`,
        label: `not ${served.port}/TCP`,
        fix:
          reason === 'protocol' || port.port === undefined
            ? undefined
            : fix(
                { title: `open TCP ${served.port}`, applicability: 'unsafe' },
                setValue(text, { value: String(port.port), at: port.at }, String(served.port)),
              ),
        help: `open TCP ${served.port}: policies count the port of the pod, not of the Service`,
        related: [{ at: server.port.at ?? server.at, message: `"${server.name}" listens on ${served.port}` }],
      };
    }
  },
});
