import { fix } from '../../src/fix/edits.ts';
import { replaceRange } from '../../src/fix/line-edits.ts';
import { type HbaRecord, isOnlyReplication, isRemote, shadowedRecords } from '../../src/postgres/authentication.ts';
import { isFilledInLater } from '../../src/postgres/hba-sources.ts';
import { locate } from '../../src/text-region.ts';
import { defineRule } from '../../src/types.ts';

/** A client certificate proves who connects, whatever the method. */
const asksForCertificate = ({ options }: HbaRecord): boolean => options.some(o => o.name === 'clientcert');

/** The mask covers one address. */
const isOneAddress = ({ address }: HbaRecord): boolean =>
  address?.kind === 'network' && address.mask.every(byte => byte === 255);

export default defineRule({
  id: 'hba-trust-remote',
  summary: 'pg_hba.conf lets other machines in without any proof of who they are.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'hba-file',
  *check({ region, parsed, loaded, servers }, { text }) {
    const shadowed = new Set(shadowedRecords(parsed.records).map(s => s.record));
    for (const record of parsed.records) {
      const { method, databases, users } = record;
      if (record.authMethod !== 'trust' || !isRemote(record) || asksForCertificate(record)) continue;
      if (shadowed.has(record) || isFilledInLater(region.text, record.start)) continue;
      const { address, netmask } = record;
      const from =
        address?.kind === 'all' ? 'anywhere' : [address?.token.text, netmask?.text].filter(Boolean).join(' ');
      const role = users.some(u => u.keyword === 'all')
        ? 'any role that it names, superusers too,'
        : users.map(u => `"${u.text}"`).join(' or ');
      const may = isOnlyReplication(record)
        ? 'may copy the whole cluster'
        : databases.some(d => d.keyword === 'all')
          ? 'may use every database'
          : `may use ${databases.map(d => d.text).join(', ')}`;
      const then = loaded || servers.length === 0 ? '' : ' once this file is loaded';
      yield {
        at: locate(region, method.start, method.end),
        severity: isOneAddress(record) ? 'warning' : undefined,
        message: `no password is asked for a connection from ${from}, so it is ${role} and ${may}${then}`,
        label: 'no password',
        help: 'ask for a password: scram-sha-256',
        fix: fix(
          { title: 'trust → scram-sha-256', applicability: 'unsafe' },
          replaceRange(text, region, method.start, method.end, 'scram-sha-256'),
        ),
      };
    }
  },
});
