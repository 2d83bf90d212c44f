/** pg_hba.conf: who may connect from where, and how they prove it. */
import type { HbaAddress, HbaConnectionType, HbaRecord, HbaToken, ParsedHba } from '../formats/pg-hba.ts';
import type { TextRegion } from '../text-region.ts';
import type { Server } from './server.ts';

export interface HbaFile {
  readonly region: TextRegion;
  readonly parsed: ParsedHba;
  readonly servers: readonly Server[];
  readonly majors: readonly number[];
  readonly loaded: boolean;
  /** Lines that a script adds to a file whose other lines are not here. */
  readonly fragment: boolean;
}
export type { HbaRecord };

type NetworkAddress = Extract<HbaAddress, { kind: 'network' }>;

/** Addresses of this very machine: 127.0.0.0/8, ::1, `localhost`, `samehost`. In a pod, its own containers. */
export function isLoopback({ address }: HbaRecord): boolean {
  switch (address?.kind) {
    case 'samehost':
      return true;
    case 'name':
      return /^localhost(?:\.localdomain)?$/i.test(address.token.text);
    case 'network':
      return loopbacks.some(loopback => containsNetwork(loopback, address));
    default:
      return false;
  }
}

/** A record that some other machine can match. A name that no host can have, such as `*`, matches nobody. */
export function isRemote(record: HbaRecord): boolean {
  return record.address !== undefined && !isLoopback(record) && !matchesNobody(record);
}

