/** Which volume lies under a path of a container. */
import { isPlaceholder } from '../yaml/node.ts';
import type { Container, Mount, Volume, Workload } from './workload.ts';

/** An absolute path without `.`, `..`, repeated or trailing slashes; a relative one is taken from the root, as mounts are. */
export function normalisePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Whether `path` is `directory` or lies below it. Both absolute. */
export function isWithin(path: string, directory: string): boolean {
  const inner = normalisePath(path);
  const outer = normalisePath(directory);
  return outer === '/' || inner === outer || inner.startsWith(`${outer}/`);
}

/** The deepest mount that covers an absolute path; of two mounts at one place the later. */
export function mountFor(container: Container, path: string): Mount | undefined {
  return container.mounts
    .filter(mount => !isPlaceholder(mount.path) && isWithin(path, mount.path))
    .reduce<Mount | undefined>(
      (deepest, mount) => (deepest === undefined || mount.path.length >= deepest.path.length ? mount : deepest),
      undefined,
    );
}

/** Whether some mount's path is filled in later: then it may cover any path. */
export function mountsOpen(container: Container): boolean {
  return container.mounts.some(mount => isPlaceholder(mount.path));
}

/**
 * The volume behind a mount: of a StatefulSet's claim templates (they hide volumes of the same name) or of the pod.
 * Undefined where neither has it.
 */
export function volumeOf(workload: Pick<Workload, 'claimTemplates' | 'pod'>, mount: Mount): Volume | undefined {
  const template = workload.claimTemplates.find(t => t.name === mount.volume);
  if (template !== undefined) {
    return { name: template.name, at: template.at, node: template.node, source: { kind: 'claimTemplate' } };
  }
  return workload.pod.volumes.find(v => v.name === mount.volume);
}
