/** Kubernetes quantities: `256Mi`, `500m`, `1e3`. Not to be mixed up with PostgreSQL's units (`1GB` there is `1Gi` here). */
import { type Fact, absent, known, unknown } from '../types.ts';
import { type MapNode, type ScalarNode, get, isPlaceholder, keyPlace } from '../yaml/node.ts';

export type ParsedQuantity =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly message: string; readonly suggestion?: string | undefined };

/** Powers of ten of the decimal suffixes. */
const decimal: ReadonlyMap<string, number> = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]);
/** Powers of two of the binary suffixes. */
const binary: ReadonlyMap<string, bigint> = new Map([
  ['Ki', 10n],
  ['Mi', 20n],
  ['Gi', 30n],
  ['Ti', 40n],
  ['Pi', 50n],
  ['Ei', 60n],
]);

const grammar = /^([+-]?)(\d+\.?\d*|\.\d+)(.*)$/s;

/**
 * The value of a quantity in base units (bytes, cores), correctly rounded to a double; case matters, as in the API.
 * Where the text is none, `suggestion` is what was most likely meant: `256MB` → `256Mi`.
 */
export function parseQuantity(text: string): ParsedQuantity {
  const match = grammar.exec(text);
  const [, sign = '', digits = '', suffix = ''] = match ?? [];
  const value = match === null ? undefined : magnitude(digits, suffix);
  if (value === undefined) return { ok: false, message: `"${text}" is no quantity`, suggestion: suggestionFor(text) };
  return { ok: true, value: sign === '-' && value !== 0 ? -value : value };
}

function magnitude(digits: string, suffix: string): number | undefined {
  const [whole = '', fraction = ''] = digits.split('.');
  const mantissa = BigInt(`${whole}${fraction}` || '0');
  const exponent = decimal.get(suffix) ?? scientificExponent(suffix);
  if (exponent !== undefined) return Number(`${mantissa}e${exponent - fraction.length}`);
  const power = binary.get(suffix);
  return power === undefined ? undefined : Number(`${mantissa << power}e-${fraction.length}`);
}

function scientificExponent(suffix: string): number | undefined {
  return /^[eE][+-]?\d{1,3}$/.test(suffix) ? Number(suffix.slice(1)) : undefined;
}

/** Like `parseQuantity`, rounded up to a whole number of bytes, as the API does. */
export function parseBytes(text: string): ParsedQuantity {
  const quantity = parseQuantity(text);
  return quantity.ok ? { ok: true, value: Math.ceil(quantity.value) } : quantity;
}

function suggestionFor(text: string): string | undefined {
  const [, number, unit = ''] = /^\s*([+]?(?:\d+\.?\d*|\.\d+))\s*([A-Za-z]*)\s*$/.exec(text) ?? [];
  if (number === undefined) return undefined;
  // Whoever writes `256MB` or `256 mb` for memory means mebibytes, as PostgreSQL's own units do.
  const prefix = /^([kmgtp]|e(?=i?b))(?:i?b?|bytes?)$/i.exec(unit)?.[1];
  if (prefix !== undefined) return `${number}${prefix.toUpperCase()}i`;
  return unit === '' || /^b(ytes?)?$/i.test(unit) ? number : undefined;
}

/** Whether a quantity counts thousandths (`512m`): for memory and storage that is always a mistake. */
export function isMilli(text: string): boolean {
  return parseQuantity(text).ok && text.endsWith('m');
}

/** The text of a scalar as a quantity sees it: YAML resolves numbers first (`1_000`, `0x10`, `1e3`). */
export function quantityText(scalar: ScalarNode): string {
  const { value, text } = scalar;
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value)) ? String(value) : text;
}

/**
 * The quantity under a path as a fact, in base units; `bytes` rounds up to whole ones.
 * Unknown for placeholders and for what is no quantity.
 */
export function quantityFact(
  node: MapNode | undefined,
  path: readonly (string | number)[],
  unit: 'bytes' | 'plain',
): Fact<number> {
  const found = get(node, ...path);
  if (found === undefined || (found.kind === 'scalar' && found.value === null)) {
    return absent(node && keyPlace(node, ...path));
  }
  if (found.kind !== 'scalar') return unknown(`a ${found.kind === 'map' ? 'map' : 'list'} is no quantity`, found);
  if (isPlaceholder(found.text)) return unknown(`"${found.text}" is filled in later`, found);
  const quantity = unit === 'bytes' ? parseBytes(quantityText(found)) : parseQuantity(quantityText(found));
  return quantity.ok ? known(quantity.value, found) : unknown(quantity.message, found);
}

const binaryUnits = ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'] as const;
const decimalUnits = ['E', 'P', 'T', 'G', 'M', 'k'] as const;

/** Whole bytes as Kubernetes spells them, exactly: `256Mi`, `1536Mi`, `1G`, `1001`. Fractions are rounded up. */
export function formatBytes(bytes: number): string {
  const whole = Math.ceil(bytes);
  if (whole === 0) return '0';
  for (const [index, unit] of binaryUnits.entries()) {
    const size = 1024 ** (binaryUnits.length - index);
    if (whole % size === 0) return `${whole / size}${unit}`;
  }
  for (const [index, unit] of decimalUnits.entries()) {
    const size = 1000 ** (decimalUnits.length - index);
    if (whole % size === 0) return `${whole / size}${unit}`;
  }
  return String(whole);
}

/** Bytes for a person, in mebibytes: `280 MiB`, `7.5 MiB` (one decimal below 10). */
export function formatMebibytes(bytes: number): string {
  const mebibytes = bytes / 1024 ** 2;
  const rounded = Math.abs(mebibytes) < 10 ? Math.round(mebibytes * 10) / 10 : Math.round(mebibytes);
  return `${rounded} MiB`;
}

/** Cores as Kubernetes spells them: `2`, `500m`; rounded up to thousandths. */
export function formatCores(cores: number): string {
  // Thousandths of a double carry its error (1.1 * 1000): round that away before rounding up.
  const milli = Math.ceil(Number((cores * 1000).toFixed(6)));
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}
