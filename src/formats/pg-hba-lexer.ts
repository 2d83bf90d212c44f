/** Cuts a pg_hba.conf into lines, fields and tokens exactly as PostgreSQL does, and keeps the place of each. */

/** The words that mean something in a database, user or address field when they are not quoted. */
export type HbaKeyword = 'all' | 'sameuser' | 'samerole' | 'samegroup' | 'replication' | 'samehost' | 'samenet';

/** One word of a record; offsets are UTF-16 units into the text, quotes included. */
export interface HbaToken {
  /** Without its quotes. */
  readonly text: string;
  /** Begins with a quote, which takes its meaning from a keyword, `+role` and `@file`. */
  readonly quoted: boolean;
  /** What the word means in a field that knows keywords; whether the field does is up to the record. */
  readonly keyword: HbaKeyword | undefined;
  /** `@name`: stands for the words of another file. */
  readonly file: boolean;
  readonly start: number;
  readonly end: number;
}

/** A line that holds at least one token, or that cannot be cut into tokens. */
export interface HbaLine {
  /** Number of its first physical line, from 1. */
  readonly line: number;
  /** From its first token to the end of its last one. */
  readonly start: number;
  readonly end: number;
  /** Fields are set apart by blanks, tokens of one field by commas. */
  readonly fields: readonly (readonly HbaToken[])[];
  /** Why it is refused before its fields are read, as PostgreSQL words it. */
  readonly error: string | undefined;
}

const keywords: ReadonlySet<string> = new Set<HbaKeyword>([
  'all',
  'sameuser',
  'samerole',
  'samegroup',
  'replication',
  'samehost',
  'samenet',
]);

/** A line as PostgreSQL sees it: continuation lines joined, line ends and backslashes gone. */
interface LogicalLine {
  readonly number: number;
  readonly text: string;
  /** Ascending: from offset `from` of the text on, the offset in the file is `at + (offset - from)`. */
  readonly pieces: readonly { readonly from: number; readonly at: number }[];
  /** Offset in the file of the end of the line. */
  readonly end: number;
  /** Fills the buffer of an old server. */
  readonly tooLong: boolean;
}

/** The lines of a pg_hba.conf that hold something, as a server of `major` cuts them. */
export function lexHba(text: string, major: number): readonly HbaLine[] {
  const lines = major >= 14 ? continuedLines(text) : bufferedLines(text, major);
  return lines.flatMap(line => lexLine(line, major) ?? []);
}

/** From 14 on a backslash at its end continues a line. */
function continuedLines(text: string): readonly LogicalLine[] {
  const lines: LogicalLine[] = [];
  let number = 1;
  let at = 0;
  while (at < text.length) {
    const first = number;
    const pieces: { from: number; at: number }[] = [];
    let joined = '';
    let lastBackslash = 0;
    let end = at;
    for (;;) {
      end = endOfLine(text, at);
      pieces.push({ from: joined.length, at });
      joined = (joined + text.slice(at, end)).replace(/\r+$/, '');
      at = end + 1;
      number += 1;
      // It must be a new one: an empty line after a continuation does not see the previous line's backslash.
      if (joined.length <= lastBackslash || !joined.endsWith('\\')) break;
      joined = joined.slice(0, -1);
      lastBackslash = joined.length;
      if (at >= text.length) break;
    }
    lines.push({ number: first, text: untilNul(joined), pieces, end, tooLong: false });
  }
  return lines;
}

/** Before 14 a server reads so many bytes at a time, line end included; what is longer it takes for several lines. */
function bufferedLines(text: string, major: number): readonly LogicalLine[] {
  const lineBuffer = major < 11 ? 8191 : 20_479;
  const lines: LogicalLine[] = [];
  for (let at = 0; at < text.length; ) {
    const lineEnd = endOfLine(text, at);
    const whole = Math.min(lineEnd + 1, text.length);
    const next = whole - at < lineBuffer / 3 ? whole : Math.min(whole, endOfBytes(text, at, lineBuffer));
    const tooLong = next - at >= lineBuffer / 3 && Buffer.byteLength(text.slice(at, next)) >= lineBuffer;
    const end = Math.min(lineEnd, next);
    const line = untilNul(text.slice(at, end).replace(/\r+$/, ''));
    lines.push({ number: lines.length + 1, text: line, pieces: [{ from: 0, at }], end, tooLong });
    at = next;
  }
  return lines;
}

