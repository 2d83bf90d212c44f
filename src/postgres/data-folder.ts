/** Edits that move the data directory into a folder of its volume. */
import { type Edits, addItemAt, setScalar } from '../fix/edits.ts';
import { getItems, getScalar, getText } from '../yaml/node.ts';
import type { Server } from './server.ts';
import { canStartAsOwnUser, dataPlace, preparesData } from './start-user.ts';

/** The folder that PGDATA should be where it is the root of its volume; undefined where no mount covers it. */
export function dataFolder({ dataVolume }: Server): string | undefined {
  return dataVolume.mount && `${dataVolume.mount.path}/pgdata`;
}

/** Sets PGDATA to that folder; undefined where something else than the image's entrypoint starts the server. */
export function folderEdits(server: Server): Edits {
  const { container, start } = server;
  const folder = dataFolder(server);
  if (container?.node === undefined || folder === undefined || start.kind !== 'entrypoint') return undefined;
  if (!container.environment.some(v => v.name === 'PGDATA')) {
    return addItemAt(container.node, ['env'], { name: 'PGDATA', value: folder });
  }
  const item = getItems(container.node, 'env').findLast(e => getText(e, 'name') === 'PGDATA');
  const value = getScalar(item, 'value');
  return value && setScalar(value, folder);
}

/** What lets a server start as its image's own user. */
export interface OwnUserStart {
  /** The edits of the data directory that it needs; none where that is a folder of its volume already. */
  readonly edits: Edits;
  /** Where the data would be then; undefined where it stays. */
  readonly movesTo: string | undefined;
}

/**
 * Whether the server can start as its image's own user, and what must go with that: the root of a volume belongs to root, so
 * PGDATA becomes a folder of it. Undefined where it cannot.
 */
export function ownUserStart(server: Server): OwnUserStart | undefined {
  if (canStartAsOwnUser(server)) return { edits: [], movesTo: undefined };
  const { dataVolume, image } = server;
  const { kind, shadowedBy } = dataVolume;
  const isVolume = (kind === 'persistent' || kind === 'emptyDir') && shadowedBy === undefined;
  if (image.family !== 'official' || image.uid === undefined || !isVolume || dataPlace(server) !== 'root')
    return undefined;
  return preparesData(server) ? undefined : { edits: folderEdits(server), movesTo: dataFolder(server) };
}

/** What a title says of data that moves: nobody should apply that unread. */
export function moveWarning(movesTo: string | undefined): string {
  return movesTo === undefined
    ? ''
    : `, with PGDATA: ${movesTo} (move existing data there, or the server starts with an empty database)`;
}
