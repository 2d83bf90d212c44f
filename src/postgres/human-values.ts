/** Values of parameters as a person would write them: 128kB rather than 16 blocks. */
import type { Parameter } from './catalogue.ts';
import { inBytes, inMilliseconds } from './values.ts';

const MEMORY: readonly (readonly [string, number])[] = [
  ['TB', 1024 ** 4],
  ['GB', 1024 ** 3],
  ['MB', 1024 ** 2],
  ['kB', 1024],
  ['B', 1],
];
const TIME: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
  ['ms', 1],
];

/** A value in base units with the largest unit that divides it, or nearly does; without one where the parameter has none. */
export function humanValue(parameter: Parameter, value: number): string {
  const bytes = inBytes(parameter, value);
  const amount = bytes ?? inMilliseconds(parameter, value);
  if (amount === undefined || amount <= 0) return String(value);
  const units = bytes === undefined ? TIME : MEMORY;
  const exact = units.find(([, size]) => amount % size === 0 && amount >= size);
  if (exact !== undefined && amount / exact[1] < 10_000) return `${amount / exact[1]}${exact[0]}`;
  const [unit, size] = units.find(([, s]) => amount >= s) ?? ['', 1];
  return `about ${Math.round((amount / size) * 10) / 10}${unit}`;
}
