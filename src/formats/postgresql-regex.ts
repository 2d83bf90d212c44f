/**
 * Tells whether PostgreSQL can compile a regular expression of its own "advanced" flavour, as pg_hba.conf from 16 on may hold.
 * https://www.postgresql.org/docs/current/functions-matching.html#POSIX-SYNTAX-DETAILS
 */

/** The error as PostgreSQL words it; undefined for a pattern that it takes (and for basic and extended ones, `(?b)`, `(?e)`). */
export function regexError(pattern: string): string | undefined {
  const reader: Reader = { text: pattern, at: 0, groups: 0, closed: new Set(), expanded: false };
  try {
    if (startsLiterally(reader)) return undefined;
    readAlternatives(reader, false);
    if (reader.at < pattern.length) throw new RegexError(messages.parenthesis);
    return undefined;
  } catch (error) {
    if (error instanceof RegexError) return error.message;
    throw error;
  }
}

class RegexError extends Error {}

const messages = {
  parenthesis: 'parentheses () not balanced',
  bracket: 'brackets [] not balanced',
  brace: 'braces {} not balanced',
  repetition: 'invalid repetition count(s)',
  range: 'invalid character range',
  characterClass: 'invalid character class',
  collatingElement: 'invalid collating element',
  escape: 'invalid escape \\ sequence',
  backreference: 'invalid backreference number',
  operand: 'quantifier operand invalid',
  option: 'invalid embedded option',
} as const;

function fail(kind: keyof typeof messages): never {
  throw new RegexError(messages[kind]);
}

interface Reader {
  readonly text: string;
  at: number;
  /** Capturing groups begun, and those that are closed: only these can be referred to. */
  groups: number;
  readonly closed: Set<number>;
  /** Blanks and comments between the parts do not count. */
  expanded: boolean;
}

const charAt = ({ text, at }: Reader): string => text.charAt(at);

/** Reads what may stand before a pattern; true where the rest is plain text, or of a flavour that is not judged here. */
function startsLiterally(reader: Reader): boolean {
  const director = /^\*\*\*(.?)/s.exec(reader.text)?.[1];
  if (director === '=') return true;
  if (director !== undefined && director !== ':') fail('operand');
  reader.at = director === undefined ? 0 : 4;
  const options = /^\(\?([A-Za-z]+)(\)?)/.exec(reader.text.slice(reader.at));
  if (options === null) return false;
  const [whole, letters = '', close] = options;
  if (/[^bceimnpqstwx]/.test(letters) || close === '') fail('option');
  reader.at += whole.length;
  reader.expanded = letters.lastIndexOf('x') > letters.lastIndexOf('t');
  return /[beq]/.test(letters);
}

