/** Aliases and merge keys as go-yaml v2 expands them. */
import type { Location } from '../types.ts';
import type { Entry, MapNode, Node, ScalarNode } from './node.ts';

/** A merge key (`<<`) of a map: what is merged, and how many entries stand before it once merged ones are in. */
export interface Merge {
  readonly before: number;
  readonly value: Node;
  readonly alias: Location | undefined;
}

/** Whether a scalar with the text `<<` is a merge key: plain without a tag, or tagged so. */
export function isMergeKey(tag: string | undefined, style: ScalarNode['style']): boolean {
  return tag === undefined ? style === 'plain' : tag === '!!merge' || tag === '!<tag:yaml.org,2002:merge>';
}

/**
 * Adds the entries of a merge key to those of its map, in the place of the key: what stands later wins over it,
 * and it wins over what stands earlier. Of a list of maps the first wins. `room`: how many entries may be added at most;
 * beyond it nothing is added, as the document will be found excessive. Returns what is wrong with the merge key, if anything.
 */
export function mergeInto(entries: Entry[], { value, alias }: Merge, room: number): string | undefined {
  const sources = value.kind === 'seq' && alias === undefined ? value.items.toReversed() : [value];
  let left = room;
  for (const source of sources) {
    if (source.kind !== 'map') return 'a merge key needs a map or a list of maps';
    left -= source.entries.length;
    if (left < 0) return undefined;
    for (const entry of source.entries) entries.push({ ...entry, merged: true });
  }
  return undefined;
}

/** How many entries a merge key brings in. */
export function mergeSize({ value }: Merge): number {
  if (value.kind === 'map') return value.entries.length;
  if (value.kind === 'scalar') return 0;
  return value.items.reduce((size, item) => size + (item.kind === 'map' ? item.entries.length : 0), 0);
}

interface Step {
  readonly node: Node;
  readonly alias: boolean;
  /** Inside how many aliases it stands: 0 or more. */
  readonly depth: number;
}

/**
 * Whether kubectl finds the aliasing of a document excessive. Counts as go-yaml does, each alias as all that it stands for:
 * beyond 100 aliased and 1,000 values in all, aliased ones may be 99% of up to 400,000 values, falling to 10% of 4,000,000.
 */
export function isExcessive(root: Node, merges: ReadonlyMap<MapNode, readonly Merge[]>): boolean {
  let all = 1;
  let aliased = 0;
  const stack: Step[] = [{ node: root, alias: false, depth: 0 }];
  for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
    const { node, alias, depth } = step;
    const below = alias ? depth + 1 : depth;
    all += alias ? 2 : 1;
    aliased += (depth > 0 ? 1 : 0) + (alias ? 1 : 0);
    if (aliased > 100 && all > 1000 && aliased / all > allowedShare(all)) return true;
    const children = node.kind === 'map' ? mapSteps(node, merges.get(node), below) : itemSteps(node, below);
    for (let index = children.length - 1; index >= 0; index--) stack.push(children[index] as Step);
  }
  return false;
}

function itemSteps(node: Node, depth: number): readonly Step[] {
  if (node.kind !== 'seq') return [];
  return node.items.map((item, index) => ({ node: item, alias: node.aliases?.has(index) === true, depth }));
}

function mapSteps(map: MapNode, merges: readonly Merge[] = [], depth: number): readonly Step[] {
  const steps: Step[] = [];
  let next = 0;
  for (let index = 0; index <= map.entries.length; index++) {
    for (let merge = merges[next]; merge?.before === index; merge = merges[++next]) {
      if (merge.value.kind === 'seq' && merge.alias === undefined) {
        for (const step of itemSteps(merge.value, depth).toReversed()) steps.push(step);
      } else steps.push({ node: merge.value, alias: merge.alias !== undefined, depth });
    }
    const entry = map.entries[index];
    if (entry === undefined || entry.merged) continue;
    steps.push({ node: entry.key, alias: false, depth });
    steps.push({ node: entry.value, alias: entry.alias !== undefined, depth });
  }
  return steps;
}

function allowedShare(all: number): number {
  if (all <= 400_000) return 0.99;
  return all >= 4_000_000 ? 0.1 : 0.99 - (0.89 * (all - 400_000)) / 3_600_000;
}
