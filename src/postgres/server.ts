/** One PostgreSQL as it would run, whatever declares it. */
import type { Resource } from '../kubernetes/resource.ts';
import type { Container, Mount, Volume, Workload } from '../kubernetes/workload.ts';
import type { Fact, Location } from '../types.ts';
import type { ServerImage } from './images.ts';
import type { ContainerFiles } from '../container-files.ts';
import type { Script } from '../scripts.ts';
import type { Configuration, FileUse } from './settings.ts';

export interface Server {
  /** How messages call it: the object's name, the compose service's, the file's. */
  readonly name: string;
  readonly platform: 'kubernetes' | 'compose' | 'dockerfile' | 'file';
  /** `likely`: no image says so, but its name, port or variables do. */
  readonly certainty: 'certain' | 'likely';
  /** The object that declares it; undefined for a Dockerfile or a file alone. */
  readonly resource: Resource | undefined;
  /** Where to point when the whole server is meant. */
  readonly at: Location;
  /** Kubernetes only: the workload. */
  readonly workload: Workload | undefined;
  /** The container that runs PostgreSQL; undefined for a settings file alone. */
  readonly container: Container | undefined;
  readonly image: ServerImage;
  /** Pods (or containers) that run this server. */
  readonly replicas: Fact<number>;
  /** The directory of the data as the server sees it: PGDATA, `-D` or `data_directory`. */
  readonly dataDirectory: Fact<string>;
  readonly dataVolume: DataVolume;
  readonly port: Fact<number>;
  /** What it would run with as the files stand. */
  readonly effective: Configuration;
  /** The same once the files that are meant for it were loaded; equals `effective` when nothing lies unused. */
  readonly intended: Configuration;
  readonly settingsFiles: readonly FileUse[];
  /** pg_hba.conf files that it reads or that are meant for it. None: the image's own. */
  readonly hbaFiles: readonly FileUse[];
  /** Memory in bytes that the container may use and asks for (LimitRange and pod level included). */
  readonly memoryLimit: Fact<number>;
  readonly memoryRequest: Fact<number>;
  readonly cpuLimit: Fact<number>;
  /** The files that its container sees. */
  readonly files: ContainerFiles;
  /** The shell that runs in its pod: the start command, init containers, hooks, first-start scripts. */
  readonly scripts: readonly Script[];
  /** How the container starts PostgreSQL. */
  readonly start: Start;
  /** Something makes its copies replicate: Patroni, repmgr, a standby script, replication variables. */
  readonly replication: Replication;
}

export type Start =
  /** The image's entrypoint runs (initialisation, PGDATA's owner, `/docker-entrypoint-initdb.d`). */
  | { readonly kind: 'entrypoint' }
  /** `command` replaces the entrypoint by this program. */
  | { readonly kind: 'direct'; readonly program: string; readonly at: Location }
  /** A shell script starts it. */
  | { readonly kind: 'shell'; readonly script: Script; readonly at: Location }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface Replication {
  readonly mechanism: 'patroni' | 'repmgr' | 'script' | 'environment' | 'unknown' | 'none';
  readonly at: Location | undefined;
}

/** Where PGDATA lies. */
export interface DataVolume {
  readonly kind: 'persistent' | 'emptyDir' | 'hostPath' | 'container' | 'unknown';
  /** The deepest mount that covers PGDATA, and its volume. */
  readonly mount: Mount | undefined;
  readonly volume: Volume | undefined;
  /** The image declares a volume at this deeper path, which takes the place of the mount: the data does not persist. */
  readonly shadowedBy: string | undefined;
  /** Bytes, where the claim says. */
  readonly size: Fact<number>;
}

/** Whether a restart of the pod surely deletes the data. */
export function isEphemeral(server: Server): boolean {
  const { kind, shadowedBy } = server.dataVolume;
  return kind === 'emptyDir' || kind === 'container' || shadowedBy !== undefined;
}
