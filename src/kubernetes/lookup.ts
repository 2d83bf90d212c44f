/** Values that containers take from ConfigMaps and Secrets. */
import { type Fact, absent, known, unknown } from '../types.ts';
import { type Entry, getMap, isPlaceholder, keyText } from '../yaml/node.ts';
import { type Resource, resourcesNamed } from './resource.ts';

/** What can be learned of ConfigMaps and Secrets by name. */
export interface Lookup {
  /**
   * The text under a key. Unknown where the object is not here, and for every Secret (its values are not ours to read);
   * absent where the object is here and lacks the key.
   */
  value(kind: 'ConfigMap' | 'Secret', name: string, key: string, namespace: string | undefined): Fact<string>;
  /** The keys of the object, in the order of the text, with their places; undefined where it is not here. */
  keys(kind: 'ConfigMap' | 'Secret', name: string, namespace: string | undefined): readonly Entry[] | undefined;
}

/** A lookup that knows no objects. */
export const emptyLookup: Lookup = lookupIn([]);

/** A lookup in the objects of an environment. */
export function lookupIn(resources: readonly Resource[]): Lookup {
  const objects = (kind: string, name: string, namespace: string | undefined) =>
    resourcesNamed(resources, kind, name, namespace);

  return {
    value(kind, name, key, namespace) {
      const found = objects(kind, name, namespace);
      const [object] = found;
      if (object === undefined) return unknown(`comes from the ${kind} "${name}", which is not here`);
      if (found.length > 1) return unknown(`comes from the ${kind} "${name}", of which there are several`, object.at);
      const entry = entriesOf(object).findLast(e => keyText(e.key) === key);
      if (entry === undefined) return absent(object.at);
      if (kind === 'Secret') return unknown(`comes from the Secret "${name}"`, entry.key);
      if (entry.value.kind !== 'scalar' || getMap(object.root, 'binaryData')?.entries.includes(entry) === true) {
        return unknown(`the ConfigMap "${name}" holds no text under "${key}"`, entry.key);
      }
      const { text } = entry.value;
      return isPlaceholder(text) ? unknown(`"${text}" is filled in later`, entry.value) : known(text, entry.value);
    },
    keys(kind, name, namespace) {
      const found = objects(kind, name, namespace);
      return found.length === 1 && found[0] !== undefined ? entriesOf(found[0]) : undefined;
    },
  };
}

function entriesOf(object: Resource): readonly Entry[] {
  return ['data', 'binaryData', 'stringData'].flatMap(field => getMap(object.root, field)?.entries ?? []);
}
