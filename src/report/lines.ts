/** Lines and columns of offsets: they exist only here and in what is printed. */
import type { TextOf } from '../types.ts';

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

/** The lines of one text. */
export interface Lines {
  readonly count: number;
  /** The position of an offset; offsets beyond the end count as the end. */
  position(offset: number): Position;
  /** Where a line (from 1) starts and where its text ends, the line break left out. */
  range(line: number): { readonly start: number; readonly end: number };
}

/** Finds the lines of a text once, for many questions. */
export function linesOf(text: string): Lines {
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
  };
}

/** The lines of each source, found once for as long as the function is kept; undefined for a path that is no source. */
export function lineIndex(text: TextOf): (path: string) => Lines | undefined {
  const known = new Map<string, Lines | undefined>();
  return path => {
    if (!known.has(path)) {
      const source = text(path);
      known.set(path, source === undefined ? undefined : linesOf(source));
    }
    return known.get(path);
  };
}
