/**
 * One plan for the memory of a server: its limit, and settings that fit it together. Every fix of a memory rule takes its
 * numbers from here, so that fixes never contradict each other: what a plan keeps or proposes, the next plan keeps.
 */
import { once } from '../once.ts';
import { valueOf } from '../types.ts';
import { bufferShare, comfortableShare, excessOf, maintenanceShare } from './memory-excess.ts';
import { asPostgresSize } from './memory-text.ts';
import { type MemoryFigures, type OtherValues, memoryOf, memoryWith } from './memory.ts';
import type { Server } from './server.ts';
import { bytesOf, type Configuration, effective, isSet, numberOf } from './settings.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
/** A limit below this is a slip of the pen (`512m` is half a byte) and judged as such elsewhere. */
export const SMALLEST_LIMIT = 16 * MIB;
/** Below this, sorts of a few thousand rows go to disk: connections are given up first. */
const ORDINARY_WORK_MEM = 4 * MIB;
/** Where even few connections leave no more than this, the limit is too small for PostgreSQL. */
const LEAST_WORK_MEM = MIB;
/** Fewer connections no pooler could use well. */
const FEW_CONNECTIONS = 20;
/** The built-in limit of wal_buffers at -1: one WAL segment. */
const WAL_SEGMENT = 16 * MIB;
const WORKERS = 3;

/** The parameters that a plan chooses. */
export type PlannedName = keyof typeof PARAMETERS;
export const PARAMETERS = {
  shared_buffers: 'sharedBuffers',
  wal_buffers: 'walBuffers',
  effective_cache_size: 'effectiveCacheSize',
  maintenance_work_mem: 'maintenanceWorkMem',
  autovacuum_work_mem: 'autovacuumWorkMem',
  autovacuum_max_workers: 'autovacuumMaxWorkers',
  max_connections: 'maxConnections',
  work_mem: 'workMem',
} as const satisfies Readonly<Record<string, keyof OtherValues>>;

/** What the container's memory should be, in bytes, and where that comes from. */
export interface Budget {
  readonly bytes: number;
  readonly source: 'limit' | 'request' | 'default';
}

export interface MemoryPlan {
  /** Bytes that the settings fit into. */
  readonly limit: number;
  /** What each parameter should be, in bytes and numbers; what is sound as it is stays. */
  readonly values: Readonly<Required<{ [N in PlannedName]: number }>>;
  /** Those of them that differ from today's. */
  readonly changes: Proposal;
}

/** Values for some parameters, in bytes and numbers. */
export type Proposal = ReadonlyMap<PlannedName, number>;

/** What a plan may not touch. */
export interface PlanGiven {
  /** The number of connections is not the plan's to lower: a standby may not have fewer than its primary. */
  readonly keepConnections?: boolean | undefined;
}

/**
 * The memory that a server's settings are judged against: its limit, else what it requests where shared_buffers as somebody
 * chose it fits into that, else four times shared_buffers, 1 GiB at least. Undefined where the files do not tell.
 */
export function memoryBudget({ intended, memoryLimit, memoryRequest, workload }: Server): Budget | undefined {
  if (workload?.partial === true || memoryLimit.state === 'unknown') return undefined;
  const sharedBuffers = bytesOf(intended, 'shared_buffers');
  if (memoryLimit.state === 'known') return usable({ bytes: memoryLimit.value, source: 'limit' });
  if (memoryRequest.state === 'unknown') return undefined;
  if (memoryRequest.state === 'known') {
    const fits = sharedBuffers === undefined || sharedBuffers <= bufferShare.most * memoryRequest.value;
    if (fits || !isSet(intended, 'shared_buffers')) return usable({ bytes: memoryRequest.value, source: 'request' });
  }
  if (sharedBuffers === undefined) return undefined;
  return { bytes: Math.ceil(Math.max(GIB, 4 * sharedBuffers) / MIB) * MIB, source: 'default' };
}

function usable(budget: Budget): Budget | undefined {
  return budget.bytes >= SMALLEST_LIMIT ? budget : undefined;
}

