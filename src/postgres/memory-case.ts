/**
 * What a server's settings ask of its memory limit. Several rules weigh the same numbers: here it is decided which of them
 * speak, so that a server at its defaults hears one hint at most, and what they propose fits together.
 */
import { once } from '../once.ts';
import { formatBytes } from '../kubernetes/quantity.ts';
import { type Location, type Related, valueOf } from '../types.ts';
import { type Excess, excessOf } from './memory-excess.ts';
import { SMALLEST_LIMIT, mayUseHugePages } from './memory-plan.ts';
import { type MemoryFigures, formatMib, memoryOf } from './memory.ts';
import type { Server } from './server.ts';
import { type Setting, bytesOf, defaultValue, effective, settingOf } from './settings.ts';
import { type SharedMemory, sharedMemory } from './shared-memory.ts';

const MIB = 1024 ** 2;

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

/** A server with what it needs, where both its limit and its settings are known. */
export interface MemoryCase {
  readonly limit: Limit;
  readonly figures: MemoryFigures;
}

/** The figures of a server against its limit; undefined where something is unknown, or huge pages hold the shared memory. */
export const memoryCase = once((server: Server): MemoryCase | undefined => {
  const limit = memoryLimitOf(server);
  if (limit === undefined || mayUseHugePages(server)) return undefined;
  const figures = memoryOf(server.intended, limit.value);
  return figures && { limit, figures };
});

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
  const excess = excessOf(memory.figures);
  const all = weighed.flatMap(rule => weigh(server, memory, rule, excess.get(rule)) ?? []);
  const isStatic = all.some(s => s.rule === 'memory-static-exceeds-limit');
  // The sum before the first query is already told: then autovacuum's part of it needs no words of its own.
  const heard = all.filter(s => !(isStatic && s.rule === 'maintenance-work-mem-excessive'));
  const defaulted = heard.find(s => s.chosen.length === 0);
  return heard.filter(s => s.chosen.length > 0 || s === defaulted);
});

const upkeep = ['autovacuum_work_mem', 'maintenance_work_mem', 'autovacuum_max_workers'];
/** The settings that each rule's sum is made of. */
const terms: Readonly<Record<WeighedRule, readonly string[]>> = {
  'memory-static-exceeds-limit': [...upkeep, 'shared_buffers'],
  'memory-worst-case-exceeds-limit': ['work_mem', 'max_connections', ...upkeep],
  'max-connections-memory': ['max_connections'],
  'maintenance-work-mem-excessive': upkeep,
  'shared-buffers-below-recommended': ['shared_buffers'],
  'effective-cache-size-exceeds-memory': ['effective_cache_size'],
};

function weigh(server: Server, memory: MemoryCase, rule: WeighedRule, excess: Excess | undefined): Strain | undefined {
  if (excess === undefined) return undefined;
  const chosen = terms[rule].flatMap(name => chosenSetting(server, name) ?? []);
  if (excess === 'over' && chosen.length > 0) return { ...memory, rule, severity: 'warning', chosen };
  // Who sets shared_buffers alone, as everybody should, has not yet overbooked: the rest is the default.
  const buffers = rule === 'memory-worst-case-exceeds-limit' ? chosenSetting(server, 'shared_buffers') : undefined;
  return { ...memory, rule, severity: 'info', chosen: [...chosen, ...(buffers === undefined ? [] : [buffers])] };
}

/** The setting, where its value is known and not the default: a default that is written down is still one. */
export function chosenSetting({ intended }: Server, name: string): Setting | undefined {
  const setting = valueOf(settingOf(intended, name));
  const value = effective(intended, name);
  return value !== undefined && value !== defaultValue(intended, name) ? setting : undefined;
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
