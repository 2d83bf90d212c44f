/** The security context that a container really runs under: its own fields over the pod's. */
import { type Fact, type Located, type Location, absent } from '../types.ts';
import { type MapNode, booleanFact, entry, getItems, getText, textFact } from '../yaml/node.ts';
import { integerFact } from './facts.ts';
import type { Resource } from './resource.ts';
import type { Container, Pod } from './workload.ts';

/** Each fact lies where it was won; an absent one where it would be written. */
export interface EffectiveSecurity {
  readonly runAsNonRoot: Fact<boolean>;
  readonly runAsUser: Fact<number>;
  readonly runAsGroup: Fact<number>;
  /** Of the pod alone. */
  readonly fsGroup: Fact<number>;
  readonly fsGroupChangePolicy: Fact<string>;
  readonly supplementalGroups: readonly Located<string>[];
  /** `RuntimeDefault`, `Localhost` or `Unconfined`. */
  readonly seccompProfile: Fact<string>;
  /** Of the container alone. */
  readonly allowPrivilegeEscalation: Fact<boolean>;
  readonly privileged: Fact<boolean>;
  readonly readOnlyRootFilesystem: Fact<boolean>;
  readonly procMount: Fact<string>;
  /** Capabilities as written; Kubernetes takes them with or without `CAP_`, the runtime in capitals. */
  readonly capabilitiesAdd: readonly Located<string>[];
  readonly capabilitiesDrop: readonly Located<string>[];
  /** The key `securityContext` of the container, or else the container. */
  readonly at: Location;
}

/** What a container runs under. */
export function effectiveSecurity(pod: Pod, container: Container): EffectiveSecurity {
  const own = container.securityContext;
  const shared = pod.securityContext;
  const at = entry(container.node, 'securityContext')?.key ?? container.at;
  const podAt = entry(pod.spec, 'securityContext')?.key ?? pod.at;
  const inherited = <T>(read: (node: MapNode | undefined) => Fact<T>): Fact<T> =>
    placed(first(read(own), read(shared)), at);
  const ofContainer = <T>(read: (node: MapNode | undefined) => Fact<T>): Fact<T> => placed(read(own), at);
  const ofPod = <T>(read: (node: MapNode | undefined) => Fact<T>): Fact<T> => placed(read(shared), podAt);
  return {
    runAsNonRoot: inherited(node => booleanFact(node, 'runAsNonRoot')),
    runAsUser: inherited(node => integerFact(node, 'runAsUser')),
    runAsGroup: inherited(node => integerFact(node, 'runAsGroup')),
    fsGroup: ofPod(node => integerFact(node, 'fsGroup')),
    fsGroupChangePolicy: ofPod(node => textFact(node, 'fsGroupChangePolicy')),
    supplementalGroups: texts(shared, 'supplementalGroups'),
    seccompProfile: inherited(node => textFact(node, 'seccompProfile', 'type')),
    allowPrivilegeEscalation: ofContainer(node => booleanFact(node, 'allowPrivilegeEscalation')),
    privileged: ofContainer(node => booleanFact(node, 'privileged')),
    readOnlyRootFilesystem: ofContainer(node => booleanFact(node, 'readOnlyRootFilesystem')),
    procMount: ofContainer(node => textFact(node, 'procMount')),
    capabilitiesAdd: texts(own, 'capabilities', 'add'),
    capabilitiesDrop: texts(own, 'capabilities', 'drop'),
    at,
  };
}

/** The namespaces and tokens that a pod shares with its node and the API server. */
export interface PodSecurity {
  readonly hostPID: Fact<boolean>;
  readonly hostIPC: Fact<boolean>;
  readonly hostNetwork: Fact<boolean>;
  /** False = the pod runs in a user namespace: root in it is nobody outside. */
  readonly hostUsers: Fact<boolean>;
  /** Of the pod, or else of its ServiceAccount when that is given. */
  readonly automountServiceAccountToken: Fact<boolean>;
  readonly serviceAccountName: Fact<string>;
}

/** What a pod shares; `serviceAccount` is the ServiceAccount object that it runs as, where that is here. */
export function podSecurity(pod: Pod, serviceAccount?: Resource): PodSecurity {
  const { spec } = pod;
  const flag = (name: string) => placed(booleanFact(spec, name), pod.at);
  const name = textFact(spec, 'serviceAccountName');
  return {
    hostPID: flag('hostPID'),
    hostIPC: flag('hostIPC'),
    hostNetwork: flag('hostNetwork'),
    hostUsers: flag('hostUsers'),
    automountServiceAccountToken: placed(
      first(
        booleanFact(spec, 'automountServiceAccountToken'),
        booleanFact(serviceAccount?.root, 'automountServiceAccountToken'),
      ),
      pod.at,
    ),
    serviceAccountName: placed(first(name, textFact(spec, 'serviceAccount')), pod.at),
  };
}

/** The capability's name without `CAP_`, in capitals: `cap_chown` → `CHOWN`. */
export function capabilityName(text: string): string {
  return text.toUpperCase().replace(/^CAP_/, '');
}

function first<T>(winner: Fact<T>, otherwise: Fact<T>): Fact<T> {
  return winner.state === 'absent' ? otherwise : winner;
}

function placed<T>(fact: Fact<T>, at: Location): Fact<T> {
  return fact.state === 'absent' ? absent(at) : fact;
}

function texts(node: MapNode | undefined, ...path: readonly string[]): readonly Located<string>[] {
  return getItems(node, ...path).flatMap(item => {
    const text = getText(item);
    return text === undefined ? [] : [{ value: text, at: item }];
  });
}
