import { expect, test } from 'vitest';
import { parseHba } from '../formats/pg-hba.ts';
import {
  acceptsRemoteConnections,
  acceptsRemoteReplication,
  covers,
  coversAnyAddress,
  isLoopback,
  isRemote,
  isReplication,
  matchesNobody,
  shadowedRecords,
} from './authentication.ts';

const recordsOf = (text: string) => parseHba(text, 18).records;
function record(text: string) {
  const [found] = recordsOf(text);
  if (found === undefined) throw new Error(`no record: ${text}`);
  return found;
}

test.for<[address: string, 'loopback' | 'remote' | 'nobody', any: boolean]>([
  ['127.0.0.1/32', 'loopback', false],
  ['127.0.0.0/8', 'loopback', false],
  ['::1/128', 'loopback', false],
  ['::ffff:127.0.0.1/128', 'loopback', false],
  ['localhost', 'loopback', false],
  ['samehost', 'loopback', false],
  ['127.0.0.1 255.0.0.0', 'loopback', false],
  ['126.0.0.0/7', 'remote', false],
  ['samenet', 'remote', false],
  ['10.0.0.0/8', 'remote', false],
  ['db.example.com', 'remote', false],
  ['.example.com', 'remote', false],
  ['all', 'remote', true],
  ['0.0.0.0/0', 'remote', true],
  ['10.0.0.0/0', 'remote', true],
  ['::/0', 'remote', true],
  ['0.0.0.0 0.0.0.0', 'remote', true],
  ['*', 'nobody', false],
  ['10.0.*', 'nobody', false],
  ['""', 'nobody', false],
])('address %s: %s', ([address, expected, any]) => {
  const found = record(`host all all ${address} md5`);
  const kind = isLoopback(found) ? 'loopback' : matchesNobody(found) ? 'nobody' : 'remote';
  expect(kind).toBe(expected);
  expect(isRemote(found)).toBe(expected === 'remote');
  expect(coversAnyAddress(found)).toBe(any);
});

test('a local socket is neither remote nor loopback', () => {
  const found = record('local all all trust');
  expect([isRemote(found), isLoopback(found), coversAnyAddress(found)]).toEqual([false, false, false]);
});

test.for<[string, boolean]>([
  ['host replication all all md5', true],
  ['host all,replication all all md5', true],
  ['host "replication" all all md5', false],
  ['host all all all md5', false],
])('%s is for replication: %s', ([text, expected]) => {
  expect(isReplication(record(text))).toBe(expected);
});

test.for<[string, string, boolean]>([
  ['host all all all md5', 'host app app 10.0.0.0/8 md5', true],
  ['host all all all md5', 'hostssl all all all cert', true],
  ['hostssl all all all md5', 'host all all all md5', false],
  ['hostnogssenc all all all md5', 'hostssl all all all md5', true],
  ['hostnossl all all all md5', 'hostgssenc all all all md5', true],
  ['hostnossl all all all md5', 'hostssl all all all md5', false],
  ['host all all all md5', 'local all all md5', false],
  ['local all all md5', 'local app app peer', true],
  ['host all all all md5', 'host replication all all md5', false],
  ['host all,replication all all md5', 'host replication rep 10.0.0.0/8 md5', true],
  ['host all all 10.0.0.0/8 md5', 'host all all 10.1.0.0/16 md5', true],
  ['host all all 10.9.9.9/8 md5', 'host all all 10.1.0.0 255.255.0.0 md5', true],
  ['host all all 10.1.0.0/16 md5', 'host all all 10.0.0.0/8 md5', false],
  ['host all all 0.0.0.0/0 md5', 'host all all all md5', false],
  ['host all all 0.0.0.0/0 md5', 'host all all ::/0 md5', false],
  ['host all all 0.0.0.0/0 md5', 'host all all samenet md5', false],
  ['host all all samenet md5', 'host all all samehost md5', true],
  ['host all all samehost md5', 'host all all 127.0.0.1/32 md5', true],
  ['host all all samehost md5', 'host all all 127.0.0.0/8 md5', false],
  ['host all all .example.com md5', 'host all all DB.example.com md5', true],
  ['host all all .example.com md5', 'host all all example.com md5', false],
  ['host app all all md5', 'host all all all md5', false],
  ['host app,other all all md5', 'host other all all md5', true],
  ['host all app all md5', 'host all +app all md5', false],
  ['host all +app all md5', 'host all +app all md5', true],
  ['host all all all md5', 'host all +app,@users,/^x all md5', true],
  ['host all all all md5', 'host @dbs all all md5', false],
  ['host sameuser all all md5', 'host samegroup all all md5', false],
  ['host samerole all all md5', 'host samegroup all all md5', true],
  ['host "all" all all md5', 'host all all all md5', false],
  ['host "all" all all md5', 'host "all" all all md5', true],
])('%s covers %s: %s', ([earlier, later, expected]) => {
  expect(covers(record(earlier), record(later))).toBe(expected);
});

test('shadowed records name the one that decides', () => {
  const records = recordsOf(
    'local all all peer\nhost all all all md5\nhost app app 10.0.0.0/8 reject\nhost replication r all md5',
  );
  expect(shadowedRecords(records).map(s => [s.record.line, s.by.line])).toEqual([[3, 2]]);
});

test.for<[string, boolean, boolean]>([
  ['local all all trust\nhost all all 127.0.0.1/32 trust', false, false],
  ['host all all all scram-sha-256', true, false],
  ['host replication all 10.0.0.0/8 scram-sha-256', false, true],
  ['host all all all reject\nhost app app 10.0.0.0/8 md5', false, false],
  ['host all bad all reject\nhost all,replication all 10.0.0.0/8 md5', true, true],
  ['host all all * md5', false, false],
  ['', false, false],
])('%j lets others in: %s, standbys: %s', ([text, connections, replication]) => {
  expect(acceptsRemoteConnections(recordsOf(text))).toBe(connections);
  expect(acceptsRemoteReplication(recordsOf(text))).toBe(replication);
});

test('without TLS a hostssl record lets nobody in', () => {
  const records = recordsOf('hostssl all all all md5');
  expect([undefined, true, false].map(ssl => acceptsRemoteConnections(records, ssl))).toEqual([true, true, false]);
});
