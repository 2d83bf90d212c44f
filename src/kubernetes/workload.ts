/** Pods and their containers, read from whatever makes them: a typed view with places. */
import type { Fact, Known, Located, Location, Unknown } from '../types.ts';
import type { MapNode, Node, ScalarNode } from '../yaml/node.ts';
import type { Labels, Resource } from './resource.ts';

export type WorkloadKind =
  | 'StatefulSet'
  | 'Deployment'
  | 'ReplicaSet'
  | 'ReplicationController'
  | 'DaemonSet'
  | 'Pod'
  | 'Job'
  | 'CronJob';

export interface Workload {
  readonly kind: WorkloadKind;
  readonly resource: Resource;
  /**
   * `spec.replicas` (`parallelism` of a Job), 1 where the kind defaults to it (then `at` is the object's name);
   * unknown for a DaemonSet, absent where a partial manifest does not say.
   */
  readonly replicas: Fact<number>;
  readonly pod: Pod;
  /** `spec.volumeClaimTemplates` of a StatefulSet. */
  readonly claimTemplates: readonly ClaimTemplate[];
  /** `spec.selector` as a node; undefined where there is none. */
  readonly selector: Node | undefined;
  /** A Kustomize patch or another partial manifest: what it lacks may come from elsewhere. */
  readonly partial: boolean;
}

export interface Pod {
  /** Labels of the pod template. */
  readonly labels: Labels;
  readonly annotations: Labels;
  /** The pod's `spec`; undefined where the manifest has none. */
  readonly spec: MapNode | undefined;
  /** The key `spec` of the pod template: where to point for what the pod lacks. */
  readonly at: Location;
  /** The main containers in their order, then init containers and sidecars in theirs. */
  readonly containers: readonly Container[];
  readonly volumes: readonly Volume[];
  /** `spec.securityContext` of the pod. */
  readonly securityContext: MapNode | undefined;
  /** Pod-level `resources` (Kubernetes 1.32 and later). */
  readonly resources: ResourceRequirements;
}

export interface Container {
  readonly name: string;
  /** `init` ends before the others start; `sidecar` is an init container that keeps running. */
  readonly role: 'main' | 'init' | 'sidecar';
  /** Undefined where no YAML declares it: a Dockerfile. */
  readonly node: MapNode | undefined;
  /** Its name, or else its first key. */
  readonly at: Location;
  readonly image: Fact<string>;
  /**
   * Words of `command` (the image's entrypoint is replaced) and `args`; absent where not written. `$(VAR)` is expanded as
   * the kubelet does; where the variable's value is not known it stays in the word.
   */
  readonly command: Fact<readonly Word[]>;
  readonly args: Fact<readonly Word[]>;
  /** What the container gets, each name once (the last one wins), in the order in which they are set. */
  readonly environment: readonly EnvironmentVariable[];
  /** Variables come from elsewhere too (`envFrom` of something not here, an `env_file`): any name may be set. */
  readonly environmentOpen: boolean;
  readonly mounts: readonly Mount[];
  readonly ports: readonly ContainerPort[];
  readonly resources: ResourceRequirements;
  readonly probes: Probes;
  /** `lifecycle` handlers that run a command. */
  readonly hooks: readonly Hook[];
  /** The container's own `securityContext`. */
  readonly securityContext: MapNode | undefined;
}

/** One word of a command line; `node` is the scalar that is exactly this word, for looking inside scripts. */
export interface Word extends Located<string> {
  readonly node: ScalarNode | undefined;
}

export interface EnvironmentVariable {
  readonly name: string;
  /** The key or name that declares it. */
  readonly at: Location;
  /** Known for a literal, or a ConfigMap key that is here; unknown for a Secret's or a foreign one. */
  readonly value: Fact<string>;
  /** Where a value that is not literal comes from. */
  readonly from: Reference | undefined;
}

