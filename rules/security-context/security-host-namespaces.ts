import { fix, removeEntries } from '../../src/fix/edits.ts';
import { podSecurity } from '../../src/kubernetes/security-context.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'security-host-namespaces',
  summary: 'The pod of PostgreSQL shares processes, memory or network with its node.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check({ name, workload }) {
    if (workload === undefined) return;
    const { spec } = workload.pod;
    const { hostIPC, hostNetwork, hostPID } = podSecurity(workload.pod);
    const shared = [
      { fact: hostPID, key: 'hostPID', text: 'sees and signals every process of it' },
      { fact: hostIPC, key: 'hostIPC', text: 'reaches the shared memory of its processes' },
      { fact: hostNetwork, key: 'hostNetwork', text: 'listens at its addresses, where no NetworkPolicy holds' },
    ].flatMap(({ fact, ...rest }) => (fact.state === 'known' && fact.value ? [{ at: fact.at, ...rest }] : []));
    const [first, ...others] = shared;
    if (first === undefined) return;
    yield {
      at: first.at,
      severity: first.key === 'hostNetwork' ? 'warning' : undefined,
      message: `the pod of "${name}" shares ${shared.map(s => s.key).join(' and ')} with its node, so it ${shared.map(s => s.text).join(' and ')}, and Pod Security (baseline) refuses it`,
      help: 'take it away: PostgreSQL needs none of them; a Service gives it an address',
      fix:
        // Clients may come by the address of the node, and a NetworkPolicy is needed without it.
        spec === undefined || shared.some(s => s.key === 'hostNetwork')
          ? undefined
          : fix(
              { title: `without ${shared.map(s => s.key).join(' and ')}`, applicability: 'unsafe', restarts: true },
              removeEntries(
                spec,
                shared.map(s => s.key),
              ),
            ),
      related: others.map(o => ({ at: o.at, message: `${o.key} too` })),
    };
  },
});
