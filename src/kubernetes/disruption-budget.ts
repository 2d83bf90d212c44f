/** PodDisruptionBudgets: how many pods an eviction may take. */
import { type Fact, type Located, absent, known } from '../types.ts';
import { type MapNode, get, textFact } from '../yaml/node.ts';
import { type Resource, sameNamespace } from './resource.ts';
import { runtimeLabels } from './pod-labels.ts';
import { type Answer, type Selector, matches, readSelector } from './selector.ts';
import type { Workload } from './workload.ts';

export interface DisruptionBudget {
  readonly resource: Resource;
  /** Undefined selects no pod, an empty one every pod of the namespace. */
  readonly selector: Selector | undefined;
  /** As written: a number or a percentage. */
  readonly minAvailable: Fact<string>;
  readonly maxUnavailable: Fact<string>;
}

/** The budget of an object; undefined for other kinds. */
export function readDisruptionBudget(resource: Resource): DisruptionBudget | undefined {
  if (resource.kind !== 'PodDisruptionBudget') return undefined;
  const { root } = resource;
  const written = readSelector(get(root, 'spec', 'selector'));
  // In the first version of the API an empty selector selected nothing.
  const isEmpty = written?.requirements.length === 0 && !written.malformed;
  return {
    resource,
    selector: isEmpty && resource.apiVersion === 'policy/v1beta1' ? undefined : written,
    minAvailable: amount(root, 'minAvailable', resource),
    maxUnavailable: amount(root, 'maxUnavailable', resource),
  };
}

function amount(root: MapNode, field: string, resource: Resource): Fact<string> {
  const fact = textFact(root, 'spec', field);
  return fact.state === 'absent' ? absent(resource.at) : fact;
}

/** Whether a budget guards the pods of a workload. */
export function guards(budget: DisruptionBudget, workload: Workload): Answer {
  if (!sameNamespace(budget.resource.namespace, workload.resource.namespace)) return false;
  return matches(budget.selector, workload.pod.labels, runtimeLabels(workload));
}

/**
 * How many of `pods` pods an eviction may take at once while all are ready; percentages round up, as the controller does.
 * Absent where the budget says neither or both, unknown where an amount is.
 */
export function disruptionsAllowed(budget: DisruptionBudget, pods: number): Fact<number> {
  const { minAvailable, maxUnavailable } = budget;
  if (minAvailable.state === 'unknown') return minAvailable;
  if (maxUnavailable.state === 'unknown') return maxUnavailable;
  if (minAvailable.state === maxUnavailable.state) return absent(budget.resource.at);
  const written = minAvailable.state === 'known' ? minAvailable : maxUnavailable;
  if (written.state !== 'known') return absent(budget.resource.at);
  const count = countOf(written, pods);
  if (count === undefined)
    return { state: 'unknown', reason: `"${written.value}" is no number of pods`, at: written.at };
  return known(Math.max(0, minAvailable.state === 'known' ? pods - count : Math.min(count, pods)), written.at);
}

function countOf({ value }: Located<string>, pods: number): number | undefined {
  const [, number, percent] = /^(\d+)(%?)$/.exec(value) ?? [];
  if (number === undefined) return undefined;
  return percent === '' ? Number(number) : Math.ceil((Number(number) * pods) / 100);
}
