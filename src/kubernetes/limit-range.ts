/** Defaults that a namespace gives to containers. */
import { once } from '../once.ts';
import type { Fact } from '../types.ts';
import { getItems, getMap, getText } from '../yaml/node.ts';
import { readQuantities } from './read-container.ts';
import { type Resource, sameNamespace } from './resource.ts';

/** What a LimitRange sets where a container says nothing. */
export interface LimitRange {
  readonly resource: Resource;
  readonly limits: Readonly<Record<string, Fact<number>>>;
  readonly requests: Readonly<Record<string, Fact<number>>>;
}

/**
 * The container defaults of a LimitRange, with the API's own defaulting: a limit from `max`, a request from the default
 * limit or else from `min`. Undefined for other kinds.
 */
export function readLimitRange(resource: Resource): LimitRange | undefined {
  if (resource.kind !== 'LimitRange') return undefined;
  let limits: Record<string, Fact<number>> = {};
  let requests: Record<string, Fact<number>> = {};
  for (const item of getItems(resource.root, 'spec', 'limits')) {
    if (getText(item, 'type') !== 'Container') continue;
    const map = getMap(item);
    const itemLimits = { ...readQuantities(map, 'max'), ...readQuantities(map, 'default') };
    // A later item of the same object overwrites an earlier one.
    limits = { ...limits, ...itemLimits };
    requests = { ...requests, ...readQuantities(map, 'min'), ...itemLimits, ...readQuantities(map, 'defaultRequest') };
  }
  return { resource, limits, requests };
}

/** The LimitRanges that bear on pods of a namespace. */
export function limitRangesIn(resources: readonly Resource[], namespace: string | undefined): readonly LimitRange[] {
  return allLimitRanges(resources).filter(r => sameNamespace(r.resource.namespace, namespace));
}

const allLimitRanges = once((resources: readonly Resource[]) => resources.flatMap(r => readLimitRange(r) ?? []));
