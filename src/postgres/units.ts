/** The units of parameters: what they multiply by, how sizes and durations are written for people. */
import type { BaseUnit } from './catalogue.ts';
import { roundHalfEven } from './numbers.ts';

const KIB = 1024;
const MEMORY_BASE: Readonly<Record<string, number>> = { B: 1, kB: KIB, '8kB': 8 * KIB, MB: KIB ** 2 };
/** Largest first, as the server's table has them: a fraction is rounded to a multiple of the next one. */
const MEMORY: readonly (readonly [string, number])[] = [
  ['TB', KIB ** 4],
  ['GB', KIB ** 3],
  ['MB', KIB ** 2],
  ['kB', KIB],
  ['B', 1],
];
const TIME_BASE: Readonly<Record<string, number>> = { ms: 1000, s: 1_000_000, min: 60_000_000 };
const TIME: readonly (readonly [string, number])[] = [
  ['d', 86_400_000_000],
  ['h', 3_600_000_000],
  ['min', 60_000_000],
  ['s', 1_000_000],
  ['ms', 1000],
  ['us', 1],
];

/** Bytes in one base unit; undefined for units of time and for none. */
export function bytesPer(unit: BaseUnit | undefined): number | undefined {
  return unit === undefined ? undefined : MEMORY_BASE[unit];
}

/** Milliseconds in one base unit; undefined for units of memory and for none. */
export function millisecondsPer(unit: BaseUnit | undefined): number | undefined {
  const microseconds = unit === undefined ? undefined : TIME_BASE[unit];
  return microseconds === undefined ? undefined : microseconds / 1000;
}

/** The units that a parameter of this base unit takes in that major, smallest first. */
export function unitsOf(unit: BaseUnit, major: number): readonly string[] {
  const since = (name: string): number => (name === 'B' ? 11 : name === 'us' ? 12 : 0);
  const table = unit in MEMORY_BASE ? MEMORY : TIME;
  return table
    .map(([name]) => name)
    .filter(name => since(name) <= major)
    .reverse();
}

/** The value in base units; undefined for a unit that the parameter does not take. From 12 on fractions round as the server does it. */
export function toBaseUnit(value: number, unit: string, base: BaseUnit, major: number): number | undefined {
  if (!unitsOf(base, major).includes(unit)) return undefined;
  const table = base in MEMORY_BASE ? MEMORY : TIME;
  const one = MEMORY_BASE[base] ?? TIME_BASE[base] ?? 1;
  const at = table.findIndex(([name]) => name === unit);
  const factor = table[at]?.[1] ?? 1;
  if (major < 12) {
    return factor >= one ? value * (factor / one) : Math.trunc(value / (one / factor));
  }
  const converted = value * multiplier(factor, one);
  const next = table[at + 1]?.[1];
  if (next === undefined) return converted;
  const smaller = multiplier(next, one);
  return roundHalfEven(converted / smaller) * smaller;
}

/** The server's tables hold whole factors or `1.0 / divisor`, rounded to a double once. */
function multiplier(factor: number, one: number): number {
  return factor >= one ? factor / one : 1 / (one / factor);
}

/** What people write for a unit, and the unit that they mean. */
const MEANT_MEMORY: readonly (readonly [RegExp, string])[] = [
  [/^(b|bytes?)$/i, 'B'],
  [/^k(i?b|i)?$/i, 'kB'],
  [/^m(i?b|i)?$/i, 'MB'],
  [/^g(i?b|i)?$/i, 'GB'],
  [/^t(i?b|i)?$/i, 'TB'],
];
const MEANT_TIME: readonly (readonly [RegExp, string])[] = [
  [/^(us|usecs?|microseconds?)$/i, 'us'],
  [/^(ms|msecs?|milliseconds?|millis)$/i, 'ms'],
  [/^(s|secs?|seconds?)$/i, 's'],
  [/^(m|min|mins|minutes?)$/i, 'min'],
  [/^(h|hrs?|hours?)$/i, 'h'],
  [/^(d|days?)$/i, 'd'],
];

/** The unit that a misspelt one most likely means: `mb` and `Mi` are `MB`, `m` is `min` where time is counted. */
export function meantUnit(written: string, base: BaseUnit, major: number): string | undefined {
  const unit = (base in MEMORY_BASE ? MEANT_MEMORY : MEANT_TIME).find(([pattern]) => pattern.test(written))?.[1];
  return unit !== undefined && unitsOf(base, major).includes(unit) ? unit : undefined;
}
