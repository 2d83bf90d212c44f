/**
 * The constructors of edits in YAML and JSON. Each returns the edits, or what is in their way: an alias, a merge key, a
 * placeholder, a multi-line scalar, a comment; undefined where the place is not of the kind that the edit is for. Nothing
 * outside the edit changes: comments, quotes, order and line ends stay. Edits of settings files, pg_hba.conf and
 * Dockerfiles are in `line-edits.ts`.
 */
import { type Edits, areWritten, fix, joined } from './edit-lists.ts';
import { removeEntries, removeEntry, removeItem, replaceItems } from './removals.ts';
import {
  KEPT_LINES,
  MERGED,
  aboveComments,
  aliased,
  column,
  endOf,
  endOfContent,
  endOfEntry,
  endOfLine,
  insert,
  isJson,
  isShared,
  lineEnd,
  lineStart,
  remove,
  sharing,
  styleOf,
} from './yaml-places.ts';
import {
  type Entry,
  type MapNode,
  type ScalarNode,
  type SeqNode,
  entry,
  isPlaceholder,
  keyText,
} from '../yaml/node.ts';
import { type Yaml, blockEntry, blockItem, blockLines, flowText, scalarText } from './yaml-text.ts';

export type { Yaml };
export { type Edits, areWritten, fix, joined, removeEntries, removeEntry, removeItem, replaceItems };

/** Writes another value in place of a scalar. A string keeps the quotes that are there; a number or boolean has none. */
export function setScalar(node: ScalarNode, value: string | number | boolean): Edits {
  const source = node.source.text;
  if (isShared(node)) return sharing(node);
  if (isPlaceholder(node.text)) return { hindrance: `"${node.text}" is filled in later` };
  if (node.style === 'literal' || node.style === 'folded') return { hindrance: 'it is a text of several lines' };
  if (node.text === '' && node.style === 'plain') return setEmpty(source, node, value);
  return [{ path: node.path, start: node.start, end: node.end, text: asWritten(node, value) }];
}

function asWritten(node: ScalarNode, value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  if (node.style === 'double') return JSON.stringify(value);
  if (node.style === 'single') return `'${value.replaceAll("'", "''")}'`;
  return isJson(node) ? JSON.stringify(value) : scalarText(value);
}

/** Gives a value to a key that has none (`key:`). */
function setEmpty(source: string, node: ScalarNode, value: Yaml): Edits {
  const own = node.parent?.kind === 'map' ? node.parent.entries.find(e => e.value === node) : undefined;
  if (own === undefined || own.merged || node.parent?.flow !== false) return undefined;
  const colon = own.key.end;
  if (source[colon] !== ':') return undefined;
  const style = styleOf(source, node);
  const [first = '', ...others] = blockEntry('k', value, style);
  const added = [first.slice('k:'.length), ...others.map(line => ' '.repeat(column(source, own.key.start)) + line)];
  return [insert(node.path, colon + 1, added.join(lineEnd(source)))];
}

/**
 * Adds an entry to a map in the map's own style: after the last of the keys `after` that is there, otherwise in the
 * usual place of the key, otherwise at the end. Undefined where the map already writes the key.
 */
export function addKey(map: MapNode, key: string, value: Yaml, after?: readonly string[]): Edits {
  const source = map.source.text;
  const own = map.entries.filter(e => !e.merged);
  if (isShared(map)) return sharing(map);
  if (own.some(e => keyText(e.key) === key)) return undefined;
  if (map.flow) return addToFlow(source, map, own, key, value);
  const last = own.at(-1);
  if (last === undefined) return map.entries.length > 0 ? MERGED : undefined;
  if (last.key.path !== map.path) return undefined;
  const lines = blockEntry(key, value, styleOf(source, map));
  const margin = ' '.repeat(column(source, last.key.start));
  const next = after === undefined ? own.slice(1).find(e => isBefore(key, keyText(e.key))) : undefined;
  if (next !== undefined) {
    const at = aboveComments(source, lineStart(source, next.key.start));
    return [insert(map.path, at, lines.map(line => margin + line + lineEnd(source)).join(''))];
  }
  const previous = after === undefined ? last : (own.findLast(e => after.includes(keyText(e.key))) ?? last);
  const at = endOfEntry(source, previous);
  if (at === undefined) return KEPT_LINES;
  return [insert(map.path, at, lines.map(line => lineEnd(source) + margin + line).join(''))];
}

