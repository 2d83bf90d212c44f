/** Which kinds of objects an export holds in full: what else is not in it may still exist. */

/** Objects of a kind that were asked for: in one namespace, or in all of them. */
export interface Covered {
  readonly kind: string;
  /** Undefined: in every namespace, and outside of them. */
  readonly namespace: string | undefined;
}

/** All that was asked for. */
export type Coverage = readonly Covered[];

/** Whether an object of this kind and namespace would be in the export if it existed. */
export function covers(coverage: Coverage, kind: string, namespace: string | undefined): boolean {
  return coverage.some(c => c.kind === kind && (c.namespace === undefined || c.namespace === namespace));
}

/** The namespaces of the objects of each kind in one list; `undefined` for objects outside of namespaces. */
export type ListContent = ReadonlyMap<string, ReadonlySet<string | undefined>>;

/**
 * What a list tells of the question that it answers: a kind that is there was asked for. A list that spans namespaces is one of
 * all of them; one of a single namespace says nothing of others. An empty list does not say where it was asked for.
 */
export function coverageOf(content: ListContent): Coverage {
  const namespaces = new Set([...content.values()].flatMap(set => [...set]).filter(n => n !== undefined));
  const [only, ...more] = namespaces;
  const everywhere = more.length > 0;
  return [...content].map(([kind, set]) => ({
    kind,
    namespace: everywhere || set.has(undefined) ? undefined : only,
  }));
}
