/** From js-yaml's events to nodes with exact ranges, in one pass. */
import { type Event, EVENT_ID, SCALAR_STYLE, COLLECTION_STYLE, type ScalarEvent, getScalarValue } from 'js-yaml';
import type { Location } from '../types.ts';
import { type Merge, isMergeKey, mergeInto } from './aliases.ts';
import { type Comment, endOfLine, readGap, skipToToken } from './comments.ts';
import type { Entry, MapNode, Node, ScalarNode, SeqNode } from './node.ts';
import type { YamlProblem } from './problem.ts';
import { type Resolution, jsonKey, jsonValue, resolvePlain, resolveTagged } from './scalar.ts';

/** Collections and aliases nested deeper than this are not read: what walks the tree may recurse. */
export const MOST_DEPTH = 1000;

type Draft<T> = { -readonly [K in keyof T]: T[K] };

export interface Tree {
  readonly root: Node | undefined;
  readonly problems: readonly YamlProblem[];
  /** The merge keys of each map, for counting what aliases expand to. */
  readonly merges: ReadonlyMap<MapNode, readonly Merge[]>;
  readonly hasAliases: boolean;
}

interface Frame {
  readonly node: Draft<MapNode> | Draft<SeqNode>;
  readonly entries: Entry[];
  readonly items: Node[];
  readonly keys: Map<string, ScalarNode>;
  readonly merges: Merge[];
  /** The key that waits for its value. */
  key: ScalarNode | undefined;
  isMerge: boolean;
  /** `[a: b]`: a map without braces of its own. */
  readonly bare: boolean;
  /** Source offset behind the last child. */
  last: number;
  height: number;
}

/**
 * Builds the tree of one document. `text` is the document's text, `base` its offset in the source;
 * the comments of the document are added to `comments`. `relaxed`: the events come from a relaxed text.
 */
