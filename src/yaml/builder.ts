/** What is under construction while a document's events become its tree. */
import type { Location, Source } from '../types.ts';
import type { Merge } from './aliases.ts';
import { type Comment, columnOf, readGap } from './comments.ts';
import type { Entry, MapNode, Node, ScalarNode, SeqNode } from './node.ts';
import { type YamlProblem, placeOf, refusal } from './problem.ts';

export type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** A collection that is still open. */
export interface Frame {
  readonly node: Draft<MapNode> | Draft<SeqNode>;
  /** The contents of the node; empty and unused for the other kind. */
  readonly entries: Entry[];
  readonly items: Node[];
  readonly keys: Map<string, ScalarNode>;
  merges: Merge[] | undefined;
  aliases: Map<number, Location> | undefined;
  /** The key that waits for its value. */
  key: ScalarNode | undefined;
  /** That key is a merge key. */
  isMerge: boolean;
  /** `[a: b]`: a map without braces of its own. */
  readonly bare: boolean;
  /** Offset of the innermost block collection around what the frame holds. */
  readonly block: number | undefined;
  /** Source offset behind the last child. */
  last: number;
  /** How deep its children nest, aliases expanded. */
  height: number;
}

/** All offsets are those of `text`, the document's own text, which begins at `base` in the source. */
export interface Builder {
  readonly source: Source;
  readonly text: string;
  readonly base: number;
  /** The events come from a relaxed text: their line breaks are not those of `text`. */
  readonly relaxed: boolean;
  readonly comments: Comment[];
  readonly problems: YamlProblem[];
  readonly frames: Frame[];
  readonly anchors: Map<string, Draft<Node>>;
  /** How deep the nodes with an anchor nest. */
  readonly heights: Map<Node, number>;
  /** Collections with an anchor that are still open. */
  readonly open: Set<Node>;
  readonly merges: Map<MapNode, readonly Merge[]>;
  /** How many entries may still be merged before the document is found excessive. */
  mergeRoom: number;
  hasAliases: boolean;
  root: Node | undefined;
  height: number;
  /** Everything before it has been read. */
  cursor: number;
  /** A token of a block may begin at the cursor. */
  fresh: boolean;
  /** Where a plain scalar has just ended: the start of its block. The scalar might go on, and takes tabs behind that column. */
  plainBlock: number | undefined;
}

export function location({ source, base }: Builder, start: number, end: number): Location {
  return { path: source.path, start: base + start, end: base + end };
}

/** Notes that kubectl refuses the document: `fault` is the head of the sentence. */
export function refuse(builder: Builder, at: Location, fault: string, related?: Location): void {
  builder.problems.push(refusal(placeOf(at), `${fault}, so kubectl refuses the document`, related && placeOf(related)));
}

export function refuseTab(builder: Builder, tab: number): void {
  refuse(builder, location(builder, tab, tab + 1), 'a tab stands where only spaces may indent');
}

/** Reads the gap before the next token: its comments, and tabs that kubectl refuses. */
export function advance(builder: Builder, to: number): void {
  const { source, text, base, cursor, fresh, plainBlock } = builder;
  if (to <= cursor) return;
  const tab = readGap({ path: source.path, text, base, start: cursor, end: to }, fresh, builder.comments);
  if (tab >= 0) {
    const goesOn = plainBlock !== undefined && text.slice(cursor, tab).trim() === '';
    const inFlow = builder.frames.at(-1)?.node.flow === true;
    if (goesOn ? columnOf(text, tab) <= columnOf(text, plainBlock) : !inFlow) refuseTab(builder, tab);
  }
  moveTo(builder, to);
}

/** Puts the cursor behind a token. */
export function moveTo(builder: Builder, offset: number): void {
  builder.cursor = offset;
  builder.fresh = false;
  builder.plainBlock = undefined;
}

/** A scalar in the place of what cannot stand there. */
export function standIn(builder: Builder, { path, start, end }: Location, text: string): ScalarNode {
  const parent = builder.frames.at(-1)?.node;
  return {
    kind: 'scalar',
    source: builder.source,
    path,
    start,
    end,
    parent,
    anchor: undefined,
    value: text,
    text,
    style: 'plain',
  };
}
