/** C's strtol and strtod (glibc), which decide what a number in postgresql.conf is. */

/** A number read from the start of a text, and where it ends; `end` is 0 when there is none. */
export interface ReadNumber {
  readonly value: number;
  readonly end: number;
  /** Beyond the type's range (ERANGE). */
  readonly overflow: boolean;
}

const NOTHING: ReadNumber = { value: 0, end: 0, overflow: false };
const LONG_MAX = 2n ** 63n - 1n;
const SMALLEST_NORMAL = 2.2250738585072014e-308;
const INTEGER = /^[ \t\n\v\f\r]*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)/;
const DECIMAL = /^[ \t\n\v\f\r]*([-+]?)((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)/;
const HEXADECIMAL = /^[ \t\n\v\f\r]*([-+]?)0[xX]([0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)(?:[pP]([-+]?[0-9]+))?/;
const SPECIAL = /^[ \t\n\v\f\r]*([-+]?)(infinity|inf|nan(?:\([A-Za-z0-9_]*\))?)/i;

/** `strtol(text, &end, 0)` of 64 bits: decimal, 0x hexadecimal, leading-zero octal. */
export function readInteger(text: string): ReadNumber {
  const match = INTEGER.exec(text);
  if (match === null) return NOTHING;
  const magnitude = magnitudeOf(match[2] ?? '0');
  const negative = match[1] === '-';
  const overflow = magnitude > LONG_MAX + (negative ? 1n : 0n);
  return { value: Number(negative ? -magnitude : magnitude), end: match[0].length, overflow };
}

/** Whether `strtoul(text, NULL, 0)` of 64 bits reports an overflow; anything that starts with no number is 0 to it. */
export function overflowsUnsigned(text: string): boolean {
  const digits = INTEGER.exec(text)?.[2];
  return digits !== undefined && magnitudeOf(digits) >= 2n ** 64n;
}

/** `strtod(text, &end)`: decimal and hexadecimal fractions, infinity, not-a-number. */
export function readReal(text: string): ReadNumber {
  const special = SPECIAL.exec(text);
  if (special !== null) {
    const word = (special[2] ?? '').toLowerCase();
    const magnitude = word.startsWith('nan') ? Number.NaN : Number.POSITIVE_INFINITY;
    return { value: special[1] === '-' ? -magnitude : magnitude, end: special[0].length, overflow: false };
  }
  const hexadecimal = HEXADECIMAL.exec(text);
  const match = hexadecimal ?? DECIMAL.exec(text);
  if (match === null) return NOTHING;
  const written = match[2] ?? '0';
  const magnitude = hexadecimal === null ? Number(written) : hexadecimalFraction(written, Number(match[3] ?? '0'));
  const zero = !/[1-9a-fA-F]/.test(hexadecimal === null ? written.replace(/[eE].*/, '') : written);
  const overflow = !Number.isFinite(magnitude) || (magnitude < SMALLEST_NORMAL && !zero);
  return { value: match[1] === '-' ? -magnitude : magnitude, end: match[0].length, overflow };
}

/** `rint`: to the nearest integer, halves to the even one. */
export function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value - Math.trunc(value)) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

function magnitudeOf(digits: string): bigint {
  return BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
}

function hexadecimalFraction(digits: string, exponent: number): number {
  const [whole = '', fraction = ''] = digits.split('.');
  return Number.parseInt(`0${whole}${fraction}`, 16) * 2 ** (exponent - 4 * fraction.length);
}
