/** What kustomizations patch: until overlays are built, such an object is known only in part. */
import { readResources, type Resource } from '../kubernetes/resource.ts';
import { directoryOfPath, resolvePath } from '../paths.ts';
import { type MapNode, type Node, getItems, getScalar, getText } from '../yaml/node.ts';
import { parseYaml } from '../yaml/parse.ts';

const LISTS = ['patchesStrategicMerge', 'patches', 'patchesJson6902'];

/** Files that kustomizations use as patches: no objects of their own. */
export function patchPaths(kustomizations: readonly MapNode[]): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const root of kustomizations) {
    for (const item of [...LISTS, 'replacements'].flatMap(key => getItems(root, key))) {
      const path = item.kind === 'scalar' ? item.text : getText(item, 'path');
      if (path !== undefined && !path.includes('\n')) paths.add(resolvePath(directoryOfPath(root.path), path));
    }
  }
  return paths;
}

/** Whether some patch is for an object: a file of `patched`, an inline patch, or a target says so. */
export function patchTest(
  kustomizations: readonly MapNode[],
  patched: readonly Resource[],
): (resource: Resource) => boolean {
  const targets = [
    ...patched.map(r => ({ kind: r.kind, name: r.name })),
    ...kustomizations.flatMap(root => LISTS.flatMap(key => getItems(root, key)).flatMap(targetsOf)),
  ];
  return ({ kind, name }) =>
    targets.some(
      t => (t.kind === undefined || matches(t.kind, kind)) && (t.name === undefined || matches(t.name, name)),
    );
}

interface Target {
  readonly kind: string | undefined;
  readonly name: string | undefined;
}

/** A target that selects by labels alone may be anything of its kind. */
function targetsOf(item: Node): readonly Target[] {
  const target = item.kind === 'map' ? item.entries.find(e => e.key.text === 'target')?.value : undefined;
  if (target !== undefined) return [{ kind: getText(target, 'kind'), name: getText(target, 'name') }];
  const inline = item.kind === 'scalar' ? item : getScalar(item, 'patch');
  if (inline === undefined || !inline.text.includes('\n')) return [];
  const { documents } = parseYaml({ path: inline.path, text: inline.text });
  return documents.flatMap(({ root }) => readResources({ root }));
}

/** Kustomize takes kinds and names of targets as anchored regular expressions. */
function matches(pattern: string, text: string): boolean {
  if (pattern === text) return true;
  try {
    return new RegExp(`^(?:${pattern})$`).test(text);
  } catch {
    // No expression that we can read: it may match.
    return true;
  }
}