function skipBlanks(reader: Reader): void {
  const ignored = reader.expanded ? /(?:\s|#[^\n]*|\(\?#[^)]*\)?)*/y : /(?:\(\?#[^)]*\)?)*/y;
  ignored.lastIndex = reader.at;
  ignored.test(reader.text);
  reader.at = Math.max(reader.at, ignored.lastIndex);
}

/** Branches up to a closing parenthesis or the end; `around` inside a lookaround, where nothing is captured. */
function readAlternatives(reader: Reader, around: boolean): void {
  for (;;) {
    skipBlanks(reader);
    const char = charAt(reader);
    if (char === '' || char === ')') return;
    if (char === '|') reader.at += 1;
    else if (readAtom(reader, around)) readQuantifier(reader);
  }
}

/** Reads one part; false for a constraint, which takes no quantifier. */
function readAtom(reader: Reader, around: boolean): boolean {
  const char = charAt(reader);
  reader.at += 1;
  switch (char) {
    case '*':
    case '+':
    case '?':
      return fail('operand');
    case '{':
      return /\d/.test(charAt(reader)) ? fail('operand') : true;
    case '^':
    case '$':
      return false;
    case '(':
      return readGroup(reader, around);
    case '[':
      return readBracket(reader);
    case '\\':
      return readEscape(reader, around);
    default:
      if (isHighSurrogate(char)) reader.at += 1;
      return true;
  }
}

const isHighSurrogate = (char: string): boolean => char >= '\uD800' && char < '\uDC00';

function readGroup(reader: Reader, around: boolean): boolean {
  let lookaround = false;
  let captures = !around;
  if (charAt(reader) === '?') {
    const kind = /\?(?::|=|!|<=|<!)/y;
    kind.lastIndex = reader.at;
    const found = kind.exec(reader.text)?.[0];
    if (found === undefined) fail('operand');
    reader.at += found.length;
    lookaround = found !== '?:';
    captures = false;
  }
  const number = captures ? (reader.groups += 1) : 0;
  readAlternatives(reader, around || lookaround);
  if (charAt(reader) !== ')') fail('parenthesis');
  reader.at += 1;
  reader.closed.add(number);
  return !lookaround;
}

const maxRepetitions = 255;

function readQuantifier(reader: Reader): void {
  skipBlanks(reader);
  const char = charAt(reader);
  if (char === '*' || char === '+' || char === '?') reader.at += 1;
  else if (char === '{' && /\d/.test(reader.text.charAt(reader.at + 1))) readBounds(reader);
  else return;
  if (charAt(reader) === '?') reader.at += 1;
}

function readBounds(reader: Reader): void {
  const bounds = /\{(\d*)(,?)(\d*)/y;
  bounds.lastIndex = reader.at;
  const [whole = '', least = '', comma, most = ''] = bounds.exec(reader.text) ?? [];
  const tooMany = [least, most].some(number => Number(number) > maxRepetitions);
  reader.at += whole.length;
  if (tooMany) fail('repetition');
  if (reader.at >= reader.text.length) fail('brace');
  if (charAt(reader) !== '}' || (comma === ',' && most !== '' && Number(least) > Number(most))) fail('repetition');
  reader.at += 1;
}

type Escape = 'character' | 'class' | 'constraint' | 'backreference';

/** Reads an escape after its backslash; false for a constraint. */
function readEscape(reader: Reader, around: boolean): boolean {
  const start = reader.at;
  const { kind, number } = escapeAt(reader);
  if (kind === 'backreference' && (around || !reader.closed.has(number))) fail('backreference');
  if (reader.at === start) fail('escape');
  return kind !== 'constraint';
}

function escapeAt(reader: Reader): { readonly kind: Escape; readonly number: number; readonly code?: number } {
  const char = charAt(reader);
  if (char === '') fail('escape');
  reader.at += isHighSurrogate(char) ? 2 : 1;
  const plain = (code: number | undefined) => ({
    kind: 'character' as const,
    number: 0,
    ...(code !== undefined && { code }),
  });
  if (!/[A-Za-z0-9]/.test(char)) return plain(char.codePointAt(0));
  const named = namedEscapes[char];
  if (named !== undefined) return plain(named);
  if (/[dDsSwW]/.test(char)) return { kind: 'class', number: 0 };
  if (/[AmMyYZ]/.test(char)) return { kind: 'constraint', number: 0 };
  switch (char) {
    case 'c':
      if (charAt(reader) === '') fail('escape');
      reader.at += 1;
      return plain(undefined);
    case 'u':
      return plain(digits(reader, 16, 4, 4));
    case 'U':
      return plain(digits(reader, 16, 8, 8));
    case 'x':
      return plain(digits(reader, 16, 1, 255));
    case '0':
      reader.at -= 1;
      return plain(octal(reader));
    default:
      return /[1-9]/.test(char) ? backreferenceOrOctal(reader) : fail('escape');
  }
}

const namedEscapes: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  B: 92,
  e: 27,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
};

/** One digit is always a reference; more are one when there are as many groups. */
function backreferenceOrOctal(reader: Reader): {
  readonly kind: Escape;
  readonly number: number;
  readonly code?: number;
} {
  const start = reader.at - 1;
  reader.at = start;
  const number = digits(reader, 10, 1, 255);
  if (reader.at === start + 1 || (number > 0 && number <= reader.groups)) return { kind: 'backreference', number };
  reader.at = start;
  return { kind: 'character', number: 0, code: octal(reader) };
}

function octal(reader: Reader): number {
  const code = digits(reader, 8, 1, 3);
  if (code <= 0xff) return code;
  reader.at -= 1;
  return code >> 3;
}

function digits(reader: Reader, base: 8 | 10 | 16, least: number, most: number): number {
  const alphabet = base === 16 ? /[0-9a-fA-F]*/y : base === 10 ? /[0-9]*/y : /[0-7]*/y;
  alphabet.lastIndex = reader.at;
  const text = (alphabet.exec(reader.text)?.[0] ?? '').slice(0, most);
  const value = Number.parseInt(text, base);
  if (text.length < least || (base === 16 && value > 0x7ffffffe)) fail('escape');
  reader.at += text.length;
  return value;
}

function readBracket(reader: Reader): boolean {
  const boundary = /\[:[<>]:\]\]/y;
  boundary.lastIndex = reader.at;
  if (boundary.test(reader.text)) {
    reader.at = boundary.lastIndex;
    return false;
  }
  if (charAt(reader) === '^') reader.at += 1;
  let first = true;
  for (;;) {
    if (charAt(reader) === ']' && !first) {
      reader.at += 1;
      return true;
    }
    readMember(reader, first);
    first = false;
  }
}

