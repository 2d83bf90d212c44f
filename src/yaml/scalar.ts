/**
 * What kubectl makes of a scalar: YAML 1.1 as go-yaml v2 reads it (behind sigs.k8s.io/yaml), then JSON.
 * `on` is true, `010` is 8, `0o17` is 15, `1:30` and `2001-01-01` are text.
 */
import type { ScalarValue } from './node.ts';

/** A scalar that kubectl does not take; `refusal` says why, as the head of a sentence. */
export interface Refused {
  readonly refusal: string;
}
export type Resolution = { readonly value: ScalarValue } | Refused;

const WORDS: ReadonlyMap<string, ScalarValue> = new Map<string, ScalarValue>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(word => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(word => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map(word => [word, null] as const),
  ...['.nan', '.NaN', '.NAN'].map(word => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map(word => [word, Number.POSITIVE_INFINITY] as const),
  ...['-.inf', '-.Inf', '-.INF'].map(word => [word, Number.NEGATIVE_INFINITY] as const),
]);

const MAY_BE_WORD = new Set('yYnNtTfFoO~');
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
/** Behind a leading point Go's own number reader decides, which takes `_` between digits only. */
const POINT_FIRST = /^\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?$/;
const MOST_INT64 = 2n ** 63n - 1n;
const MOST_UINT64 = 2n ** 64n - 1n;

/**
 * The value of a plain scalar without a tag. Whole numbers that a double cannot hold are bigints
 * (up to 64 bits unsigned); those that no 64 bits hold are doubles.
 */
export function resolvePlain(text: string): ScalarValue {
  if (text === '') return null;
  const first = text.charCodeAt(0);
  const digit = first >= 48 && first <= 57;
  if (!digit && first !== 43 && first !== 45 && first !== 46) {
    return MAY_BE_WORD.has(text[0] ?? '') ? wordOr(text) : text;
  }
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (first === 46) return POINT_FIRST.test(text) ? finiteOr(text.replaceAll('_', ''), text) : text;
  const bare = text.includes('_') ? text.replaceAll('_', '') : text;
  return integer(bare) ?? (FLOAT.test(bare) ? finiteOr(bare, text) : text);
}

function wordOr(text: string): ScalarValue {
  const word = WORDS.get(text);
  return word === undefined ? text : word;
}

function finiteOr(digits: string, text: string): ScalarValue {
  const value = Number(digits);
  return Number.isFinite(value) ? value : text;
}

function integer(bare: string): number | bigint | undefined {
  const parts = INTEGER.exec(bare);
  if (parts === null) return undefined;
  const [, sign, hex, binary, octal, decimal] = parts;
  const digits =
    hex !== undefined
      ? `0x${hex}`
      : binary !== undefined
        ? `0b${binary}`
        : octal !== undefined
          ? `0o${octal}`
          : decimal;
  if (digits === undefined) return undefined;
  const small = Number(digits);
  if (Number.isSafeInteger(small)) return sign === '-' && small !== 0 ? -small : small;
  const magnitude = BigInt(digits);
  if (sign === '-') return magnitude <= MOST_INT64 + 1n ? -magnitude : undefined;
  return magnitude <= (sign === '+' ? MOST_INT64 : MOST_UINT64) ? magnitude : undefined;
}

const YAML_TAGS = 'tag:yaml.org,2002:';

/**
 * The value of a scalar with a tag as it is written (`!!int`, `!<tag:yaml.org,2002:int>`, `!vault`).
 * Tags that go-yaml does not know leave the text as it is.
 */
export function resolveTagged(tag: string, text: string): Resolution {
  const name = tag.startsWith('!<') ? tag.slice(2, -1) : tag.startsWith('!!') ? YAML_TAGS + tag.slice(2) : tag;
  if (!name.startsWith(YAML_TAGS)) return { value: text };
  const wanted = name.slice(YAML_TAGS.length);
  if (wanted === 'binary') return decodeBase64(text);
  if (wanted === 'timestamp') {
    return TIMESTAMP.test(text) ? { value: text } : refuse(wanted);
  }
  if (!['bool', 'int', 'float', 'null'].includes(wanted)) return { value: text };
  const value = resolvePlain(text);
  const is =
    value === null
      ? 'null'
      : typeof value === 'boolean'
        ? 'bool'
        : typeof value === 'string'
          ? 'str'
          : numberKind(text);
  return is === wanted || (wanted === 'float' && is === 'int') ? { value } : refuse(wanted);
}

function numberKind(text: string): 'int' | 'float' {
  return !text.startsWith('.') && integer(text.replaceAll('_', '')) !== undefined ? 'int' : 'float';
}

/** The forms that go-yaml's timestamps take; days are not checked against their month. */
const TIMESTAMP =
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:[.,][0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2})| [0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:[.,][0-9]+)?)?$/;

/** The text itself may be a secret: it is not repeated. */
function refuse(tag: string): Refused {
  return { refusal: `this is no !!${tag}` };
}

function decodeBase64(text: string): Resolution {
  const code = text.replace(/[\r\n]/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(code)) return refuse('binary');
  const bytes = Uint8Array.from(atob(code), character => character.charCodeAt(0));
  return { value: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) };
}

/** A resolved value as the API server sees it after JSON, or why JSON cannot hold it. */
export function jsonValue(value: ScalarValue): Resolution {
  if (typeof value === 'bigint') return { value: value > MOST_INT64 ? Number(value) : value };
  if (typeof value === 'number' && !Number.isFinite(value))
    return { refusal: 'infinity and "not a number" have no form in JSON' };
  return { value };
}

/**
 * A key as the API server sees it: `y` is "true", `1.50` is "1.5", `1e6` is "1e+06". `text` is its spelling.
 * Null and whole numbers of more than 63 bits are no keys.
 */
export function jsonKey(value: ScalarValue, text: string): { readonly value: string } | Refused {
  if (typeof value === 'string') return { value };
  if (value === null) return { refusal: 'a key is empty or null' };
  if (typeof value === 'bigint' && value > MOST_INT64) return { refusal: `the key ${text} is too large a number` };
  const float = typeof value === 'number' && numberKind(text) === 'float';
  return { value: float ? floatKey(value) : String(value) };
}

/** Go's `%g` of a 32-bit float, in as few digits as tell it from its neighbours. */
function floatKey(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  const single = Math.fround(value);
  if (single === Number.POSITIVE_INFINITY) return '.inf';
  if (single === Number.NEGATIVE_INFINITY) return '-.inf';
  if (single === 0) return Object.is(single, -0) ? '-0' : '0';
  const digits =
    [0, 1, 2, 3, 4, 5, 6, 7].find(count => Math.fround(Number(single.toExponential(count))) === single) ?? 8;
  const [mantissa = '', exponent = '0'] = single.toExponential(digits).split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(Number(`${mantissa}e${power}`));
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
