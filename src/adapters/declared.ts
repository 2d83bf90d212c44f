/** What an adapter says of a server; `assemble.ts` works out from it how PostgreSQL would run. */
import type { ContainerFiles } from '../container-files.ts';
import type { Resource } from '../kubernetes/resource.ts';
import type { Container, Volume, Workload } from '../kubernetes/workload.ts';
import type { ServerImage } from '../postgres/images.ts';
import type { Script } from '../scripts.ts';
import type { TextRegion } from '../text-region.ts';
import type { Fact, Location } from '../types.ts';

export interface DeclaredServer {
  readonly platform: 'kubernetes' | 'compose' | 'dockerfile';
  readonly certainty: 'certain' | 'likely';
  readonly name: string;
  readonly resource: Resource | undefined;
  readonly at: Location;
  readonly workload: Workload | undefined;
  readonly container: Container;
  readonly volumes: readonly Volume[];
  readonly files: ContainerFiles;
  readonly scripts: readonly Script[];
  readonly image: ServerImage;
  readonly replicas: Fact<number>;
  readonly memoryLimit: Fact<number>;
  readonly memoryRequest: Fact<number>;
  readonly cpuLimit: Fact<number>;
  /** Bytes of the claim behind a volume, where the input says. */
  readonly volumeSize: (volume: Volume) => Fact<number>;
  /** Files that lie beside the server under a name that says they are meant for it, though nothing mounts them. */
  readonly beside: readonly { readonly region: TextRegion; readonly via: Location | undefined }[];
}
