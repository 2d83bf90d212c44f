/** What the memory figures alone say against a limit, whoever chose them: the thresholds of the memory rules. */
import type { MemoryFigures } from './memory.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
/** What an idle backend takes at least; measured 1.0 to 1.15 MiB, doubled for its catalogue caches. */
export const IDLE_BACKEND = 2 * MIB;
/** The share of the limit that all autovacuum workers together may take. */
export const maintenanceShare = 0.25;
/** The shares of the limit between which PostgreSQL's own cache should be. */
export const bufferShare = { least: 0.15, most: 0.4 } as const;
/** The share of the limit below which postgresqltuner's sum, and effective_cache_size, raise no question. */
export const comfortableShare = 0.8;

/** Rules that weigh the figures of one server. */
export type MemoryRule =
  | 'shared-buffers-exceeds-limit'
  | 'shared-buffers-over-40-percent'
  | 'shared-buffers-below-recommended'
  | 'memory-static-exceeds-limit'
  | 'memory-worst-case-exceeds-limit'
  | 'max-connections-memory'
  | 'maintenance-work-mem-excessive'
  | 'effective-cache-size-exceeds-memory'
  | 'work-mem-above-fair-share';

/** `over`: it does not fit; `close`: it fits, and leaves too little. */
export type Excess = 'over' | 'close';

/** The rules that have something to say of the figures. */
export function excessOf(f: MemoryFigures): ReadonlyMap<MemoryRule, Excess> {
  const { limit } = f;
  const idle = f.maxConnections.value * IDLE_BACKEND;
  const left = limit - f.sharedMemory.bytes;
  const buffers = f.sharedBuffers.value / limit;
  const cache = f.effectiveCacheSize.value / limit;
  const all: readonly (readonly [MemoryRule, Excess | undefined])[] = [
    ['shared-buffers-exceeds-limit', grade(left <= 0, left <= 0)],
    ['shared-buffers-over-40-percent', grade(buffers > bufferShare.most, true)],
    ['shared-buffers-below-recommended', grade(limit >= GIB && buffers < bufferShare.least, false)],
    ['memory-static-exceeds-limit', grade(f.static.total > limit, true)],
    [
      'memory-worst-case-exceeds-limit',
      grade(f.tuner.total > comfortableShare * limit || f.oneOperation.total > limit, f.tuner.total > limit),
    ],
    ['max-connections-memory', grade(idle > 0.5 * left, idle > left)],
    [
      'maintenance-work-mem-excessive',
      grade(
        maintenanceBytes(f) > maintenanceShare * limit ||
          f.maintenanceWorkMem.value > 0.5 * (limit - f.sharedBuffers.value),
        true,
      ),
    ],
    ['effective-cache-size-exceeds-memory', grade(cache > comfortableShare, cache > 1)],
    ['work-mem-above-fair-share', grade(f.workMem.value > f.workMemCeiling, false)],
  ];
  return new Map(all.flatMap(([rule, excess]) => (excess === undefined ? [] : [[rule, excess] as const])));
}

function grade(isClose: boolean, isOver: boolean): Excess | undefined {
  return isClose ? (isOver ? 'over' : 'close') : undefined;
}

/** What all autovacuum workers may take together, in bytes. */
export function maintenanceBytes(figures: MemoryFigures): number {
  return figures.autovacuumMaxWorkers.value * figures.autovacuumWorkMem.value;
}
