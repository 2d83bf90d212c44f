/** Memory arithmetic: what a server may use, term by term. All sizes are bytes. */
import { once } from '../once.ts';
import { effective, isSet, numberOf, bytesOf, type Configuration, type Setting, settingOf } from './settings.ts';
import { IDLE_BACKEND } from './memory-excess.ts';
import { formatNumber, type Sum } from './memory-text.ts';
import {
  estimateSharedMemory,
  type MemoryTerm,
  type SharedMemory,
  sharedMemory,
  sharedMemoryInputs,
  settledWalBuffers,
} from './shared-memory.ts';
import { valueOf } from '../types.ts';

export { asPostgresSize, asQuantity, formatMib, formatSharedMemory, formatTerms, type Sum } from './memory-text.ts';
export type { MemoryTerm };

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
/** What a backend that has run queries keeps of its own, without work_mem; measured 2.4 to 3.1 MiB. */
const BACKEND = 3 * MIB;
/** The postmaster and the auxiliary processes. */
const PROCESSES = 32 * MIB;

/** A quantity and the setting that says so; undefined where the default applies. */
export interface Figure {
  readonly value: number;
  readonly setting: Setting | undefined;
}

/** The quantities of the formulas, and the formulas. */
export interface MemoryFigures {
  readonly limit: number;
  readonly sharedBuffers: Figure;
  /** The whole segment, with its own terms. */
  readonly sharedMemory: SharedMemory;
  /** Settled: never -1. */
  readonly walBuffers: Figure;
  readonly workMem: Figure;
  readonly hashMemMultiplier: Figure;
  readonly tempBuffers: Figure;
  readonly maintenanceWorkMem: Figure;
  /** What one autovacuum worker may take: autovacuum_work_mem or maintenance_work_mem, at most 1 GB up to 16. */
  readonly autovacuumWorkMem: Figure;
  readonly effectiveCacheSize: Figure;
  readonly maxConnections: Figure;
  readonly autovacuumMaxWorkers: Figure;
  readonly maxWorkerProcesses: Figure;
  readonly maxParallelWorkers: Figure;
  readonly trackActivityQuerySize: Figure;
  /** Shared memory, autovacuum and the fixed processes: what it needs before the first query. */
  readonly static: Sum;
  /** The same and one idle backend for each connection. */
  readonly idle: Sum;
  /** One work_mem for each connection beside its backend. */
  readonly oneOperation: Sum;
  /** Hash tables, temporary tables and parallel workers at their worst. */
  readonly worstCase: Sum;
  /** postgresqltuner's maximum: 1.5 work_mem for each connection. */
  readonly tuner: Sum;
  /** The work_mem up to which pgtune would go for this limit (web and transactional load); at least 4 MB. */
  readonly workMemCeiling: number;
}

/** The figures against a limit in bytes; undefined when something that they need is unknown or invalid. */
export function memoryOf(configuration: Configuration, limit: number): MemoryFigures | undefined {
  const q = quantities(configuration);
  const shared = sharedMemory(configuration);
  return q === undefined || shared === undefined ? undefined : figuresOf(q, shared, limit);
}

/** Other values, in bytes and numbers, for some of the settings that the figures follow from. */
export interface OtherValues {
  readonly sharedBuffers?: number | undefined;
  /** -1: settled by shared_buffers. */
  readonly walBuffers?: number | undefined;
  readonly workMem?: number | undefined;
  readonly maintenanceWorkMem?: number | undefined;
  /** -1: as maintenance_work_mem. */
  readonly autovacuumWorkMem?: number | undefined;
  readonly autovacuumMaxWorkers?: number | undefined;
  readonly effectiveCacheSize?: number | undefined;
  readonly maxConnections?: number | undefined;
}

