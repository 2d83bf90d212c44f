/** What a cluster says of the pods of a server as they run: restarts, why they ended, the image that was pulled. */
import type { Resource } from '../kubernetes/resource.ts';
import type { Location } from '../types.ts';
import { type Node, getItems, getMap, getScalar, getText, numberFact } from '../yaml/node.ts';
import { valueOf } from '../types.ts';

/** A container of a pod as the kubelet saw it last. */
export interface ContainerState {
  readonly pod: string;
  readonly restarts: number;
  /** Where the count stands, or else the container's name. */
  readonly at: Location;
  /** How it ended last: the reason, the exit code and the moment that the kubelet gives. */
  readonly ended:
    | { readonly reason: string; readonly exitCode: number | undefined; readonly moment: string | undefined }
    | undefined;
  /** Why it does not run: `CrashLoopBackOff`, `ImagePullBackOff`. */
  readonly waiting: string | undefined;
  /** The digest that runs, `sha256:…`, and where it stands. */
  readonly digest: { readonly value: string; readonly at: Location } | undefined;
}

/** The states of the containers of this name, in the order of the pods; pods that never ran have none. */
export function containerStates(pods: readonly Resource[], container: string): readonly ContainerState[] {
  return pods.flatMap(pod =>
    ['containerStatuses', 'initContainerStatuses']
      .flatMap(field => getItems(pod.root, 'status', field))
      .filter(status => getText(status, 'name') === container)
      .map(status => stateOf(pod, status)),
  );
}

function stateOf(pod: Resource, status: Node): ContainerState {
  const terminated = getMap(status, 'lastState', 'terminated') ?? getMap(status, 'state', 'terminated');
  const count = getScalar(status, 'restartCount');
  const image = getScalar(status, 'imageID');
  const digest = /sha256:[0-9a-f]{64}$/.exec(image?.text ?? '')?.[0];
  return {
    pod: pod.name,
    restarts: valueOf(numberFact(getMap(status), 'restartCount')) ?? 0,
    at: count ?? getScalar(status, 'name') ?? pod.at,
    ended:
      terminated === undefined
        ? undefined
        : {
            reason: getText(terminated, 'reason') ?? 'Error',
            exitCode: valueOf(numberFact(terminated, 'exitCode')),
            moment: getText(terminated, 'finishedAt'),
          },
    waiting: getText(status, 'state', 'waiting', 'reason'),
    digest: image === undefined || digest === undefined ? undefined : { value: digest, at: image },
  };
}

/**
 * How containers failed, in one line for each pod that has something to tell: `the pod "db-0" restarted 7 times, last OOMKilled
 * at …`. One that ended in peace, with its node or its pod, did not fail.
 */
export function troubles(
  states: readonly ContainerState[],
): readonly { readonly at: Location; readonly message: string }[] {
  return states.flatMap(state => {
    const { pod, restarts, ended, waiting, at } = state;
    const isKilled = ended?.reason === 'OOMKilled';
    const stuck = waiting !== undefined && !/^(?:ContainerCreating|PodInitializing)$/.test(waiting);
    const failed = restarts > 0 && ended?.exitCode !== 0;
    if (!failed && !isKilled && !stuck) return [];
    const times = restarts === 0 ? 'ended' : `restarted ${restarts === 1 ? 'once' : `${restarts} times`}`;
    const code = ended?.exitCode === undefined || isKilled ? '' : ` with exit code ${ended.exitCode}`;
    const last =
      ended === undefined
        ? ''
        : `, last ${ended.reason}${code}${ended.moment === undefined ? '' : ` at ${ended.moment}`}`;
    return [{ at, message: `the pod "${pod}" ${times}${last}${stuck ? `, and is in ${waiting}` : ''}` }];
  });
}

/** Whether the node's kernel ended one of them for want of memory. */
export const wasKilledForMemory = (states: readonly ContainerState[]): boolean =>
  states.some(s => s.ended?.reason === 'OOMKilled');
