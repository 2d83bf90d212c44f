/** What the person wrote of an object that a cluster gives back: `kubectl apply` and server-side apply keep it in the object. */
import { lastAppliedAnnotation } from '../kubernetes/export.ts';
import type { Resource } from '../kubernetes/resource.ts';
import { type Node, getItems, getMap, getText, keyText } from '../yaml/node.ts';

/** A value of JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The manifest that `kubectl apply` sent last, undefined where the object was made in another way. Never for a report as it is. */
export function lastApplied({ annotations }: Pick<Resource, 'annotations'>): Json | undefined {
  const text = annotations[lastAppliedAnnotation];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The fields of one object that someone chose, followed from its root down. */
export interface Written {
  /** Whether someone wrote the field that this stands for. */
  readonly isWritten: boolean;
  readonly field: (key: string) => Written;
  /** The item of a list; items are known by their name, port, or place. */
  readonly item: (node: Node, index: number) => Written;
}

export function writtenIn(resource: Resource): Written {
  const managed = getItems(resource.root, 'metadata', 'managedFields')
    .filter(entry => getText(entry, 'operation') === 'Apply')
    .flatMap(entry => getMap(entry, 'fieldsV1') ?? []);
  return written([lastApplied(resource)], managed);
}

function written(applied: readonly (Json | undefined)[], managed: readonly Node[]): Written {
  return {
    isWritten: applied.some(v => v !== undefined) || managed.length > 0,
    field: key =>
      written(
        applied.map(v => memberOf(v, key)),
        managed.flatMap(fields => valueUnder(fields, name => name === `f:${key}`)),
      ),
    item: (node, index) =>
      written(
        applied.map(v => (Array.isArray(v) ? itemOf(v as readonly Json[], node, index) : undefined)),
        managed.flatMap(fields => valueUnder(fields, name => isKeyOf(name, node))),
      ),
  };
}

/** The value under a key of a map. */
export function memberOf(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key))
    return undefined;
  return (value as { readonly [key: string]: Json })[key];
}

/** What tells the items of the lists of a pod apart. */
const identities = ['name', 'mountPath', 'containerPort', 'port', 'ip'];

/** The item of a list that a node of the live object came from. */
export function itemOf(list: readonly Json[], node: Node, index: number): Json | undefined {
  for (const identity of identities) {
    const text = getText(node, identity);
    if (text === undefined) continue;
    return list.find(item => {
      const value = memberOf(item, identity);
      return typeof value === 'object' ? false : String(value) === text;
    });
  }
  return list[index];
}

function valueUnder(fields: Node, test: (name: string) => boolean): readonly Node[] {
  return fields.kind === 'map' ? fields.entries.filter(e => test(keyText(e.key))).map(e => e.value) : [];
}

/** Whether `k:{"name":"postgres"}` means the item. */
function isKeyOf(name: string, node: Node): boolean {
  if (!name.startsWith('k:')) return false;
  let key: unknown;
  try {
    key = JSON.parse(name.slice(2));
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
  const parts = Object.entries(key ?? {});
  return parts.length > 0 && parts.every(([k, v]) => (getText(node, k) ?? 'TCP') === String(v));
}
