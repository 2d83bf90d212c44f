/** What an environment answers about the surroundings of a workload: volumes, claims, images, limits. */
import { imageOf, type Surroundings } from './adapters/kubernetes.ts';
import { dockerfileImage } from './adapters/images.ts';
import type { Config } from './config.ts';
import type { Dockerfile } from './formats/dockerfile.ts';
import { limitRangesIn } from './kubernetes/limit-range.ts';
import { parseBytes } from './kubernetes/quantity.ts';
import { type Resource, resourcesNamed, sameNamespace } from './kubernetes/resource.ts';
import type { Container, Workload } from './kubernetes/workload.ts';
import type { TextRegion } from './text-region.ts';
import { type Fact, type Known, absent, known, unknown } from './types.ts';
import { embedded } from './yaml/embedded.ts';
import { getMap, keyText, textFact } from './yaml/node.ts';

export function surroundingsIn(
  resources: readonly Resource[],
  dockerfiles: readonly Dockerfile[],
  config: Config,
): Surroundings {
  const named = (kind: string, name: string, namespace: string | undefined) =>
    resourcesNamed(resources, kind, name, namespace)[0];
  const built = dockerfiles.flatMap(d => dockerfileImage(d, config) ?? []);

  /** The smallest of the claims that a StatefulSet made from a template: an old one keeps its size. */
  const realSize = ({ resource }: Workload, template: string): Fact<number> | undefined =>
    resources
      .filter(r => r.kind === 'PersistentVolumeClaim' && sameNamespace(r.namespace, resource.namespace))
      .filter(r => r.name.startsWith(`${template}-${resource.name}-`) && /-\d+$/.test(r.name))
      .flatMap(r => capacityOf(r) ?? [])
      .reduce<Known<number> | undefined>((a, b) => (a === undefined || b.value < a.value ? b : a), undefined);

  return {
    content(workload, volume) {
      const { source } = volume;
      switch (source.kind) {
        case 'emptyDir':
          return undefined;
        case 'configMap': {
          const map = named('ConfigMap', source.reference.name, workload.resource.namespace);
          if (map === undefined) return { unseen: `the ConfigMap "${source.reference.name}" is not here` };
          return select(configMapFiles(map), source.items);
        }
        default:
          return { unseen: `the content of the volume "${volume.name}" is not here` };
      }
    },

    claimSize(workload, volume) {
      const template = workload.claimTemplates.find(t => t.name === volume.name);
      if (template !== undefined) return realSize(workload, template.name) ?? bytes(template.storage);
      if (volume.source.kind !== 'persistentVolumeClaim') return absent(volume.at);
      const claim = named('PersistentVolumeClaim', volume.source.reference.name, workload.resource.namespace);
      if (claim === undefined) return unknown('the claim is not here', volume.at);
      return capacityOf(claim) ?? bytes(textFact(claim.root, 'spec', 'resources', 'requests', 'storage'));
    },

    image(container: Container) {
      const image = imageOf(container, config.images);
      const [only, ...others] = built;
      return container.image.state === 'absent' && only !== undefined && others.length === 0
        ? { ...only, reference: container.image, exact: false }
        : image;
    },

    limitRanges: namespace => limitRangesIn(resources, namespace),

    configMap(namespace, name) {
      const resource = named('ConfigMap', name, namespace);
      return resource && { resource, files: configMapFiles(resource) };
    },
  };
}

/** The size of a bound claim, which a cluster tells: a volume may be larger than what was asked for. */
function capacityOf({ root }: Resource): Known<number> | undefined {
  const size = bytes(textFact(root, 'status', 'capacity', 'storage'));
  return size.state === 'known' ? size : undefined;
}

function configMapFiles(resource: Resource): ReadonlyMap<string, TextRegion> {
  const files = new Map<string, TextRegion>();
  for (const { key, value } of getMap(resource.root, 'data')?.entries ?? []) {
    if (value.kind === 'scalar') files.set(keyText(key), embedded(value, key, value.source));
  }
  return files;
}

/** `items` picks keys and gives them paths. */
function select(files: ReadonlyMap<string, TextRegion>, items: ReadonlyMap<string, string> | undefined) {
  if (items === undefined) return files;
  return new Map(
    [...items].flatMap(([key, path]) => (files.has(key) ? [[path, files.get(key) as TextRegion] as const] : [])),
  );
}

function bytes(text: Fact<string>): Fact<number> {
  if (text.state !== 'known') return text;
  const parsed = parseBytes(text.value);
  return parsed.ok ? known(parsed.value, text.at) : unknown(parsed.message, text.at);
}
