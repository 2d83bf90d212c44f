/** Splits the resources of the input into the parts that can be applied together. */
import type { Resource } from './kubernetes/resource.ts';

/** One part: the directory (or file) that it stands for, empty for what belongs to none. */
export interface EnvironmentPart {
  readonly name: string;
  /** Its own resources. */
  readonly own: readonly Resource[];
  /** Resources that belong to every part. */
  readonly common: readonly Resource[];
}

/**
 * Plain manifests that collide (same kind, namespace and name, as in `staging/` and `prod/`) split by directory;
 * what does not collide is common to all parts, and a part of its own without a name, so that it is judged once.
 * Without collisions everything is one part. `named` parts (name → path prefixes) come from configuration and win.
 */
export function splitEnvironments(
  resources: readonly Resource[],
  named: Readonly<Record<string, readonly string[]>> = {},
): readonly EnvironmentPart[] {
  const names = Object.entries(named);
  if (names.length > 0) {
    const inside = (r: Resource, paths: readonly string[]) => paths.some(p => under(r.path, p.replace(/\/$/, '')));
    const common = resources.filter(r => !names.some(([, paths]) => inside(r, paths)));
    return names.map(([name, paths]) => ({ name, own: resources.filter(r => inside(r, paths)), common }));
  }
  const parts = collidingParts(resources);
  const owners = new Map(resources.map(r => [r, deepest(parts, r.path)] as const));
  const common = resources.filter(r => owners.get(r) === undefined);
  return [
    { name: '', own: common, common: [] },
    ...parts.map(name => ({
      name,
      // What stands in a part around this one belongs to it too.
      own: resources.filter(r => under(name, owners.get(r) ?? '/')),
      common,
    })),
  ].filter(part => part.own.length > 0 || parts.length === 0);
}

/** The directories and files that hold one of several objects of the same identity, below where their paths part. */
function collidingParts(resources: readonly Resource[]): readonly string[] {
  const byIdentity = groupBy(resources, identity);
  const parts = new Set<string>();
  for (const group of byIdentity.values()) {
    if (group.length < 2) continue;
    const paths = [...new Set(group.map(r => r.path))];
    if (paths.length < 2) continue;
    const common = commonDirectory(paths);
    for (const path of paths) parts.add(firstStepBelow(common, path));
  }
  return [...parts].sort();
}

/** Names with `generateName` and nameless objects never collide. */
function identity(resource: Resource): string {
  if (resource.name === '') return `${resource.path}#${resource.at.start}`;
  const group = resource.apiVersion.includes('/') ? resource.apiVersion.split('/')[0] : '';
  return [group, resource.kind, resource.namespace ?? '', resource.name].join('\0');
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const found = groups.get(key(item));
    if (found === undefined) groups.set(key(item), [item]);
    else found.push(item);
  }
  return groups;
}

function commonDirectory(paths: readonly string[]): string {
  const [first = [], ...rest] = paths.map(p => p.split('/'));
  let depth = 0;
  while (depth < first.length - 1 && rest.every(p => p.length - 1 > depth && p[depth] === first[depth])) depth += 1;
  return first.slice(0, depth).join('/');
}

function firstStepBelow(directory: string, path: string): string {
  const below = directory === '' ? path : path.slice(directory.length + 1);
  const step = below.split('/')[0] ?? below;
  return directory === '' ? step : `${directory}/${step}`;
}

function under(path: string, directory: string): boolean {
  return directory === '' || directory === '.' || path === directory || path.startsWith(`${directory}/`);
}

function deepest(parts: readonly string[], path: string): string | undefined {
  return parts.filter(p => under(path, p)).sort((a, b) => b.length - a.length)[0];
}
