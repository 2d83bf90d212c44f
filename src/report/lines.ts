/** Lines and columns of offsets: they exist only here and in what is printed. */
import type { Location, TextOf } from '../types.ts';

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

/** From an offset of a text on, the text stands somewhere else: the pieces of a file of which the rest was not kept. */
export interface Origin {
  /** Offset in the text. */
  readonly from: number;
  /** Where that stands in the file. */
  readonly line: number;
  readonly column: number;
}

/** Texts, and where those that are pieces of files stand in them. */
export interface Texts {
  readonly text: TextOf;
  /** In the order of the text; undefined for a text that is the whole file. */
  readonly origins?: ((path: string) => readonly Origin[] | undefined) | undefined;
}

/** The lines of one text, counted as in its file. */
export interface Lines {
  readonly count: number;
  /** The position of an offset; offsets beyond the end count as the end. */
  position(offset: number): Position;
  /**
   * Where a line (from 1) starts and where its text ends, the line break left out. Of a line that is not there the range is
   * empty; where pieces share a line, it is the one that holds `near`.
   */
  range(line: number, near?: number): { readonly start: number; readonly end: number };
  /** The first line that is there in one piece with that of an offset: nothing above it may be shown. */
  first(offset: number): number;
}

/** Finds the lines of a text once, for many questions. `origins` say where its pieces stand in their file. */
export function linesOf(text: string, origins?: readonly Origin[]): Lines {
  const whole = linesOfWhole(text);
  return origins === undefined || origins.length === 0 ? whole : linesOfPieces(whole, text.length, origins);
}

function linesOfWhole(text: string): Lines {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return {
    count: starts.length,
    position(offset) {
      const wanted = Math.min(Math.max(offset, 0), text.length);
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] ?? 0) <= wanted) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: wanted - (starts[low] ?? 0) + 1 };
    },
    range(line) {
      const start = starts[line - 1] ?? text.length;
      const next = starts[line] ?? text.length + 1;
      const end = Math.max(start, next - 1);
      return { start, end: text[end - 1] === '\r' && end > start ? end - 1 : end };
    },
    first: () => 1,
  };
}

function linesOfPieces(whole: Lines, length: number, origins: readonly Origin[]): Lines {
  /** The last piece for which `isBefore` holds. */
  const last = (isBefore: (origin: Origin) => boolean): number => {
    let low = 0;
    let high = origins.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const origin = origins[middle];
      if (origin !== undefined && isBefore(origin)) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const pieceAt = (offset: number) => {
    const index = last(o => o.from <= offset);
    const origin = origins[index] ?? { from: 0, line: 1, column: 1 };
    return { origin, start: whole.position(origin.from), end: origins[index + 1]?.from ?? length };
  };
  return {
    count: whole.count,
    position(offset) {
      const { origin, start } = pieceAt(offset);
      const { line, column } = whole.position(Math.max(offset, origin.from));
      return {
        line: origin.line + line - start.line,
        column: line === start.line ? origin.column + column - start.column : column,
      };
    },
    range(line, near = origins[last(o => o.line <= line)]?.from ?? 0) {
      const { origin, start, end } = pieceAt(near);
      const range = whole.range(start.line + line - origin.line);
      const from = Math.max(range.start, origin.from);
      return line < origin.line || from >= end
        ? { start: from, end: from }
        : { start: from, end: Math.min(range.end, end) };
    },
    first: offset => pieceAt(offset).origin.line,
  };
}

/** The lines of each source, found once for as long as the function is kept; undefined for a path that is no source. */
export function lineIndex(of: TextOf | Texts): (path: string) => Lines | undefined {
  const { text, origins }: Texts = typeof of === 'function' ? { text: of } : of;
  const known = new Map<string, Lines | undefined>();
  return path => {
    if (!known.has(path)) {
      const source = text(path);
      known.set(path, source === undefined ? undefined : linesOf(source, origins?.(path)));
    }
    return known.get(path);
  };
}

/** Where a place begins and ends, in lines and columns from 1, columns in UTF-16 units. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Turns places into lines and columns, each text read once. A place without a text is at its first character. */
export function placer(texts: Texts): (at: Location) => Place {
  const index = lineIndex(texts);
  return ({ path, start, end }) => {
    const lines = index(path) ?? linesOf('');
    const [from, to] = [lines.position(start), lines.position(end)];
    return { path, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  };
}
