/** Whether PostgreSQL takes a private key that a Secret brings: it looks at the file's owner and permissions. */
import { mountFor, mountsOpen, volumeOf } from '../kubernetes/mounts.ts';
import { integerFact } from '../kubernetes/facts.ts';
import type { Mount, Volume } from '../kubernetes/workload.ts';
import type { Fact, Located, Location } from '../types.ts';
import { type MapNode, getItems, getMap, getText } from '../yaml/node.ts';
import type { Server } from './server.ts';
import { effective, settingOf } from './settings.ts';
import { serverSecurity, startUser } from './start-user.ts';

export interface SecretKey {
  /** Its path in the container, and where that is written. */
  readonly path: Located<string>;
  readonly volume: Volume;
  readonly mount: Mount;
  /** The map that holds `defaultMode`. */
  readonly source: MapNode;
  /** The mode in force and its place: the item's, or else the volume's; 0644 where none is written. */
  readonly mode: number;
  readonly modeAt: Location | undefined;
  /** The item that sets the mode, where one does. */
  readonly item: MapNode | undefined;
  /** The server runs with ssl, and with this key. */
  readonly inUse: boolean;
  readonly verdict: 'accepted' | 'too open' | 'not readable';
}

/** The private key of the server, where it lies in a Secret's volume and all that decides is known. */
export function secretKey(server: Server): SecretKey | undefined {
  const { container, workload } = server;
  const path = keyPath(server);
  if (container === undefined || workload === undefined || path === undefined || mountsOpen(container))
    return undefined;
  const mount = mountFor(container, path.value);
  const volume = mount && volumeOf(workload, mount);
  if (mount === undefined || volume === undefined) return undefined;
  const { source } = volume;
  if (source.kind !== 'secret' && source.kind !== 'projected') return undefined;
  if (source.kind === 'projected' && source.references.some(r => r.kind !== 'Secret')) return undefined;
  const node = getMap(volume.node, source.kind);
  const item = node && itemFor(node, relativePath(mount, path.value));
  const own = integerFact(item, 'mode');
  const mode: Fact<number> = own.state === 'absent' ? source.defaultMode : own;
  const verdict = mode.state === 'unknown' ? undefined : judge(server, mode.state === 'known' ? mode.value : 0o644);
  if (node === undefined || verdict === undefined) return undefined;
  return {
    path,
    volume,
    mount,
    source: node,
    mode: mode.state === 'known' ? mode.value : 0o644,
    modeAt: mode.state === 'known' ? mode.at : undefined,
    item: own.state === 'known' ? item : undefined,
    inUse: effective(server.effective, 'ssl') === true && settingOf(server.effective, 'ssl_key_file').state === 'known',
    verdict,
  };
}

/** `ssl_key_file`, or else a variable that is named for it. */
function keyPath({ container, intended }: Server): Located<string> | undefined {
  const setting = settingOf(intended, 'ssl_key_file');
  if (setting.state === 'known') {
    return setting.value.value.startsWith('/') ? { value: setting.value.value, at: setting.value.at } : undefined;
  }
  const variable = container?.environment.find(v => /^(POSTGRES(QL)?|PG)_(SSL|TLS)_KEY(_FILE)?$/.test(v.name));
  const value = variable?.value;
  return value?.state === 'known' && value.value.startsWith('/') ? { value: value.value, at: value.at } : undefined;
}

const relativePath = (mount: Mount, path: string) => mount.subPath ?? path.slice(mount.path.length + 1);

function itemFor(node: MapNode, path: string): MapNode | undefined {
  const items = [...getItems(node, 'items'), ...getItems(node, 'sources').flatMap(s => getItems(s, 'secret', 'items'))];
  return items
    .flatMap(i => (i.kind === 'map' ? [i] : []))
    .find(i => (getText(i, 'path') ?? getText(i, 'key')) === path);
}

/**
 * Root owns the files of a Secret. `fsGroup` gives them to that group and makes them readable for it. PostgreSQL takes a
 * key of root's that only root and its group can read (0640 and less), and then has to be in that group.
 */
function judge(server: Server, written: number): SecretKey['verdict'] | undefined {
  const security = serverSecurity(server);
  const user = startUser(server);
  if (security === undefined || user?.isRoot === undefined || security.fsGroup.state === 'unknown') return undefined;
  const group = security.fsGroup.state === 'known' ? security.fsGroup.value : undefined;
  const mode = group === undefined ? written : written | 0o440;
  if ((mode & 0o037) !== 0) return 'too open';
  if (user.isRoot) {
    // The entrypoint becomes "postgres" with the groups that the image gives to it.
    if (server.image.gid === undefined) return undefined;
    return group === server.image.gid ? 'accepted' : 'not readable';
  }
  if (group !== undefined) return 'accepted';
  const { runAsGroup, supplementalGroups } = security;
  // A user that the image does not know is in the group of root.
  if (runAsGroup.state === 'unknown' || supplementalGroups.length > 0) return undefined;
  const isKnown = runAsGroup.state === 'known' ? runAsGroup.value !== 0 : user.uid === server.image.uid;
  return isKnown ? 'not readable' : undefined;
}
