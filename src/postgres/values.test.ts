import { beforeAll, describe, expect, test } from 'vitest';
import { type Catalogue, loadCatalogue, type Parameter, parameterOf } from './catalogue.ts';
import { inBytes, inMilliseconds, parseValue, showValue } from './values.ts';

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await loadCatalogue();
});

function parameter(name: string, major: number): Parameter {
  const found = parameterOf(catalogue, major, name);
  if (found === undefined) throw new Error(`${name} is not in ${major}`);
  return found;
}
function shown(name: string, text: string, major: number): string {
  const found = parameter(name, major);
  const parsed = parseValue(found, text);
  return parsed.ok ? showValue(found, parsed.value) : `! ${parsed.reason}`;
}

describe('what pg_settings shows', () => {
  test.for<readonly [name: string, text: string, major: number, shown: string]>([
    ['work_mem', '64MB', 18, '65536'],
    ['work_mem', '64 MB', 10, '65536'],
    ['work_mem', ' 64MB ', 18, '65536'],
    ['work_mem', '1.5GB', 12, '1572864'],
    ['work_mem', '1.5GB', 11, '! syntax'],
    ['work_mem', '.5GB', 12, '524288'],
    ['work_mem', '30.1GB', 15, '31561728'],
    ['work_mem', '0x10000', 10, '65536'],
    ['work_mem', '0200000', 18, '65536'],
    ['work_mem', '1e5', 12, '100000'],
    ['work_mem', '131072B', 11, '128'],
    ['work_mem', '131072B', 10, '! unit'],
    ['work_mem', '64mb', 18, '! unit'],
    ['work_mem', '64KB', 18, '! unit'],
    ['work_mem', '64Mi', 18, '! unit'],
    ['work_mem', '64M', 18, '! unit'],
    ['work_mem', '64MB x', 18, '! unit'],
    ['work_mem', '', 18, '! syntax'],
    ['work_mem', '1_000', 18, '! unit'],
    ['work_mem', '1', 18, '! range'],
    ['work_mem', '4TB', 18, '! range'],
    ['work_mem', '99999999999999999999', 18, '! range'],
    ['work_mem', 'inf', 18, '! syntax'],
    ['shared_buffers', '128MB', 18, '16384'],
    ['shared_buffers', '15', 18, '! range'],
    ['max_connections', '100.5', 12, '100'],
    ['max_connections', '101.5', 12, '102'],
    ['max_connections', '100.5', 11, '! unit'],
    ['max_connections', '100MB', 18, '! unit'],
    ['max_connections', '0x1.8p0', 18, '2'],
    ['statement_timeout', '30', 18, '30'],
    ['statement_timeout', '30s', 18, '30000'],
    ['statement_timeout', '1us', 12, '0'],
    ['statement_timeout', '1us', 11, '! unit'],
    ['checkpoint_timeout', '15m', 18, '! unit'],
    ['checkpoint_timeout', '30500ms', 10, '30'],
    ['checkpoint_timeout', '30500ms', 18, '30'],
    ['checkpoint_timeout', '31500ms', 18, '32'],
    ['checkpoint_timeout', '0.5h', 18, '1800'],
    ['random_page_cost', '1.1', 10, '1.1'],
    ['random_page_cost', '1.23456789', 18, '1.23457'],
    ['random_page_cost', '1e10', 18, '1e+10'],
    ['random_page_cost', '2162885', 18, '2.16288e+06'],
    ['random_page_cost', '2162895', 18, '2.1629e+06'],
    ['random_page_cost', '0.00001', 18, '1e-05'],
    ['random_page_cost', 'nan', 18, '! syntax'],
    ['random_page_cost', '-1', 18, '! range'],
    ['vacuum_cost_delay', '2ms', 12, '2'],
    ['fsync', 'OF', 18, 'off'],
    ['fsync', 'tr', 18, 'on'],
    ['fsync', 'o', 18, '! boolean'],
    ['fsync', '00', 18, '! boolean'],
    ['fsync', 'off ', 18, '! boolean'],
    ['wal_level', 'Archive', 18, 'replica'],
    ['wal_level', 'rep', 18, '! enum'],
    ['huge_pages', 'TRUE', 18, 'on'],
    ['archive_mode', 't', 18, '! enum'],
    ['wal_compression', 'on', 14, 'on'],
    ['wal_compression', 'on', 15, 'pglz'],
    ['wal_compression', 'lz4', 15, 'lz4'],
    ['wal_compression', 'lz4', 14, '! boolean'],
    ['io_method', 'io_uring', 18, 'io_uring'],
    ['password_encryption', 'on', 13, 'md5'],
    ['password_encryption', 'on', 14, '! enum'],
    ['client_min_messages', 'debug', 11, 'debug'],
    ['client_min_messages', 'debug', 12, 'debug2'],
    ['log_connections', 'on', 17, 'on'],
    ['log_connections', 'receipt', 17, '! boolean'],
    ['log_connections', 'receipt, setup_durations', 18, 'receipt, setup_durations'],
    ['log_connections', 'on,receipt', 18, '! check'],
    ['log_connections', 'bogus', 18, '! check'],
    ['log_destination', 'stderr, csvlog', 10, 'stderr, csvlog'],
    ['log_destination', 'jsonlog', 14, '! check'],
    ['log_destination', 'jsonlog', 15, 'jsonlog'],
    ['log_destination', 'stderr,', 18, '! check'],
    ['DateStyle', 'iso, mdy', 18, 'ISO, MDY'],
    ['DateStyle', 'german', 18, 'German, DMY'],
    ['DateStyle', 'mdy, german', 18, 'German, MDY'],
    ['DateStyle', 'sql, iso', 18, '! check'],
    ['DateStyle', 'european', 18, 'ISO, DMY'],
    ['client_encoding', 'utf-8', 18, 'UTF8'],
    ['client_encoding', 'windows-1251', 18, 'WIN1251'],
    ['client_encoding', 'utf16', 18, '! check'],
    ['TimeZone', 'Europe/Berlin', 18, 'Europe/Berlin'],
    ['TimeZone', '-7.5', 18, '-7.5'],
    ['TimeZone', 'Foo/Bar', 18, '! check'],
    ['TimeZone', 'JST', 18, '! check'],
    ['log_timezone', 'cst', 18, '! check'],
    ['log_timezone', 'EST5EDT,M3.2.0,M11.1.0', 18, 'EST5EDT,M3.2.0,M11.1.0'],
    ['log_timezone', 'EST5EDT,M13.2.0,M11.1.0', 18, '! check'],
    ['synchronous_standby_names', 'ANY 1 (a,b)', 18, 'ANY 1 (a,b)'],
    ['synchronous_standby_names', 'ANY (a,b)', 18, '! check'],
    ['synchronous_standby_names', '0 (a)', 18, '! check'],
    ['synchronous_standby_names', '', 18, ''],
    ['synchronous_standby_names', 'a-b', 18, '! check'],
    ['synchronous_standby_names', '"a-b", *', 18, '"a-b", *'],
    ['vacuum_buffer_usage_limit', '64kB', 16, '! check'],
    ['vacuum_buffer_usage_limit', '0', 18, '0'],
    ['wal_buffers', '-1', 18, '-1'],
    ['wal_buffers', '8kB', 18, '4'],
    ['autovacuum_work_mem', '64kB', 16, '1024'],
    ['autovacuum_work_mem', '64kB', 17, '64'],
    ['transaction_buffers', '17', 17, '! check'],
    ['log_file_mode', '0600', 18, '0600'],
    ['log_file_mode', '600', 18, '! range'],
    ['primary_slot_name', 'My-Slot', 18, '! check'],
    ['recovery_target', 'now', 18, '! check'],
    ['recovery_target_lsn', '0/3000000', 18, '0/3000000'],
    ['role', 'x', 18, '! check'],
    ['default_with_oids', 'on', 11, 'on'],
    ['default_with_oids', 'on', 12, '! check'],
    ['log_directory', 'log//pg/', 18, 'log/pg'],
    ['application_name', 'naïve', 15, 'na??ve'],
    ['application_name', 'naïve', 16, 'na\\xc3\\xafve'],
  ])('%s = %j on %i: %s', ([name, text, major, expected]) => {
    expect(shown(name, text, major)).toBe(expected);
  });
});

