/**
 * The constructors of edits in YAML and JSON. Each returns the edits, or undefined where an alias, a merge key, a
 * placeholder or a multi-line scalar is in the way. Nothing outside the edit changes: comments, quotes, order and line
 * ends stay. Edits of settings files, pg_hba.conf and Dockerfiles are in `line-edits.ts`.
 */
import type { Fix, Location, TextEdit } from '../types.ts';
import {
  type Entry,
  type MapNode,
  type Node,
  type ScalarNode,
  type SeqNode,
  entry,
  isPlaceholder,
  keyText,
} from '../yaml/node.ts';
import { type BlockStyle, type Yaml, blockEntry, blockItem, blockLines, flowText, scalarText } from './yaml-text.ts';

export type { Yaml };

/** What a constructor returns: undefined where there is no safe way to write it. */
export type Edits = readonly TextEdit[] | undefined;

/** A fix of one or several edits, all or nothing: undefined as soon as one of them is. */
export function fix(about: Omit<Fix, 'edits'>, ...edits: readonly Edits[]): Fix | undefined {
  const all: TextEdit[] = [];
  for (const some of edits) {
    if (some === undefined) return undefined;
    all.push(...some);
  }
  return all.length === 0 ? undefined : { ...about, edits: all };
}

/** Writes another value in place of a scalar. A string keeps the quotes that are there; a number or boolean has none. */
export function setScalar(node: ScalarNode, value: string | number | boolean): Edits {
  const source = node.source.text;
  if (isShared(node) || isPlaceholder(node.text)) return undefined;
  if (node.style === 'literal' || node.style === 'folded') return undefined;
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
  if (isShared(map) || own.some(e => keyText(e.key) === key)) return undefined;
  if (map.flow) return addToFlow(source, map, own, key, value);
  const last = own.at(-1);
  if (last === undefined || last.key.path !== map.path) return undefined;
  const lines = blockEntry(key, value, styleOf(source, map));
  const margin = ' '.repeat(column(source, last.key.start));
  const next = after === undefined ? own.slice(1).find(e => isBefore(key, keyText(e.key))) : undefined;
  if (next !== undefined) {
    const at = aboveComments(source, lineStart(source, next.key.start));
    return [insert(map.path, at, lines.map(line => margin + line + lineEnd(source)).join(''))];
  }
  const previous = after === undefined ? last : (own.findLast(e => after.includes(keyText(e.key))) ?? last);
  const at = endOfEntry(source, previous);
  if (at === undefined) return undefined;
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
  if (found.merged) return rest.length === 0 ? addKey(map, key, value) : undefined;
  if (found.alias !== undefined || isShared(map)) return undefined;
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
  if (isShared(seq)) return undefined;
  const last = seq.items.at(-1);
  if (seq.flow) {
    const written = isJson(seq) ? JSON.stringify(value) : flowText(value);
    if (last === undefined) return fillEmpty(source, seq, [written], blockItem(value, styleOf(source, seq)));
    if (last.path !== seq.path) return undefined;
    return [insert(seq.path, last.end, separator(source, seq, last.start) + written)];
  }
  const dash = last === undefined ? -1 : source.lastIndexOf('-', last.start - 1);
  if (last === undefined || last.path !== seq.path || dash < seq.start || last.anchor !== undefined) return undefined;
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
    if (found.merged || found.alias !== undefined) return undefined;
    if (found.value.kind === 'seq') return index === path.length - 1 ? addItem(found.value, value) : undefined;
    here = found.value;
  }
  return undefined;
}

/** Takes an entry away with its lines; undefined where a comment would go with it. The last one leaves `{}`. */
export function removeEntry(map: MapNode, key: string): Edits {
  const source = map.source.text;
  const own = map.entries.filter(e => !e.merged);
  const index = own.findIndex(e => keyText(e.key) === key);
  const found = own[index];
  if (found === undefined || isShared(map) || holdsAnchor(found)) return undefined;
  const [before, next] = [own[index - 1], own[index + 1]];
  const start = found.key.start;
  let range: { start: number; end: number };
  if (map.flow) {
    if (next !== undefined) range = { start, end: next.key.start };
    else if (before !== undefined) range = { start: endOf(before), end: endOf(found) };
    else range = { start: map.start + 1, end: map.end - 1 };
  } else if (before === undefined && next === undefined) {
    const end = endOfEntry(source, found);
    return end === undefined ? undefined : remove(source, map.path, { start, end }, '{}');
  } else if (before === undefined && next !== undefined) {
    range = { start, end: next.key.start };
  } else {
    const end = endOfEntry(source, found);
    if (end === undefined) return undefined;
    range = { start: lineStart(source, start) - 1, end };
    if (source[range.start - 1] === '\r') range.start--;
  }
  return remove(source, map.path, range, '');
}

