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
}

/** The lines of a pg_hba.conf that hold something, as a server of `major` cuts them. */
export function lexHba(text: string, major: number): readonly HbaLine[] {
  return logicalLines(text, major).flatMap(line => lexLine(line, major) ?? []);
}

function logicalLines(text: string, major: number): readonly LogicalLine[] {
  const lines: LogicalLine[] = [];
  let number = 1;
  let at = 0;
  while (at <= text.length) {
    const first = number;
    const pieces: { from: number; at: number }[] = [];
    let joined = '';
    let lastBackslash = 0;
    let end = at;
    for (;;) {
      const newline = text.indexOf('\n', at);
      end = newline < 0 ? text.length : newline;
      pieces.push({ from: joined.length, at });
      joined = (joined + text.slice(at, end)).replace(/\r+$/, '');
      at = end + 1;
      number += 1;
      // The backslash must be a new one: an empty line after a continuation does not see the previous line's backslash.
      const continues = major >= 14 && joined.length > lastBackslash && joined.endsWith('\\');
      if (!continues) break;
      joined = joined.slice(0, -1);
      lastBackslash = joined.length;
      if (at > text.length) break;
    }
    const nul = joined.indexOf('\0');
    lines.push({ number: first, text: nul < 0 ? joined : joined.slice(0, nul), pieces, end });
  }
  return lines;
}

function offsetIn(line: LogicalLine, offset: number): number {
  const piece = line.pieces.findLast(p => p.from <= offset) ?? { from: 0, at: line.end };
  return piece.at + (offset - piece.from);
}

function lexLine(line: LogicalLine, major: number): HbaLine | undefined {
  const limits = limitsOf(major);
  if (limits.line !== undefined && Buffer.byteLength(line.text) >= limits.line) {
    return lineOf(line, [], 'authentication file line too long');
  }
  const fields: HbaToken[][] = [];
  let field: HbaToken[] = [];
  let at = 0;
  for (;;) {
    const next = nextToken(line, at, limits.token);
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

/** Bytes that a line and a token may take: fixed buffers, until PostgreSQL dropped them. */
function limitsOf(major: number): { readonly line: number | undefined; readonly token: number | undefined } {
  return { line: major < 14 ? 8191 : undefined, token: major < 16 ? 255 : undefined };
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
