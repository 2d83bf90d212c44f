/** What containers may use once the API's defaults apply, and the quality of service that follows for their pod. */
import { type Fact, type Location, absent, unknown, valueOf } from '../types.ts';
import type { LimitRange } from './limit-range.ts';
import type { Container, Pod, ResourceRequirements } from './workload.ts';

export type { LimitRange };

type Quantities = Readonly<Record<string, Fact<number>>>;

/**
 * A container's limits and requests as admission completes them: a request from the limit, then the defaults of the
 * namespace's LimitRanges. Without `pod` nothing else counts; with it, a limit or request of the whole pod stands in
 * where the container has none: no container can have more.
 */
export function effectiveResources(
  container: Container,
  pod: Pod | undefined,
  limitRanges: readonly LimitRange[],
): ResourceRequirements {
  const own = admitted(container.resources, limitRanges);
  if (pod === undefined) return own;
  const limits = fill(own.limits, pod.resources.limits);
  const shared = fill(pod.resources.requests, pod.resources.limits);
  return { ...own, limits, requests: fill(own.requests, shared) };
}

function admitted(resources: ResourceRequirements, limitRanges: readonly LimitRange[]): ResourceRequirements {
  // The order matters: an explicit limit becomes the request before a LimitRange can give another one.
  const requests = fill(resources.requests, resources.limits);
  return {
    ...resources,
    limits: fill(resources.limits, agreed(limitRanges.map(r => r.limits))),
    requests: fill(requests, agreed(limitRanges.map(r => r.requests))),
  };
}

function fill(written: Quantities, defaults: Quantities): Quantities {
  return { ...defaults, ...written };
}

/** The defaults of several LimitRanges. Which one comes first is not specified: where they differ they are unknown. */
function agreed(all: readonly Quantities[]): Quantities {
  const result: Record<string, Fact<number>> = {};
  for (const [name, fact] of all.flatMap(Object.entries<Fact<number>>)) {
    const before = result[name];
    const differs = before !== undefined && valueOf(before) !== valueOf(fact);
    result[name] = differs ? unknown(`several LimitRanges give a default for ${name}`, fact.at) : (before ?? fact);
  }
  return result;
}

export type QualityOfServiceClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

export interface QualityOfService {
  /** Unknown where a quantity that decides it is. */
  readonly class: QualityOfServiceClass | 'unknown';
  /** What keeps the pod from Guaranteed: one entry for each container and resource. Empty for a Guaranteed pod. */
  readonly gaps: readonly QualityGap[];
}

export interface QualityGap {
  /** Undefined for the pod's own `resources`. */
  readonly container: Container | undefined;
  readonly resource: 'cpu' | 'memory';
  readonly limit: Fact<number>;
  readonly request: Fact<number>;
  /** The limit or request that falls short, or else the key `resources` (or what lacks it). */
  readonly at: Location;
}

const resources = ['cpu', 'memory'] as const;

/**
 * The class as the API server computes it: from the pod's own `resources` where it has any, else from all containers,
 * init containers and sidecars included; only cpu and memory above zero count.
 */
export function qualityOfService(pod: Pod, limitRanges: readonly LimitRange[] = []): QualityOfService {
  const { limits, requests } = pod.resources;
  const isPodLevel = Object.keys(limits).length + Object.keys(requests).length > 0;
  const parts = isPodLevel
    ? [{ container: undefined, resources: admitted(pod.resources, []) }]
    : pod.containers.map(container => ({
        container,
        resources: effectiveResources(container, undefined, limitRanges),
      }));
  const all = parts.flatMap(part => resources.map(resource => judge(part.container, part.resources, resource)));
  const gaps = all.filter(one => one.state !== 'equal').map(one => one.gap);
  if (all.length > 0 && gaps.length === 0) return { class: 'Guaranteed', gaps };
  if (all.some(one => one.state === 'short')) return { class: 'Burstable', gaps };
  // From here on each resource is equal, missing or unknown.
  const states = new Set(all.map(one => one.state));
  if (states.has('unknown'))
    return { class: states.has('equal') && states.has('missing') ? 'Burstable' : 'unknown', gaps };
  return { class: states.has('equal') ? 'Burstable' : 'BestEffort', gaps };
}

type State = 'equal' | 'short' | 'missing' | 'unknown';

function judge(
  container: Container | undefined,
  { limits, requests, at }: ResourceRequirements,
  resource: 'cpu' | 'memory',
): { readonly state: State; readonly gap: QualityGap } {
  const limit = limits[resource] ?? absent(at);
  const request = requests[resource] ?? absent(at);
  const place = [request, limit].find(fact => fact.state !== 'absent')?.at ?? at;
  return { state: stateOf(limit, request), gap: { container, resource, limit, request, at: place } };
}

function stateOf(limit: Fact<number>, request: Fact<number>): State {
  // A request defaults to the limit, so an unknown limit alone leaves both unknown.
  if (limit.state === 'unknown' || request.state === 'unknown') {
    const isShort =
      limit.state === 'absent' || (request.state === 'known' && request.value > 0 && valueOf(limit) === 0);
    return isShort && valueOf(request) !== undefined ? 'short' : 'unknown';
  }
  const most = valueOf(limit) ?? 0;
  const least = valueOf(request) ?? 0;
  if (most <= 0 && least <= 0) return 'missing';
  return most === least ? 'equal' : 'short';
}
