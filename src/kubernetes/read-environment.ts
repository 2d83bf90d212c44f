/** The environment variables of a container, as the kubelet composes them. */
import { type Fact, absent, known, unknown } from '../types.ts';
import {
  type MapNode,
  type Node,
  type ScalarNode,
  get,
  getBoolean,
  getItems,
  getMap,
  getScalar,
  getText,
  isPlaceholder,
  keyText,
} from '../yaml/node.ts';
import { expandVariables, referencedVariables } from './expansion.ts';
import type { Lookup } from './lookup.ts';
import type { Container, EnvironmentVariable, Reference } from './workload.ts';

export interface ContainerEnvironment {
  readonly variables: readonly EnvironmentVariable[];
  readonly open: boolean;
}

/** Reads `envFrom` and `env`: later ones win, `env` over `envFrom`; `$(VAR)` is expanded from what is set before it. */
export function readEnvironment(
  container: MapNode,
  lookup: Lookup,
  namespace: string | undefined,
): ContainerEnvironment {
  const variables = new Map<string, EnvironmentVariable>();
  let open = isMalformedList(container, 'envFrom') || isMalformedList(container, 'env');
  const set = (variable: EnvironmentVariable) => {
    // Taken out first, so that it stands where it was set last.
    variables.delete(variable.name);
    variables.set(variable.name, variable);
  };

  for (const source of getItems(container, 'envFrom')) {
    const imported = importedVariables(source, lookup, namespace);
    if (imported === undefined) open = true;
    for (const variable of imported ?? []) set(variable);
  }
  for (const item of getItems(container, 'env')) {
    const name = getScalar(item, 'name');
    if (item.kind !== 'map' || name === undefined || isPlaceholder(name.text)) open = true;
    else set(declaredVariable(item, name, { variables, open }, lookup, namespace));
  }
  return { variables: [...variables.values()], open };
}

function isMalformedList(container: MapNode, key: string): boolean {
  const node = get(container, key);
  return node !== undefined && node.kind !== 'seq' && !(node.kind === 'scalar' && node.value === null);
}

function importedVariables(
  source: Node,
  lookup: Lookup,
  namespace: string | undefined,
): readonly EnvironmentVariable[] | undefined {
  for (const [field, kind] of [
    ['configMapRef', 'ConfigMap'],
    ['secretRef', 'Secret'],
  ] as const) {
    const from = readReference(kind, get(source, field), undefined);
    if (from === undefined) continue;
    const prefix = getText(source, 'prefix') ?? '';
    if (isPlaceholder(from.name) || isPlaceholder(prefix)) return undefined;
    return lookup.keys(kind, from.name, namespace)?.map(({ key }) => ({
      name: `${prefix}${keyText(key)}`,
      at: from.at,
      value: lookup.value(kind, from.name, keyText(key), namespace),
      from: { ...from, key: keyText(key), keyAt: key },
    }));
  }
  return undefined;
}

interface Earlier {
  readonly variables: ReadonlyMap<string, EnvironmentVariable>;
  readonly open: boolean;
}

function declaredVariable(
  item: MapNode,
  name: ScalarNode,
  earlier: Earlier,
  lookup: Lookup,
  namespace: string | undefined,
): EnvironmentVariable {
  const declared = { name: name.text, at: name };
  const value = get(item, 'value');
  if (value !== undefined && value.kind !== 'scalar') {
    return { ...declared, value: unknown('its value is no text', value), from: undefined };
  }
  if (value !== undefined && value.text !== '' && value.value !== null) {
    return { ...declared, value: literalValue(value, earlier), from: undefined };
  }
  const source = get(item, 'valueFrom');
  if (source === undefined || (source.kind === 'scalar' && source.value === null)) {
    return { ...declared, value: known('', value ?? name), from: undefined };
  }
  for (const [field, kind] of [
    ['configMapKeyRef', 'ConfigMap'],
    ['secretKeyRef', 'Secret'],
  ] as const) {
    const selected = get(source, field);
    const from = readReference(kind, selected, getScalar(selected, 'key'));
    if (from === undefined) continue;
    const isKnown = from.key !== undefined && !isPlaceholder(from.name) && !isPlaceholder(from.key);
    const found = isKnown
      ? lookup.value(kind, from.name, from.key, namespace)
      : unknown(`comes from a ${kind}`, from.at);
    return { ...declared, value: found.at === undefined ? { ...found, at: from.at } : found, from };
  }
  const field = getScalar(source, 'fieldRef', 'fieldPath');
  if (field?.text === 'metadata.namespace' && namespace !== undefined) {
    return { ...declared, value: known(namespace, field), from: undefined };
  }
  return { ...declared, value: unknown('is known only in the running pod', source), from: undefined };
}

function literalValue(scalar: ScalarNode, earlier: Earlier): Fact<string> {
  const { text } = scalar;
  if (isPlaceholder(text.replaceAll(/\$\([^)]*\)/g, ''))) return unknown(`"${text}" is filled in later`, scalar);
  const open = referencedVariables(text).find(name => !isResolved(name, earlier));
  if (open !== undefined) return unknown(`refers to $(${open}), which is not known here`, scalar);
  return known(
    expandVariables(text, name => {
      const fact = earlier.variables.get(name)?.value;
      return fact?.state === 'known' ? fact.value : undefined;
    }),
    scalar,
  );
}

/** Whether it is certain what the kubelet does with `$(name)`: a known value, or the text left as it stands. */
function isResolved(name: string, { variables, open }: Earlier): boolean {
  const fact = variables.get(name)?.value;
  if (fact !== undefined) return fact.state !== 'unknown';
  // A name like a variable's may still be one of Kustomize or a template, or be set for a Service of the namespace.
  return !open && !/^[A-Z_][A-Z0-9_]*$/.test(name);
}

/** A reference by name: `node` is the map that holds `name` and `optional`. Undefined where it names nothing. */
export function readReference(
  kind: Reference['kind'],
  node: Node | undefined,
  key: ScalarNode | undefined,
  field = 'name',
): Reference | undefined {
  const name = getMap(node) && getScalar(node, field);
  if (name === undefined || name.text === '') return undefined;
  return {
    kind,
    name: name.text,
    key: key?.text,
    optional: getBoolean(node, 'optional') ?? false,
    at: name,
    keyAt: key,
  };
}

/** The value of a variable; absent where nothing sets it, unknown where something that is not here may. */
export function environmentValue(container: Container, name: string): Fact<string> {
  const variable = container.environment.findLast(v => v.name === name);
  if (variable !== undefined) return variable.value;
  return container.environmentOpen
    ? unknown('variables come from something that is not here', container.at)
    : absent(container.at);
}