function remove(source: string, path: string, range: { start: number; end: number }, text: string): Edits {
  // A `#` inside a quoted value refuses too: better no fix than a lost comment.
  return /(?:^|\s)#/m.test(source.slice(range.start, range.end)) ? undefined : [{ path, ...range, text }];
}

/** Writes another name for a key; undefined where the map already has it. */
export function renameKey(map: MapNode, key: string, name: string): Edits {
  const found = map.entries.find(e => !e.merged && keyText(e.key) === key);
  if (found === undefined || isShared(map) || entry(map, name) !== undefined) return undefined;
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
    if (map.entries.length > 0) return undefined;
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

/** Whether an edit here would also change another place, or be changed from one: it lies under an anchor. */
function isShared(node: Node): boolean {
  for (let here: Node | undefined = node; here !== undefined; here = here.parent) {
    if (here.anchor !== undefined) return true;
  }
  return false;
}

/** Whether other places repeat something of an entry, so that it cannot go. */
function holdsAnchor({ value, alias }: Entry): boolean {
  return alias === undefined && hasAnchor(value);
}

function hasAnchor(node: Node): boolean {
  if (node.anchor !== undefined) return true;
  if (node.kind === 'map') return node.entries.some(e => !e.merged && holdsAnchor(e));
  return node.kind === 'seq' && node.items.some((item, i) => node.aliases?.has(i) !== true && hasAnchor(item));
}

/** Whether the node is written as JSON: flow style down from its root, keys in double quotes. */
function isJson(node: Node): boolean {
  let root: Node = node;
  while (root.parent !== undefined) root = root.parent;
  if (root.kind === 'map') return root.flow && root.entries.every(e => e.key.style === 'double');
  return (
    root.kind === 'seq' && root.flow && root.items.some(item => item !== node && isJson({ ...item, parent: undefined }))
  );
}

/** The style of the blocks around a node: its map's own step, and the dashes as the file already sets them. */
function styleOf(source: string, node: Node): BlockStyle {
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

function endOf({ key, value, alias }: Entry): number {
  if (alias !== undefined) return alias.end;
  return Math.max(value.end, key.end);
}

/** The end of the last line of an entry; undefined for a block scalar that keeps its trailing blank lines. */
function endOfEntry(source: string, item: Entry): number | undefined {
  const { key, value } = item;
  const block = value.kind === 'scalar' && (value.style === 'literal' || value.style === 'folded');
  if (block && /^[|>]\d*\+/.test(source.slice(value.start, value.end))) return undefined;
  const end = endOf(item);
  return endOfLine(source, block || value.kind !== 'scalar' ? Math.max(key.end, trimmed(source, end)) : end);
}

function endOfContent(source: string, node: Node): number {
  return node.kind === 'scalar' && node.text === '' ? node.start : trimmed(source, node.end);
}

function trimmed(source: string, end: number): number {
  let last = end;
  while (last > 0 && /\s/.test(source[last - 1] ?? '')) last--;
  return last;
}

function endOfLine(source: string, offset: number): number {
  const next = source.indexOf('\n', offset);
  if (next < 0) return source.length;
  return source[next - 1] === '\r' ? next - 1 : next;
}

function lineStart(source: string, offset: number): number {
  return source.lastIndexOf('\n', offset - 1) + 1;
}

/** The start of the comment lines right above a line, which belong to it. */
function aboveComments(source: string, line: number): number {
  let start = line;
  while (start > 0) {
    const before = lineStart(source, start - 1);
    if (!/^[ \t]*#/.test(source.slice(before, start))) break;
    start = before;
  }
  return start;
}

function column(source: string, offset: number): number {
  return offset - lineStart(source, offset);
}

function lineEnd(source: string): string {
  return source.includes('\r\n') ? '\r\n' : '\n';
}

function insert(path: Location['path'], at: number, text: string): TextEdit {
  return { path, start: at, end: at, text };
}
