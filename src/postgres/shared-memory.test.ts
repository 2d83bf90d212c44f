import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Catalogue, loadCatalogue } from './catalogue.ts';
import { configure } from './configure.ts';
import { formatSharedMemory } from './memory.ts';
import type { Configuration } from './settings.ts';
import { settledWalBuffers, sharedMemory } from './shared-memory.ts';

const MIB = 1024 ** 2;
let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await loadCatalogue();
});

function settings(
  major: number | undefined,
  values: Readonly<Record<string, string | number>>,
  open?: string,
): Configuration {
  const at = { path: '', start: 0, end: 0 };
  const assignments = Object.entries(values).map(([name, value]) => ({ name, value: String(value), at, nameAt: at }));
  const layer = { kind: 'assignments', precedence: 'file', origin: 'file', assignments, loaded: true } as const;
  return configure({ catalogue, major, defaults: 'initdb', open, layers: [layer] });
}
const mebibytes = (configuration: Configuration) => (sharedMemory(configuration)?.bytes ?? Number.NaN) / MIB;

describe('what servers report, within 3% or 4 MiB', () => {
  test.for<readonly [major: number, values: Readonly<Record<string, string | number>>, reported: number]>([
    [15, {}, 143],
    [18, {}, 150],
    [15, { shared_buffers: '16MB' }, 24],
    [17, { shared_buffers: '1GB' }, 1079],
    [18, { shared_buffers: '16GB' }, 16823],
    [15, { max_connections: 5000 }, 378],
    [18, { max_connections: 5000 }, 389],
    [15, { max_connections: 1000, max_locks_per_transaction: 1024 }, 547],
    [18, { max_connections: 1000, max_locks_per_transaction: 1024 }, 594],
    [15, { wal_buffers: '64MB' }, 203],
    [15, { min_dynamic_shared_memory: '512MB' }, 655],
  ])('%i with %j', ([major, values, reported]) => {
    const difference = Math.abs(mebibytes(settings(major, values)) - reported);
    expect(difference).toBeLessThanOrEqual(Math.max(4, 0.03 * reported));
  });

  const shared = new URL('../../../shared/postgres/shared-memory-cases.json', import.meta.url);
  const available = existsSync(shared);
  test.skipIf(!available)(`all shared cases${available ? '' : ' (skipped: ../shared is not here)'}`, () => {
    const cases = JSON.parse(readFileSync(shared, 'utf8')) as readonly {
      readonly major: number;
      readonly settings: Readonly<Record<string, string | number>>;
      readonly shared_memory_size_mb: number;
    }[];
    const far = cases.filter(one => {
      const difference = Math.abs(mebibytes(settings(one.major, one.settings)) - one.shared_memory_size_mb);
      return !(difference <= Math.max(4, 0.03 * one.shared_memory_size_mb));
    });
    expect(far).toEqual([]);
    expect(cases.length).toBeGreaterThanOrEqual(728);
  });
});

test('the terms add up, and read well', () => {
  const shared = sharedMemory(settings(16, { shared_buffers: '256MB' }));
  expect(shared?.terms.reduce((sum, term) => sum + term.bytes, 0)).toBe(shared?.bytes);
  expect(shared && formatSharedMemory(shared)).toBe(
    '262 buffers + 8 WAL + 5 connections and locks + 3 other = 278 MiB',
  );
});

test('older majors count as 15, newer ones and unknown ones as 18', () => {
  expect(mebibytes(settings(11, { shared_buffers: '128MB' }))).toBeCloseTo(mebibytes(settings(15, {})), 0);
  expect(mebibytes(settings(19, {}))).toBe(mebibytes(settings(18, {})));
  expect(mebibytes(settings(undefined, { shared_buffers: '1GB' }))).toBeGreaterThan(1024);
});

test('undefined when something is unknown or invalid', () => {
  expect(sharedMemory(settings(16, { shared_buffers: '1GiB' }))).toBeUndefined();
  expect(sharedMemory(settings(16, { shared_buffers: '1GB' }, 'not all is here'))).toBeUndefined();
});

test.for<readonly [walBuffers: number, sharedBuffers: number, settled: number]>([
  [-1, 128 * MIB, 4 * MIB],
  [-1, 256 * MIB, 8 * MIB],
  [-1, 1024 * MIB, 16 * MIB],
  [-1, 8192 * MIB, 16 * MIB],
  [-1, MIB, 65_536],
  [8192, 128 * MIB, 32_768],
  [64 * MIB, 128 * MIB, 64 * MIB],
])('wal_buffers %i with shared_buffers %i settle at %i', ([walBuffers, sharedBuffers, settled]) => {
  expect(settledWalBuffers(walBuffers, sharedBuffers)).toBe(settled);
});
