import { fix } from '../../src/fix/edits.ts';
import { replaceRange } from '../../src/fix/line-edits.ts';
import { type HbaRecord, isOnlyReplication, isRemote, shadowedRecords } from '../../src/postgres/authentication.ts';
import { isFilledInLater } from '../../src/postgres/hba-sources.ts';
import { isThrowAway } from '../../src/postgres/purpose.ts';
import { locate } from '../../src/text-region.ts';
import { defineRule } from '../../src/types.ts';

/** A client certificate proves who connects, whatever the method. */
const asksForCertificate = ({ options }: HbaRecord): boolean => options.some(o => o.name === 'clientcert');

/** The mask covers one address. */
const isOneAddress = ({ address }: HbaRecord): boolean =>
  address?.kind === 'network' && address.mask.every(byte => byte === 255);

const from = ({ address, netmask }: HbaRecord): string =>
  address?.kind === 'all' ? 'anywhere' : [address?.token.text, netmask?.text].filter(Boolean).join(' ');

/** `any role that it names, superusers too, and may use every database`. */
function whoAndWhat(record: HbaRecord): string {
  const { users, databases } = record;
  const role = users.some(u => u.keyword === 'all')
    ? 'any role that it names, superusers too,'
    : users.map(u => `"${u.text}"`).join(' or ');
  if (isOnlyReplication(record)) return `${role} and may copy the whole cluster`;
  const all = databases.some(d => d.keyword === 'all');
  return `${role} and may use ${all ? 'every database' : databases.map(d => d.text).join(', ')}`;
}

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
    const trusting = parsed.records.filter(
      r =>
        r.authMethod === 'trust' &&
        isRemote(r) &&
        !asksForCertificate(r) &&
        !shadowed.has(r) &&
        !isFilledInLater(region.text, r.start),
    );
    const first = trusting.find(r => !isOneAddress(r)) ?? trusting[0];
    if (first === undefined) return;
    const others = trusting.filter(r => r !== first);
    const name = { name: '', at: region.name, resource: undefined };
    const mild = isOneAddress(first) || (servers.length === 0 ? isThrowAway(name) : servers.every(isThrowAway));
    const more = others.length === 0 ? '' : ` (${others.length} more record${others.length > 1 ? 's' : ''} like it)`;
    const then = loaded || servers.length === 0 ? '' : ' once this file is loaded';
    yield {
      at: locate(region, first.method.start, first.method.end),
      severity: mild ? 'warning' : undefined,
      message: `no password is asked for a connection from ${from(first)}, so it is ${whoAndWhat(first)}${then}${more}`,
      label: 'no password',
      help: 'ask for a password: scram-sha-256',
      related: others
        .slice(0, 4)
        .map(r => ({ at: locate(region, r.method.start, r.method.end), message: `trust from ${from(r)}` })),
      fix: fix(
        { title: 'trust → scram-sha-256', applicability: 'unsafe' },
        ...trusting.map(({ method }) => replaceRange(text, region, method.start, method.end, 'scram-sha-256')),
      ),
    };
  },
});