/** Keys that people look for above others; all the rest goes to the end of its map. */
const usualOrder: readonly (readonly [readonly string[], readonly string[]])[] = [
  [
    ['command', 'args'],
    ['ports', 'env', 'envFrom', 'resources', 'volumeMounts', 'livenessProbe', 'readinessProbe'],
  ],
  [
    ['env', 'envFrom'],
    ['resources', 'volumeMounts'],
  ],
  [['resources'], ['volumeMounts']],
  [
    ['terminationGracePeriodSeconds', 'automountServiceAccountToken'],
    ['initContainers', 'containers', 'volumes'],
  ],
  [['requests'], ['limits']],
];

function isBefore(key: string, other: string): boolean {
  return usualOrder.some(([keys, others]) => keys.includes(key) && others.includes(other));
}

/** Sets the value under a path of keys, making the maps that are missing on the way. */
export function setPath(map: MapNode, path: readonly string[], value: Yaml): Edits {
  const [key, ...rest] = path;
  const source = map.source.text;
  if (key === undefined) return undefined;
  const nested = rest.reduceRight<Yaml>((inner, step) => ({ [step]: inner }), value);
  const found = entry(map, key);
  if (found === undefined) return addKey(map, key, nested);
  // A key of its own wins over a merged one, but a map of its own would hide the rest of a merged one.
  if (found.merged) return rest.length === 0 ? addKey(map, key, value) : MERGED;
  if (found.alias !== undefined) return aliased(key, found);
  if (isShared(map)) return sharing(map);
  if (found.value.kind === 'map' && rest.length > 0) return setPath(found.value, rest, value);
  if (found.value.kind !== 'scalar') return undefined;
  if (rest.length > 0 || typeof value === 'object') {
    return found.value.text === '' && found.value.style === 'plain' ? setEmpty(source, found.value, nested) : undefined;
  }
  return setScalar(found.value, value);
}

/** Adds an item at the end of a sequence, in the sequence's own style. */
export function addItem(seq: SeqNode, value: Yaml): Edits {
  const source = seq.source.text;
  if (isShared(seq)) return sharing(seq);
  const last = seq.items.at(-1);
  if (seq.flow) {
    const written = isJson(seq) ? JSON.stringify(value) : flowText(value);
    if (last === undefined) return fillEmpty(source, seq, [written], blockItem(value, styleOf(source, seq)));
    if (last.path !== seq.path) return undefined;
    return [insert(seq.path, last.end, separator(source, seq, last.start) + written)];
  }
  const dash = last === undefined ? -1 : source.lastIndexOf('-', last.start - 1);
  if (last?.anchor !== undefined) return sharing(last);
  if (last === undefined || last.path !== seq.path) return undefined;
  if (dash < seq.start) return { hindrance: 'its last item is an alias' };
  const margin = ' '.repeat(column(source, dash));
  const lines = blockItem(value, styleOf(source, seq));
  const at = endOfLine(source, endOfContent(source, last));
  return [insert(seq.path, at, lines.map(line => lineEnd(source) + margin + line).join(''))];
}

/** Adds an item to the sequence under a path of keys, making what is missing on the way. */
export function addItemAt(map: MapNode, path: readonly string[], value: Yaml): Edits {
  let here: MapNode = map;
  for (const [index, key] of path.entries()) {
    const found = entry(here, key);
    if (found === undefined || found.value.kind === 'scalar') return setPath(here, path.slice(index), [value]);
    if (found.merged) return MERGED;
    if (found.alias !== undefined) return aliased(key, found);
    if (found.value.kind === 'seq') return index === path.length - 1 ? addItem(found.value, value) : undefined;
    here = found.value;
  }
  return undefined;
}

