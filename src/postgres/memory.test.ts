import { beforeAll, describe, expect, test } from 'vitest';
import { type Catalogue, loadCatalogue } from './catalogue.ts';
import { configure } from './configure.ts';
import {
  asPostgresSize,
  asQuantity,
  formatMib,
  formatSharedMemory,
  formatTerms,
  type MemoryFigures,
  memoryOf,
} from './memory.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await loadCatalogue();
});

function figures(
  major: number | undefined,
  values: Readonly<Record<string, string>>,
  limit = GIB,
  open?: string,
): MemoryFigures | undefined {
  const at = { path: '', start: 0, end: 0 };
  const assignments = Object.entries(values).map(([name, value]) => ({ name, value, at, nameAt: at }));
  const layer = { kind: 'assignments', precedence: 'file', origin: 'file', assignments, loaded: true } as const;
  return memoryOf(configure({ catalogue, major, defaults: 'initdb', open, layers: [layer] }), limit);
}

describe('the formulas', () => {
  test('every term is printed, and the printed terms add up', () => {
    const memory = figures(15, { shared_buffers: '256MB', work_mem: '16MB' });
    expect(memory && formatTerms(memory.oneOperation, GIB)).toBe(
      '278 (shared memory) + 332 (process base (32 + 100×3)) + 1600 (work_mem (100×16)) + 192 (autovacuum (3×64)) = 2402 MiB > 1024 MiB',
    );
    expect(memory && formatTerms(memory.worstCase)).toBe(
      '278 (shared memory) + 3200 (hash tables (100×16×2)) + 800 (temp_buffers (100×8)) + 256 (parallel workers (8×16×2)) + 192 (autovacuum (3×64)) = 4726 MiB',
    );
    for (const sum of memory === undefined
      ? []
      : [memory.static, memory.idle, memory.oneOperation, memory.worstCase, memory.tuner]) {
      const [left = '', right = ''] = formatTerms(sum).split(' = ');
      const added = left.match(/(?<=^| \+ )\d+(?= \()/g)?.reduce((total, mib) => total + Number(mib), 0);
      expect(`${added} MiB`).toBe(right);
      expect(sum.terms.reduce((total, term) => total + term.bytes, 0)).toBe(sum.total);
    }
  });

  test('each figure knows the setting that says so', () => {
    const memory = figures(16, { work_mem: '16MB' });
    expect([memory?.workMem.setting?.value, memory?.sharedBuffers.setting]).toEqual(['16MB', undefined]);
    expect([memory?.workMem.value, memory?.sharedBuffers.value]).toEqual([16 * MIB, 128 * MIB]);
  });

  test('majors differ in hash_mem_multiplier and in what autovacuum may take', () => {
    expect([12, 14, 15, undefined].map(major => figures(major, {})?.hashMemMultiplier.value)).toEqual([1, 1, 2, 2]);
    const large = { maintenance_work_mem: '4GB' };
    expect([16, 17].map(major => figures(major, large)?.autovacuumWorkMem.value)).toEqual([GIB, 4 * GIB]);
    expect(figures(17, { ...large, autovacuum_work_mem: '256MB' })?.autovacuumWorkMem.value).toBe(256 * MIB);
    expect(figures(17, { autovacuum: 'off' })?.autovacuumMaxWorkers.value).toBe(0);
  });

  test('the ceiling of work_mem is what is left for thrice the processes, 4 MB at least', () => {
    expect(figures(16, { shared_buffers: '1GB' }, 4 * GIB)?.workMemCeiling).toBe(Math.floor((3 * GIB) / (108 * 3)));
    expect(figures(16, {}, 256 * MIB)?.workMemCeiling).toBe(4 * MIB);
  });

  test('nothing is guessed: unknown and invalid settings give no figures', () => {
    expect(figures(16, { work_mem: '4 megs' })).toBeUndefined();
    expect(figures(16, {}, GIB, 'an include is not here')).toBeUndefined();
  });
});

test.for<readonly [bytes: number, quantity: string, size: string, text: string]>([
  [GIB, '1Gi', '1GB', '1024 MiB'],
  [280 * MIB, '280Mi', '280MB', '280 MiB'],
  [1.5 * GIB, '1536Mi', '1536MB', '1536 MiB'],
  [64 * 1024, '1Mi', '64kB', '0.1 MiB'],
  [4.5 * MIB, '5Mi', '4608kB', '4.5 MiB'],
])('%i bytes are %s, %s and %s', ([bytes, quantity, size, text]) => {
  expect([asQuantity(bytes), asPostgresSize(bytes), formatMib(bytes)]).toEqual([quantity, size, text]);
});

test('small terms of shared memory are left out when they round to nothing', () => {
  const shared = {
    bytes: 100.2 * MIB,
    terms: [
      { label: 'buffers', bytes: 100 * MIB },
      { label: 'WAL', bytes: 0.2 * MIB },
    ],
  };
  expect(formatSharedMemory(shared)).toBe('100 buffers = 100 MiB');
});
