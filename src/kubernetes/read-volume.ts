/** Volumes of a pod and claim templates of a StatefulSet. */
import {
  type MapNode,
  type Node,
  entry,
  get,
  getItems,
  getMap,
  getScalar,
  getText,
  keyText,
  textFact,
} from '../yaml/node.ts';
import { integerFact } from './facts.ts';
import { readReference } from './read-environment.ts';
import type { ClaimTemplate, Reference, Volume, VolumeSource } from './workload.ts';

/** The volumes of a pod's `spec`. In a `partial` manifest a volume without a source may get one elsewhere. */
export function readVolumes(spec: MapNode | undefined, partial: boolean): Volume[] {
  return getItems(spec, 'volumes').flatMap(node => (node.kind === 'map' ? [readVolume(node, partial)] : []));
}

function readVolume(node: MapNode, partial: boolean): Volume {
  const name = getScalar(node, 'name');
  return {
    name: name?.text ?? '',
    at: name ?? node.entries[0]?.key ?? node,
    node,
    source: readSource(node, partial),
  };
}

function readSource(volume: MapNode, partial: boolean): VolumeSource {
  const written = volume.entries.find(({ key, value }) => keyText(key) !== 'name' && !isNull(value));
  if (written === undefined) {
    return partial
      ? { kind: 'other', type: '' }
      : { kind: 'emptyDir', medium: undefined, sizeLimit: textFact(volume, 'emptyDir') };
  }
  const type = keyText(written.key);
  const source = getMap(written.value);
  switch (type) {
    case 'configMap':
    case 'secret': {
      const kind = type === 'configMap' ? 'ConfigMap' : 'Secret';
      const reference = readReference(kind, source, undefined, type === 'configMap' ? 'name' : 'secretName');
      if (reference === undefined) break;
      return { kind: type, reference, items: readItems(source), defaultMode: integerFact(source, 'defaultMode') };
    }
    case 'persistentVolumeClaim': {
      const reference = readReference('PersistentVolumeClaim', source, undefined, 'claimName');
      if (reference === undefined) break;
      return { kind: 'persistentVolumeClaim', reference };
    }
    case 'emptyDir':
      return {
        kind: 'emptyDir',
        medium: getText(source, 'medium') || undefined,
        sizeLimit: textFact(source ?? volume, ...(source === undefined ? ['emptyDir', 'sizeLimit'] : ['sizeLimit'])),
      };
    case 'hostPath':
      return { kind: 'hostPath', path: getText(source, 'path') ?? '' };
    case 'projected':
      return {
        kind: 'projected',
        references: projectedReferences(source),
        defaultMode: integerFact(source, 'defaultMode'),
      };
    case 'ephemeral':
      return { kind: 'ephemeral' };
  }
  return { kind: 'other', type };
}

function isNull(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** `items`: key → path in the volume; undefined where every key is mounted under its own name. */
function readItems(source: Node | undefined): ReadonlyMap<string, string> | undefined {
  const items = getItems(source, 'items');
  if (items.length === 0) return undefined;
  return new Map(
    items.flatMap(item => {
      const key = getText(item, 'key');
      return key === undefined ? [] : [[key, getText(item, 'path') ?? key] as const];
    }),
  );
}

function projectedReferences(source: Node | undefined): readonly Reference[] {
  return getItems(source, 'sources').flatMap(item =>
    (
      [
        ['configMap', 'ConfigMap'],
        ['secret', 'Secret'],
      ] as const
    ).flatMap(([field, kind]) => itemReferences(kind, get(item, field), 'name')),
  );
}

/** The object that a volume projects: once for each key that it names, else once as a whole. */
export function itemReferences(
  kind: 'ConfigMap' | 'Secret',
  node: Node | undefined,
  field: string,
): readonly Reference[] {
  const keys = getItems(node, 'items').flatMap(item => getScalar(item, 'key') ?? []);
  return (keys.length === 0 ? [undefined] : keys).flatMap(key => readReference(kind, node, key, field) ?? []);
}

/** `spec.volumeClaimTemplates` of a StatefulSet's `spec`. */
export function readClaimTemplates(spec: MapNode | undefined): ClaimTemplate[] {
  return getItems(spec, 'volumeClaimTemplates').flatMap(node => {
    if (node.kind !== 'map') return [];
    const name = getScalar(node, 'metadata', 'name');
    return [
      {
        name: name?.text ?? '',
        at: name ?? entry(node, 'metadata')?.key ?? node.entries[0]?.key ?? node,
        node,
        storage: textFact(node, 'spec', 'resources', 'requests', 'storage'),
      },
    ];
  });
}
