/** Where a password should come from instead: a Secret whose name follows from the workload. Never its value. */
import { type Edits, addItemAt, addKey, joined, removeEntry } from '../fix/edits.ts';
import type { Reference, Workload } from '../kubernetes/workload.ts';
import type { MapNode } from '../yaml/node.ts';

/** A key of a Secret that is to be made outside the repository. */
export interface SecretKey {
  readonly secret: string;
  readonly key: string;
}

/** `orders-credentials` and `postgres-password` for POSTGRES_PASSWORD of `orders`. */
export function secretKeyFor(workload: string | undefined, variable: string): SecretKey {
  return { secret: `${workload ?? 'postgres'}-credentials`, key: variable.toLowerCase().replaceAll('_', '-') };
}

/** Whether a reference is one that our fixes write: the Secret it names is made outside the repository. */
export function isByConvention({ pod, resource }: Workload, { at, key, kind, name }: Reference): boolean {
  return pod.containers.some(({ environment }) =>
    environment.some(({ from, name: variable }) => {
      const ours = secretKeyFor(resource.name, variable);
      const isSame = from?.kind === kind && from.at.path === at.path && from.at.start === at.start;
      return isSame && kind === 'Secret' && ours.secret === name && ours.key === key;
    }),
  );
}

/** The command that makes the Secret, with gaps for the values: `kubectl create secret generic …`. */
export function howToMake(secret: string, keys: readonly string[]): string {
  const literals = [...new Set(keys)].map(key => `--from-literal=${key}='…'`);
  return `kubectl create secret generic ${secret} ${literals.join(' ')}`;
}

/** Takes the value out of an item of `env`, and refers to the Secret. */
export function fromSecret(item: MapNode, { secret, key }: SecretKey): Edits {
  return joined([
    removeEntry(item, 'value'),
    addKey(item, 'valueFrom', { secretKeyRef: { name: secret, key } }, ['name']),
  ]);
}

/** Adds a variable that comes from the Secret. */
export function variableFromSecret(container: MapNode, variable: string, { secret, key }: SecretKey): Edits {
  return addItemAt(container, ['env'], { name: variable, valueFrom: { secretKeyRef: { name: secret, key } } });
}
