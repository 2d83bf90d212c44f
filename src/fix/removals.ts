/** The constructors of edits that take something away, or put something else in place of all items. */
import { type Entry, type MapNode, type Node, type SeqNode, entry, keyText } from '../yaml/node.ts';
import { type Edits, areWritten, joined } from './edit-lists.ts';
import {
  KEPT_LINES,
  MERGED,
  column,
  endOf,
  endOfContent,
  endOfEntry,
  endOfLine,
  hasAnchor,
  holdsAnchor,
  isJson,
  isShared,
  lineEnd,
  lineStart,
  remove,
  removeToLineEnd,
  sharing,
  wholeLines,
} from './yaml-places.ts';
import { flowText, scalarText } from './yaml-text.ts';

/** Takes an entry away with its lines; undefined where a comment would go with it. The last one leaves `{}`. */
export function removeEntry(map: MapNode, key: string): Edits {
  const source = map.source.text;
  const own = map.entries.filter(e => !e.merged);
  const index = own.findIndex(e => keyText(e.key) === key);
  const found = own[index];
  if (found === undefined) return entry(map, key)?.merged === true ? MERGED : undefined;
  if (isShared(map)) return sharing(map);
  if (holdsAnchor(found)) return { hindrance: `other places repeat what stands under "${key}"` };
  const [before, next] = [own[index - 1], own[index + 1]];
  const start = found.key.start;
  let range: { start: number; end: number };
  if (map.flow) {
    if (next !== undefined) range = { start, end: next.key.start };
    else if (before !== undefined) range = { start: endOf(before), end: endOf(found) };
    else range = { start: map.start + 1, end: map.end - 1 };
  } else if (before === undefined && next === undefined) {
    const end = endOfEntry(source, found);
    return end === undefined ? KEPT_LINES : removeToLineEnd(source, map.path, { start, end }, '{}');
  } else if (before === undefined && next !== undefined) {
    range = { start, end: next.key.start };
  } else {
    const end = endOfEntry(source, found);
    if (end === undefined) return KEPT_LINES;
    range = wholeLines(source, lineStart(source, start), end);
  }
  return remove(source, map.path, range, '');
}

/** Takes several entries away, of which others stay; undefined where none does. */
export function removeEntries(map: MapNode, keys: readonly string[]): Edits {
  const own = map.entries.filter(e => !e.merged);
  const goes = (e: Entry | undefined): boolean => e !== undefined && keys.includes(keyText(e.key));
  const leading = own.findIndex(e => !goes(e));
  const [first, kept] = [own[0], own[leading]];
  if (first === undefined || kept === undefined) return undefined;
  const others = own.slice(leading).filter(goes);
  const edits = joined(others.map(e => removeEntry(map, keyText(e.key))));
  if (leading === 0) return edits;
  // What stands first goes up to the first that stays: their lines meet.
  const single = joined(own.slice(0, leading).map(e => removeEntry(map, keyText(e.key))));
  if (!areWritten(single)) return single;
  const range = { start: first.key.start, end: kept.key.start };
  return joined([remove(map.source.text, map.path, range, ''), edits]);
}

/** Takes the item away that `item` is, with its lines; the last one leaves `[]`. */
export function removeItem(seq: SeqNode, item: Node): Edits {
  const source = seq.source.text;
  const index = seq.items.indexOf(item);
  if (index < 0) return undefined;
  if (isShared(seq)) return sharing(seq);
  if (seq.aliases?.has(index) !== true && hasAnchor(item))
    return { hindrance: 'other places repeat what stands there' };
  if (seq.items.some((_, i) => seq.aliases?.has(i) === true)) return { hindrance: 'an alias stands beside it' };
  if (seq.items.length === 1) return emptied(source, seq);
  const [before, next] = [seq.items[index - 1], seq.items[index + 1]];
  if (seq.flow) {
    const range =
      next === undefined ? { start: before?.end ?? item.start, end: item.end } : { start: item.start, end: next.start };
    return remove(source, seq.path, range, '');
  }
  const dash = source.lastIndexOf('-', item.start - 1);
  if (dash < seq.start) return undefined;
  const start = lineStart(source, dash);
  const end = endOfLine(source, endOfContent(source, item));
  // The dash may stand behind another one (`- - a`): then the line is not its own.
  if (source.slice(start, dash).trim() !== '') return { hindrance: 'it shares its line' };
  return remove(source, seq.path, wholeLines(source, start, end), '');
}

/** Writes other words in place of the items of a sequence of words. */
export function replaceItems(seq: SeqNode, words: readonly string[]): Edits {
  const source = seq.source.text;
  if (isShared(seq)) return sharing(seq);
  if (seq.aliases !== undefined && seq.aliases.size > 0) return { hindrance: 'an alias stands among its items' };
  const [first] = seq.items;
  if (seq.flow || first === undefined) {
    const written = words
      .map(word => (isJson(seq) || isQuoted(seq) ? JSON.stringify(word) : flowText(word)))
      .join(', ');
    return remove(source, seq.path, { start: seq.start, end: seq.end }, `[${written}]`);
  }
  const dash = source.lastIndexOf('-', first.start - 1);
  const last = seq.items.at(-1);
  if (dash < seq.start || last === undefined) return undefined;
  const margin = lineEnd(source) + ' '.repeat(column(source, dash));
  const text = words.map(word => `- ${scalarText(word)}`).join(margin);
  return remove(source, seq.path, { start: dash, end: endOfContent(source, last) }, text);
}

function isQuoted({ items }: SeqNode): boolean {
  return items.length > 0 && items.every(item => item.kind === 'scalar' && item.style === 'double');
}

/** Takes the last item of a sequence away. */
function emptied(source: string, seq: SeqNode): Edits {
  if (seq.flow) return remove(source, seq.path, { start: seq.start, end: seq.end }, '[]');
  const own = seq.parent?.kind === 'map' ? seq.parent.entries.find(e => e.value === seq && !e.merged) : undefined;
  const last = seq.items[0];
  if (own === undefined || last === undefined || own.alias !== undefined) return undefined;
  const end = endOfLine(source, endOfContent(source, last));
  return removeToLineEnd(source, seq.path, { start: own.key.end + 1, end }, ' []');
}