/** One character, class or range of a bracket expression. */
function readMember(reader: Reader, first: boolean): void {
  if (charAt(reader) === '-' && !first && reader.text.charAt(reader.at + 1) !== ']') fail('range');
  const from = readElement(reader);
  if (from === undefined || charAt(reader) !== '-' || reader.text.charAt(reader.at + 1) === ']') return;
  reader.at += 1;
  const to = readElement(reader);
  if (to !== undefined) lookAhead(reader);
  if (to === undefined || to.code < from.code) fail('range');
}

/** PostgreSQL reads the next character before it judges a range, so what is wrong with that one comes first. */
function lookAhead(reader: Reader): void {
  const { at } = reader;
  if (charAt(reader) === '' || reader.text.slice(at) === '[') fail('bracket');
  if (charAt(reader) === '\\') readElement(reader);
  reader.at = at;
}

/** A single character of a bracket expression; undefined for a class, which can begin or end no range. */
function readElement(reader: Reader): { readonly code: number } | undefined {
  const char = charAt(reader);
  if (char === '') fail('bracket');
  if (char === '\\') {
    reader.at += 1;
    const { kind, code = Number.NaN } = escapeAt(reader);
    if (kind === 'class') return undefined;
    return kind === 'character' ? { code } : fail('escape');
  }
  const opener = char === '[' ? reader.text.charAt(reader.at + 1) : '';
  if (char === '[' && reader.at + 1 >= reader.text.length) fail('bracket');
  if (opener === '.' || opener === '=' || opener === ':') return readNamed(reader, opener);
  const code = reader.text.codePointAt(reader.at) ?? 0;
  reader.at += code > 0xffff ? 2 : 1;
  return { code };
}

const classes: ReadonlySet<string> = new Set([
  'alnum',
  'alpha',
  'ascii',
  'blank',
  'cntrl',
  'digit',
  'graph',
  'lower',
  'print',
  'punct',
  'space',
  'upper',
  'xdigit',
  'word',
]);

/** `[:alpha:]`, `[.a.]`, `[=a=]`. */
function readNamed(reader: Reader, opener: '.' | '=' | ':'): { readonly code: number } | undefined {
  const close = reader.text.indexOf(`${opener}]`, reader.at + 2);
  if (close < 0) fail('bracket');
  const name = reader.text.slice(reader.at + 2, close);
  reader.at = close + 2;
  if (opener === ':') return classes.has(name) ? undefined : fail('characterClass');
  // Names of characters ("hyphen") are taken on trust: nobody writes them in pg_hba.conf.
  if (name === '') fail('collatingElement');
  const code = name.codePointAt(0) ?? 0;
  const single = name.length === (code > 0xffff ? 2 : 1);
  if (!single && !/^[a-z-]+$/i.test(name)) fail('collatingElement');
  return opener === '=' ? undefined : { code: single ? code : Number.NaN };
}
