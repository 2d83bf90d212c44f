/**
 * The constructors of edits in texts of lines: settings, pg_hba.conf, Dockerfiles, words of commands. Each returns the
 * edits, or what is in their way.
 */
import { type TextRegion, locate } from '../text-region.ts';
import type { Hindrance, Located, TextOf } from '../types.ts';
import { isPlaceholder } from '../yaml/node.ts';
import type { Edits } from './edits.ts';

/**
 * Writes another value in place of one that was read as `value` at `at`: of a setting wherever it is set (a file, an
 * argument, an operator's map), or a word of a command. Its quotes stay. The text at `at` may not be the value as it
 * stands: then escapes, folded lines or placeholders are in the way.
 */
export function setValue(text: TextOf, { value, at }: Located<string>, next: string): Edits {
  const source = text(at.path);
  if (source === undefined) return undefined;
  const written = source.slice(at.start, at.end);
  const quote = /^(["'])[^]*\1$/.exec(written)?.[1] ?? '';
  const inside = written.slice(quote.length, written.length - quote.length);
  if (inside !== value && inside.replaceAll("''", "'") !== value) return unlike(written);
  const around = quote === '' ? surrounding(source, at.start, at.end) : quote;
  if (isWord(next)) return [{ path: at.path, start: at.start, end: at.end, text: quote + next + quote }];
  if (around === "'") {
    const text = quote + next.replaceAll("'", "''") + quote;
    return /[\n\\]/.test(next) ? UNQUOTABLE : [{ path: at.path, start: at.start, end: at.end, text }];
  }
  return around === '"' && !/["\\\n]/.test(next)
    ? [{ path: at.path, start: at.start, end: at.end, text: quote + next + quote }]
    : UNQUOTABLE;
}

const UNQUOTABLE: Hindrance = { hindrance: 'the value needs quotes that have no place there' };
const INEXACT: Hindrance = { hindrance: 'the text is a quoted or folded scalar, not a literal block (|)' };

function unlike(written: string): Hindrance {
  return {
    hindrance:
      isPlaceholder(written) || written.includes('$')
        ? `"${written}" is filled in from elsewhere`
        : 'the value is written with escapes or over several lines',
  };
}

function surrounding(source: string, start: number, end: number): string {
  const before = source[start - 1] ?? '';
  return before === source[end] && /["']/.test(before) ? before : '';
}

/** Needs no quotes in postgresql.conf, YAML or a command. */
function isWord(value: string): boolean {
  return /^-?[A-Za-z0-9_][A-Za-z0-9_./-]*$/.test(value);
}

/** `name = value` as postgresql.conf takes it: quoted unless it is a plain word or number. */
export function settingLine(name: string, value: string): string {
  return `${name} = ${isWord(value) ? value : `'${value.replaceAll("'", "''")}'`}`;
}

/** Adds a line at the end of a text, indented as its last one. Undefined where the text has no exact place or no line. */
export function appendLine(text: TextOf, region: TextRegion, line: string): Edits {
  const source = text(region.path);
  if (source === undefined) return undefined;
  if (!region.exact) return INEXACT;
  const content = region.text.trimEnd();
  if (content === '') return undefined;
  const end = locate(region, content.length - 1, content.length).end;
  return insertAfter(source, region, content.lastIndexOf('\n') + 1, end, line);
}

/** Adds a line below the one that holds `offset` of the text, or above it. */
export function insertLine(
  text: TextOf,
  region: TextRegion,
  offset: number,
  line: string,
  where: 'above' | 'below',
): Edits {
  const source = text(region.path);
  if (source === undefined) return undefined;
  if (!region.exact) return INEXACT;
  const range = lineOf(region.text, offset);
  if (where === 'below')
    return insertAfter(source, region, range.start, locate(region, range.start, range.end).end, line);
  const start = locate(region, range.start, range.start).start;
  const indent = margin(source, start);
  if (indent.trim() !== '') return undefined;
  return [{ path: region.path, start, end: start, text: line + newline(source) + indent }];
}

/** Replaces a range of the text. */
export function replaceRange(text: TextOf, region: TextRegion, start: number, end: number, next: string): Edits {
  if (text(region.path) === undefined || /[\r\n]/.test(region.text.slice(start, end))) return undefined;
  if (!region.exact) return INEXACT;
  return [{ ...locate(region, start, end), text: next }];
}

/** Takes the line away that holds `offset` of the text; undefined where it has a comment or is the only one. */
export function removeLine(text: TextOf, region: TextRegion, offset: number): Edits {
  const source = text(region.path);
  if (source === undefined) return undefined;
  if (!region.exact) return INEXACT;
  const range = lineOf(region.text, offset);
  const line = region.text.slice(range.start, range.end);
  if (line.includes('#')) return { hindrance: 'a comment would be lost' };
  if (region.text.trim() === line.trim()) return { hindrance: 'it is the only line of its text' };
  const place = locate(region, range.start, range.end);
  const start = source.lastIndexOf('\n', place.start - 1) + 1;
  if (source.slice(start, place.start).trim() !== '') return undefined;
  const next = source.indexOf('\n', place.end);
  if (next >= 0) return [{ path: region.path, start, end: next + 1, text: '' }];
  return [{ path: region.path, start: Math.max(0, start - newline(source).length), end: source.length, text: '' }];
}

function insertAfter(source: string, region: TextRegion, lineOffset: number, end: number, line: string): Edits {
  const start = locate(region, lineOffset, lineOffset).start;
  const indent = margin(source, start);
  if (indent.trim() !== '') return undefined;
  return [{ path: region.path, start: end, end, text: newline(source) + indent + line }];
}

/** The line of a text around an offset, without its line break. */
function lineOf(text: string, offset: number): { start: number; end: number } {
  const next = text.indexOf('\n', offset);
  const end = next < 0 ? text.length : next;
  return { start: text.lastIndexOf('\n', offset - 1) + 1, end: text[end - 1] === '\r' ? end - 1 : end };
}

/** What stands before a line of a block scalar: its indentation; nothing in a file. */
function margin(source: string, start: number): string {
  return source.slice(source.lastIndexOf('\n', start - 1) + 1, start);
}

function newline(source: string): string {
  return source.includes('\r\n') ? '\r\n' : '\n';
}