describe('what is meant', () => {
  test.for<readonly [name: string, text: string, suggestion: string | undefined]>([
    ['work_mem', '64mb', '64MB'],
    ['work_mem', '2Gi', '2GB'],
    ['work_mem', '2 gb', '2GB'],
    ['work_mem', '64 apples', undefined],
    ['checkpoint_timeout', '15m', '15min'],
    ['statement_timeout', '30 seconds', '30s'],
    ['fsync', 'enabled', 'on'],
    ['fsync', 'maybe', undefined],
    ['password_encryption', 'scram_sha_256', 'scram-sha-256'],
    ['password_encryption', 'scram', 'scram-sha-256'],
    ['wal_level', 'x', undefined],
  ])('%s = %j', ([name, text, suggestion]) => {
    const parsed = parseValue(parameter(name, 18), text);
    expect(parsed.ok ? 'taken' : parsed.suggestion).toBe(suggestion);
  });
});

test('a build without a library refuses its words', () => {
  expect(parseValue(parameter('wal_compression', 18), 'zstd', 18, ['zstd']).ok).toBe(false);
  expect(parseValue(parameter('wal_compression', 18), 'lz4', 18, ['zstd']).ok).toBe(true);
});

test('sizes and durations in bytes and milliseconds; -1 is no size', () => {
  expect(inBytes(parameter('shared_buffers', 18), 16384)).toBe(128 * 1024 ** 2);
  expect(inBytes(parameter('max_wal_size', 18), 1024)).toBe(1024 ** 3);
  expect(inBytes(parameter('track_activity_query_size', 18), 1024)).toBe(1024);
  expect(inBytes(parameter('wal_buffers', 18), -1)).toBe(-1);
  expect(inBytes(parameter('checkpoint_timeout', 18), 300)).toBeUndefined();
  expect(inMilliseconds(parameter('checkpoint_timeout', 18), 300)).toBe(300_000);
  expect(inMilliseconds(parameter('log_rotation_age', 18), 1)).toBe(60_000);
  expect(inMilliseconds(parameter('max_connections', 18), 100)).toBeUndefined();
});

test.for<readonly [text: string, taken: boolean]>([
  ['', true],
  ['2026-01-01', true],
  ['2026-01-01 12:00:00.5+01:30', true],
  ['2026-01-01 00:00:00 Europe/Berlin', true],
  ['2026-01-01T00:00:00Z', false],
  ['2026-06-31', false],
  ['2026-01-01 25:00', false],
  ['20260101T000000', true],
  ['Jan 1 2026', true],
  ['01/02/2026', true],
  ['now', false],
  ['NOW', true],
  ['12:00', false],
  ['garbage', false],
])('recovery_target_time = %j: %s', ([text, taken]) => {
  expect(parseValue(parameter('recovery_target_time', 18), text).ok).toBe(taken);
});
