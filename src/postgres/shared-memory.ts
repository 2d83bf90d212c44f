/**
 * The main shared memory segment: what `postgres -C shared_memory_size` reports, from the settings.
 * A closed form after the server's own sizing functions, its constants fitted on real servers of 15 to 18;
 * older majors take those of 15, newer ones those of 18. Within 3% or 4 MiB, whichever is larger, of what they report.
 */
import { once } from '../once.ts';
import { bytesOf, type Configuration, numberOf } from './settings.ts';

/** What the size follows from; sizes in bytes. */
export interface SharedMemoryInputs {
  readonly sharedBuffers: number;
  /** Settled: not -1. */
  readonly walBuffers: number;
  readonly minDynamicSharedMemory: number;
  readonly maxConnections: number;
  /** autovacuum_max_workers; from 18 on autovacuum_worker_slots. */
  readonly autovacuumWorkers: number;
  readonly maxWorkerProcesses: number;
  readonly maxWalSenders: number;
  readonly maxPreparedTransactions: number;
  readonly maxLocksPerTransaction: number;
  readonly maxPredLocksPerTransaction: number;
  readonly trackActivityQuerySize: number;
  /** From 17 on; undefined for 0, which sizes itself. */
  readonly transactionBuffers: number | undefined;
}

export interface MemoryTerm {
  /** A few words that read well behind a number: `buffers`, `WAL`. */
  readonly label: string;
  readonly bytes: number;
}

export interface SharedMemory {
  readonly bytes: number;
  /** Largest concern first; they add up to `bytes`. */
  readonly terms: readonly MemoryTerm[];
}

const BLOCK = 8192;
const MIB = 1024 ** 2;
/** Fixed part; bytes per buffer, per backend, per prepared transaction; SLRU factors (the transaction buffers', all others'). */
const FITTED = {
  15: { fixed: 1.19e6, buffer: 8316, backend: 6500, prepared: 6476, transactions: 0, slru: 4.04 },
  16: { fixed: 1.24e6, buffer: 8316, backend: 6480, prepared: 5100, transactions: 0, slru: 4.01 },
  17: { fixed: 1.67e6, buffer: 8324, backend: 6480, prepared: 5260, transactions: 2.03, slru: 2.03 },
  18: { fixed: 1.37e6, buffer: 8324, backend: 6950, prepared: 5800, transactions: 2.03, slru: 2.06 },
} as const;

/** The segment of a server; undefined when something that it needs is unknown or invalid. */
export const sharedMemory = once((configuration: Configuration): SharedMemory | undefined => {
  const inputs = sharedMemoryInputs(configuration);
  return inputs === undefined ? undefined : estimateSharedMemory(inputs, configuration.major ?? 18);
});

/** The same from plain numbers. */
export function estimateSharedMemory(inputs: SharedMemoryInputs, major: number): SharedMemory {
  const version = Math.min(Math.max(major, 15), 18) as keyof typeof FITTED;
  const fitted = FITTED[version];
  const buffers = Math.floor(inputs.sharedBuffers / BLOCK);
  const backends =
    inputs.maxConnections +
    inputs.autovacuumWorkers +
    1 +
    inputs.maxWorkerProcesses +
    inputs.maxWalSenders +
    (version === 18 ? 2 : 0);
  const prepared = inputs.maxPreparedTransactions;
  const locks = inputs.maxLocksPerTransaction * (backends + prepared);
  const predicateLocks = inputs.maxPredLocksPerTransaction * (backends + prepared);

  const bufferBytes = fitted.buffer * buffers + hashSize(buffers + 128, 24);
  const connectionBytes =
    1.1 * (hashSize(locks, 152) + hashSize(2 * locks, 64)) +
    1.1 * (hashSize(predicateLocks, 32) + hashSize(2 * predicateLocks, 56)) +
    hashSize(10 * (backends + prepared), 16) +
    backends * (inputs.trackActivityQuerySize + fitted.backend) +
    prepared * fitted.prepared +
    (version === 18 ? fastPathAndIo(inputs, buffers, backends) : 0);
  const otherBytes = fitted.fixed + slruSize(inputs, version, buffers);
  const terms: MemoryTerm[] = [
    { label: 'buffers', bytes: bufferBytes },
    { label: 'WAL', bytes: inputs.walBuffers },
    { label: 'connections and locks', bytes: connectionBytes },
    ...(inputs.minDynamicSharedMemory > 0
      ? [{ label: 'min_dynamic_shared_memory', bytes: inputs.minDynamicSharedMemory }]
      : []),
    { label: 'other', bytes: otherBytes },
  ];
  return { bytes: terms.reduce((sum, term) => sum + term.bytes, 0), terms };
}

