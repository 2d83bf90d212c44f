/** Workloads from the objects that make pods. */
import { type Fact, type Location, absent, known, unknown } from '../types.ts';
import { type MapNode, entry, get, getMap, keyPlace } from '../yaml/node.ts';
import { integerFact } from './facts.ts';
import { type Lookup, emptyLookup } from './lookup.ts';
import { readContainers, readRequirements } from './read-container.ts';
import { readClaimTemplates, readVolumes } from './read-volume.ts';
import { type Resource, groupOf, readLabels } from './resource.ts';
import { type Selector, readEqualities, readSelector } from './selector.ts';
import type { Pod, Workload, WorkloadKind } from './workload.ts';

interface Shape {
  /** From the root to the map that holds the pod's `metadata` and `spec`. */
  readonly template: readonly string[];
  /** From the root to the number of pods; undefined where the kind has none. */
  readonly replicas: readonly string[] | undefined;
}

const shapes: Readonly<Record<WorkloadKind, Shape>> = {
  StatefulSet: { template: ['spec', 'template'], replicas: ['spec', 'replicas'] },
  Deployment: { template: ['spec', 'template'], replicas: ['spec', 'replicas'] },
  ReplicaSet: { template: ['spec', 'template'], replicas: ['spec', 'replicas'] },
  ReplicationController: { template: ['spec', 'template'], replicas: ['spec', 'replicas'] },
  DaemonSet: { template: ['spec', 'template'], replicas: undefined },
  Pod: { template: [], replicas: undefined },
  Job: { template: ['spec', 'template'], replicas: ['spec', 'parallelism'] },
  CronJob: {
    template: ['spec', 'jobTemplate', 'spec', 'template'],
    replicas: ['spec', 'jobTemplate', 'spec', 'parallelism'],
  },
};

/** Groups whose kinds of these names make pods in these shapes; other projects use the same names for other things. */
const groups: readonly string[] = ['', 'apps', 'extensions', 'batch', 'apps.kruise.io'];

/**
 * The workload of an object; undefined for kinds that make no pods. `lookup` gives the values that containers take from
 * ConfigMaps; `partial` marks a patch, whose gaps are not the API's defaults. Never throws on malformed shapes.
 */
export function readWorkload(
  resource: Resource,
  lookup: Lookup = emptyLookup,
  { partial = false }: { readonly partial?: boolean } = {},
): Workload | undefined {
  const kind = resource.kind as WorkloadKind;
  if (!Object.hasOwn(shapes, kind) || !groups.includes(groupOf(resource))) return undefined;
  const { root } = resource;
  const shape = shapes[kind];
  const template = getMap(root, ...shape.template);
  return {
    kind,
    resource,
    replicas: readReplicas(kind, resource, shape, partial),
    pod: readPod(template, template ?? keyOf(root, shape.template) ?? resource.at, resource, lookup, partial),
    claimTemplates: kind === 'StatefulSet' ? readClaimTemplates(getMap(root, 'spec')) : [],
    selector: kind === 'Pod' ? undefined : get(root, 'spec', 'selector'),
    partial,
  };
}

function readReplicas(kind: WorkloadKind, resource: Resource, shape: Shape, partial: boolean): Fact<number> {
  if (kind === 'DaemonSet') return unknown('a DaemonSet runs one pod on each node', resource.at);
  const fact = shape.replicas === undefined ? absent() : integerFact(resource.root, ...shape.replicas);
  if (fact.state !== 'absent') return fact;
  return partial ? absent(resource.at) : known(1, resource.at);
}

function keyOf(root: MapNode, path: readonly string[]): Location | undefined {
  const place = keyPlace(root, ...path);
  return place === root ? undefined : place;
}

/** The pod that a template (or a Pod itself) describes; `fallback` is where to point while it has no `spec`. */
function readPod(
  template: MapNode | undefined,
  fallback: Location,
  resource: Resource,
  lookup: Lookup,
  partial: boolean,
): Pod {
  const spec = getMap(template, 'spec');
  const at =
    entry(template, 'spec')?.key ?? (fallback === template ? template?.entries[0]?.key : undefined) ?? fallback;
  return {
    labels: readLabels(get(template, 'metadata', 'labels')),
    annotations: readLabels(get(template, 'metadata', 'annotations')),
    spec,
    at,
    containers: readContainers(spec, lookup, resource.namespace),
    volumes: readVolumes(spec, partial),
    securityContext: getMap(spec, 'securityContext'),
    resources: readRequirements(spec, at),
  };
}

/**
 * The pods that a workload takes for its own; undefined where it does not say. A ReplicationController has plain equal labels
 * and takes those of its template where none are written; a Job is given its selector by the API.
 */
export function selectorOf(workload: Workload): Selector | undefined {
  if (workload.kind !== 'ReplicationController') return readSelector(workload.selector);
  return readEqualities(workload.selector ?? get(workload.resource.root, 'spec', 'template', 'metadata', 'labels'));
}
