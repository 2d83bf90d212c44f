/**
 * postgresql.conf as the server's own lexer reads it. JavaScript's code units from U+0080 on stand for the bytes from 0x80 on:
 * letters, all of them.
 */

export type ConfEntryKind = 'setting' | 'include' | 'include_if_exists' | 'include_dir';

/** One assignment or include. Offsets are UTF-16 units into the text, half-open. */
export interface ConfEntry {
  readonly kind: ConfEntryKind;
  /** As written. */
  readonly name: string;
  /** Without quotes, escapes resolved. */
  readonly value: string;
  readonly nameStart: number;
  readonly nameEnd: number;
  /** The range of the value, its quotes included. */
  readonly valueStart: number;
  readonly valueEnd: number;
  readonly quoted: boolean;
  /** Counts from 1. */
  readonly line: number;
  /** The whole line without its line break. */
  readonly lineStart: number;
  readonly lineEnd: number;
  /** The `#` of the comment behind the value. */
  readonly commentStart?: number;
}

/** A line that the server refuses; it does not start with one. */
export interface ConfError {
  /** Counts from 1. The server prints one less when the file ends where a value should be. */
  readonly line: number;
  /** The token that is wrong; the end of the line when something is missing. */
  readonly start: number;
  readonly end: number;
  /** The token as the server prints it; undefined for "near end of line". */
  readonly near: string | undefined;
  /** `syntax error near token "GB"`, or that the file is abandoned. */
  readonly message: string;
}

export interface ParsedConf {
  /** In the order of the file, duplicates included; lines with errors give none. */
  readonly entries: readonly ConfEntry[];
  /** At most 100 syntax errors: there the server abandons the file, and so do we (one more entry says so). */
  readonly errors: readonly ConfError[];
}

type TokenType = 'id' | 'qualified' | 'string' | 'unquoted' | 'integer' | 'real' | 'equals' | 'eol' | 'eof' | 'error';
interface Token {
  readonly type: TokenType;
  readonly start: number;
  readonly end: number;
}
type Lexer = (offset: number) => Token;