/** Whether the shared memory may lie in huge pages, which the memory limit does not count: the container asks for some. */
export function mayUseHugePages({ container, workload, intended }: Server): boolean {
  if (effective(intended, 'huge_pages') === 'off') return false;
  return [container?.resources, workload?.pod.resources].some(resources =>
    [...Object.entries(resources?.limits ?? {}), ...Object.entries(resources?.requests ?? {})].some(
      ([name, size]) => name.startsWith('hugepages-') && (size.state !== 'known' || size.value > 0),
    ),
  );
}

/** The plan of a server; undefined where something that it needs is unknown, huge pages hold it, or nothing would fit. */
export const memoryPlan = once((server: Server): MemoryPlan | undefined => {
  const budget = mayUseHugePages(server) ? undefined : memoryBudget(server);
  const copies = valueOf(server.replicas);
  const keepConnections = server.replication.mechanism !== 'none' || (copies !== undefined && copies > 1);
  return budget && planMemory(server.intended, budget.bytes, { keepConnections });
});

/**
 * Settings that fit a limit together, none of which a memory rule has anything to say of: shared_buffers a quarter of it,
 * effective_cache_size three quarters, maintenance_work_mem a sixteenth (at most 2 GB), then as many of the connections as
 * can have an ordinary work_mem, then the work_mem that is left for each. What is sound stays as it is.
 */
export function planMemory(configuration: Configuration, limit: number, given: PlanGiven = {}): MemoryPlan | undefined {
  const now = memoryOf(configuration, limit);
  if (now === undefined) return undefined;
  const fixed = { ...upkeep(configuration, now), effectiveCacheSize: cacheSize(configuration, now) };
  for (const sharedBuffers of bufferSizes(now)) {
    const values = connections(configuration, limit, { ...fixed, sharedBuffers }, now, given);
    if (values !== undefined) return { limit, values: byName(values), changes: changes(configuration, now, values) };
  }
  return undefined;
}

type Values = Required<{ [K in keyof OtherValues]: number }>;

const wholeMib = (bytes: number): number => Math.max(1, Math.floor(bytes / MIB)) * MIB;

/** What PostgreSQL advises for shared_buffers: a quarter of the limit, in whole MiB. */
export const quarterOf = (limit: number): number => wholeMib(limit / 4);
/** What the planner may count on as cache: three quarters of the limit, in whole MiB. */
export const threeQuartersOf = (limit: number): number => wholeMib((limit * 3) / 4);

/** What stands there where it is sound, else a quarter, else an eighth. */
function bufferSizes({ limit, sharedBuffers }: MemoryFigures): readonly number[] {
  const share = sharedBuffers.value / limit;
  const isSound = share <= bufferShare.most && (share >= bufferShare.least || limit < GIB);
  return [...(isSound ? [sharedBuffers.value] : []), quarterOf(limit), wholeMib(limit / 8)];
}

/** Three quarters of the limit, unless something smaller is set. */
function cacheSize(configuration: Configuration, { effectiveCacheSize, limit }: MemoryFigures): number {
  const isSound = effectiveCacheSize.value <= comfortableShare * limit && isSet(configuration, 'effective_cache_size');
  return isSound ? effectiveCacheSize.value : threeQuartersOf(limit);
}

/** The memory of maintenance, autovacuum and the log, and autovacuum's workers. */
function upkeep(
  configuration: Configuration,
  { autovacuumMaxWorkers, limit, maintenanceWorkMem }: MemoryFigures,
): Pick<Values, 'autovacuumMaxWorkers' | 'maintenanceWorkMem' | 'autovacuumWorkMem' | 'walBuffers'> {
  const share = maintenanceShare * limit;
  const workers = Math.min(autovacuumMaxWorkers.value, Math.max(WORKERS, Math.floor(share / (16 * MIB))));
  const most = share / Math.max(1, workers);
  const proposal = wholeMib(Math.min(limit / 16, 2 * GIB, most));
  const own = bytesOf(configuration, 'autovacuum_work_mem') ?? -1;
  const wal = bytesOf(configuration, 'wal_buffers') ?? -1;
  return {
    autovacuumMaxWorkers: workers,
    maintenanceWorkMem: maintenanceWorkMem.value <= most ? maintenanceWorkMem.value : proposal,
    autovacuumWorkMem: own <= most ? own : proposal,
    walBuffers: wal <= Math.max(WAL_SEGMENT, limit / 64) ? wal : -1,
  };
}

