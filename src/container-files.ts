/**
 * The files that a container sees through its mounts (or, for an image, what the Dockerfile copies):
 * those whose text is in the input, and the places where something lies that the input does not hold.
 */
import { isWithin, normalisePath } from './kubernetes/mounts.ts';
import type { Container, Mount, Volume } from './kubernetes/workload.ts';
import type { TextRegion } from './text-region.ts';
import type { Location } from './types.ts';

/** A file whose text is here. */
export interface ContainerFile {
  /** Absolute path in the container. */
  readonly path: string;
  readonly region: TextRegion;
  /** What puts it there: the mount path, the `COPY`. */
  readonly via: Location;
  readonly mount: Mount | undefined;
}

/** A place in the container's file system whose content is not here. */
export interface UnseenPlace {
  readonly path: string;
  readonly reason: string;
  /** What puts it there. */
  readonly via: Location;
}

export interface ContainerFiles {
  readonly files: readonly ContainerFile[];
  readonly unseen: readonly UnseenPlace[];
}

/** What a volume holds, by relative path; undefined where the input does not have it. */
export type VolumeContent = (
  volume: Volume,
) => ReadonlyMap<string, TextRegion> | { readonly unseen: string } | undefined;

/** Lists the files of a container. `content` answers for a volume; undefined means that it starts empty. */
export function containerFiles(
  container: Container,
  volumes: readonly Volume[],
  content: VolumeContent,
): ContainerFiles {
  const files: ContainerFile[] = [];
  const unseen: UnseenPlace[] = [];
  for (const mount of container.mounts) {
    const volume = volumes.find(v => v.name === mount.volume);
    const held = volume && content(volume);
    if (held === undefined) continue;
    if ('unseen' in held) {
      unseen.push({ path: mount.path, reason: held.unseen, via: mount.at });
      continue;
    }
    for (const [relative, region] of held) {
      const path = mountedPath(mount, relative);
      if (path !== undefined) files.push({ path, region, via: mount.at, mount });
    }
  }
  return { files, unseen };
}

function mountedPath(mount: Mount, relative: string): string | undefined {
  if (mount.subPath === undefined) return relative === '' ? mount.path : joinPath(mount.path, relative);
  if (relative === mount.subPath) return mount.path;
  return relative.startsWith(`${mount.subPath}/`)
    ? joinPath(mount.path, relative.slice(mount.subPath.length + 1))
    : undefined;
}

/** Joins container paths: an absolute second one wins; `.` and `..` are resolved. */
export function joinPath(base: string, relative: string): string {
  return normalisePath(relative.startsWith('/') ? relative : `${base}/${relative}`);
}

/** The directory of a container path. */
export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

/** The file at a path; `unseen` with its reason where something that is not here may hold it. */
export function fileAt(files: ContainerFiles, path: string): ContainerFile | UnseenPlace | undefined {
  return (
    files.files.findLast(f => f.path === path) ??
    files.unseen.filter(u => isWithin(path, u.path)).sort((a, b) => b.path.length - a.path.length)[0]
  );
}
