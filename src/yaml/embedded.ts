/** The text that a scalar holds (a `postgresql.conf` in a ConfigMap) as a region of its source. */
import type { TextRegion } from '../text-region.ts';
import type { Location, Source } from '../types.ts';
import { endOfLine } from './comments.ts';
import type { ScalarNode } from './node.ts';

type Segments = TextRegion['segments'];

/**
 * The region of the text of `node`, which stands under `key` in `source`. Exact where each character of the text has its own
 * place: literal blocks, and plain or quoted scalars on one line whose escapes stand for one character each.
 */
export function embedded(node: ScalarNode, key: Location, source: Source): TextRegion {
  const segments = segmentsOf(node, source.text);
  return {
    path: source.path,
    text: node.text,
    exact: segments !== undefined,
    segments: segments ?? [],
    whole: { path: source.path, start: node.start, end: node.end },
    name: { path: key.path, start: key.start, end: key.end },
  };
}

function segmentsOf(node: ScalarNode, source: string): Segments | undefined {
  switch (node.style) {
    case 'literal':
      return literal(node, source);
    case 'folded':
      return undefined;
    case 'double':
      return escaped(node.text, source, node.start + 1, node.end - 1);
    case 'single':
      return quoted(node.text, source, node.start + 1, node.end - 1);
    default:
      return source.slice(node.start, node.end) === node.text ? [{ from: 0, at: node.start }] : undefined;
  }
}

/** Each line of the text is one line of the source behind the block's indentation. */
function literal(node: ScalarNode, source: string): Segments | undefined {
  const lines = node.text.split('\n');
  const indent = indentOf(node, lines, source);
  const segments: { from: number; at: number }[] = [];
  let at = nextLine(source, endOfLine(source, node.start));
  let from = 0;
  for (const line of lines) {
    const end = endOfLine(source, at);
    const start = Math.min(at + indent, end);
    if (source.slice(start, start + line.length) !== line) return undefined;
    segments.push({ from, at: start });
    from += line.length + 1;
    at = nextLine(source, end);
  }
  return segments;
}

/** How far the block is indented: read off its first line that is not blank. */
function indentOf(node: ScalarNode, lines: readonly string[], source: string): number {
  let at = nextLine(source, endOfLine(source, node.start));
  for (const line of lines) {
    const end = endOfLine(source, at);
    if (line.trim() !== '') return Math.max(0, end - at - line.length);
    at = nextLine(source, end);
  }
  return Number.POSITIVE_INFINITY;
}

function nextLine(source: string, end: number): number {
  return Math.min(source.length, end + (source.startsWith('\r\n', end) ? 2 : 1));
}

/** A single-quoted text, where `''` stands for one quote. */
function quoted(text: string, source: string, start: number, end: number): Segments | undefined {
  const segments = [{ from: 0, at: start }];
  let read = '';
  for (let at = start; at < end; ) {
    const pair = source.indexOf("''", at);
    const stop = pair < 0 || pair >= end ? end : pair + 1;
    read += source.slice(at, stop);
    if (stop === end) break;
    at = stop + 1;
    segments.push({ from: read.length, at });
  }
  return read === text ? segments : undefined;
}

/** A double-quoted text. A character that an escape stands for lies where the escape begins. */
function escaped(text: string, source: string, start: number, end: number): Segments | undefined {
  const segments = [{ from: 0, at: start }];
  const escape = /\\(?:x..|u....|U........|[^])/g;
  const body = source.slice(start, end);
  if (/[\r\n]/.test(body)) return undefined;
  let from = 0;
  let copied = 0;
  for (const found of body.matchAll(escape)) {
    from += found.index - copied;
    segments.push({ from, at: start + found.index });
    const wide = found[0].startsWith('\\U') && Number.parseInt(found[0].slice(2), 16) > 0xffff;
    from += wide ? 2 : 1;
    copied = found.index + found[0].length;
    segments.push({ from, at: start + copied });
  }
  return from + body.length - copied === text.length ? segments : undefined;
}