/** The address is taken for a host name, and no host can be called so: `*`, `10.0.0.*`, an empty text. */
export function matchesNobody({ address }: HbaRecord): boolean {
  return address?.kind === 'name' && !/^\.?[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?$/.test(address.token.text);
}

/** `all`, 0.0.0.0/0 or ::/0: any address, of its family at least. */
export function coversAnyAddress({ address }: HbaRecord): boolean {
  return address?.kind === 'all' || (address?.kind === 'network' && address.mask.every(byte => byte === 0));
}

/** Lets standbys and base backups in: the unquoted keyword `replication`, which `all` does not include. */
export function isReplication({ databases }: HbaRecord): boolean {
  return databases.some(token => token.keyword === 'replication');
}

/** Is about nothing but replication. */
export function isOnlyReplication({ databases }: HbaRecord): boolean {
  return databases.every(token => token.keyword === 'replication');
}

/** Whether `earlier` matches every connection that `later` could match, so that `later` never decides. Sure, or false. */
export function covers(earlier: HbaRecord, later: HbaRecord): boolean {
  return (
    coversType(earlier.type, later.type) &&
    coversAddress(earlier.address, later.address) &&
    later.databases.every(db => earlier.databases.some(own => coversDatabase(own, db))) &&
    later.users.every(user => earlier.users.some(own => coversUser(own, user)))
  );
}

/** The records that can never decide, each with the earlier one that decides for it. */
export function shadowedRecords(
  records: readonly HbaRecord[],
): readonly { readonly record: HbaRecord; readonly by: HbaRecord }[] {
  return records.flatMap((record, index) => {
    const by = records.slice(0, index).find(earlier => covers(earlier, record));
    return by === undefined ? [] : [{ record, by }];
  });
}

/**
 * Whether some other machine may open a normal connection (to a database, not for replication). With `ssl` false,
 * records that need TLS let nobody in.
 */
export function acceptsRemoteConnections(records: readonly HbaRecord[], ssl?: boolean): boolean {
  return admitting(records, ssl).some(record => !isOnlyReplication(record));
}

/** Whether a standby or a base backup on some other machine may connect. */
export function acceptsRemoteReplication(records: readonly HbaRecord[], ssl?: boolean): boolean {
  return admitting(records, ssl).some(isReplication);
}

function admitting(records: readonly HbaRecord[], ssl: boolean | undefined): readonly HbaRecord[] {
  return records.filter((record, index) => {
    if (!isRemote(record) || record.authMethod === 'reject' || (ssl === false && record.type === 'hostssl'))
      return false;
    return !records.slice(0, index).some(earlier => earlier.authMethod === 'reject' && covers(earlier, record));
  });
}

/** TLS and GSSAPI encryption exclude each other, so a connection with one of them is without the other. */
const coveredTypes: Readonly<Record<HbaConnectionType, readonly HbaConnectionType[]>> = {
  local: ['local'],
  host: ['host', 'hostssl', 'hostnossl', 'hostgssenc', 'hostnogssenc'],
  hostssl: ['hostssl'],
  hostnossl: ['hostnossl', 'hostgssenc'],
  hostgssenc: ['hostgssenc'],
  hostnogssenc: ['hostnogssenc', 'hostssl'],
};

function coversType(earlier: HbaConnectionType, later: HbaConnectionType): boolean {
  return coveredTypes[earlier].includes(later);
}

function coversAddress(earlier: HbaAddress | undefined, later: HbaAddress | undefined): boolean {
  if (earlier === undefined || later === undefined) return earlier === later;
  if (earlier.kind === 'all') return true;
  if (earlier.kind === 'network') return later.kind === 'network' && containsNetwork(earlier, later);
  if (earlier.kind === 'name') return later.kind === 'name' && coversName(earlier.token.text, later.token.text);
  // The loopback interface counts among the host's own.
  if (later.kind === 'network') return ownAddresses.some(own => containsNetwork(own, later));
  return later.kind === earlier.kind || (earlier.kind === 'samenet' && later.kind === 'samehost');
}

function coversName(earlier: string, later: string): boolean {
  const [own, other] = [earlier.toLowerCase(), later.toLowerCase()];
  return own === other || (own.startsWith('.') && other.endsWith(own));
}

/** PostgreSQL compares what the mask covers; address bits beyond it do not count. */
function containsNetwork(
  outer: Pick<NetworkAddress, 'address' | 'mask'>,
  inner: Pick<NetworkAddress, 'address' | 'mask'>,
): boolean {
  return (
    outer.address.length === inner.address.length &&
    outer.mask.every((mask, i) => {
      const [own, other] = [outer.address[i] ?? 0, inner.address[i] ?? 0];
      return (mask & (inner.mask[i] ?? 0)) === mask && (own & mask) === (other & mask);
    })
  );
}

const sixteen = (...tail: readonly number[]): readonly number[] => [
  ...Array<number>(16 - tail.length).fill(0),
  ...tail,
];
const ones = (length: number): readonly number[] => Array<number>(length).fill(255);
const ownAddresses: readonly Pick<NetworkAddress, 'address' | 'mask'>[] = [
  { address: [127, 0, 0, 1], mask: ones(4) },
  { address: sixteen(1), mask: ones(16) },
];
const loopbacks: readonly Pick<NetworkAddress, 'address' | 'mask'>[] = [
  { address: [127, 0, 0, 0], mask: [255, 0, 0, 0] },
  { address: sixteen(1), mask: ones(16) },
  // 127.0.0.0/8 as IPv6 writes it.
  { address: sixteen(255, 255, 127, 0, 0, 0), mask: [...ones(12), 255, 0, 0, 0] },
];

const isRole = (token: HbaToken): boolean => !token.quoted && token.text.length > 1 && token.text.startsWith('+');

function coversDatabase(earlier: HbaToken, later: HbaToken): boolean {
  if (later.keyword === 'replication') return earlier.keyword === 'replication';
  if (earlier.keyword === 'all') return !later.file;
  return sameWord(earlier, later);
}

function coversUser(earlier: HbaToken, later: HbaToken): boolean {
  return earlier.keyword === 'all' || (isRole(earlier) === isRole(later) && sameWord(earlier, later));
}

function sameWord(earlier: HbaToken, later: HbaToken): boolean {
  const meaning = (token: HbaToken) => (token.keyword === 'samegroup' ? 'samerole' : token.keyword);
  return (
    meaning(earlier) === meaning(later) &&
    earlier.file === later.file &&
    (meaning(earlier) !== undefined || earlier.text === later.text)
  );
}