/** Offset at which `bytes` bytes of UTF-8 from `start` on are full. */
function endOfBytes(text: string, start: number, bytes: number): number {
  let left = bytes;
  let at = start;
  for (const char of text.slice(start, start + bytes)) {
    left -= Buffer.byteLength(char);
    if (left < 0) break;
    at += char.length;
  }
  return at;
}

function endOfLine(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline < 0 ? text.length : newline;
}

function untilNul(text: string): string {
  const nul = text.indexOf('\0');
  return nul < 0 ? text : text.slice(0, nul);
}

function offsetIn(line: LogicalLine, offset: number): number {
  const piece = line.pieces.findLast(p => p.from <= offset) ?? { from: 0, at: line.end };
  return piece.at + (offset - piece.from);
}

function lexLine(line: LogicalLine, major: number): HbaLine | undefined {
  if (line.tooLong) return lineOf(line, [], 'authentication file line too long');
  const limit = tokenLimit(major);
  const fields: HbaToken[][] = [];
  let field: HbaToken[] = [];
  let at = 0;
  for (;;) {
    const next = nextToken(line, at, limit);
    if (next === undefined) break;
    if (next === 'too long') return lineOf(line, fields, 'authentication file token too long');
    field.push(next.token);
    at = next.at;
    if (!next.comma) {
      fields.push(field);
      field = [];
    }
  }
  if (field.length > 0) fields.push(field);
  return fields.length > 0 ? lineOf(line, fields, undefined) : undefined;
}

function lineOf(line: LogicalLine, fields: readonly (readonly HbaToken[])[], error: string | undefined): HbaLine {
  const start = fields[0]?.[0]?.start ?? offsetIn(line, line.text.length - line.text.trimStart().length);
  const end = error === undefined ? (fields.at(-1)?.at(-1)?.end ?? line.end) : line.end;
  return { line: line.number, start, end, fields, error };
}

/** Bytes that a token may take: a fixed buffer, until 16 dropped it. */
function tokenLimit(major: number): number | undefined {
  return major < 11 ? 255 : major < 16 ? 10_239 : undefined;
}

const isBlank = (char: string | undefined): boolean => char === ' ' || char === '\t' || char === '\r';

interface Lexed {
  readonly token: HbaToken;
  /** A comma ended it: the field goes on. */
  readonly comma: boolean;
  /** Where to go on in the line. */
  readonly at: number;
}

function nextToken(line: LogicalLine, from: number, limit: number | undefined): Lexed | 'too long' | undefined {
  const { text } = line;
  let at = from;
  while (isBlank(text[at]) || text[at] === ',') at += 1;
  const start = at;
  let word = '';
  let inQuote = false;
  let wasQuote = false;
  let sawQuote = false;
  let quoted = false;
  let comma = false;
  let end = start;
  for (; at < text.length; at += 1) {
    const char = text[at] as string;
    if (!inQuote && isBlank(char)) break;
    if (!inQuote && char === '#') {
      at = text.length;
      break;
    }
    if (limit !== undefined && word.length >= limit / 4 && Buffer.byteLength(word) >= limit) return 'too long';
    if (!inQuote && char === ',') {
      comma = true;
      at += 1;
      break;
    }
    if (char !== '"' || wasQuote) word += char;
    wasQuote = inQuote && char === '"' ? !wasQuote : false;
    if (char === '"') {
      inQuote = !inQuote;
      sawQuote = true;
      if (word === '') quoted = true;
    }
    end = at + 1;
  }
  if (!sawQuote && word === '') return undefined;
  const keyword = !quoted && keywords.has(word) ? (word as HbaKeyword) : undefined;
  const file = !quoted && word.length > 1 && word.startsWith('@');
  const place = { start: offsetIn(line, start), end: offsetIn(line, end - 1) + 1 };
  return { token: { text: word, quoted, keyword, file, ...place }, comma, at };
}
