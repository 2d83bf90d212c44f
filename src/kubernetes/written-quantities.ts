/** Every quantity that a workload writes: its containers, its pod, its volumes and their claims. */
import { type MapNode, type ScalarNode, entry, getItems, getMap, getScalar, keyText } from '../yaml/node.ts';
import { type Resource, resourcesNamed } from './resource.ts';
import type { Workload } from './workload.ts';

export interface WrittenQuantity {
  /** For a person: `the memory limit of the container "postgres"`. */
  readonly what: string;
  /** `memory`, `cpu`, `storage`, `hugepages-2Mi` … */
  readonly resource: string;
  readonly scalar: ScalarNode;
}

/** The quantities as written, valid or not; of claims, those of templates and of the objects among `resources`. */
export function writtenQuantities(workload: Workload, resources: readonly Resource[]): readonly WrittenQuantity[] {
  const { pod, claimTemplates } = workload;
  const claims = pod.volumes.flatMap(({ source }) =>
    source.kind === 'persistentVolumeClaim'
      ? resourcesNamed(resources, 'PersistentVolumeClaim', source.reference.name, workload.resource.namespace)
      : [],
  );
  return [
    ...pod.containers.flatMap(c => requirements(c.resources.node, `of the container "${c.name}"`)),
    ...requirements(pod.resources.node, 'of the pod'),
    ...claimTemplates.flatMap(t => requirements(getMap(t.node, 'spec', 'resources'), `of the claim "${t.name}"`)),
    ...claims.flatMap(c => requirements(getMap(c.root, 'spec', 'resources'), `of the claim "${c.name}"`)),
    ...getItems(pod.spec, 'volumes').flatMap(volume => {
      const scalar = getScalar(volume, 'emptyDir', 'sizeLimit');
      const what = `the sizeLimit of the volume "${getScalar(volume, 'name')?.text ?? ''}"`;
      return scalar === undefined ? [] : [{ what, resource: 'storage', scalar }];
    }),
  ];
}

function requirements(node: MapNode | undefined, of: string): readonly WrittenQuantity[] {
  return (['requests', 'limits'] as const).flatMap(field => {
    const map = entry(node, field)?.value;
    return (map?.kind === 'map' ? map.entries : []).flatMap(({ key, value }) =>
      value.kind === 'scalar' && value.value !== null
        ? [{ what: `the ${keyText(key)} ${field.slice(0, -1)} ${of}`, resource: keyText(key), scalar: value }]
        : [],
    );
  });
}

/** Whether a resource counts bytes. */
export function countsBytes(resource: string): boolean {
  return /^(memory|storage|ephemeral-storage|hugepages-.+)$/.test(resource);
}
