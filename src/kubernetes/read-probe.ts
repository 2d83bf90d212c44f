/** Probes and lifecycle hooks of a container, with the API's defaults. */
import type { Fact } from '../types.ts';
import { type MapNode, type Node, type ScalarNode, entry, getItems, getMap, getText, textFact } from '../yaml/node.ts';
import { expandVariables } from './expansion.ts';
import { integerFact } from './facts.ts';
import type { Hook, Probe, ProbeHandler, Probes, Word } from './workload.ts';

/** The three probes of a container. */
export function readProbes(container: MapNode): Probes {
  return {
    liveness: readProbe(container, 'liveness'),
    readiness: readProbe(container, 'readiness'),
    startup: readProbe(container, 'startup'),
  };
}

function readProbe(container: MapNode, kind: Probe['kind']): Probe | undefined {
  const found = entry(container, `${kind}Probe`);
  if (found?.value.kind !== 'map') return undefined;
  const { key: at, value: node } = found;
  const timeout = withDefault(integerFact(node, 'timeoutSeconds'), 1);
  const count = (field: string, otherwise: number) => {
    const fact = withDefault(integerFact(node, field), otherwise);
    if (fact.state === 'unknown') return Number.NaN;
    return fact.state === 'known' ? fact.value : otherwise;
  };
  return {
    kind,
    at,
    node,
    handler: readHandler(node, literals(container)),
    initialDelaySeconds: count('initialDelaySeconds', 0),
    periodSeconds: count('periodSeconds', 10),
    timeoutSeconds: timeout.state === 'absent' ? { state: 'absent', at } : timeout,
    failureThreshold: count('failureThreshold', 3),
    successThreshold: withDefault(integerFact(node, 'successThreshold'), 1),
  };
}

/** The API replaces a written 0 by the default too. */
function withDefault(fact: Fact<number>, value: number): Fact<number> {
  return fact.state === 'known' && fact.value === 0 ? { ...fact, value } : fact;
}

/** Probes see the literal values of `env` alone, unexpanded, unlike `command` and `args`. */
function literals(container: MapNode): ReadonlyMap<string, string> {
  return new Map(
    getItems(container, 'env').flatMap(item => {
      const name = getText(item, 'name');
      const value = getText(item, 'value');
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function readHandler(probe: MapNode, variables: ReadonlyMap<string, string>): ProbeHandler {
  const exec = entry(probe, 'exec');
  if (exec !== undefined && isPresent(exec.value)) {
    const expand = (text: string) => expandVariables(text, name => variables.get(name));
    return { kind: 'exec', command: readCommand(exec.value, expand), at: exec.key };
  }
  for (const kind of ['httpGet', 'tcpSocket', 'grpc'] as const) {
    const found = entry(probe, kind);
    if (found === undefined || !isPresent(found.value)) continue;
    return { kind, port: textFact(getMap(found.value), 'port'), at: found.key };
  }
  return { kind: 'none' };
}

function isPresent(node: Node): boolean {
  return node.kind !== 'scalar' || node.value !== null;
}

/** The `exec` handlers of `lifecycle`. Their words are as written: the kubelet expands nothing there. */
export function readHooks(container: MapNode): Hook[] {
  const lifecycle = getMap(container, 'lifecycle');
  return (['postStart', 'preStop'] as const).flatMap(kind => {
    const found = entry(lifecycle, kind);
    const exec = getMap(found?.value, 'exec');
    if (found === undefined || exec === undefined) return [];
    return [{ kind, command: readCommand(exec, text => text), at: found.key }];
  });
}

function readCommand(exec: Node, expand: (text: string) => string): readonly Word[] {
  return getItems(exec, 'command').flatMap(word => (word.kind === 'scalar' ? [wordOf(word, expand(word.text))] : []));
}

/** A word that stands in a scalar and reads `value` once expanded: only an unchanged one is exactly its scalar. */
export function wordOf(scalar: ScalarNode, value: string): Word {
  return { value, at: scalar, node: value === scalar.text ? scalar : undefined };
}
