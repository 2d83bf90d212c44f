/** The objects of a cluster as there is something to say about them: each once, at who made it, as it was written. */
import { grouped } from '../grouped.ts';
import { controllerOf, isExported, isPlainController, operatorOf } from '../kubernetes/export.ts';
import { type Resource, groupOf } from '../kubernetes/resource.ts';
import { type Entry, type MapNode, getText, keyText, numberFact } from '../yaml/node.ts';
import { valueOf } from '../types.ts';
import { withoutDefaults } from './defaults.ts';

/** An export, sorted out. */
export interface Live {
  /** What there is to judge. Objects that an operator keeps are there too, for what others say of them. */
  readonly resources: readonly Resource[];
  /** The pods that each workload among the resources has, as far as the export has them. */
  readonly pods: ReadonlyMap<Resource, readonly Resource[]>;
  /** The owner of a resource that stands for all that this owner made: the owner itself is not in the export. */
  readonly standsFor: ReadonlyMap<Resource, string>;
}

/** Kinds that controllers make. */
const made: ReadonlySet<string> = new Set(['Pod', 'ReplicaSet', 'Job']);

export function liveObjects(all: readonly Resource[]): Live {
  const index = new Map(all.map(r => [identity(r.kind, r.namespace, r.name), r] as const));
  const resources: Resource[] = [];
  const orphans: { resource: Resource; owner: string }[] = [];
  const pods = new Map<Resource, Resource[]>();
  for (const resource of all) {
    if (!made.has(resource.kind) || !isCore(resource)) {
      if (!isRepetition(resource)) resources.push(resource);
      continue;
    }
    const { owner, missing } = topOf(resource, index);
    if (owner !== resource && missing === undefined) {
      if (resource.kind === 'Pod') pods.set(owner, [...(pods.get(owner) ?? []), resource]);
      continue;
    }
    if (missing === undefined) resources.push(resource);
    else orphans.push({ resource, owner: missing });
  }
  const standsFor = new Map<Resource, string>();
  for (const [owner, group] of grouped(orphans, o => `${o.resource.namespace}\0${o.owner}`)) {
    const chosen = representative(group.map(o => o.resource));
    if (chosen === undefined) continue;
    resources.push(chosen);
    standsFor.set(chosen, owner.slice(owner.indexOf('\0') + 1));
    pods.set(
      chosen,
      group.map(o => o.resource).filter(r => r.kind === 'Pod'),
    );
  }
  const cleaned = new Map(resources.map(r => [r, asWritten(r)] as const));
  const clean = (r: Resource): Resource => cleaned.get(r) ?? r;
  for (const resource of resources) if (resource.kind === 'Pod' && !pods.has(resource)) pods.set(resource, [resource]);
  return {
    resources: resources
      .map(clean)
      .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.root.start - b.root.start)),
    pods: new Map([...pods].map(([r, list]) => [clean(r), list])),
    standsFor: new Map([...standsFor].map(([r, owner]) => [clean(r), owner])),
  };
}

const identity = (kind: string, namespace: string | undefined, name: string) => `${kind}\0${namespace ?? ''}\0${name}`;
const isCore = (resource: Resource): boolean => ['', 'apps', 'extensions', 'batch'].includes(groupOf(resource));
/** What controllers write down about other objects. */
const isRepetition = ({ kind }: Resource): boolean => kind === 'ControllerRevision' || kind === 'Event';

/** Who made an object in the end, as far up as the export goes; `missing` names the first owner that is not in it. */
function topOf(
  resource: Resource,
  index: ReadonlyMap<string, Resource>,
): { readonly owner: Resource; readonly missing: string | undefined } {
  let here = resource;
  for (let steps = 0; steps < 8; steps++) {
    const controller = controllerOf(here);
    if (controller === undefined || !isPlainController(controller) || controller.kind === 'Node')
      return { owner: here, missing: undefined };
    const found =
      index.get(identity(controller.kind, here.namespace, controller.name)) ??
      index.get(identity('Deployment', here.namespace, deploymentName(here, controller)));
    if (found === undefined || found === here)
      return { owner: here, missing: `${controller.kind} "${controller.name}"` };
    here = found;
  }
  return { owner: here, missing: undefined };
}

/** The Deployment of a pod's ReplicaSet, which is named after it and the hash of its template. */
function deploymentName(pod: Resource, { kind, name }: { readonly kind: string; readonly name: string }): string {
  const hash = pod.labels['pod-template-hash'];
  return kind === 'ReplicaSet' && hash !== undefined && name.endsWith(`-${hash}`)
    ? name.slice(0, -hash.length - 1)
    : '';
}

/** One of those that an owner made: of pods one that runs, of ReplicaSets the newest that is in use. */
function representative(group: readonly Resource[]): Resource | undefined {
  const inUse = group.filter(r => r.kind !== 'ReplicaSet' || valueOf(numberFact(r.root, 'spec', 'replicas')) !== 0);
  const revision = (r: Resource) => Number(r.annotations['deployment.kubernetes.io/revision'] ?? 0);
  return (
    inUse.find(r => getText(r.root, 'status', 'phase') === 'Running') ??
    inUse.reduce<Resource | undefined>((a, b) => (a === undefined || revision(b) > revision(a) ? b : a), undefined)
  );
}

/** The object as a person would have written it. */
function asWritten(resource: Resource): Resource {
  if (resource.kind === 'Secret' && groupOf(resource) === '') return withoutValues(resource);
  return isExported(resource) && operatorOf(resource) === undefined ? withoutDefaults(resource) : resource;
}

/** A Secret of a cluster is where it belongs: only its keys are of interest. */
function withoutValues(resource: Resource): Resource {
  const blank = (entry: Entry): Entry =>
    entry.value.kind === 'scalar' ? { ...entry, value: { ...entry.value, value: '', text: '' } } : entry;
  const root: MapNode = {
    ...resource.root,
    entries: resource.root.entries.map(entry =>
      entry.value.kind === 'map' && /^(?:data|stringData)$/.test(keyText(entry.key))
        ? { ...entry, value: { ...entry.value, entries: entry.value.entries.map(blank) } }
        : entry,
    ),
  };
  return { ...resource, root };
}