/** A reference to another object by name. */
export interface Reference {
  readonly kind: 'ConfigMap' | 'Secret' | 'PersistentVolumeClaim' | 'ServiceAccount';
  readonly name: string;
  /** The key inside it, where one is named. */
  readonly key: string | undefined;
  readonly optional: boolean;
  /** The name's place. */
  readonly at: Location;
  readonly keyAt: Location | undefined;
}

export interface Mount {
  /** The volume's name; undefined for a compose bind or an anonymous volume. */
  readonly volume: string | undefined;
  /** Absolute path in the container, without a trailing slash. */
  readonly path: string;
  /** `subPath`, or `subPathExpr` with its variables expanded where they are known. */
  readonly subPath: string | undefined;
  readonly readOnly: boolean;
  /** The `mountPath` value. */
  readonly at: Location;
  /** The volume's name where it is written. */
  readonly volumeAt: Location;
}

export interface Volume {
  readonly name: string;
  readonly at: Location;
  readonly node: MapNode | undefined;
  readonly source: VolumeSource;
}
export type VolumeSource =
  | {
      readonly kind: 'configMap' | 'secret';
      readonly reference: Reference;
      readonly items: ReadonlyMap<string, string> | undefined;
      readonly defaultMode: Fact<number>;
    }
  | { readonly kind: 'persistentVolumeClaim'; readonly reference: Reference }
  | { readonly kind: 'emptyDir'; readonly medium: string | undefined; readonly sizeLimit: Fact<string> }
  | { readonly kind: 'hostPath'; readonly path: string }
  | { readonly kind: 'projected'; readonly references: readonly Reference[]; readonly defaultMode: Fact<number> }
  /** A claim template of the StatefulSet, a generic ephemeral volume, a named compose volume. */
  | { readonly kind: 'claimTemplate' | 'ephemeral' | 'named' }
  /** A compose bind mount: `path` is on the host, relative to the compose file. */
  | { readonly kind: 'bind'; readonly path: string }
  | { readonly kind: 'other'; readonly type: string };

export interface ClaimTemplate {
  readonly name: string;
  readonly at: Location;
  readonly node: MapNode;
  /** `spec.resources.requests.storage`, as written. */
  readonly storage: Fact<string>;
}

export interface ContainerPort {
  readonly name: string | undefined;
  readonly port: Fact<number>;
  readonly protocol: string;
  /** `hostPort`, where one is written and not 0. */
  readonly hostPort?: Located<number> | undefined;
  readonly at: Location;
}

/** Quantities in base units: bytes for memory and ephemeral storage, cores for cpu. */
export interface ResourceRequirements {
  readonly limits: Readonly<Record<string, Fact<number>>>;
  readonly requests: Readonly<Record<string, Fact<number>>>;
  /** The key `resources`, or what lacks it. */
  readonly at: Location;
  readonly node: MapNode | undefined;
}

export interface Hook {
  readonly kind: 'postStart' | 'preStop';
  readonly command: readonly Word[];
  readonly at: Location;
}

export interface Probes {
  readonly liveness: Probe | undefined;
  readonly readiness: Probe | undefined;
  readonly startup: Probe | undefined;
}

export interface Probe {
  readonly kind: 'liveness' | 'readiness' | 'startup';
  /** The key `livenessProbe` and so on. */
  readonly at: Location;
  readonly node: MapNode;
  readonly handler: ProbeHandler;
  /**
   * Seconds and counts, with the API's defaults (0, 10, 1, 3, 1) where they are not written: then absent says so.
   * A plain number is NaN where it is filled in later, so that every comparison is false.
   */
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: Known<number> | Unknown | { readonly state: 'absent'; readonly at: Location };
  readonly failureThreshold: number;
  readonly successThreshold: Fact<number>;
}
export type ProbeHandler =
  | { readonly kind: 'exec'; readonly command: readonly Word[]; readonly at: Location }
  | { readonly kind: 'tcpSocket' | 'httpGet' | 'grpc'; readonly port: Fact<string>; readonly at: Location }
  | { readonly kind: 'none' };
