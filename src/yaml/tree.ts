/** From js-yaml's events to nodes with exact ranges, in one pass. */
import { type Event, EVENT_ID, SCALAR_STYLE, COLLECTION_STYLE, type ScalarEvent, getScalarValue } from 'js-yaml';
import type { Location, Source } from '../types.ts';
import { type Merge, isMergeKey, mergeInto } from './aliases.ts';
import { type Comment, endOfLine, readGap, skipToToken } from './comments.ts';
import { decodeDoubleQuoted } from './double-quoted.ts';
import { blockIndentTab, flowPlainFault, indentingTab } from './plain.ts';
import type { Entry, MapNode, Node, ScalarNode, SeqNode } from './node.ts';
import { type YamlProblem, duplicateKey, placeOf, refusal, short } from './problem.ts';
import { type Resolution, jsonKey, jsonValue, resolvePlain, resolveTagged } from './scalar.ts';

/** Collections and aliases nested deeper than this are not read: what walks the tree may recurse. */
export const MOST_DEPTH = 1000;

/** Beyond so many merged entries a document is refused for its aliases whatever else it holds. */
const MOST_MERGED = 1_000_000;

type Draft<T> = { -readonly [K in keyof T]: T[K] };

export interface Tree {
  readonly root: Node | undefined;
  readonly problems: readonly YamlProblem[];
  /** The merge keys of each map, for counting what aliases expand to. */
  readonly merges: ReadonlyMap<MapNode, readonly Merge[]>;
  readonly hasAliases: boolean;
  /** How deep the document nests, aliases expanded. */
  readonly height: number;
  /** More is merged than any document may merge: not all merged entries are there. */
  readonly overflow: boolean;
}