/** The figures as they would be with other values; the settings that the figures name are those of today. */
export function memoryWith(configuration: Configuration, limit: number, other: OtherValues): MemoryFigures | undefined {
  const q = quantities(configuration);
  const inputs = sharedMemoryInputs(configuration);
  if (q === undefined || inputs === undefined) return undefined;
  const major = configuration.major ?? 18;
  const changed = (name: keyof Quantities, value: number | undefined): Figure => ({
    ...q[name],
    value: value ?? q[name].value,
  });
  const sharedBuffers = changed('sharedBuffers', other.sharedBuffers);
  const wal = other.walBuffers ?? bytesOf(configuration, 'wal_buffers') ?? -1;
  const maintenanceWorkMem = changed('maintenanceWorkMem', other.maintenanceWorkMem);
  const own = other.autovacuumWorkMem ?? bytesOf(configuration, 'autovacuum_work_mem') ?? -1;
  const autovacuum = own < 0 ? maintenanceWorkMem.value : own;
  const autovacuumMaxWorkers =
    q.autovacuumMaxWorkers.value === 0
      ? q.autovacuumMaxWorkers
      : changed('autovacuumMaxWorkers', other.autovacuumMaxWorkers);
  const next: Quantities = {
    ...q,
    sharedBuffers,
    walBuffers: changed('walBuffers', settledWalBuffers(wal, sharedBuffers.value)),
    workMem: changed('workMem', other.workMem),
    maintenanceWorkMem,
    autovacuumWorkMem: changed('autovacuumWorkMem', major <= 16 ? Math.min(autovacuum, GIB) : autovacuum),
    autovacuumMaxWorkers,
    effectiveCacheSize: changed('effectiveCacheSize', other.effectiveCacheSize),
    maxConnections: changed('maxConnections', other.maxConnections),
  };
  const shared = estimateSharedMemory(
    {
      ...inputs,
      sharedBuffers: sharedBuffers.value,
      walBuffers: next.walBuffers.value,
      maxConnections: next.maxConnections.value,
      // From 18 on the slots count, which stay.
      autovacuumWorkers:
        major >= 18 ? inputs.autovacuumWorkers : (other.autovacuumMaxWorkers ?? inputs.autovacuumWorkers),
    },
    major,
  );
  return figuresOf(next, shared, limit);
}

function figuresOf(q: Quantities, shared: SharedMemory, limit: number): MemoryFigures {
  const connections = q.maxConnections.value;
  const workers = q.autovacuumMaxWorkers.value;
  const mib = (bytes: number): string => formatNumber(bytes / MIB);
  const sharedTerm = { label: 'shared memory', bytes: shared.bytes };
  const autovacuum = {
    label: `autovacuum (${workers}×${mib(q.autovacuumWorkMem.value)})`,
    bytes: workers * q.autovacuumWorkMem.value,
  };
  const processes = { label: 'server processes', bytes: PROCESSES };
  const base = (perBackend: number): MemoryTerm => ({
    label: `process base (${mib(PROCESSES)} + ${connections}×${mib(perBackend)})`,
    bytes: PROCESSES + connections * perBackend,
  });
  const hash = q.workMem.value * q.hashMemMultiplier.value;
  const hashes = `${mib(q.workMem.value)}×${formatNumber(q.hashMemMultiplier.value)}`;
  const activity = q.trackActivityQuerySize.value * (connections + workers + q.maxWorkerProcesses.value);
  return {
    ...q,
    limit,
    sharedMemory: shared,
    static: sum(sharedTerm, autovacuum, processes),
    idle: sum(sharedTerm, base(IDLE_BACKEND), autovacuum),
    oneOperation: sum(
      sharedTerm,
      base(BACKEND),
      { label: `work_mem (${connections}×${mib(q.workMem.value)})`, bytes: connections * q.workMem.value },
      autovacuum,
    ),
    worstCase: sum(
      sharedTerm,
      { label: `hash tables (${connections}×${hashes})`, bytes: connections * hash },
      { label: `temp_buffers (${connections}×${mib(q.tempBuffers.value)})`, bytes: connections * q.tempBuffers.value },
      {
        label: `parallel workers (${q.maxParallelWorkers.value}×${hashes})`,
        bytes: q.maxParallelWorkers.value * hash,
      },
      autovacuum,
    ),
    tuner: sum(
      { label: 'shared_buffers', bytes: q.sharedBuffers.value },
      { label: `work_mem (1.5×${connections}×${mib(q.workMem.value)})`, bytes: 1.5 * connections * q.workMem.value },
      {
        label: `maintenance_work_mem (${workers}×${mib(q.maintenanceWorkMem.value)})`,
        bytes: workers * q.maintenanceWorkMem.value,
      },
      { label: 'query texts', bytes: activity },
    ),
    workMemCeiling: workMemCeiling(limit, q.sharedBuffers.value, connections, q.maxWorkerProcesses.value),
  };
}

