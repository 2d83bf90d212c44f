import { fix, removeItem } from '../../src/fix/edits.ts';
import { replyRules } from '../../src/postgres/policy-aims.ts';
import { defineRule } from '../../src/types.ts';
import { entry, get } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'netpol-reply-egress',
  summary: 'An egress rule lets PostgreSQL reply to its clients, which needs no rule.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'environment',
  *check(environment) {
    for (const { policy, rule, served, labels } of replyRules(environment)) {
      const { server, port } = served;
      const list = get(policy.resource.root, 'spec', 'egress');
      yield {
        server,
        at: entry(rule.node, 'to')?.key ?? rule.at,
        message: `the NetworkPolicy "${policy.resource.name}" allows "${server.name}" to open connections to port ${port} of its own clients (${labels}); replies need no rule and a database opens no connections to its clients, so the rule has no effect`,
        label: 'a rule for replies',
        help: 'take the rule away, and allow what the server really opens: DNS, its standbys, its backup storage',
        fix:
          list?.kind === 'seq' && rule.node !== undefined
            ? fix({ title: 'without this rule', applicability: 'unsafe' }, removeItem(list, rule.node))
            : undefined,
      };
    }
  },
});
