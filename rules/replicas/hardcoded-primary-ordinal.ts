import { locate } from '../../src/text-region.ts';
import { defineRule, valueOf } from '../../src/types.ts';

/** A test of the host name against ordinal 0: `[ "$(hostname)" = "db-0" ]`, `[[ $HOSTNAME == *-0 ]]`, `[ "$ordinal" -eq 0 ]`. */
const TEST =
  /\[\[?[^\]\n]*(?:\$\(hostname[^)]*\)|`hostname[^`]*`|\$\{?(?:HOSTNAME|POD_NAME|MY_POD_NAME|ordinal|ORDINAL)\b[^\]\s]*)[^\]\n]*(?:-0\b|\s"?0"?\s*)[^\]\n]*\]/;

/** What a script does that decides who is the primary. */
const REPLICATION = /pg_basebackup|standby\.signal|primary_conninfo|recovery\.conf|pg_rewind|initdb/;

export default defineRule({
  id: 'hardcoded-primary-ordinal',
  summary: 'A script takes the pod with ordinal 0 for the primary, for ever.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  on: 'server',
  *check({ name, replicas, replication, scripts, workload }) {
    const count = valueOf(replicas);
    if (workload === undefined || count === undefined || count < 2 || replication.mechanism === 'patroni') return;
    for (const { region, role } of scripts) {
      // What runs at the first start alone decides nothing later.
      const match = role !== 'initdb' && REPLICATION.test(region.text) ? TEST.exec(region.text) : null;
      if (match === null) continue;
      yield {
        at: locate(region, match.index, match.index + match[0].length),
        message: `a script of "${name}" makes the pod with ordinal 0 the primary at every start: after a failover it comes back as a second primary, and the two diverge`,
        label: 'decides by the name of the pod',
        help: 'let Patroni or an operator elect the primary',
      };
      return;
    }
  },
});
