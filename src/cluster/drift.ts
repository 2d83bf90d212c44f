/** Where the live object is no longer what was applied last: someone changed it beside the repository. */
import type { Resource } from '../kubernetes/resource.ts';
import { isSecretName } from '../secrets.ts';
import type { Location, Related } from '../types.ts';
import { type MapNode, type Node, type ScalarNode, keyText } from '../yaml/node.ts';
import { type Json, itemOf, lastApplied, memberOf } from './written.ts';

/** What to say of a place whose value differs from the one applied last; undefined where they agree, or nothing is known. */
export function driftAt(resource: Resource, at: Location): Related | undefined {
  const applied = lastApplied(resource);
  if (applied === undefined) return undefined;
  const found = follow(resource.root, applied, at);
  if (found === undefined || found.node.text === '') return undefined;
  const { node, value } = found;
  if (value === undefined)
    return { at: node, message: 'was not in what kubectl apply sent last: someone set it since' };
  if (typeof value === 'object' || same(node, value)) return undefined;
  return {
    at: node,
    message: `kubectl apply sent ${JSON.stringify(String(value)).slice(0, 80)} last: someone changed it since`,
  };
}

/** A quantity may be spelled anew by the API server. */
const same = (node: ScalarNode, value: string | number | boolean | null): boolean =>
  node.text === String(value) || String(node.value) === String(value);

/** Fields whose values may hold what nobody should read. */
const closed: ReadonlySet<string> = new Set([
  'env',
  'args',
  'command',
  'data',
  'stringData',
  'annotations',
  'status',
  'metadata',
]);

function follow(
  root: MapNode,
  applied: Json,
  at: Location,
): { readonly node: ScalarNode; readonly value: Json | undefined } | undefined {
  let here: Node = root;
  let value: Json | undefined = applied;
  for (;;) {
    if (here.kind === 'scalar') return { node: here, value };
    if (here.kind === 'seq') {
      const index: number = here.items.findIndex(item => holds(item, at));
      const item: Node | undefined = here.items[index];
      if (item === undefined) return undefined;
      value = Array.isArray(value) ? itemOf(value as readonly Json[], item, index) : undefined;
      here = item;
    } else {
      const entry: MapNode['entries'][number] | undefined = here.entries.find(
        e => holds(e.value, at) || (e.key.start <= at.start && at.start < e.key.end && e.value.kind === 'scalar'),
      );
      if (entry === undefined) return undefined;
      const key = keyText(entry.key);
      if (closed.has(key) || isSecretName(key)) return undefined;
      value = memberOf(value, key);
      here = entry.value;
    }
  }
}

const holds = (node: Node, at: Location): boolean =>
  node.path === at.path && node.start <= at.start && at.start < Math.max(node.end, node.start + 1);