export function buildTree(
  path: string,
  text: string,
  base: number,
  events: readonly Event[],
  relaxed: boolean,
  comments: Comment[],
): Tree {
  const problems: YamlProblem[] = [];
  const frames: Frame[] = [];
  const anchors = new Map<string, { readonly node: Draft<Node>; height: number }>();
  const open = new Set<Node>();
  const merges = new Map<MapNode, readonly Merge[]>();
  let hasAliases = false;
  let root: Node | undefined;
  /** Everything before it has been read. */
  let cursor = 0;
  let fresh = true;
  /** Column behind which a tab is white space: where a plain scalar has just ended, its block's own column. */
  let plainBlock: number | undefined;

  const location = (start: number, end: number): Location => ({ path, start: base + start, end: base + end });
  const refuse = (at: Location, message: string, related?: Location): void => {
    problems.push({ kind: 'refused', at, message, related });
  };

  const advance = (to: number): void => {
    if (to <= cursor) return;
    const tab = readGap({ path, text, base, start: cursor, end: to }, fresh, comments);
    const inFlow = frames.at(-1)?.node.flow ?? false;
    if (tab >= 0 && !inFlow && !(plainBlock !== undefined && isBehind(tab, plainBlock, cursor))) {
      refuse(location(tab, tab + 1), 'a tab stands where only spaces may indent, so kubectl refuses the document');
    }
    cursor = to;
    fresh = false;
    plainBlock = undefined;
  };

  /** A tab is white space to a plain scalar that might go on, until a comment ends it. */
  const isBehind = (tab: number, block: number, from: number): boolean =>
    !text.slice(from, tab).includes('#') && column(tab) > column(block);
  const column = (offset: number): number =>
    offset - 1 - Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1));

  const nameAnchor = (node: Draft<Node>, start: number, end: number): void => {
    if (start < 0) return;
    const name = text.slice(start, end);
    if (!isAnchorName(name)) refuse(location(start, end), badAnchor(name));
    anchors.set(name, { node, height: 0 });
  };

  const parent = (): MapNode | SeqNode | undefined => frames.at(-1)?.node;
  const awaitsKey = (frame: Frame | undefined): frame is Frame =>
    frame !== undefined && frame.node.kind === 'map' && frame.key === undefined;

  /** Puts a node into the open collection. `end` is where its text ends, for aliases the alias's. */
  const add = (node: Node, end: number, height: number, alias: Location | undefined): void => {
    const frame = frames.at(-1);
    if (frame === undefined) {
      root = node;
      return;
    }
    frame.last = Math.max(frame.last, end);
    frame.height = Math.max(frame.height, height);
    if (frame.node.kind === 'seq') {
      frame.items.push(node);
      return;
    }
    if (frame.key === undefined) {
      addKey(frame, node, alias);
      return;
    }
    const key = frame.key;
    frame.key = undefined;
    if (frame.isMerge) {
      const merge: Merge = { before: frame.entries.length, value: node, alias, at: key };
      frame.merges.push(merge);
      const fault = mergeInto(frame.entries, merge);
      if (fault !== undefined) refuse(alias ?? node, fault);
      return;
    }
    frame.entries.push({ key, value: node, merged: false, alias });
  };

  const addKey = (frame: Frame, node: Node, alias: Location | undefined): void => {
    const at = alias ?? { path, start: node.start, end: node.end };
    if (node.kind !== 'scalar') {
      refuse(at, 'a map or a list stands as a key, so kubectl refuses the document');
      const source = text.slice(at.start - base, at.end - base);
      frame.key = { ...at, kind: 'scalar', parent: frame.node, anchor: undefined, value: source, text: source, style: 'plain' };
      frame.isMerge = false;
      return;
    }
    const key = jsonKey(node.value, node.text);
    if ('refusal' in key) refuse(at, `${key.refusal}, so kubectl refuses the document`);
    const value = 'refusal' in key ? node.text : key.value;
    frame.key = { ...node, ...at, parent: frame.node, value };
    frame.isMerge = frame.key.text === '<<' && mergeKey === node;
    checkSimpleKey(frame.key);
    if (frame.isMerge) return;
    const first = frame.keys.get(value);
    if (first !== undefined) {
      const message = `the key "${short(value)}" stands twice in this map, and kubectl keeps only the last`;
      problems.push({ kind: 'duplicate-key', at: frame.key, message, related: first });
    }
    frame.keys.set(value, frame.key);
  };
  let mergeKey: Node | undefined;

  /** A key without `?` stands on one line with its colon, and within 1,024 characters. */
  const checkSimpleKey = (key: ScalarNode): void => {
    const start = key.start - base;
    let colon = key.end - base;
    while (text[colon] === ' ' || text[colon] === '\t') colon++;
    if (text[colon] === ':' && colon - start <= 1024 && !(relaxed && /[\r\n]/.test(text.slice(start, colon)))) return;
    if (text[colon] !== ':') {
      colon = skipToToken(text, colon);
      if (text[colon] !== ':') return;
    }
    let before = start - 1;
    while (before >= 0 && /\s/.test(text[before] ?? '')) before--;
    if (text[before] === '?') return;
    const long = colon - start > 1024;
    const fault = long ? 'a key is longer than 1,024 characters' : 'a key and its colon stand on different lines';
    refuse(key, `${fault}, so kubectl refuses the document`);
  };

  const scalar = (event: ScalarEvent): void => {
    const frame = frames.at(-1);
    const isKey = awaitsKey(frame);
    const tag = event.tagStart < 0 ? undefined : text.slice(event.tagStart, event.tagEnd);
    const style = STYLES[event.style];
    const [start, end, behind] = range(event, frame, isKey);
    advance(start);
    const content = getScalarValue(text, relaxed ? { ...event, fast: false } : event);
    const resolved: Resolution =
      tag !== undefined ? resolveTagged(tag, content) : { value: style === 'plain' ? resolvePlain(content) : content };
    const value = 'refusal' in resolved || isKey ? resolved : jsonValue(resolved.value);
    if ('refusal' in value) refuse(location(start, end), `${value.refusal}, so kubectl refuses the document`);
    const node: Draft<ScalarNode> = {
      kind: 'scalar',
      path,
      start: base + start,
      end: base + end,
      parent: frame?.node,
      anchor: undefined,
      value: 'refusal' in value ? content : value.value,
      text: content,
      style,
    };
    nameAnchor(node, event.anchorStart, event.anchorEnd);
    mergeKey = isKey && content === '<<' && isMergeKey(tag, style) ? node : undefined;
    cursor = Math.max(cursor, behind);
    fresh = event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK;
    plainBlock = style === 'plain' && frame !== undefined && !frame.node.flow ? frame.node.start - base : undefined;
    add(node, node.end, 0, undefined);
  };

  /** Start and end of a scalar's node, and where the text behind it begins. */
  const range = (event: ScalarEvent, frame: Frame | undefined, isKey: boolean): readonly [number, number, number] => {
    const { valueStart, valueEnd, style } = event;
    const properties = Math.max(event.tagEnd, event.anchorEnd, cursor);
    if (style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED) {
      return [valueStart - 1, valueEnd + 1, valueEnd + 1];
    }
    if (style === SCALAR_STYLE.PLAIN) {
      if (valueStart >= 0) return [valueStart, valueEnd, valueEnd];
      if (event.tagEnd >= 0 || event.anchorEnd >= 0) return [properties, properties, properties];
      const next = skipToToken(text, cursor);
      const mark = frame === undefined || isKey ? '' : frame.node.kind === 'seq' ? '-' : ':';
      const at = isKey ? next : mark !== '' && text[next] === mark ? next + 1 : cursor;
      return [at, at, at];
    }
    let start = skipToToken(text, properties);
    while (text[start] === '-' || text[start] === ':' || text[start] === '?') start = skipToToken(text, start + 1);
    return [start, endOfBlockText(text, start, valueStart, valueEnd), valueEnd];
  };

  const begin = (node: Draft<MapNode> | Draft<SeqNode>, entries: Entry[], items: Node[], bare: boolean): void => {
    const start = node.start - base;
    advance(start);
    cursor = node.flow && !bare ? start + 1 : start;
    fresh = !node.flow;
    open.add(node);
    frames.push({
      node,
      entries,
      items,
      keys: new Map(),
      merges: [],
      key: undefined,
      isMerge: false,
      bare,
      last: base + cursor,
      height: 0,
    });
  };

  const finish = (): void => {
    const frame = frames.at(-1);
    if (frame === undefined) return;
    const { node } = frame;
    if (node.flow && !frame.bare) {
      let bracket = skipToToken(text, cursor);
      while (text[bracket] === ',' || text[bracket] === ':' || text[bracket] === '?') {
        bracket = skipToToken(text, bracket + 1);
      }
      advance(bracket + 1);
      node.end = base + bracket + 1;
    } else node.end = frame.last;
    frames.pop();
    open.delete(node);
    if (node.kind === 'map' && frame.merges.length > 0) merges.set(node, frame.merges);
    for (const anchored of anchors.values()) if (anchored.node === node) anchored.height = frame.height + 1;
    add(node, node.end, frame.height + 1, undefined);
  };

  const alias = (start: number, end: number): void => {
    advance(start - 1);
    cursor = end;
    hasAliases = true;
    const name = text.slice(start, end);
    const at = location(start - 1, end);
    const target = anchors.get(name);
    const cyclic = target !== undefined && open.has(target.node);
    if (!isAnchorName(name)) refuse(at, badAnchor(name));
    else if (target === undefined) {
      refuse(at, `no anchor "&${name}" stands before this alias in its document, so kubectl refuses the document`);
    } else if (cyclic) {
      refuse(at, `the anchor "&${name}" contains this alias of itself, so kubectl refuses the document`, target.node);
    } else {
      target.node.anchor = name;
      add(target.node, at.end, target.height, at);
      return;
    }
    const text_ = `*${name}`;
    const stand: ScalarNode = {
      ...at,
      kind: 'scalar',
      parent: parent(),
      anchor: undefined,
      value: text_,
      text: text_,
      style: 'plain',
    };
    add(stand, at.end, 0, at);
  };

  for (const [index, event] of events.entries()) {
    switch (event.type) {
      case EVENT_ID.SCALAR:
        scalar(event);
        break;
      case EVENT_ID.ALIAS:
        alias(event.anchorStart, event.anchorEnd);
        break;
      case EVENT_ID.MAPPING: {
        const flow = event.style === COLLECTION_STYLE.FLOW;
        const next = events[index + 1];
        const nested = next?.type === EVENT_ID.MAPPING && next.style === COLLECTION_STYLE.FLOW && next.start === event.start;
        const entries: Entry[] = [];
        const at = location(event.start, -1);
        const node: Draft<MapNode> = { kind: 'map', ...at, parent: parent(), anchor: undefined, flow, entries };
        nameAnchor(node, event.anchorStart, event.anchorEnd);
        begin(node, entries, [], flow && (nested || text[event.start] !== '{'));
        break;
      }
      case EVENT_ID.SEQUENCE: {
        const flow = event.style === COLLECTION_STYLE.FLOW;
        const items: Node[] = [];
        const at = location(event.start, -1);
        const node: Draft<SeqNode> = { kind: 'seq', ...at, parent: parent(), anchor: undefined, flow, items };
        nameAnchor(node, event.anchorStart, event.anchorEnd);
        begin(node, [], items, false);
        break;
      }
      case EVENT_ID.POP:
        if (frames.length > 0) finish();
        break;
      default:
    }
  }
  advance(text.length);
  return { root, problems, merges, hasAliases };
}

const STYLES = {
  [SCALAR_STYLE.PLAIN]: 'plain',
  [SCALAR_STYLE.SINGLE_QUOTED]: 'single',
  [SCALAR_STYLE.DOUBLE_QUOTED]: 'double',
  [SCALAR_STYLE.LITERAL_BLOCK]: 'literal',
  [SCALAR_STYLE.FOLDED_BLOCK]: 'folded',
} as const;

const isAnchorName = (name: string): boolean => /^[A-Za-z0-9_-]+$/.test(name);
const badAnchor = (name: string): string =>
  `"${short(name)}" is no name for an anchor (letters, digits, - and _), so kubectl refuses the document`;
const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);

/** The end of the last line of a block scalar that is not blank; of the header line where all are. */
function endOfBlockText(text: string, start: number, from: number, to: number): number {
  let end = to;
  while (end > from && /\s/.test(text[end - 1] ?? '')) end--;
  return end > from ? endOfLine(text, end) : endOfLine(text, start);
}
