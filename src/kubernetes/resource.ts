/** One Kubernetes object, or one thing that plays its part (a compose service, a Dockerfile), with its identity and place. */
import { grouped } from '../grouped.ts';
import { once } from '../once.ts';
import type { Location } from '../types.ts';
import {
  type MapNode,
  type Node,
  get,
  getItems,
  getMap,
  getScalar,
  getText,
  isPlaceholder,
  keyText,
} from '../yaml/node.ts';

export type Labels = Readonly<Record<string, string>>;

export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  /** As written; undefined where the object does not say (it then matches any namespace). */
  readonly namespace: string | undefined;
  readonly name: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly root: MapNode;
  /** What an API server filled in is not in `root`: all of it was written by someone. */
  readonly written?: true | undefined;
  readonly path: string;
  /** Where to point when the whole object is meant: its name, or else its kind. */
  readonly at: Location;
}

/** Whether two objects may meet: an absent namespace matches any. */
export function sameNamespace(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

/** The objects of a kind and name among `resources` that an object of `namespace` may mean by it. */
export function resourcesNamed(
  resources: readonly Resource[],
  kind: string,
  name: string,
  namespace: string | undefined,
): readonly Resource[] {
  return (byName(resources).get(`${kind}/${name}`) ?? []).filter(r => sameNamespace(r.namespace, namespace));
}

const byName = once((resources: readonly Resource[]) => grouped(resources, r => `${r.kind}/${r.name}`));

/** Texts of a map of labels or annotations; what is no scalar is left out, numbers and booleans keep their spelling. */
export function readLabels(node: Node | undefined): Labels {
  if (node?.kind !== 'map') return {};
  return Object.fromEntries(
    node.entries.flatMap(({ key, value }) => (value.kind === 'scalar' ? [[keyText(key), value.text]] : [])),
  );
}

/**
 * The objects of a document: the object itself, or those of a `List` (also of typed lists, whose items may leave out
 * their kind). None for what has no `kind`. The name may be empty; it is `generateName` where only that is written.
 */
export function readResources(document: { readonly root: Node | undefined }): Resource[] {
  return resourcesOf(document.root, undefined, 0);
}

/** Lists inside lists occur in exports; deeper nesting than this does not. */
const deepestList = 8;

function resourcesOf(
  root: Node | undefined,
  typed: { readonly apiVersion: string; readonly kind: string } | undefined,
  depth: number,
): Resource[] {
  if (root?.kind !== 'map' || depth > deepestList) return [];
  const kind = getText(root, 'kind') ?? typed?.kind ?? '';
  const apiVersion = getText(root, 'apiVersion') ?? typed?.apiVersion ?? '';
  if (kind === '') return [];
  const items = get(root, 'items');
  if (
    kind.endsWith('List') &&
    (items?.kind === 'seq' || kind === 'List') &&
    getText(root, 'metadata', 'name') === undefined
  ) {
    const itemKind = kind.slice(0, -'List'.length);
    const defaults = itemKind === '' ? undefined : { apiVersion, kind: itemKind };
    return getItems(root, 'items').flatMap(item => resourcesOf(item, defaults, depth + 1));
  }
  return [readResource(root, apiVersion, kind)];
}

function readResource(root: MapNode, apiVersion: string, kind: string): Resource {
  const metadata = getMap(root, 'metadata');
  const name = getScalar(metadata, 'name') ?? getScalar(metadata, 'generateName');
  const namespace = getText(metadata, 'namespace');
  return {
    apiVersion,
    kind,
    // A namespace that is filled in later may be any, as one that is not written.
    namespace: namespace === undefined || namespace === '' || isPlaceholder(namespace) ? undefined : namespace,
    name: name?.text ?? '',
    labels: readLabels(get(metadata, 'labels')),
    annotations: readLabels(get(metadata, 'annotations')),
    root,
    path: root.path,
    at: name ?? getScalar(root, 'kind') ?? root.entries[0]?.key ?? root,
  };
}

/** The API group of an object: empty for the core group (`v1`) and where no version is written. */
export function groupOf(resource: Resource): string {
  const slash = resource.apiVersion.indexOf('/');
  return slash < 0 ? '' : resource.apiVersion.slice(0, slash);
}