/** Writes another name for a key; undefined where the map already has it. */
export function renameKey(map: MapNode, key: string, name: string): Edits {
  const found = map.entries.find(e => !e.merged && keyText(e.key) === key);
  if (found === undefined) return entry(map, key)?.merged === true ? MERGED : undefined;
  if (isShared(map)) return sharing(map);
  if (entry(map, name) !== undefined) return undefined;
  return [{ path: map.path, start: found.key.start, end: found.key.end, text: asWritten(found.key, name) }];
}

/** Adds a document behind the one that `root` is; undefined for JSON and for an object inside a List. */
export function insertDocument(root: MapNode, value: Yaml): Edits {
  const source = root.source.text;
  if (root.flow || root.parent !== undefined) return undefined;
  const eol = lineEnd(source);
  const body = blockLines(value, styleOf(source, root))
    .map(line => line + eol)
    .join('');
  const next = /^(?:---(?=\s|$)|\.\.\.\s*$)/gm;
  next.lastIndex = root.end;
  const at = next.exec(source)?.index;
  if (at !== undefined) return source[at] === '-' ? [insert(root.path, at, `---${eol}${body}`)] : undefined;
  const open = source.endsWith('\n') ? '' : eol;
  return [insert(root.path, source.length, `${open}---${eol}${body}`)];
}

function addToFlow(source: string, map: MapNode, own: readonly Entry[], key: string, value: Yaml): Edits {
  const json = isJson(map);
  const last = own.at(-1);
  if (last === undefined) {
    if (map.entries.length > 0) return MERGED;
    const inner = json ? `${JSON.stringify(key)}: ${JSON.stringify(value)}` : `${scalarText(key)}: ${flowText(value)}`;
    return fillEmpty(source, map, [json ? inner : ` ${inner} `], blockEntry(key, value, styleOf(source, map)));
  }
  const name = json || last.key.style === 'double' ? JSON.stringify(key) : scalarText(key);
  const between = source.slice(last.key.end, last.value.start);
  const colon = /^\s*:[ ]*$/.test(between) ? between : ': ';
  const lead = separator(source, map, last.key.start);
  const margin = /\n([ \t]*)$/.exec(lead)?.[1];
  const pretty =
    margin !== undefined ? JSON.stringify(value, null, 2).replaceAll('\n', lineEnd(source) + margin) : undefined;
  const written = json ? (pretty ?? JSON.stringify(value)) : flowText(value);
  return [insert(map.path, endOf(last), `${lead}${name}${colon}${written}`)];
}

/** What stands between two items of a flow collection: a comma and a blank, or a comma and a new line. */
function separator(source: string, node: MapNode | SeqNode, lastStart: number): string {
  const line = lineStart(source, lastStart);
  const lead = source.slice(line, lastStart);
  if (line > node.start && /^[ \t]*$/.test(lead)) return `,${lineEnd(source)}${lead}`;
  return /^[^\n]*,\S/.test(source.slice(node.start, node.end)) ? ',' : ', ';
}

/** Fills `{}` or `[]`: in place inside flow style and JSON, as a block below its key otherwise. */
function fillEmpty(source: string, node: MapNode | SeqNode, inner: readonly string[], block: readonly string[]): Edits {
  const { parent, path } = node;
  const own =
    parent?.kind === 'map' && !parent.flow ? parent.entries.find(e => e.value === node && !e.merged) : undefined;
  if (own === undefined || isJson(node)) {
    return remove(source, path, { start: node.start + 1, end: node.end - 1 }, inner.join(''));
  }
  const style = styleOf(source, node);
  const margin = ' '.repeat(column(source, own.key.start) + (node.kind === 'seq' ? style.dash : style.step));
  const start = own.key.end + 1;
  return remove(source, path, { start, end: node.end }, block.map(line => lineEnd(source) + margin + line).join(''));
}
