/** Where edits of YAML go: what stands in their way, lines and columns, and the style of the blocks around. */
import type { Hindrance, Location, TextEdit } from '../types.ts';
import { type Entry, type Node } from '../yaml/node.ts';
import type { Edits } from './edit-lists.ts';
import type { BlockStyle } from './yaml-text.ts';

/** Whether an edit here would also change another place, or be changed from one: it lies under an anchor. */
export function isShared(node: Node): boolean {
  for (let here: Node | undefined = node; here !== undefined; here = here.parent) {
    if (here.anchor !== undefined) return true;
  }
  return false;
}

export const MERGED: Hindrance = { hindrance: 'it comes by the merge key "<<"' };

/** A literal block with `|+` says that the lines behind it belong to it. */
export const KEPT_LINES: Hindrance = { hindrance: 'the text above it keeps its blank lines (|+)' };

export function sharing(node: Node): Hindrance {
  let here: Node | undefined = node;
  while (here !== undefined && here.anchor === undefined) here = here.parent;
  const name = here?.anchor ?? '';
  return { hindrance: `it stands under the anchor "&${name}", and every "*${name}" would change with it` };
}

export function aliased(key: string, { value }: Entry): Hindrance {
  return { hindrance: `"${key}" is written through the alias "*${value.anchor ?? ''}"` };
}

/** Whether other places repeat something of an entry, so that it cannot go. */
export function holdsAnchor({ value, alias }: Entry): boolean {
  return alias === undefined && hasAnchor(value);
}

export function hasAnchor(node: Node): boolean {
  if (node.anchor !== undefined) return true;
  if (node.kind === 'map') return node.entries.some(e => !e.merged && holdsAnchor(e));
  return node.kind === 'seq' && node.items.some((item, i) => node.aliases?.has(i) !== true && hasAnchor(item));
}

/** Whether the node is written as JSON: flow style down from its root, keys in double quotes. */
export function isJson(node: Node): boolean {
  let root: Node = node;
  while (root.parent !== undefined) root = root.parent;
  if (root.kind === 'map') return root.flow && root.entries.every(e => e.key.style === 'double');
  return (
    root.kind === 'seq' && root.flow && root.items.some(item => item !== node && isJson({ ...item, parent: undefined }))
  );
}

/** The style of the blocks around a node: its map's own step, and the dashes as the file already sets them. */
export function styleOf(source: string, node: Node): BlockStyle {
  let step: number | undefined;
  let root: Node = node;
  while (root.parent !== undefined) {
    if (step === undefined && root.parent.kind === 'map' && !root.parent.flow && root.kind === 'map' && !root.flow) {
      step = column(source, root.start) - column(source, root.parent.start);
    }
    root = root.parent;
  }
  return {
    step: step !== undefined && step > 0 ? step : (firstStep(source, root) ?? 2),
    dash: firstDash(source, root) ?? 2,
  };
}

function firstStep(source: string, node: Node): number | undefined {
  if (node.kind !== 'map' || node.flow) return undefined;
  const inner = node.entries.find(e => !e.merged && e.alias === undefined && e.value.kind === 'map' && !e.value.flow);
  return inner && column(source, inner.value.start) - column(source, inner.key.start);
}

function firstDash(source: string, node: Node): number | undefined {
  const inner = node.kind === 'map' ? node.entries.filter(e => !e.merged && e.alias === undefined) : [];
  for (const { key, value } of inner) {
    const first = value.kind === 'seq' && !value.flow ? value.items[0] : undefined;
    const dash = first === undefined ? -1 : source.lastIndexOf('-', first.start - 1);
    if (dash > key.end) return column(source, dash) - column(source, key.start);
  }
  const below = node.kind === 'map' ? inner.map(e => e.value) : node.kind === 'seq' ? node.items : [];
  for (const value of below) {
    const found = value.kind === 'scalar' ? undefined : firstDash(source, value);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function endOf({ key, value, alias }: Entry): number {
  if (alias !== undefined) return alias.end;
  return Math.max(value.end, key.end);
}

/** The end of the last line of an entry; undefined for a block scalar that keeps its trailing blank lines. */
export function endOfEntry(source: string, item: Entry): number | undefined {
  const { key, value } = item;
  const block = value.kind === 'scalar' && (value.style === 'literal' || value.style === 'folded');
  if (block && /^[|>]\d*\+/.test(source.slice(value.start, value.end))) return undefined;
  const end = endOf(item);
  return endOfLine(source, block || value.kind !== 'scalar' ? Math.max(key.end, trimmed(source, end)) : end);
}

export function endOfContent(source: string, node: Node): number {
  return node.kind === 'scalar' && node.text === '' ? node.start : trimmed(source, node.end);
}

function trimmed(source: string, end: number): number {
  let last = end;
  while (last > 0 && /\s/.test(source[last - 1] ?? '')) last--;
  return last;
}

export function endOfLine(source: string, offset: number): number {
  const next = source.indexOf('\n', offset);
  if (next < 0) return source.length;
  return source[next - 1] === '\r' ? next - 1 : next;
}

export function lineStart(source: string, offset: number): number {
  return source.lastIndexOf('\n', offset - 1) + 1;
}

/** The start of the comment lines right above a line, which belong to it. */
export function aboveComments(source: string, line: number): number {
  let start = line;
  while (start > 0) {
    const before = lineStart(source, start - 1);
    if (!/^[ \t]*#/.test(source.slice(before, start))) break;
    start = before;
  }
  return start;
}

export function column(source: string, offset: number): number {
  return offset - lineStart(source, offset);
}

export function lineEnd(source: string): string {
  return source.includes('\r\n') ? '\r\n' : '\n';
}

export function insert(path: Location['path'], at: number, text: string): TextEdit {
  return { path, start: at, end: at, text };
}

/**
 * The lines from one that begins at `start` to one that ends at `end`, with the line break behind them: an edit of another fix
 * that adds something at their end meets this one, and waits.
 */
export function wholeLines(source: string, start: number, end: number): { start: number; end: number } {
  const next = /^\r?\n/.exec(source.slice(end, end + 2))?.[0].length ?? 0;
  if (next > 0) return { start, end: end + next };
  const before = source[start - 2] === '\r' ? 2 : 1;
  return { start: Math.max(0, start - before), end };
}

/** Writes something else up to the end of a line, and its line break with it. */
export function removeToLineEnd(
  source: string,
  path: string,
  range: { start: number; end: number },
  text: string,
): Edits {
  const eol = /^\r?\n/.exec(source.slice(range.end, range.end + 2))?.[0] ?? '';
  return remove(source, path, { ...range, end: range.end + eol.length }, text + eol);
}

export function remove(source: string, path: string, range: { start: number; end: number }, text: string): Edits {
  // A `#` inside a quoted value refuses too: better no fix than a lost comment.
  const isCommented = /(?:^|\s)#/m.test(source.slice(range.start, range.end));
  return isCommented ? { hindrance: 'a comment would be lost' } : [{ path, ...range, text }];
}
