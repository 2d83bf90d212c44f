/** Where docker-library's images want their volume: it moved with PostgreSQL 18. */
import { volumeOf } from '../kubernetes/mounts.ts';
import type { Container, Mount, Reference } from '../kubernetes/workload.ts';
import type { ServerImage } from './images.ts';
import type { Server } from './server.ts';
import { type ScalarNode, getItems, getScalar } from '../yaml/node.ts';

/** The day of the first image of 18; since then tags without a version mean it or a later one. */
export const FIRST_18 = '2025-09-25';

/** The image keeps its data below `/var/lib/postgresql/<major>/docker`: 18 and later, and tags that float over majors. */
export function hasLayoutOf18({ family, major, tag, digest, reference, exact }: ServerImage): boolean {
  if (family !== 'official') return false;
  if (major.state === 'known') return major.value >= 18;
  return (
    exact &&
    reference.state === 'known' &&
    digest === undefined &&
    (tag === undefined || /^(latest|alpine|trixie|bookworm)$/.test(tag))
  );
}

/** The mount on which the entrypoint of 18 gives up: the place where earlier majors had their data, with PGDATA as the image has it. */
export function breaksOn18({ container, image }: Server): Mount | undefined {
  if (container === undefined || container.environmentOpen || !hasLayoutOf18(image)) return undefined;
  if (container.environment.some(v => v.name === 'PGDATA')) return undefined;
  const words = [container.command, container.args].flatMap(f => (f.state === 'known' ? f.value : []));
  if (words.some(w => /^-D|data_directory/.test(w.value))) return undefined;
  return container.mounts.find(m => m.path === '/var/lib/postgresql/data');
}

/** The mounts of volumes that outlive the pod or container, and that no ConfigMap or Secret fills: where data could lie. */
export function lastingMounts({ container, platform, workload }: Server): readonly Mount[] {
  return (container?.mounts ?? []).filter(mount => {
    if (workload !== undefined) return lasting.includes(volumeOf(workload, mount)?.source.kind ?? '');
    // A compose file binds settings, scripts and data alike: only the place tells.
    return platform === 'compose' && /^\/(var\/lib\/|bitnami\/)?(postgresql|pgsql|pgdata|data)(\/|$)/.test(mount.path);
  });
}

const lasting: readonly string[] = ['claimTemplate', 'persistentVolumeClaim', 'hostPath'];

/** All pods of the server write to one and the same directory of one claim (`subPathExpr` gives each its own). */
export function sharesDataDirectory(server: Server): boolean {
  return sharedClaim(server) !== undefined;
}

/** The reference to that claim. One at the place that 18 gives up on counts: it holds the data once the place is right. */
export function sharedClaim(server: Server): Reference | undefined {
  const { dataVolume, workload } = server;
  if (workload === undefined) return undefined;
  const mount = dataVolume.volume === undefined ? breaksOn18(server) : dataVolume.mount;
  const volume = dataVolume.volume ?? (mount && volumeOf(workload, mount));
  if (volume?.source.kind !== 'persistentVolumeClaim' || mount?.subPath?.includes('$(') === true) return undefined;
  return volume.source.reference;
}

/** The scalar that says where a mount goes; undefined where its manifest is not YAML of a container. */
export function mountPathNode({ node }: Container, mount: Mount): ScalarNode | undefined {
  return getItems(node, 'volumeMounts')
    .map(item => getScalar(item, 'mountPath'))
    .find(path => path?.path === mount.at.path && path.start === mount.at.start);
}
