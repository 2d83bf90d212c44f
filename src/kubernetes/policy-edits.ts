/** Plain data of NetworkPolicy rules, for fixes that write them. */
import { isPlaceholder, getMap, getScalar, keyText } from '../yaml/node.ts';
import type { Labels } from './resource.ts';
import type { Workload } from './workload.ts';

/** The labels by which a policy may name the pods of a workload: those of its selector, or of its template. None: do not try. */
export function namingLabels(workload: Workload): Labels | undefined {
  const selector = getMap(workload.selector, 'matchLabels') ?? getMap(workload.selector);
  const keys = (selector?.entries ?? []).flatMap(e => (e.value.kind === 'scalar' ? [keyText(e.key)] : []));
  const all = Object.entries(workload.pod.labels);
  const chosen = all.filter(([key]) => keys.includes(key));
  const labels = chosen.length > 0 ? chosen : all;
  if (labels.length === 0 || labels.flat().some(isPlaceholder)) return undefined;
  return Object.fromEntries(labels);
}

/** A peer that covers the pods of `workload`, as a policy beside `other` has to write it; undefined where labels do not tell. */
export function peerFor(
  workload: Workload,
  other: Workload,
): Readonly<Record<string, { readonly matchLabels: Labels }>> | undefined {
  const labels = namingLabels(workload);
  const { namespace } = workload.resource;
  if (labels === undefined) return undefined;
  const elsewhere =
    namespace !== undefined && other.resource.namespace !== undefined && namespace !== other.resource.namespace;
  return {
    ...(elsewhere ? { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } } : {}),
    podSelector: { matchLabels: labels },
  };
}

/** Labels for a message: `app=web, tier=front`. */
export const labelText = (labels: Labels): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');

/** The labels of a workload's pods for a message. */
export function podLabelText(workload: Workload): string {
  const labels = labelText(namingLabels(workload) ?? workload.pod.labels);
  return labels === '' ? 'no labels' : labels;
}

/** The namespace that is written in an object, for the metadata of one beside it. */
export function metadataBeside(workload: Workload, name: string): Readonly<Record<string, string>> {
  const namespace = getScalar(workload.resource.root, 'metadata', 'namespace')?.text;
  return namespace === undefined || isPlaceholder(namespace) ? { name } : { name, namespace };
}
