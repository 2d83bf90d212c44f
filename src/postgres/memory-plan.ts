/** A proposal of settings that fit a memory limit together. */
import { asPostgresSize } from './memory-text.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** Values that fit a limit together, as PostgreSQL writes them. */
export interface MemoryPlan {
  readonly shared_buffers: string;
  readonly effective_cache_size: string;
  readonly maintenance_work_mem: string;
  readonly work_mem: string;
  readonly max_connections: number;
  readonly max_worker_processes: number;
  readonly max_parallel_workers: number;
  readonly max_parallel_workers_per_gather: number;
}

/** What may be fixed from outside when a plan is made. */
export interface PlanGiven {
  /** Cores; undefined counts as the default of 8 worker processes. */
  readonly cpu?: number | undefined;
  readonly maxConnections?: number | undefined;
  /** Bytes. */
  readonly sharedBuffers?: number | undefined;
}

/**
 * One consistent proposal for a memory limit in bytes: a quarter for shared_buffers, three quarters as effective_cache_size,
 * a sixteenth for maintenance (between 16 MB and 2 GB), work_mem from what is left. Whole MB throughout.
 */
export function planMemory(limit: number, given: PlanGiven = {}): MemoryPlan {
  const workers = given.cpu === undefined ? 8 : Math.max(2, Math.ceil(given.cpu));
  const connections = given.maxConnections ?? (limit < GIB ? 25 : limit <= 2 * GIB ? 50 : 100);
  const sharedBuffers = given.sharedBuffers ?? limit / 4;
  const left = Math.max(0, limit - sharedBuffers);
  return {
    shared_buffers: megabytes(sharedBuffers, 1),
    effective_cache_size: megabytes((limit * 3) / 4, 1),
    maintenance_work_mem: megabytes(Math.min(limit / 16, 2 * GIB), 16),
    work_mem: megabytes(left / ((connections + workers) * 3), 1),
    max_connections: connections,
    max_worker_processes: workers,
    max_parallel_workers: workers,
    max_parallel_workers_per_gather: Math.max(1, Math.min(4, Math.ceil(workers / 2))),
  };
}

function megabytes(bytes: number, least: number): string {
  return asPostgresSize(Math.max(least, Math.floor(bytes / MIB)) * MIB);
}
