/** From js-yaml's events to nodes with exact ranges, in one pass. */
import {
  COLLECTION_STYLE,
  EVENT_ID,
  type Event,
  type MappingEvent,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml';
import type { Location, Source } from '../types.ts';
import { type Merge, isMergeKey, mergeInto, mergeSize } from './aliases.ts';
import { type Builder, type Draft, type Frame, advance, location, moveTo, refuse, standIn } from './builder.ts';
import { type Comment, skipToToken } from './comments.ts';
import { addKey, checkAnchorName, nameAnchor } from './keys.ts';
import type { Entry, MapNode, Node, SeqNode } from './node.ts';
import type { YamlProblem } from './problem.ts';
import { scalarNode, scalarRange } from './scalar-node.ts';

/** Beyond so many merged entries a document is refused for its aliases whatever else it holds. */
const MOST_MERGED = 1_000_000;

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
  const builder: Builder = {
    source,
    text,
    base,
    relaxed,
    comments,
    problems: [],
    frames: [],
    anchors: new Map(),
    heights: new Map(),
    open: new Set(),
    merges: new Map(),
    mergeRoom: MOST_MERGED,
    hasAliases: false,
    root: undefined,
    height: 0,
    cursor: 0,
    fresh: true,
    plainBlock: undefined,
  };
  for (let index = 0; index < events.length; index++) read(builder, events, index);
  advance(builder, text.length);
  const { root, problems, merges, hasAliases, height, mergeRoom } = builder;
  return { root, problems, merges, hasAliases, height, overflow: mergeRoom <= 0 };
}

function read(builder: Builder, events: readonly Event[], index: number): void {
  const event = events[index];
  switch (event?.type) {
    case EVENT_ID.SCALAR:
      return readScalar(builder, event);
    case EVENT_ID.ALIAS:
      return readAlias(builder, event.anchorStart, event.anchorEnd);
    case EVENT_ID.MAPPING:
      return beginMap(builder, event, events[index + 1]);
    case EVENT_ID.SEQUENCE:
      return beginSeq(builder, event);
    case EVENT_ID.POP:
      return finish(builder);
    default:
  }
}

const awaitsKey = (frame: Frame | undefined): boolean => frame?.node.kind === 'map' && frame.key === undefined;

function readScalar(builder: Builder, event: ScalarEvent): void {
  const frame = builder.frames.at(-1);
  const isKey = awaitsKey(frame);
  const range = scalarRange(builder, event, frame, isKey);
  advance(builder, range.start);
  const node = scalarNode(builder, event, range, isKey);
  nameAnchor(builder, node, event.anchorStart, event.anchorEnd);
  const isBlock = node.style === 'literal' || node.style === 'folded';
  // A comment may follow the mark of a block scalar.
  if (isBlock) advance(builder, event.valueStart);
  moveTo(builder, Math.max(builder.cursor, range.behind));
  if (isBlock) builder.fresh = true;
  else if (node.style === 'plain' && event.valueStart >= 0) builder.plainBlock = frame?.block;
  if (!isKey || frame === undefined) return add(builder, node, node.end, 0, undefined);
  const tag = event.tagStart < 0 ? undefined : builder.text.slice(event.tagStart, event.tagEnd);
  let start = range.start;
  if (event.tagStart >= 0) start = Math.min(start, event.tagStart);
  if (event.anchorStart >= 0) start = Math.min(start, event.anchorStart - 1);
  addKey(builder, frame, node, undefined, start, node.text === '<<' && isMergeKey(tag, node.style));
}

function readAlias(builder: Builder, start: number, end: number): void {
  advance(builder, start - 1);
  moveTo(builder, end);
  builder.hasAliases = true;
  const name = builder.text.slice(start, end);
  const at = location(builder, start - 1, end);
  const target = aliased(builder, name, at, builder.text[end]);
  if (target !== undefined) target.anchor = name;
  const node = target ?? standIn(builder, at, `*${name}`);
  const frame = builder.frames.at(-1);
  if (frame !== undefined && awaitsKey(frame)) addKey(builder, frame, node, at, start - 1, false);
  else add(builder, node, at.end, builder.heights.get(node) ?? 0, at);
}

function aliased(builder: Builder, name: string, at: Location, next: string | undefined): Draft<Node> | undefined {
  if (!checkAnchorName(builder, name, at, next)) return undefined;
  const target = builder.anchors.get(name);
  if (target === undefined) {
    refuse(builder, at, `no anchor "&${name}" stands before this alias in its document`);
  } else if (builder.open.has(target)) {
    refuse(builder, at, `the anchor "&${name}" contains this alias of itself`, { ...target, end: target.start });
    return undefined;
  }
  return target;
}

