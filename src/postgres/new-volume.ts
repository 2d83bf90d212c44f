/** What a new volume of the data looks like before initdb runs. */
import { find, type Environment } from '../environment.ts';
import { getItems, getMap, getText } from '../yaml/node.ts';
import type { MapNode } from '../yaml/node.ts';
import type { Server } from './server.ts';

/** Storage classes of folders and file servers: their volumes are no file systems of their own. */
const FOLDER =
  /local-path|local-storage|hostpath|host-path|nfs|efs|cephfs|azurefile|azure-file|glusterfs|filestore|smb|cifs|juicefs|openebs-hostpath|manual/i;

/**
 * Whether the volume is a folder on some other file system, which has no `lost+found`: by its class, its access mode or
 * the PersistentVolume that it names. Undefined where the cluster's default class decides.
 */
export function isFolderVolume(server: Server, environment: Environment): boolean | undefined {
  const spec = claimSpec(server, environment);
  if (spec === undefined) return undefined;
  const modes = getItems(spec, 'accessModes').map(mode => getText(mode));
  if (modes.includes('ReadWriteMany')) return true;
  const volume = getText(spec, 'volumeName');
  const name = getText(spec, 'storageClassName');
  // A class that is empty, or that no provisioner serves, is for volumes that somebody made by hand.
  if (volume !== undefined || name === '') return true;
  const storageClass = name === undefined ? undefined : find(environment, 'StorageClass', name)[0];
  const provisioner = getText(storageClass?.root, 'provisioner') ?? '';
  if (name === undefined) return undefined;
  return FOLDER.test(name) || FOLDER.test(provisioner) || provisioner === 'kubernetes.io/no-provisioner'
    ? true
    : undefined;
}

function claimSpec({ dataVolume, workload, resource }: Server, environment: Environment): MapNode | undefined {
  const { volume } = dataVolume;
  if (volume === undefined || workload === undefined) return undefined;
  if (volume.source.kind === 'claimTemplate') {
    return getMap(workload.claimTemplates.find(t => t.name === volume.name)?.node, 'spec');
  }
  if (volume.source.kind !== 'persistentVolumeClaim') return undefined;
  const claim = find(environment, 'PersistentVolumeClaim', volume.source.reference.name, resource?.namespace)[0];
  return getMap(claim?.root, 'spec');
}