/** wal_buffers in bytes, -1 settled: a 32nd of shared_buffers, at least 64 kB, at most one WAL segment of 16 MB. */
export function settledWalBuffers(walBuffers: number, sharedBuffers: number): number {
  if (walBuffers >= 0) return Math.max(walBuffers, 4 * BLOCK);
  const share = Math.floor(sharedBuffers / BLOCK / 32) * BLOCK;
  return Math.min(Math.max(share, 8 * BLOCK), 16 * MIB);
}

/** What the size of a server's segment follows from; undefined when something of it is unknown or invalid. */
export const sharedMemoryInputs = once((configuration: Configuration): SharedMemoryInputs | undefined => {
  const major = configuration.major ?? 18;
  const count = (name: string): number => numberOf(configuration, name) ?? Number.NaN;
  const bytes = (name: string): number => bytesOf(configuration, name) ?? Number.NaN;
  const sharedBuffers = bytes('shared_buffers');
  const walBuffers = bytes('wal_buffers');
  const transactionBuffers = major >= 17 ? count('transaction_buffers') : 0;
  const inputs = {
    sharedBuffers,
    walBuffers: settledWalBuffers(walBuffers, sharedBuffers),
    minDynamicSharedMemory: major >= 14 ? bytes('min_dynamic_shared_memory') : 0,
    maxConnections: count('max_connections'),
    autovacuumWorkers: count(major >= 18 ? 'autovacuum_worker_slots' : 'autovacuum_max_workers'),
    maxWorkerProcesses: count('max_worker_processes'),
    maxWalSenders: count('max_wal_senders'),
    maxPreparedTransactions: count('max_prepared_transactions'),
    maxLocksPerTransaction: count('max_locks_per_transaction'),
    maxPredLocksPerTransaction: count('max_pred_locks_per_transaction'),
    trackActivityQuerySize: count('track_activity_query_size'),
  };
  if (Number.isNaN(transactionBuffers) || Number.isNaN(walBuffers)) return undefined;
  if (Object.values(inputs).some(Number.isNaN)) return undefined;
  return { ...inputs, transactionBuffers: transactionBuffers === 0 ? undefined : transactionBuffers };
});

/** PostgreSQL's hash_estimate_size: buckets, segments, directory and elements in chunks. */
function hashSize(entries: number, entrySize: number): number {
  const segments = nextPowerOfTwo(Math.ceil(nextPowerOfTwo(entries) / 256));
  const directory = Math.max(256, segments);
  const element = 16 + Math.ceil(entrySize / 8) * 8;
  const perChunk = elementsPerChunk(element);
  return 1000 + 8 * directory + 2048 * segments + Math.ceil(entries / perChunk) * perChunk * element;
}

/** A chunk is the smallest power of two of bytes, from 256 on, that holds 32 elements. */
function elementsPerChunk(element: number): number {
  let chunk = 256;
  while (Math.floor(chunk / element) < 32) chunk *= 2;
  return Math.floor(chunk / element);
}

/** The caches of transaction status and the like. */
function slruSize(inputs: SharedMemoryInputs, version: keyof typeof FITTED, buffers: number): number {
  const { transactions, slru } = FITTED[version];
  if (version < 17) return BLOCK * slru * clamp(buffers / 512, 4, 128);
  const automatic = clamp(Math.floor(buffers / 512 / 16) * 16, 16, 1024);
  return BLOCK * (transactions * (inputs.transactionBuffers ?? automatic) + slru * automatic);
}

/** 18: fast-path lock slots grow with max_locks_per_transaction, and every backend has room for asynchronous I/O. */
function fastPathAndIo(inputs: SharedMemoryInputs, buffers: number, backends: number): number {
  const slots = 16 * clamp(nextPowerOfTwo(Math.ceil(inputs.maxLocksPerTransaction / 16)), 1, 1024);
  const concurrency = clamp(buffers / (backends + 38), 1, 64);
  return (backends + inputs.maxPreparedTransactions + 38) * slots * 4.4 + (backends + 38) * concurrency * 523;
}

function nextPowerOfTwo(value: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, value)));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
