/** Persistent volume claims: their own objects, templates of a StatefulSet, templates of ephemeral volumes. */
import { type Fact, type Located, type Location, unknown } from '../types.ts';
import { type MapNode, entry, getItems, getMap, getText, textFact } from '../yaml/node.ts';
import { quantityFact } from './quantity.ts';
import { type Resource, resourcesNamed } from './resource.ts';
import type { Volume, Workload } from './workload.ts';

export interface Claim {
  /** Bytes asked for. */
  readonly storage: Fact<number>;
  readonly accessModes: readonly Located<string>[];
  /** An empty text asks for a volume without a class; absent takes the cluster's default. */
  readonly storageClass: Fact<string>;
  /** `Filesystem` where absent. */
  readonly volumeMode: Fact<string>;
  /** The claim's name, or else its first key. */
  readonly at: Location;
}

/** Reads a claim, or a template of one: a map with `spec`. */
export function readClaim(node: MapNode): Claim {
  const spec = getMap(node, 'spec');
  return {
    storage: quantityFact(node, ['spec', 'resources', 'requests', 'storage'], 'bytes'),
    accessModes: getItems(spec, 'accessModes').flatMap(item => {
      const text = getText(item);
      return text === undefined ? [] : [{ value: text, at: item }];
    }),
    storageClass: textFact(node, 'spec', 'storageClassName'),
    volumeMode: textFact(node, 'spec', 'volumeMode'),
    at: entry(getMap(node, 'metadata'), 'name')?.value ?? node.entries[0]?.key ?? node,
  };
}

/**
 * The claim behind a volume of a workload's pods: the StatefulSet's template of that name, the object among `resources` that
 * the volume names, or the template of an ephemeral volume. Undefined for volumes without a claim and claims not here.
 */
export function claimOf(workload: Workload, volume: Volume, resources: readonly Resource[]): Claim | undefined {
  const template = workload.claimTemplates.find(t => t.name === volume.name);
  if (template !== undefined) return readClaim(template.node);
  const { source } = volume;
  if (source.kind === 'ephemeral') {
    const node = getMap(volume.node, 'ephemeral', 'volumeClaimTemplate');
    return node && readClaim(node);
  }
  if (source.kind !== 'persistentVolumeClaim') return undefined;
  const { namespace } = workload.resource;
  const found = resourcesNamed(resources, 'PersistentVolumeClaim', source.reference.name, namespace);
  return found.length === 1 && found[0] !== undefined ? readClaim(found[0].root) : undefined;
}

/** The bytes that the claim behind a volume asks for; unknown where there is no claim here. */
export function claimSize(workload: Workload, volume: Volume, resources: readonly Resource[]): Fact<number> {
  return (
    claimOf(workload, volume, resources)?.storage ?? unknown(`the claim of "${volume.name}" is not here`, volume.at)
  );
}