/** Puts a value into the open collection. `end` is where its text ends, for an alias the alias's own. */
function add(builder: Builder, node: Node, end: number, height: number, alias: Location | undefined): void {
  const frame = builder.frames.at(-1);
  if (frame === undefined) {
    builder.root = node;
    builder.height = height;
    return;
  }
  frame.last = Math.max(frame.last, end);
  frame.height = Math.max(frame.height, height);
  if (frame.node.kind === 'seq') {
    if (alias !== undefined) {
      frame.aliases ??= new Map();
      frame.node.aliases = frame.aliases.set(frame.items.length, alias);
    }
    frame.items.push(node);
    return;
  }
  const { key } = frame;
  if (key === undefined) return addKey(builder, frame, node, alias, node.start - builder.base, false);
  frame.key = undefined;
  if (frame.isMerge) return merge(builder, frame, { before: frame.entries.length, value: node, alias });
  frame.entries.push({ key, value: node, merged: false, alias });
}

function merge(builder: Builder, frame: Frame, merged: Merge): void {
  frame.merges ??= [];
  frame.merges.push(merged);
  const fault = mergeInto(frame.entries, merged, builder.mergeRoom);
  if (fault !== undefined) refuse(builder, merged.alias ?? merged.value, fault);
  builder.mergeRoom -= mergeSize(merged);
}

function beginMap(builder: Builder, event: MappingEvent, next: Event | undefined): void {
  const flow = event.style === COLLECTION_STYLE.FLOW;
  // `[{a: b}: c]`: two maps begin at one brace, which belongs to the inner one.
  const nested = next?.type === EVENT_ID.MAPPING && next.style === COLLECTION_STYLE.FLOW && next.start === event.start;
  const bare = flow && (nested || builder.text[event.start] !== '{');
  const entries: Entry[] = [];
  const node: Draft<MapNode> = { kind: 'map', ...opened(builder, event), flow, entries };
  begin(builder, event, node, entries, NO_ITEMS, bare);
}

function beginSeq(builder: Builder, event: SequenceEvent): void {
  const items: Node[] = [];
  const node: Draft<SeqNode> = {
    kind: 'seq',
    ...opened(builder, event),
    flow: event.style === COLLECTION_STYLE.FLOW,
    items,
  };
  begin(builder, event, node, NO_ENTRIES, items, false);
}

const NO_ITEMS: Node[] = [];
const NO_ENTRIES: Entry[] = [];

function opened({ source, base, frames }: Builder, { start }: MappingEvent | SequenceEvent) {
  const at = base + start;
  return { source, path: source.path, start: at, end: at, parent: frames.at(-1)?.node, anchor: undefined };
}

function begin(
  builder: Builder,
  event: MappingEvent | SequenceEvent,
  node: Draft<MapNode> | Draft<SeqNode>,
  entries: Entry[],
  items: Node[],
  bare: boolean,
): void {
  advance(builder, event.start);
  moveTo(builder, node.flow && !bare ? event.start + 1 : event.start);
  builder.fresh = !node.flow;
  if (event.anchorStart >= 0) {
    nameAnchor(builder, node, event.anchorStart, event.anchorEnd);
    builder.open.add(node);
  }
  builder.frames.push({
    node,
    entries,
    items,
    keys: new Map(),
    merges: undefined,
    aliases: undefined,
    key: undefined,
    isMerge: false,
    bare,
    block: node.flow ? builder.frames.at(-1)?.block : event.start,
    last: builder.base + builder.cursor,
    height: 0,
  });
}

function finish(builder: Builder): void {
  const frame = builder.frames.at(-1);
  if (frame === undefined) return;
  const { node } = frame;
  if (node.flow && !frame.bare) {
    const end = closingBracket(builder.text, builder.cursor) + 1;
    advance(builder, end);
    node.end = builder.base + end;
  } else node.end = frame.last;
  builder.frames.pop();
  if (frame.merges !== undefined && node.kind === 'map') builder.merges.set(node, frame.merges);
  if (builder.heights.has(node)) {
    builder.open.delete(node);
    builder.heights.set(node, frame.height + 1);
  }
  add(builder, node, node.end, frame.height + 1, undefined);
}

/** Behind the last child: past a comma, and past the marks of pairs that have no value. */
function closingBracket(text: string, from: number): number {
  let at = skipToToken(text, from);
  while (text[at] === ',' || text[at] === ':' || text[at] === '?') at = skipToToken(text, at + 1);
  return at;
}