type Quantities = Pick<
  MemoryFigures,
  | 'sharedBuffers'
  | 'walBuffers'
  | 'workMem'
  | 'hashMemMultiplier'
  | 'tempBuffers'
  | 'maintenanceWorkMem'
  | 'autovacuumWorkMem'
  | 'effectiveCacheSize'
  | 'maxConnections'
  | 'autovacuumMaxWorkers'
  | 'maxWorkerProcesses'
  | 'maxParallelWorkers'
  | 'trackActivityQuerySize'
>;

const quantities = once((configuration: Configuration): Quantities | undefined => {
  const major = configuration.major ?? 18;
  const figure = (name: string, value: number | undefined): Figure => ({
    value: value ?? Number.NaN,
    setting: valueOf(settingOf(configuration, name)),
  });
  const size = (name: string): Figure => figure(name, bytesOf(configuration, name));
  const count = (name: string): Figure => figure(name, numberOf(configuration, name));
  const sharedBuffers = size('shared_buffers');
  const maintenanceWorkMem = size('maintenance_work_mem');
  const wal = size('wal_buffers');
  const ownAutovacuum = size('autovacuum_work_mem');
  const autovacuum = ownAutovacuum.value < 0 ? maintenanceWorkMem : ownAutovacuum;
  const result = {
    sharedBuffers,
    walBuffers: { ...wal, value: settledWalBuffers(wal.value, sharedBuffers.value) },
    workMem: size('work_mem'),
    hashMemMultiplier: hashMemMultiplier(configuration, count),
    tempBuffers: size('temp_buffers'),
    maintenanceWorkMem,
    autovacuumWorkMem: major <= 16 ? { ...autovacuum, value: Math.min(autovacuum.value, GIB) } : autovacuum,
    effectiveCacheSize: size('effective_cache_size'),
    maxConnections: count('max_connections'),
    autovacuumMaxWorkers: autovacuumWorkers(configuration, count),
    maxWorkerProcesses: count('max_worker_processes'),
    maxParallelWorkers: count('max_parallel_workers'),
    trackActivityQuerySize: size('track_activity_query_size'),
  };
  return Object.values(result).some(f => Number.isNaN(f.value)) ? undefined : result;
});

/** Up to 12 there is none: a hash table gets work_mem. Where the major is unknown: today's default. */
function hashMemMultiplier(configuration: Configuration, count: (name: string) => Figure): Figure {
  if (configuration.major !== undefined && configuration.major <= 12) return { value: 1, setting: undefined };
  const figure = count('hash_mem_multiplier');
  const defaulted = configuration.major === undefined && configuration.open === undefined;
  return defaulted && !isSet(configuration, 'hash_mem_multiplier') ? { value: 2, setting: undefined } : figure;
}

/** None where autovacuum is off. */
function autovacuumWorkers(configuration: Configuration, count: (name: string) => Figure): Figure {
  const off = effective(configuration, 'autovacuum') === false;
  return off ? { value: 0, setting: valueOf(settingOf(configuration, 'autovacuum')) } : count('autovacuum_max_workers');
}

function sum(...terms: readonly MemoryTerm[]): Sum {
  return { terms, total: terms.reduce((total, term) => total + term.bytes, 0) };
}

/** pgtune: what is left of the limit, shared by thrice the processes that may sort at once. */
function workMemCeiling(limit: number, sharedBuffers: number, connections: number, workers: number): number {
  return Math.max(4 * MIB, Math.floor((limit - sharedBuffers) / ((connections + workers) * 3)));
}
