/** Facts read as the API decodes them. */
import { type Fact, absent, known, unknown } from '../types.ts';
import { type MapNode, get, isPlaceholder, keyPlace } from '../yaml/node.ts';

/** The integer under a path, as YAML resolves it (`0640` is 416); unknown where something else stands there. */
export function integerFact(node: MapNode | undefined, ...path: readonly (string | number)[]): Fact<number> {
  const found = get(node, ...path);
  if (found === undefined || (found.kind === 'scalar' && found.value === null)) {
    return absent(node && keyPlace(node, ...path));
  }
  if (found.kind !== 'scalar') return unknown(`a ${found.kind === 'map' ? 'map' : 'list'} is no number`, found);
  if (isPlaceholder(found.text)) return unknown(`"${found.text}" is filled in later`, found);
  const value = typeof found.value === 'boolean' || found.text.trim() === '' ? Number.NaN : Number(found.value);
  return Number.isInteger(value) ? known(value, found) : unknown(`"${found.text}" is no whole number`, found);
}
