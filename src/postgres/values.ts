/** Values of parameters as the server of a major reads them, and as `pg_settings` shows them. */
import { lowerAscii, type Parameter } from './catalogue.ts';
import { type ReadNumber, readInteger, readReal, roundHalfEven } from './numbers.ts';
import { bytesPer, meantUnit, millisecondsPer, toBaseUnit, unitsOf } from './units.ts';
import { checkValue } from './value-checks.ts';

export type Value = number | boolean | string;

/** Why the server refuses a value. */
export type ValueFault =
  /** Not a number. */
  | 'syntax'
  | 'boolean'
  | 'enum'
  /** A unit that is unknown or not taken; also anything else behind the number. */
  | 'unit'
  | 'range'
  /** The parameter's own check: a list, a name, a combination of words. */
  | 'check';

export type ParsedValue = GoodValue | BadValue;
export interface GoodValue {
  readonly ok: true;
  /** Numbers in base units; enum words in their listed spelling; texts as the server keeps them. */
  readonly value: Value;
}
export interface BadValue {
  readonly ok: false;
  readonly reason: ValueFault;
  /** Lower case, no full stop: `"mb" is no unit (B, kB, MB, GB, TB)`. */
  readonly message: string;
  /** What to write instead, where one spelling is meant. */
  readonly suggestion?: string | undefined;
}

const INT_MAX = 2_147_483_647;
const BOOLEANS: readonly (readonly [string, boolean, number])[] = [
  ['true', true, 1],
  ['false', false, 1],
  ['yes', true, 1],
  ['no', false, 1],
  ['on', true, 2],
  ['off', false, 2],
  ['1', true, 1],
  ['0', false, 1],
];
/** Shown in octal by `pg_settings`. */
const OCTAL: ReadonlySet<string> = new Set(['log_file_mode', 'unix_socket_permissions', 'data_directory_mode']);
const C_SPACE = /[ \t\n\v\f\r]/;

/**
 * Reads a value (quotes off) of a parameter. `without` names words that the server's build lacks (lz4, zstd, io_uring);
 * by default it has them all, as the official images do.
 */
export function parseValue(
  parameter: Parameter,
  text: string,
  major: number = parameter.major,
  without: readonly string[] = [],
): ParsedValue {
  const typed = parseTyped(parameter, text, major, without);
  return typed.ok ? checkValue(parameter.name, typed.value, major) : typed;
}

/** The value as `pg_settings.setting` shows it. */
export function showValue(parameter: Parameter, value: Value): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'string') return value;
  if (OCTAL.has(parameter.name)) return value.toString(8).padStart(4, '0');
  return parameter.type === 'real' ? sixDigits(value) : String(value);
}

/** The value in bytes; undefined where the parameter does not count memory. Negative values mean no size: -1 stays -1. */
export function inBytes(parameter: Parameter, value: Value): number | undefined {
  return scaled(value, bytesPer(parameter.unit));
}

/** The value in milliseconds; undefined where the parameter does not count time. -1 stays -1. */
export function inMilliseconds(parameter: Parameter, value: Value): number | undefined {
  return scaled(value, millisecondsPer(parameter.unit));
}

/** A boolean as the server reads it; undefined for anything else. */
export function parseBoolean(text: string): boolean | undefined {
  const lower = lowerAscii(text);
  return BOOLEANS.find(([word, , shortest]) => lower.length >= shortest && word.startsWith(lower))?.[1];
}

function scaled(value: Value, factor: number | undefined): number | undefined {
  if (typeof value !== 'number' || factor === undefined) return undefined;
  return value < 0 ? value : value * factor;
}

function parseTyped(parameter: Parameter, text: string, major: number, without: readonly string[]): ParsedValue {
  switch (parameter.type) {
    case 'bool': {
      const value = parseBoolean(text);
      return value === undefined ? notBoolean(text) : { ok: true, value };
    }
    case 'enum':
      return parseWord(parameter, text, without);
    case 'integer':
      return parseNumber(parameter, text, major);
    case 'real':
      return parseNumber(parameter, text, major);
    case 'string':
      return { ok: true, value: text };
  }
}

function notBoolean(text: string): BadValue {
  const meant = /^\s*(enabled?|enable|active|t|true|y|yes|on)\s*$/i.test(text)
    ? 'on'
    : /^\s*(disabled?|disable|inactive|none|never|false|no|off)\s*$/i.test(text)
      ? 'off'
      : undefined;
  return { ok: false, reason: 'boolean', message: `"${text}" is no Boolean value`, suggestion: meant };
}

function parseWord(parameter: Parameter, text: string, without: readonly string[]): ParsedValue {
  const lower = lowerAscii(text);
  const aliases = parameter.hiddenEnumValues;
  const word = parameter.enumValues.find(w => lowerAscii(w) === lower && !without.includes(w));
  const alias = Object.hasOwn(aliases, lower) ? aliases[lower] : undefined;
  if (alias !== undefined || word !== undefined) return { ok: true, value: alias ?? word ?? text };
  const words = parameter.enumValues.filter(w => !without.includes(w));
  return {
    ok: false,
    reason: 'enum',
    message: `"${text}" is none of its values (${words.join(', ')})`,
    suggestion: nearWord(lower, words),
  };
}

