/** Nodes as plain values. */
import { type MapNode, type Node, type ScalarValue, keyText } from './node.ts';

export type JsonValue = ScalarValue | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * The value of a node as kubectl sends it to the API server: aliases and merge keys expanded, of equal keys the last one.
 * Whole numbers that no double holds are bigints. Objects have no prototype.
 */
export function toJson(node: Node): JsonValue {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'seq') return node.items.map(toJson);
  return mapToJson(node);
}

function mapToJson(map: MapNode): JsonValue {
  const object: Record<string, JsonValue> = Object.create(null);
  for (const { key, value } of map.entries) object[keyText(key)] = toJson(value);
  return object;
}
