/** Objects that were read back from a cluster: the API has written every default into them, and controllers made many. */
import { getBoolean, getItems, getScalar, getText, get } from '../yaml/node.ts';
import type { Location } from '../types.ts';
import { type Resource, groupOf } from './resource.ts';

/** Whether an API server has had the object: only it gives uids. A value that equals a default may be one there. */
export function isExported({ root }: Pick<Resource, 'root'>): boolean {
  return get(root, 'metadata', 'uid') !== undefined;
}

/** Whether a value that equals a default may be one that the API server filled in. */
export const mayHoldDefaults = (resource: Pick<Resource, 'root' | 'written'>): boolean =>
  resource.written !== true && isExported(resource);

/** The annotation in which `kubectl apply` keeps the whole manifest that it sent last. */
export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** Who made an object, as its `ownerReferences` say. */
export interface Controller {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string | undefined;
  readonly at: Location;
}

/** The owner that keeps an object as it is: what a person changes in the object itself, it changes back. */
export function controllerOf({ root }: Pick<Resource, 'root'>): Controller | undefined {
  const owners = getItems(root, 'metadata', 'ownerReferences');
  const owner = owners.find(o => getBoolean(o, 'controller') === true);
  const name = getScalar(owner, 'name');
  const kind = getText(owner, 'kind');
  if (owner === undefined || name === undefined || kind === undefined) return undefined;
  return {
    apiVersion: getText(owner, 'apiVersion') ?? '',
    kind,
    name: name.text,
    uid: getText(owner, 'uid'),
    at: name,
  };
}

/** Controllers of Kubernetes itself make what their own template says, so that the template is what there is to judge. */
const plainKinds: ReadonlySet<string> = new Set([
  'StatefulSet',
  'Deployment',
  'ReplicaSet',
  'ReplicationController',
  'DaemonSet',
  'Job',
  'CronJob',
  'Node',
]);
const plainGroups: readonly string[] = ['', 'apps', 'extensions', 'batch', 'apps.kruise.io'];

/** Whether a controller is one of Kubernetes' own; otherwise it is an operator. */
export function isPlainController({ apiVersion, kind }: Pick<Controller, 'apiVersion' | 'kind'>): boolean {
  const slash = apiVersion.indexOf('/');
  return plainKinds.has(kind) && plainGroups.includes(slash < 0 ? '' : apiVersion.slice(0, slash));
}

/** What operators of PostgreSQL write on the pods and sets that they make. */
const operatorLabel =
  /^(?:cnpg\.io|postgres-operator\.crunchydata\.com|stackgres\.io|acid\.zalan\.do|pgv2\.percona\.com|kubegres\.reactive-tech\.io)\//;

/**
 * Who operates an object: its controller where that is an operator, or an operator that is known by its labels only.
 * Nobody edits such an object by hand, and what it looks like follows from another one.
 */
export function operatorOf(resource: Resource): string | undefined {
  const controller = controllerOf(resource);
  if (controller !== undefined && !isPlainController(controller)) return `${controller.kind} "${controller.name}"`;
  if (!isExported(resource) || groupOf(resource) === 'networking.k8s.io') return undefined;
  const { labels } = resource;
  const label = Object.keys(labels).find(key => operatorLabel.test(key));
  if (label !== undefined) return `operator of ${label.slice(0, label.indexOf('/'))}`;
  // Zalando's operator sets no owner.
  if (labels['application'] === 'spilo' && labels['team'] !== undefined && labels['cluster-name'] !== undefined)
    return `postgresql "${labels['cluster-name']}"`;
  return labels['app'] === 'StackGresCluster' ? 'operator of stackgres.io' : undefined;
}
