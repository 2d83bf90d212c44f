/**
 * YAML (and JSON) values with their exact places, as kubectl would read them, and the accessors that rules use.
 * Accessors follow aliases and merge keys; a node always lies where its text stands.
 */
import { type Fact, type Location, type Source, absent, known, unknown } from '../types.ts';

export type Node = MapNode | SeqNode | ScalarNode;
export type ScalarValue = string | number | bigint | boolean | null;

interface NodeBase extends Location {
  /** The source that its offsets count in: edits and embedded texts need it. */
  readonly source: Source;
  /** The map, sequence or none that holds it in the text (for an aliased value: where the anchor stands). */
  readonly parent: MapNode | SeqNode | undefined;
  /** The anchor's name, when some alias repeats this node elsewhere: an edit here changes other places too. */
  readonly anchor: string | undefined;
}

export interface MapNode extends NodeBase {
  readonly kind: 'map';
  readonly flow: boolean;
  /** In the order of the text; values of aliases are the anchored nodes; entries of merge keys are included, `merged`. */
  readonly entries: readonly Entry[];
}
export interface Entry {
  /** Its value is the key as the API server sees it, always a text: a key `y` is "true". */
  readonly key: ScalarNode;
  readonly value: Node;
  /** Comes from a merge key (`<<`): it is written in another map. */
  readonly merged: boolean;
  /** The value is written as an alias (`*name`); this is the place of the alias. */
  readonly alias: Location | undefined;
}

export interface SeqNode extends NodeBase {
  readonly kind: 'seq';
  readonly flow: boolean;
  /** In the order of the text; items written as aliases are the anchored nodes. */
  readonly items: readonly Node[];
  /** Where the items that are written as aliases (`- *name`) stand, by index. */
  readonly aliases?: ReadonlyMap<number, Location> | undefined;
}

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  /** As kubectl resolves it: `on` is true, `010` is 8, `2001-01-01` is text. */
  readonly value: ScalarValue;
  /** The text as decoded, before resolution: `on`, `010`. For an empty value, ``. */
  readonly text: string;
  readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded';
}
// The range of a scalar is what a person replaces to set another value: quotes included, a block scalar from its `|` or `>`
// to the end of its last line that is not blank (without the line break), an empty value an empty range behind the colon.

/** The entry of a map under `key`, undefined where there is none or `node` is no map. The last duplicate wins. */
export function entry(node: Node | undefined, key: string): Entry | undefined {
  return node?.kind === 'map' ? node.entries.findLast(e => keyText(e.key) === key) : undefined;
}

/** The node under a path of keys (numbers index sequences), undefined where the path ends early. */
export function get(node: Node | undefined, ...path: readonly (string | number)[]): Node | undefined {
  let here = node;
  for (const step of path) {
    if (here === undefined) return undefined;
    here = typeof step === 'number' ? (here.kind === 'seq' ? here.items[step] : undefined) : entry(here, step)?.value;
  }
  return here;
}

/** The node under a path, if it is a map. */
export function getMap(node: Node | undefined, ...path: readonly (string | number)[]): MapNode | undefined {
  const found = get(node, ...path);
  return found?.kind === 'map' ? found : undefined;
}

/** The items of the sequence under a path; none where there is no sequence. */
export function getItems(node: Node | undefined, ...path: readonly (string | number)[]): readonly Node[] {
  const found = get(node, ...path);
  return found?.kind === 'seq' ? found.items : [];
}

/** The scalar under a path, if it is one and not null. */
export function getScalar(node: Node | undefined, ...path: readonly (string | number)[]): ScalarNode | undefined {
  const found = get(node, ...path);
  return found?.kind === 'scalar' && found.value !== null ? found : undefined;
}

/** The text of the scalar under a path; for numbers and booleans their spelling in the file. */
export function getText(node: Node | undefined, ...path: readonly (string | number)[]): string | undefined {
  return getScalar(node, ...path)?.text;
}

/** The boolean under a path; undefined where it is none. */
export function getBoolean(node: Node | undefined, ...path: readonly (string | number)[]): boolean | undefined {
  const value = getScalar(node, ...path)?.value;
  return typeof value === 'boolean' ? value : undefined;
}

/** A key as the API server sees it: a key `y` is `true`. */
export function keyText(key: ScalarNode): string {
  return String(key.value);
}

/** Where to point for the key of an entry that exists, or else for the nearest ancestor on the path that does. */
export function keyPlace(node: MapNode, ...path: readonly (string | number)[]): Location {
  let place: Location = node;
  let here: Node | undefined = node;
  for (const step of path) {
    if (typeof step === 'number') {
      here = here?.kind === 'seq' ? here.items[step] : undefined;
      if (here === undefined) return place;
      place = here;
    } else {
      const found = entry(here, step);
      if (found === undefined) return place;
      place = found.key;
      here = found.value;
    }
  }
  return place;
}

/** `${VAR}`, `$(VAR)` of a template, `{{ … }}`, `<placeholder>`: text that something will replace before it is used. */
export function isPlaceholder(text: string): boolean {
  return /\$\{[^}]*\}|\{\{.*\}\}|^<[^<>]+>$|^<path:|^vault:|^ref\+|^\$\([A-Z0-9_]+\)$/.test(text);
}

/** The scalar under a path as a fact: unknown where it is a placeholder, absent (at the nearest key) where it is missing. */
export function textFact(node: MapNode | undefined, ...path: readonly (string | number)[]): Fact<string> {
  const scalar = getScalar(node, ...path);
  if (scalar === undefined) return absent(node && keyPlace(node, ...path));
  if (isPlaceholder(scalar.text)) return unknown(`"${scalar.text}" is filled in later`, scalar);
  return known(scalar.text, scalar);
}

/** Like `textFact`, for a number: `010` is 8, as YAML resolves it; a quoted `"5432"` counts too. */
export function numberFact(node: MapNode | undefined, ...path: readonly (string | number)[]): Fact<number> {
  const text = textFact(node, ...path);
  if (text.state !== 'known') return text;
  const resolved = getScalar(node, ...path)?.value;
  const value = typeof resolved === 'number' ? resolved : Number(text.value);
  return Number.isFinite(value) && text.value.trim() !== ''
    ? known(value, text.at)
    : unknown(`"${text.value}" is no number`, text.at);
}

/** Like `textFact`, for a boolean. */
export function booleanFact(node: MapNode | undefined, ...path: readonly (string | number)[]): Fact<boolean> {
  const scalar = getScalar(node, ...path);
  if (scalar === undefined) return absent(node && keyPlace(node, ...path));
  return typeof scalar.value === 'boolean'
    ? known(scalar.value, scalar)
    : unknown(`"${scalar.text}" is no boolean`, scalar);
}
