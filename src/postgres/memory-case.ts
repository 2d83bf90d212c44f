/**
 * What a server's settings ask of its memory limit. Several rules weigh the same numbers: here it is decided which of them
 * speak, so that a server at its defaults hears one hint at most, and what they propose fits together.
 */
import { once } from '../once.ts';
import { formatBytes } from '../kubernetes/quantity.ts';
import { type Location, type Related, valueOf } from '../types.ts';
import { type MemoryFigures, type MemoryPlan, formatMib, memoryOf, planMemory } from './memory.ts';
import type { Server } from './server.ts';
import { type Setting, bytesOf, defaultValue, effective, settingOf } from './settings.ts';
import { type SharedMemory, sharedMemory } from './shared-memory.ts';

const MIB = 1024 ** 2;
/** A limit below this is a slip of the pen (`512m` is half a byte) and judged as such elsewhere. */
const SMALLEST_LIMIT = 16 * MIB;
/** What an idle backend takes at least; measured 1.0 to 1.15 MiB, doubled for its catalogue caches. */
export const IDLE_BACKEND = 2 * MIB;

/** How far the estimate of the shared memory may be off, in bytes. */
export const sharedMemoryMargin = (bytes: number): number => Math.max(0.03 * bytes, 4 * MIB);

/** A memory limit in bytes, and where it is written. */
export interface Limit {
  readonly value: number;
  readonly at: Location;
}

/**
 * The limit of a server's container; undefined where none is known, or it is too small to be meant, and of a partial
 * manifest, whose settings may come from its other half.
 */
export function memoryLimitOf({ memoryLimit, workload }: Server): Limit | undefined {
  if (workload?.partial === true) return undefined;
  return memoryLimit.state === 'known' && memoryLimit.value >= SMALLEST_LIMIT ? memoryLimit : undefined;
}

/** The shared memory that a server maps. */
export interface SharedNeed {
  /** Bytes: the estimate, or shared_buffers alone where the estimate needs what is not known. */
  readonly bytes: number;
  readonly sharedBuffers: number;
  readonly estimate: SharedMemory | undefined;
  /** The setting shared_buffers; undefined at its default. */
  readonly setting: Setting | undefined;
}

/** The shared memory that is charged to the memory limit; undefined where it is unknown, or lies in huge pages. */
export function sharedNeed(server: Server): SharedNeed | undefined {
  const sharedBuffers = bytesOf(server.intended, 'shared_buffers');
  if (sharedBuffers === undefined || server.workload?.partial === true || mayUseHugePages(server)) return undefined;
  const estimate = sharedMemory(server.intended);
  return {
    bytes: estimate?.bytes ?? sharedBuffers,
    sharedBuffers,
    estimate,
    setting: valueOf(settingOf(server.intended, 'shared_buffers')),
  };
}

/** Whether the shared memory may lie in huge pages, which the memory limit does not count: the container asks for some. */
function mayUseHugePages({ container, workload, intended }: Server): boolean {
  if (effective(intended, 'huge_pages') === 'off') return false;
  return [container?.resources, workload?.pod.resources].some(resources =>
    [...Object.entries(resources?.limits ?? {}), ...Object.entries(resources?.requests ?? {})].some(
      ([name, size]) => name.startsWith('hugepages-') && (size.state !== 'known' || size.value > 0),
    ),
  );
}

/** A server with what it needs, where both its limit and its settings are known. */
export interface MemoryCase {
  readonly limit: Limit;
  readonly figures: MemoryFigures;
  /** Values that fit the limit together; the number of connections, and shared_buffers between 15% and 40%, are kept. */
  readonly plan: MemoryPlan;
}

/** The figures of a server against its limit; undefined where something is unknown, or huge pages hold the shared memory. */
export const memoryCase = once((server: Server): MemoryCase | undefined => {
  const limit = memoryLimitOf(server);
  if (limit === undefined || mayUseHugePages(server)) return undefined;
  const figures = memoryOf(server.intended, limit.value);
  return figures && { limit, figures, plan: planFor(figures) };
});

/** `planMemory` for a server as it is. */
export function planFor({ limit, sharedBuffers, maxConnections, maxWorkerProcesses }: MemoryFigures): MemoryPlan {
  const share = sharedBuffers.value / limit;
  return planMemory(limit, {
    cpu: maxWorkerProcesses.value,
    maxConnections: maxConnections.value,
    sharedBuffers: share >= 0.15 && share <= 0.4 ? sharedBuffers.value : undefined,
  });
}

/** The rules that weigh the same numbers, the one that says most first. */
const weighed = [
  'memory-static-exceeds-limit',
  'memory-worst-case-exceeds-limit',
  'max-connections-memory',
  'maintenance-work-mem-excessive',
  'shared-buffers-below-recommended',
  'effective-cache-size-exceeds-memory',
] as const;
export type WeighedRule = (typeof weighed)[number];

/** A rule that has something to say of a server. */
export interface Strain extends MemoryCase {
  readonly rule: WeighedRule;
  readonly severity: 'warning' | 'info';
  /** The settings of the sum that somebody chose: they differ from the default. */
  readonly chosen: readonly Setting[];
}

/** What a rule has to say of a server, once the others are heard. */
export function strainOf(server: Server, rule: WeighedRule): Strain | undefined {
  return strains(server).find(s => s.rule === rule);
}

/**
 * The rules that speak of a server: each whose settings somebody chose, and at most one about defaults. None where the
 * shared memory alone is above the limit.
 */
