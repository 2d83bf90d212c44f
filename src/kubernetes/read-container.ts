/** Containers of a pod: command, environment, mounts, ports, resources, probes. */
import { type Fact, type Location, absent, known, unknown } from '../types.ts';
import {
  type MapNode,
  type Node,
  type ScalarNode,
  entry,
  get,
  getBoolean,
  getItems,
  getMap,
  getScalar,
  getText,
  isPlaceholder,
  keyPlace,
  keyText,
  textFact,
} from '../yaml/node.ts';
import { expandVariables } from './expansion.ts';
import { integerFact } from './facts.ts';
import type { Lookup } from './lookup.ts';
import { normalisePath } from './mounts.ts';
import { quantityFact } from './quantity.ts';
import { type ContainerEnvironment, readEnvironment } from './read-environment.ts';
import { readHooks, readProbes, wordOf } from './read-probe.ts';
import type { Container, ContainerPort, Mount, ResourceRequirements, Word } from './workload.ts';

/** The containers of a pod's `spec`: the main ones, then init containers and sidecars. */
export function readContainers(spec: MapNode | undefined, lookup: Lookup, namespace: string | undefined): Container[] {
  const maps = (key: string) => getItems(spec, key).filter(node => node.kind === 'map');
  return [
    ...maps('containers').map(node => readContainer(node, 'main', lookup, namespace)),
    ...maps('initContainers').map(node =>
      readContainer(node, getText(node, 'restartPolicy') === 'Always' ? 'sidecar' : 'init', lookup, namespace),
    ),
  ];
}

function readContainer(
  node: MapNode,
  role: Container['role'],
  lookup: Lookup,
  namespace: string | undefined,
): Container {
  const environment = readEnvironment(node, lookup, namespace);
  const name = getScalar(node, 'name');
  const at = name ?? node.entries[0]?.key ?? node;
  return {
    name: name?.text ?? '',
    role,
    node,
    at,
    image: textFact(node, 'image'),
    command: readWords(node, 'command', at, environment),
    args: readWords(node, 'args', at, environment),
    environment: environment.variables,
    environmentOpen: environment.open,
    mounts: getItems(node, 'volumeMounts').flatMap(mount => readMount(mount, environment)),
    ports: getItems(node, 'ports').flatMap(readPort),
    resources: readRequirements(node, at),
    probes: readProbes(node),
    hooks: readHooks(node),
    securityContext: getMap(node, 'securityContext'),
  };
}

function readWords(
  node: MapNode,
  key: string,
  container: Location,
  environment: ContainerEnvironment,
): Fact<readonly Word[]> {
  const list = get(node, key);
  if (list === undefined || (list.kind === 'scalar' && list.value === null)) return absent(container);
  if (list.kind !== 'seq') return unknown(`"${key}" is no list`, list);
  // An empty list is the same as none to the API.
  if (list.items.length === 0) return absent(keyPlace(node, key));
  const words = list.items.flatMap(item => (item.kind === 'scalar' ? [expandScalar(item, environment)] : []));
  return words.length === list.items.length ? known(words, list) : unknown(`"${key}" is no list of texts`, list);
}

function expandScalar(scalar: ScalarNode, environment: ContainerEnvironment): Word {
  return wordOf(scalar, expandKnown(scalar.text, environment));
}

function expandKnown(text: string, { variables }: ContainerEnvironment): string {
  return expandVariables(text, name => {
    const value = variables.find(v => v.name === name)?.value;
    return value?.state === 'known' ? value.value : undefined;
  });
}

function readMount(node: Node, environment: ContainerEnvironment): Mount[] {
  const path = getScalar(node, 'mountPath');
  if (path === undefined) return [];
  const volume = getScalar(node, 'name');
  const expression = getText(node, 'subPathExpr');
  return [
    {
      volume: volume?.text,
      path: isPlaceholder(path.text) ? path.text : normalisePath(path.text),
      subPath: getText(node, 'subPath') || (expression && expandKnown(expression, environment)) || undefined,
      readOnly: getBoolean(node, 'readOnly') ?? false,
      at: path,
      volumeAt: volume ?? path,
    },
  ];
}

function readPort(node: Node): ContainerPort[] {
  if (node.kind !== 'map') return [];
  const hostPort = integerFact(node, 'hostPort');
  return [
    {
      name: getText(node, 'name'),
      port: integerFact(node, 'containerPort'),
      protocol: getText(node, 'protocol') ?? 'TCP',
      hostPort: hostPort.state === 'known' && hostPort.value !== 0 ? hostPort : undefined,
      at: getScalar(node, 'containerPort') ?? node.entries[0]?.key ?? node,
    },
  ];
}

/**
 * `resources` of a container or of a pod's `spec`; `owner` is where to point while there are none. Memory, storage and huge
 * pages are whole bytes, the rest is as written.
 */
export function readRequirements(node: MapNode | undefined, owner: Location): ResourceRequirements {
  const found = entry(node, 'resources');
  const resources = getMap(found?.value);
  return {
    limits: readQuantities(resources, 'limits'),
    requests: readQuantities(resources, 'requests'),
    at: found?.key ?? owner,
    node: resources,
  };
}

/** The quantities of a field (`limits`) of a map, each as a fact; memory and storage in whole bytes. */
export function readQuantities(owner: MapNode | undefined, field: string): Readonly<Record<string, Fact<number>>> {
  const quantities = getMap(owner, field);
  return Object.fromEntries(
    (quantities?.entries ?? []).flatMap(({ key, value }) =>
      value.kind === 'scalar' && value.value === null
        ? []
        : [[keyText(key), quantityFact(quantities, [keyText(key)], unitOf(keyText(key)))]],
    ),
  );
}

function unitOf(resource: string): 'bytes' | 'plain' {
  return /^(memory|storage|ephemeral-storage|hugepages-.+)$/.test(resource) ? 'bytes' : 'plain';
}