interface Frame {
  readonly node: Draft<MapNode> | Draft<SeqNode>;
  readonly entries: Entry[];
  readonly items: Node[];
  readonly aliases: Map<number, Location>;
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
  source: Source,
  text: string,
  base: number,
  events: readonly Event[],
  relaxed: boolean,
  comments: Comment[],
): Tree {
  const { path } = source;
  const problems: YamlProblem[] = [];
  const frames: Frame[] = [];
  const anchors = new Map<string, Draft<Node>>();
  /** How deep the collections with an anchor nest. */
  const heights = new Map<Node, number>();
  let mergeRoom = MOST_MERGED;
  let height = 0;
  let overflow = false;
  const open = new Set<Node>();
  const merges = new Map<MapNode, readonly Merge[]>();
  let hasAliases = false;
  let root: Node | undefined;
  /** Everything before it has been read. */
  let cursor = 0;
  let fresh = true;
  /** Where a plain scalar has just ended, the start of its block: the scalar might go on, and takes tabs behind that column. */
  let plainBlock: number | undefined;

  const location = (start: number, end: number): Location => ({ path, start: base + start, end: base + end });
  const refuse = (at: Location, message: string, related?: Location): void => {
    problems.push(refusal(placeOf(at), message, related && placeOf(related)));
  };

  const advance = (to: number): void => {
    if (to <= cursor) return;
    const tab = readGap({ path, text, base, start: cursor, end: to }, fresh, comments);
    const inFlow = frames.at(-1)?.node.flow ?? false;
    const goesOn = tab >= 0 && plainBlock !== undefined && text.slice(cursor, tab).trim() === '';
    const isRefused = goesOn ? column(tab) <= column(plainBlock ?? 0) : !inFlow;
    if (tab >= 0 && isRefused) {
      refuseTab(tab);
    }
    cursor = to;
    fresh = false;
    plainBlock = undefined;
  };

  const column = (offset: number): number =>
    offset - 1 - Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1));

  const blockStart = (): number | undefined => {
    const block = frames.findLast(frame => !frame.node.flow);
    return block === undefined ? undefined : block.node.start - base;
  };

  const nameAnchor = (node: Draft<Node>, start: number, end: number): void => {
    if (start < 0) return;
    const name = text.slice(start, end);
    if (!isAnchorName(name, text[end])) refuse(location(start, end), badAnchor(name));
    anchors.set(name, node);
    heights.set(node, 0);
  };

  /** A scalar in the place of what cannot stand there. */
  const standIn = (at: Location, written: string, holder: MapNode | SeqNode | undefined): ScalarNode => ({
    kind: 'scalar',
    ...at,
    source,
    parent: holder,
    anchor: undefined,
    value: written,
    text: written,
    style: 'plain',
  });

  const parent = (): MapNode | SeqNode | undefined => frames.at(-1)?.node;
  const awaitsKey = (frame: Frame | undefined): frame is Frame =>
    frame !== undefined && frame.node.kind === 'map' && frame.key === undefined;

  /** Puts a node into the open collection. `end` is where its text ends, for aliases the alias's. */
  const add = (node: Node, end: number, nodeHeight: number, alias: Location | undefined): void => {
    const frame = frames.at(-1);
    if (frame === undefined) {
      root = node;
      height = nodeHeight;
      return;
    }
    frame.last = Math.max(frame.last, end);
    frame.height = Math.max(frame.height, nodeHeight);
    if (frame.node.kind === 'seq') {
      if (alias !== undefined) {
        frame.aliases.set(frame.items.length, alias);
        frame.node.aliases = frame.aliases;
      }
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
      const fault = mergeInto(frame.entries, merge, mergeRoom);
      mergeRoom -= frame.entries.length - merge.before;
      if (mergeRoom <= 0) overflow = true;
      if (fault !== undefined) refuse(alias ?? node, fault);
      return;
    }
    frame.entries.push({ key, value: node, merged: false, alias });
  };

  const addKey = (frame: Frame, node: Node, alias: Location | undefined): void => {
    const at = alias ?? { path, start: node.start, end: node.end };
    if (node.kind !== 'scalar') {
      refuse(at, 'a map or a list stands as a key, so kubectl refuses the document');
      const written = text.slice(at.start - base, at.end - base);
      frame.key = standIn(at, written, frame.node);
      frame.isMerge = false;
      return;
    }
    const key = jsonKey(node.value, node.text);
    if ('refusal' in key) refuse(at, `${key.refusal}, so kubectl refuses the document`);
    const value = 'refusal' in key ? node.text : key.value;
    frame.key = { ...node, ...at, parent: frame.node, value };
    frame.isMerge = frame.key.text === '<<' && mergeKey === node;
    checkSimpleKey(frame.key, keyStart);
    if (frame.isMerge) return;
    const first = frame.keys.get(value);
    if (first !== undefined) problems.push(duplicateKey(value, frame.key, first));
    frame.keys.set(value, frame.key);
  };
  let mergeKey: Node | undefined;
  /** Where the scalar or alias read last begins, its tag and anchor included. */
  let keyStart = 0;

  /** A key without `?` stands on one line with its colon, and within 1,024 characters. */
  const checkSimpleKey = (key: ScalarNode, start: number): void => {
    let colon = key.end - base;
    while (text[colon] === ' ' || text[colon] === '\t') colon++;
    if (key.style === 'plain' && text[colon] === ':' && /[[{]/.test(text[colon + 1] ?? '')) {
      refuse(key, 'a key and its value stand together without a space, so kubectl refuses the document');
    }
    if (text[colon] === ':' && colon - start <= 1024 && !((relaxed || frames.at(-1)?.node.flow) && /[\r\n]/.test(text.slice(start, colon)))) return;
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
    const content =
      style === 'double' && !(event.fast && !relaxed)
        ? decoded(event)
        : getScalarValue(text, relaxed ? { ...event, fast: false } : event);
    if (style === 'plain' && event.valueStart >= 0) checkPlain(event, content);
    if (style === 'literal' || style === 'folded') checkIndentation(event, start);
    const resolved: Resolution =
      tag !== undefined ? resolveTagged(tag, content) : { value: style === 'plain' ? resolvePlain(content) : content };
    const value = 'refusal' in resolved || isKey ? resolved : jsonValue(resolved.value);
    if ('refusal' in value) refuse(location(start, end), `${value.refusal}, so kubectl refuses the document`);
    const node: Draft<ScalarNode> = {
      kind: 'scalar',
      source,
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
    const tagged = [event.tagStart, event.anchorStart - 1].filter(offset => offset >= 0);
    keyStart = Math.min(start, ...tagged);
    mergeKey = isKey && content === '<<' && isMergeKey(tag, style) ? node : undefined;
    cursor = Math.max(cursor, behind);
    fresh = event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK;
    plainBlock = style === 'plain' && event.valueStart >= 0 ? blockStart() : undefined;
    add(node, node.end, 0, undefined);
  };

  const decoded = ({ valueStart, valueEnd }: ScalarEvent): string => {
    const { text: inside, fault } = decodeDoubleQuoted(text.slice(valueStart, valueEnd));
    if (fault !== undefined) {
      const at = location(valueStart + fault.start, valueStart + fault.end);
      const escape = text.slice(valueStart + fault.start, valueStart + fault.end);
      refuse(at, `"${escape}" is no escape sequence of YAML, so kubectl refuses the document`);
    }
    return inside;
  };

  const refuseTab = (tab: number): void =>
    refuse(location(tab, tab + 1), 'a tab stands where only spaces may indent, so kubectl refuses the document');

  const checkPlain = ({ valueStart, valueEnd, fast }: ScalarEvent, content: string): void => {
    const fault = frames.at(-1)?.node.flow === true ? flowPlainFault(content) : undefined;
    if (fault !== undefined) refuse(location(valueStart, valueEnd), `${fault}, so kubectl refuses the document`);
    if (fast && !relaxed) return;
    const block = blockStart();
    const tab = block === undefined ? -1 : indentingTab(text.slice(valueStart, valueEnd), column(block));
    if (tab >= 0) refuseTab(valueStart + tab);
  };

  const checkIndentation = ({ valueStart, valueEnd }: ScalarEvent, start: number): void => {
    const header = text.slice(start, endOfLine(text, start));
    const tab = /^[|>][-+]?[1-9]/.test(header) ? -1 : blockIndentTab(text, valueStart, valueEnd);
    if (tab >= 0) refuseTab(tab);
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
      aliases: new Map(),
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
    if (heights.has(node)) heights.set(node, frame.height + 1);
    add(node, node.end, frame.height + 1, undefined);
  };

  const alias = (start: number, end: number): void => {
    advance(start - 1);
    cursor = end;
    fresh = false;
    plainBlock = undefined;
    hasAliases = true;
    keyStart = start - 1;
    const name = text.slice(start, end);
    const at = location(start - 1, end);
    const target = anchors.get(name);
    const cyclic = target !== undefined && open.has(target);
    if (!isAnchorName(name, text[end])) refuse(at, badAnchor(name));
    else if (target === undefined) {
      refuse(at, `no anchor "&${name}" stands before this alias in its document, so kubectl refuses the document`);
    } else if (cyclic) {
      refuse(at, `the anchor "&${name}" contains this alias of itself, so kubectl refuses the document`, target);
    } else {
      target.anchor = name;
      add(target, at.end, heights.get(target) ?? 0, at);
      return;
    }
    add(standIn(at, `*${name}`, parent()), at.end, 0, at);
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
        const nested =
          next?.type === EVENT_ID.MAPPING && next.style === COLLECTION_STYLE.FLOW && next.start === event.start;
        const entries: Entry[] = [];
        const at = location(event.start, -1);
        const node: Draft<MapNode> = { kind: 'map', ...at, source, parent: parent(), anchor: undefined, flow, entries };
        nameAnchor(node, event.anchorStart, event.anchorEnd);
        begin(node, entries, [], flow && (nested || text[event.start] !== '{'));
        break;
      }
      case EVENT_ID.SEQUENCE: {
        const flow = event.style === COLLECTION_STYLE.FLOW;
        const items: Node[] = [];
        const at = location(event.start, -1);
        const node: Draft<SeqNode> = { kind: 'seq', ...at, source, parent: parent(), anchor: undefined, flow, items };
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
  return { root, problems, merges, hasAliases, height, overflow };
}

const STYLES = {
  [SCALAR_STYLE.PLAIN]: 'plain',
  [SCALAR_STYLE.SINGLE_QUOTED]: 'single',
  [SCALAR_STYLE.DOUBLE_QUOTED]: 'double',
  [SCALAR_STYLE.LITERAL_BLOCK]: 'literal',
  [SCALAR_STYLE.FOLDED_BLOCK]: 'folded',
} as const;

/** go-yaml wants white space or some punctuation behind the name. */
const isAnchorName = (name: string, next = ' '): boolean => /^[A-Za-z0-9_-]+$/.test(name) && /[\s?:,\]}%@`]/.test(next);
const badAnchor = (name: string): string =>
  `"${short(name)}" is no name for an anchor (letters, digits, - and _), so kubectl refuses the document`;

/** The end of the last line of a block scalar that is not blank; of the header line where all are. */
function endOfBlockText(text: string, start: number, from: number, to: number): number {
  let end = to;
  while (end > from && /\s/.test(text[end - 1] ?? '')) end--;
  return end > from ? endOfLine(text, end) : endOfLine(text, start);
}