/** The most connections, and then the most work_mem, with which the rest fits; undefined where nothing does. */
function connections(
  configuration: Configuration,
  limit: number,
  rest: Omit<Values, 'maxConnections' | 'workMem'>,
  now: MemoryFigures,
  { keepConnections = false }: PlanGiven,
): Values | undefined {
  const fits = (maxConnections: number, workMem: number): boolean => {
    const figures = memoryWith(configuration, limit, { ...rest, maxConnections, workMem });
    return figures !== undefined && excessOf(figures).size === 0;
  };
  const ordinary = Math.min(now.workMem.value, ORDINARY_WORK_MEM);
  const few = FEW_CONNECTIONS + reserved(configuration);
  const tens = (count: number): number => count * 10;
  const wanted = now.maxConnections.value;
  const maxConnections =
    keepConnections || wanted <= few || fits(wanted, ordinary)
      ? wanted
      : Math.max(few, tens(most(Math.ceil(few / 10), Math.floor(wanted / 10), n => fits(tens(n), ordinary)) ?? 0));
  if (fits(maxConnections, now.workMem.value)) return { ...rest, maxConnections, workMem: now.workMem.value };
  const mebibytes = most(LEAST_WORK_MEM / MIB, Math.floor(now.workMem.value / MIB), n => fits(maxConnections, n * MIB));
  return mebibytes === undefined ? undefined : { ...rest, maxConnections, workMem: mebibytes * MIB };
}

/** Connections that ordinary clients do not get, beyond the usual three: a plan leaves enough beside them. */
function reserved(configuration: Configuration): number {
  const names = ['superuser_reserved_connections', 'reserved_connections'];
  // Up to 11 those that send the log are among them.
  if (configuration.major !== undefined && configuration.major <= 11) names.push('max_wal_senders');
  const all = names.reduce((sum, name) => sum + (numberOf(configuration, name) ?? 0), 0);
  return Math.max(0, Math.ceil((all - 3) / 10) * 10);
}

/** The greatest whole number from `low` to `high` that passes; whatever is below one that passes, passes too. */
function most(low: number, high: number, passes: (value: number) => boolean): number | undefined {
  if (low > high || !passes(low)) return undefined;
  let [good, bad] = [low, high + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (passes(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

function byName(values: Values): MemoryPlan['values'] {
  const named = Object.entries(PARAMETERS).map(([name, key]) => [name, values[key]]);
  return Object.fromEntries(named) as MemoryPlan['values'];
}

function changes(configuration: Configuration, now: MemoryFigures, values: Values): MemoryPlan['changes'] {
  const today: Values = {
    sharedBuffers: now.sharedBuffers.value,
    walBuffers: bytesOf(configuration, 'wal_buffers') ?? -1,
    effectiveCacheSize: now.effectiveCacheSize.value,
    maintenanceWorkMem: now.maintenanceWorkMem.value,
    autovacuumWorkMem: bytesOf(configuration, 'autovacuum_work_mem') ?? -1,
    autovacuumMaxWorkers: now.autovacuumMaxWorkers.value,
    maxConnections: now.maxConnections.value,
    workMem: now.workMem.value,
  };
  const names = Object.keys(PARAMETERS) as readonly PlannedName[];
  return new Map(
    names
      .filter(name => values[PARAMETERS[name]] !== today[PARAMETERS[name]])
      .map(name => [name, values[PARAMETERS[name]]]),
  );
}

/** A planned value as PostgreSQL writes it: counts and -1 are plain numbers. */
export function asSetting(name: PlannedName, value: number): string {
  const isCount = name === 'max_connections' || name === 'autovacuum_max_workers' || value < 0;
  return isCount ? String(value) : asPostgresSize(value);
}
