import { fix, setPath } from '../../src/fix/edits.ts';
import { capabilityName } from '../../src/kubernetes/security-context.ts';
import { NODE_CAPABILITIES } from '../../src/postgres/restricted.ts';
import { serverSecurity } from '../../src/postgres/start-user.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'security-privileged',
  summary: 'The container of PostgreSQL is privileged, or has capabilities that amount to it.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check(server) {
    const security = serverSecurity(server);
    const node = server.container?.node;
    if (security === undefined || node === undefined) return;
    const { capabilitiesAdd, privileged } = security;
    if (privileged.state === 'known' && privileged.value) {
      yield {
        at: privileged.at,
        message: `the container of "${server.name}" is privileged, so whoever gets into the database owns the node with everything on it`,
        help: 'take it away: PostgreSQL needs no privilege of the node',
        fix: fix(
          { title: 'privileged: false', applicability: 'unsafe', restarts: true },
          setPath(node, ['securityContext', 'privileged'], false),
        ),
      };
      return;
    }
    const strong = capabilitiesAdd.filter(
      c => NODE_CAPABILITIES.has(capabilityName(c.value)) && !isEntrypoints(c.value),
    );
    const [first, ...others] = strong;
    if (first === undefined) return;
    yield {
      at: first.at,
      message: `the container of "${server.name}" adds ${strong.map(c => c.value).join(', ')}, which PostgreSQL never uses and which a break-in can use to get at the node`,
      help: 'take it away',
      related: others.map(c => ({ at: c.at, message: 'this one too' })),
    };
  },
});

/** Docker-library's entrypoint may have it instead of DAC_OVERRIDE. */
const isEntrypoints = (name: string) => capabilityName(name) === 'DAC_READ_SEARCH';