const MAX_ERRORS = 100;
/** The message of the last error of a file with 100 others. */
export const ABANDONED = 'too many syntax errors found, abandoning the file';
const LETTER = 'A-Za-z_\\u0080-\\uffff';
const ID = `[${LETTER}][${LETTER}0-9]*`;
/** In flex's order: the longest match wins, the first of equals. */
const RULES: readonly (readonly [TokenType, RegExp])[] = [
  ['id', new RegExp(ID, 'y')],
  ['qualified', new RegExp(`${ID}\\.${ID}`, 'y')],
  ['string', /'(?:[^'\\\n]|\\[^\n]|'')*'/y],
  ['unquoted', new RegExp(`[${LETTER}](?:[${LETTER}0-9]|[-._:/])*`, 'y')],
  ['integer', /[-+]?(?:0x[0-9A-Fa-f]+|[0-9]+)[A-Za-z]*/y],
  ['real', /[-+]?[0-9]*\.[0-9]*(?:[Ee][-+]?[0-9]+)?/y],
  ['equals', /=/y],
];
const BLANK = /(?:[ \t\r]|#[^\n]*)*/y;
const VALUES: ReadonlySet<TokenType> = new Set(['id', 'string', 'integer', 'real', 'unquoted']);
const DIRECTIVES: ReadonlySet<string> = new Set(['include', 'include_if_exists', 'include_dir']);

/** Reads a whole file. Never throws: what the server would refuse is in `errors`. */
export function parsePostgresqlConf(text: string): ParsedConf {
  const entries: ConfEntry[] = [];
  const errors: ConfError[] = [];
  const next = lexer(text);
  let lineStart = 0;
  for (let line = 1; lineStart <= text.length; line++) {
    const parsed = parseLine(text, next, lineStart, line);
    if (parsed?.entry !== undefined) entries.push(parsed.entry);
    if (parsed?.error !== undefined) errors.push(parsed.error);
    if (errors.length === MAX_ERRORS) {
      errors.push({
        line,
        start: lineStart,
        end: lineStart,
        near: undefined,
        message: ABANDONED,
      });
      break;
    }
    const lineBreak = text.indexOf('\n', lineStart);
    if (lineBreak < 0) break;
    lineStart = lineBreak + 1;
  }
  return { entries, errors };
}

interface ParsedLine {
  readonly entry?: ConfEntry;
  readonly error?: ConfError;
}

function parseLine(text: string, next: Lexer, lineStart: number, line: number): ParsedLine | undefined {
  const name = next(lineStart);
  if (name.type === 'eol' || name.type === 'eof') return undefined;
  if (name.type !== 'id' && name.type !== 'qualified') return { error: syntaxError(text, name, line) };
  const second = next(name.end);
  const value = second.type === 'equals' ? next(second.end) : second;
  if (!VALUES.has(value.type)) return { error: syntaxError(text, value, line) };
  const end = next(value.end);
  if (end.type !== 'eol' && end.type !== 'eof') return { error: syntaxError(text, end, line) };
  const written = text.slice(value.start, value.end);
  const nameText = text.slice(name.start, name.end);
  const directive = nameText.toLowerCase();
  const comment = text.slice(value.end, end.start).indexOf('#');
  const entry: ConfEntry = {
    kind: DIRECTIVES.has(directive) ? (directive as ConfEntryKind) : 'setting',
    name: nameText,
    value: value.type === 'string' ? decodeString(written) : written,
    nameStart: name.start,
    nameEnd: name.end,
    valueStart: value.start,
    valueEnd: value.end,
    quoted: value.type === 'string',
    line,
    lineStart,
    lineEnd: text[end.start - 1] === '\r' ? end.start - 1 : end.start,
    ...(comment >= 0 && { commentStart: value.end + comment }),
  };
  return { entry };
}

function lexer(text: string): Lexer {
  return offset => {
    BLANK.lastIndex = offset;
    BLANK.test(text);
    const start = BLANK.lastIndex;
    if (start >= text.length) return { type: 'eof', start: text.length, end: text.length };
    if (text[start] === '\n') return { type: 'eol', start, end: start };
    let best: Token = { type: 'error', start, end: start };
    for (const [type, rule] of RULES) {
      rule.lastIndex = start;
      if (rule.test(text) && rule.lastIndex > best.end) best = { type, start, end: rule.lastIndex };
    }
    return best.end > start ? best : { type: 'error', start, end: start + 1 };
  };
}

function syntaxError(text: string, token: Token, line: number): ConfError {
  const { start, end } = token;
  const near = token.type === 'eol' || token.type === 'eof' ? undefined : text.slice(start, end);
  const place = near === undefined ? 'near end of line' : `near token "${near}"`;
  return { line, start, end, near, message: `syntax error ${place}` };
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Quotes off, `''` and backslash escapes resolved as the server does it: octal escapes are bytes, and a zero byte ends the value. */
function decodeString(written: string): string {
  let bytes = false;
  const decoded = written
    .slice(1, -1)
    .replace(/''|\\([0-7]{1,3})|\\([\s\S])/g, (match, octal?: string, other?: string) => {
      if (match === "''") return "'";
      if (octal === undefined) return ESCAPES[other ?? ''] ?? other ?? '';
      const byte = Number.parseInt(octal, 8) & 0xff;
      if (byte >= 0x80) bytes = true;
      return String.fromCharCode(byte);
    });
  const zero = decoded.indexOf('\0');
  const value = zero < 0 ? decoded : decoded.slice(0, zero);
  return bytes ? decodeBytes(written) : value;
}

/** The same, byte by byte, for octal escapes that spell a character beyond ASCII. */
function decodeBytes(written: string): string {
  const inner = written.slice(1, -1);
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const match of inner.matchAll(/''|\\[0-7]{1,3}|\\[\s\S]|[^\\]/gu)) {
    const part = match[0];
    if (/^\\[0-7]/.test(part)) bytes.push(Number.parseInt(part.slice(1), 8) & 0xff);
    else if (part === "''") bytes.push(0x27);
    else if (part.startsWith('\\')) bytes.push(...encoder.encode(ESCAPES[part.slice(1)] ?? part.slice(1)));
    else bytes.push(...encoder.encode(part));
  }
  const zero = bytes.indexOf(0);
  return new TextDecoder().decode(Uint8Array.from(zero < 0 ? bytes : bytes.slice(0, zero)));
}
