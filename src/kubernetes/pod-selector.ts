/** Labels by which another object can select the pods of a workload. */
import { selectorOf } from './read-workload.ts';
import type { Labels } from './resource.ts';
import type { Workload } from './workload.ts';

/** The labels of the workload's own selector, which never change; those of the pods where it has none or more than equalities. */
export function selectingLabels(workload: Workload): Labels {
  const selector = selectorOf(workload);
  const equalities = (selector?.requirements ?? []).flatMap(({ key, operator, values }) =>
    operator === 'In' && values.length === 1 && values[0] !== undefined ? [[key, values[0]] as const] : [],
  );
  const isPlain = selector !== undefined && !selector.malformed && equalities.length === selector.requirements.length;
  return isPlain && equalities.length > 0 ? Object.fromEntries(equalities) : workload.pod.labels;
}