export const strains = once((server: Server): readonly Strain[] => {
  const memory = memoryCase(server);
  if (memory === undefined || memory.figures.sharedMemory.bytes >= memory.limit.value) return [];
  const all = weighed.flatMap(rule => weigh(server, memory, rule) ?? []);
  const isStatic = all.some(s => s.rule === 'memory-static-exceeds-limit');
  // The sum before the first query is already told: then autovacuum's part of it needs no words of its own.
  const heard = all.filter(s => !(isStatic && s.rule === 'maintenance-work-mem-excessive'));
  const defaulted = heard.find(s => s.chosen.length === 0);
  return heard.filter(s => s.chosen.length > 0 || s === defaulted);
});

function weigh(server: Server, memory: MemoryCase, rule: WeighedRule): Strain | undefined {
  const { figures: f, limit } = memory;
  const chosen = (...names: readonly string[]): readonly Setting[] =>
    names.flatMap(n => chosenSetting(server, n) ?? []);
  const strain = (severity: Strain['severity'], settings: readonly Setting[]): Strain => ({
    ...memory,
    rule,
    severity: settings.length === 0 ? 'info' : severity,
    chosen: settings,
  });
  const upkeep = ['autovacuum_work_mem', 'maintenance_work_mem', 'autovacuum_max_workers'];
  switch (rule) {
    case 'memory-static-exceeds-limit':
      return f.static.total > limit.value ? strain('warning', chosen(...upkeep, 'shared_buffers')) : undefined;
    case 'memory-worst-case-exceeds-limit': {
      // Who sets shared_buffers alone, as everybody should, has not yet overbooked: the rest is the default.
      const booked = chosen('work_mem', 'max_connections', ...upkeep);
      if (f.tuner.total > limit.value && booked.length > 0) return strain('warning', booked);
      const isClose = f.tuner.total > 0.8 * limit.value || f.oneOperation.total > limit.value;
      return isClose ? strain('info', [...booked, ...chosen('shared_buffers')]) : undefined;
    }
    case 'max-connections-memory': {
      const left = limit.value - f.sharedMemory.bytes;
      const idle = f.maxConnections.value * IDLE_BACKEND;
      if (idle <= 0.5 * left) return undefined;
      return strain(idle > left ? 'warning' : 'info', chosen('max_connections'));
    }
    case 'maintenance-work-mem-excessive':
      return maintenanceBytes(f) > maintenanceShare * limit.value ||
        f.maintenanceWorkMem.value > 0.5 * (limit.value - f.sharedBuffers.value)
        ? strain('warning', chosen(...upkeep))
        : undefined;
    case 'shared-buffers-below-recommended':
      return limit.value >= 1024 * MIB && f.sharedBuffers.value < 0.15 * limit.value
        ? strain('info', chosen('shared_buffers'))
        : undefined;
    case 'effective-cache-size-exceeds-memory': {
      const share = f.effectiveCacheSize.value / limit.value;
      return share > 0.8 ? strain(share > 1 ? 'warning' : 'info', chosen('effective_cache_size')) : undefined;
    }
  }
}

/** The share of the limit that autovacuum may take. */
export const maintenanceShare = 0.25;

/** What all autovacuum workers may take together, in bytes. */
export function maintenanceBytes(figures: MemoryFigures): number {
  return figures.autovacuumMaxWorkers.value * figures.autovacuumWorkMem.value;
}

/** The setting, where its value is known and not the default: a default that is written down is still one. */
export function chosenSetting({ intended }: Server, name: string): Setting | undefined {
  const setting = valueOf(settingOf(intended, name));
  const value = effective(intended, name);
  return value !== undefined && value !== defaultValue(intended, name) ? setting : undefined;
}

/**
 * What one maintenance operation should take at most, in bytes: the plan's maintenance_work_mem, less where so many
 * autovacuum workers would take more than their share. Whole MiB.
 */
export function maintenanceProposal({ figures, limit }: MemoryCase): number {
  const share = (maintenanceShare * limit.value) / Math.max(1, figures.autovacuumMaxWorkers.value);
  return Math.max(1, Math.floor(Math.min(limit.value / 16, 2048 * MIB, share) / MIB)) * MIB;
}

/** How messages call a server: a settings file alone has no name of its own. */
export function subject({ name, platform }: Server): string {
  return platform === 'file' ? 'a server with this file' : `the server "${name}"`;
}

/** A size as the files of the server's platform write it: `512Mi` or `512 MiB`. */
export function sizeText(server: Server, bytes: number): string {
  return server.platform === 'kubernetes' ? formatBytes(bytes) : formatMib(bytes);
}

/** The beginning of a message that holds only for settings of a file that the server does not load. */
export function premise(settings: readonly (Setting | undefined)[]): string {
  return settings.some(s => s !== undefined && !s.loaded) ? 'once the settings file is loaded, ' : '';
}

/** The places that prove a sum: the settings that are set, and the limit; not the place that the problem points at. */
export function proofs(
  server: Server,
  limit: Limit | undefined,
  settings: readonly (Setting | undefined)[],
  except: Location,
): readonly Related[] {
  const places = settings.flatMap(s =>
    s === undefined
      ? []
      : [{ at: s.at, message: `${s.name} = ${s.value}${s.loaded ? '' : ' (once this file is loaded)'}` }],
  );
  if (limit !== undefined) places.push({ at: limit.at, message: `the limit, ${sizeText(server, limit.value)}` });
  const isSame = (a: Location, b: Location): boolean => a.path === b.path && a.start === b.start;
  return places.filter((p, i) => !isSame(p.at, except) && places.findIndex(o => isSame(o.at, p.at)) === i);
}