/** The one word that the text is part of, contains, or spells with other punctuation. */
function nearWord(lower: string, words: readonly string[]): string | undefined {
  const bare = (word: string): string => lowerAscii(word).replace(/[^a-z0-9]/g, '');
  const wanted = bare(lower);
  if (wanted.length < 2) return undefined;
  const same = words.filter(w => bare(w) === wanted);
  if (same.length === 1) return same[0];
  const near = words.filter(w => bare(w).startsWith(wanted) || wanted.startsWith(bare(w)));
  return near.length === 1 ? near[0] : undefined;
}

function parseNumber(parameter: Parameter, text: string, major: number): ParsedValue {
  const integer = parameter.type === 'integer';
  const read = integer ? readWhole(text, major) : readReal(text);
  if (read.end === 0 || read.overflow || Number.isNaN(read.value)) {
    if (integer && major < 12 && read.overflow) return tooLarge(text);
    return { ok: false, reason: 'syntax', message: `"${text}" is no number`, suggestion: undefined };
  }
  if (integer && major < 12 && !fitsInteger(read.value)) return tooLarge(text);
  const rest = text.slice(read.end).replace(/^[ \t\n\v\f\r]+/, '');
  const converted = rest === '' ? read.value : convert(parameter, read.value, rest, major);
  if (converted === undefined) return badUnit(parameter, text, read, rest, major);
  const value = integer ? roundHalfEven(converted) : converted;
  if (integer && !fitsInteger(value)) return tooLarge(text);
  return inRange(parameter, value)
    ? { ok: true, value: integer && value === 0 ? 0 : value }
    : outOfRange(parameter, value);
}

/** From 12 on an integer may be written with a fraction or an exponent. */
function readWhole(text: string, major: number): ReadNumber {
  const read = readInteger(text);
  const stop = text[read.end];
  return major >= 12 && (stop === '.' || stop === 'e' || stop === 'E' || read.overflow) ? readReal(text) : read;
}

function convert(parameter: Parameter, value: number, rest: string, major: number): number | undefined {
  if (parameter.unit === undefined || (parameter.type === 'real' && major < 12)) return undefined;
  const stop = rest.search(C_SPACE);
  const unit = stop < 0 ? rest : rest.slice(0, stop);
  if (stop >= 0 && /[^ \t\n\v\f\r]/.test(rest.slice(stop))) return undefined;
  return toBaseUnit(value, unit, parameter.unit, major);
}

function fitsInteger(value: number): boolean {
  return value <= INT_MAX && value >= -INT_MAX - 1;
}

function inRange(parameter: Parameter, value: number): boolean {
  return !(value < (parameter.min ?? value)) && !(value > (parameter.max ?? value));
}

function tooLarge(text: string): BadValue {
  return { ok: false, reason: 'range', message: `"${text}" exceeds the integer range` };
}

function outOfRange(parameter: Parameter, value: number): BadValue {
  const unit = parameter.unit === undefined ? '' : ` ${parameter.unit}`;
  const range = `${parameter.min ?? ''}${unit} .. ${parameter.max ?? ''}${unit}`;
  return { ok: false, reason: 'range', message: `${value}${unit} is outside the valid range (${range})` };
}

function badUnit(parameter: Parameter, text: string, read: ReadNumber, rest: string, major: number): BadValue {
  if (parameter.unit === undefined) {
    return {
      ok: false,
      reason: 'unit',
      message: `"${text}" has "${rest}" behind the number: the parameter takes no unit`,
    };
  }
  if (/^\.[0-9]/.test(rest) || /^[0-9.]+[eE]/.test(text)) {
    return {
      ok: false,
      reason: 'syntax',
      message: `"${text}" has a fraction, which PostgreSQL ${major} does not take`,
    };
  }
  const units = parameter.type === 'real' && major < 12 ? [] : unitsOf(parameter.unit, major);
  const meant = units.length > 0 ? meantUnit(rest.trim(), parameter.unit, major) : undefined;
  const digits = text.slice(0, read.end).trim();
  return {
    ok: false,
    reason: 'unit',
    message:
      units.length > 0
        ? `"${rest}" is no unit of it (${units.join(', ')}; case matters)`
        : `"${text}" has "${rest}" behind the number: PostgreSQL ${major} takes no unit here`,
    suggestion: meant === undefined ? undefined : `${digits}${meant}`,
  };
}

/** C's `%g`: six significant digits, trailing zeros off, an exponent below 1e-4 and from 1e6 on. */
function sixDigits(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const rounded = roundToSix(value);
  const [mantissa = '', power = '0'] = rounded.split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return String(Number(rounded));
  const digits = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** So many digits tell a half from every other double near it. */
const DIGITS_OF_A_HALF = 60;

/** `toExponential(5)`, but halves go to the even digit as in C. */
function roundToSix(value: number): string {
  const exact = /^(-?\d\.\d{4}[02468])50*(e.*)$/.exec(value.toExponential(DIGITS_OF_A_HALF));
  return exact === null ? value.toExponential(5) : `${exact[1]}${exact[2]}`;
}
