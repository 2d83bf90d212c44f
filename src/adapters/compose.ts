/** Services of a compose file, read as containers. */
import { joinPath } from '../container-files.ts';
import { splitWords } from '../formats/shell.ts';
import type { Resource } from '../kubernetes/resource.ts';
import type { Container, ContainerPort, EnvironmentVariable, Mount, Volume, Word } from '../kubernetes/workload.ts';
import { type Fact, type Location, absent, known, unknown, valueOf } from '../types.ts';
import {
  type MapNode,
  type Node,
  type ScalarNode,
  entry,
  get,
  getItems,
  getMap,
  getScalar,
  getText,
  isPlaceholder,
  keyPlace,
  keyText,
  textFact,
} from '../yaml/node.ts';

export interface ComposeService {
  readonly resource: Resource;
  readonly container: Container;
  readonly volumes: readonly Volume[];
  /** The directory of the Dockerfile that builds its image, relative to the compose file, and the file's name. */
  readonly build: { readonly context: string; readonly dockerfile: string } | undefined;
  readonly replicas: Fact<number>;
}

/** The services of a compose file. */
export function composeServices(root: MapNode): readonly ComposeService[] {
  return (getMap(root, 'services')?.entries ?? []).flatMap(({ key, value }) =>
    value.kind === 'map' ? [service(keyText(key), key, value)] : [],
  );
}

function service(name: string, key: ScalarNode, node: MapNode): ComposeService {
  const resource: Resource = {
    apiVersion: 'compose',
    kind: 'Service',
    namespace: undefined,
    name,
    labels: {},
    annotations: {},
    root: node,
    path: key.path,
    at: key,
  };
  const mounts = getItems(node, 'volumes').flatMap((item, i) => mountOf(item, i));
  const container: Container = {
    name,
    role: 'main',
    node,
    at: key,
    image: textFact(node, 'image'),
    command: words(get(node, 'entrypoint'), keyPlace(node, 'entrypoint')),
    args: words(get(node, 'command'), keyPlace(node, 'command')),
    environment: environmentOf(get(node, 'environment')),
    environmentOpen: entry(node, 'env_file') !== undefined || entry(node, 'extends') !== undefined,
    mounts: mounts.map(m => m.mount),
    ports: getItems(node, 'ports').flatMap(portOf),
    resources: resourcesOf(node, key),
    probes: { liveness: undefined, readiness: undefined, startup: undefined },
    hooks: [],
    securityContext: undefined,
  };
  return {
    resource,
    container,
    volumes: mounts.flatMap(m => (m.volume === undefined ? [] : [m.volume])),
    build: buildOf(get(node, 'build')),
    replicas: replicasOf(node, key),
  };
}

/** A string is split as a shell would; a list is taken word by word; `null` and absence are absent. */
function words(node: Node | undefined, at: Location): Fact<readonly Word[]> {
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return absent(at);
  if (node.kind === 'seq') {
    return known(
      node.items.flatMap(i => (i.kind === 'scalar' ? [{ value: unescapeDollar(i.text), at: i, node: i }] : [])),
      node,
    );
  }
  if (node.kind !== 'scalar') return unknown('neither a string nor a list', at);
  const split = splitWords(unescapeDollar(node.text));
  return split === undefined ? unknown('the command is filled in later', node) : known(placed(split, node), node);
}

/** The words of a command that is one scalar, each where the scalar spells it; the whole scalar where it does not. */
function placed(split: readonly string[], node: ScalarNode): readonly Word[] {
  let from = node.start;
  return split.map(value => {
    const start = value === '' ? -1 : node.source.text.slice(0, node.end).indexOf(value, from);
    if (start < 0) return { value, at: node, node: split.length === 1 ? node : undefined };
    from = start + value.length;
    return { value, at: { path: node.path, start, end: from }, node: split.length === 1 ? node : undefined };
  });
}

/** Compose writes a literal dollar as `$$`. */
const unescapeDollar = (text: string) => text.replaceAll('$$', '$');

function environmentOf(node: Node | undefined): readonly EnvironmentVariable[] {
  if (node?.kind === 'map') {
    return node.entries.map(({ key, value }) => ({
      name: keyText(key),
      at: key,
      value:
        value.kind === 'scalar' && value.value !== null
          ? literal(value.text, value)
          : unknown('taken from the shell', key),
      from: undefined,
    }));
  }
  return (node?.kind === 'seq' ? node.items : []).flatMap(item => {
    if (item.kind !== 'scalar') return [];
    const equals = item.text.indexOf('=');
    if (equals < 0)
      return [{ name: item.text, at: item, value: unknown('taken from the shell', item), from: undefined }];
    const quote = item.style === 'single' || item.style === 'double' ? 1 : 0;
    const plain = item.end - item.start === item.text.length + 2 * quote;
    const at = plain ? { path: item.path, start: item.start + quote + equals + 1, end: item.end - quote } : item;
    return [
      { name: item.text.slice(0, equals), at: item, value: literal(item.text.slice(equals + 1), at), from: undefined },
    ];
  });
}

/** `${VAR}` is filled in from outside; `${VAR:-text}` falls back to text that is here. */
function literal(text: string, at: Location): Fact<string> {
  const fallback = /^\$\{[A-Za-z_]\w*:?-([^${}]*)\}$/.exec(text);
  if (fallback !== null) return known(fallback[1] ?? '', at);
  return /\$\{|\$[A-Za-z_]/.test(text.replaceAll('$$', '')) || isPlaceholder(text)
    ? unknown(`"${text}" is filled in from outside`, at)
    : known(unescapeDollar(text), at);
}

function mountOf(item: Node, index: number): readonly { readonly mount: Mount; readonly volume: Volume | undefined }[] {
  if (item.kind === 'map') {
    const target = getScalar(item, 'target');
    if (target === undefined) return [];
    const source = getText(item, 'source');
    const type = getText(item, 'type') ?? 'volume';
    const readOnly = getText(item, 'read_only') === 'true';
    return [
      build(index, type === 'tmpfs' ? 'tmpfs' : (source ?? ''), type === 'bind', target.text, readOnly, target, item),
    ];
  }
  if (item.kind !== 'scalar') return [];
  const [first = '', second, mode] = splitVolume(item.text);
  if (second === undefined) return [build(index, '', false, first, false, item, item)];
  return [build(index, first, /^[./~$]/.test(first), second, /(^|,)ro(,|$)/.test(mode ?? ''), item, item)];
}

/** `source:target:mode`, where the source may be `${VAR:-value}` or a Windows path. */
function splitVolume(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === '{') depth += 1;
    else if (text[i] === '}') depth -= 1;
    else if (text[i] === ':' && depth === 0 && !(i === 1 && /[A-Za-z]/.test(text[0] ?? '') && text[2] === '\\')) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  return [...parts, text.slice(from)];
}

function build(
  index: number,
  source: string,
  bind: boolean,
  target: string,
  readOnly: boolean,
  at: Location,
  node: Node,
): { readonly mount: Mount; readonly volume: Volume } {
  const name = source === '' ? `anonymous-${index}` : bind ? `bind-${index}` : source;
  const fallback = /^\$\{\w+:?-([^}]*)\}(.*)$/.exec(source);
  const path = fallback === null ? source : `${fallback[1]}${fallback[2]}`;
  return {
    mount: { volume: name, path: joinPath('/', target), subPath: undefined, readOnly, at, volumeAt: node },
    volume: {
      name,
      at: node,
      node: undefined,
      source:
        source === 'tmpfs'
          ? { kind: 'emptyDir', medium: 'Memory', sizeLimit: absent(node) }
          : bind
            ? { kind: 'bind', path }
            : source === ''
              ? { kind: 'other', type: 'anonymous' }
              : { kind: 'named' },
    },
  };
}

function portOf(item: Node): readonly ContainerPort[] {
  const text = item.kind === 'map' ? getText(item, 'target') : item.kind === 'scalar' ? item.text : undefined;
  const target = text
    ?.split(':')
    .at(-1)
    ?.replace(/\/(tcp|udp)$/, '');
  if (target === undefined) return [];
  const port = Number(target);
  const fact: Fact<number> = Number.isInteger(port) ? known(port, item) : unknown('no single port', item);
  return [{ name: undefined, port: fact, protocol: text?.endsWith('/udp') === true ? 'UDP' : 'TCP', at: item }];
}

/** Bytes and cores of `deploy.resources` or of the older `mem_limit`, `mem_reservation`, `cpus`. */
function resourcesOf(node: MapNode, key: Location): Container['resources'] {
  const bytes = (deep: readonly string[], flat: string): Fact<number> => {
    const fact = getScalar(node, ...deep) === undefined ? textFact(node, flat) : textFact(node, ...deep);
    if (fact.state !== 'known') return fact;
    const value = composeBytes(fact.value);
    return value === undefined ? unknown(`"${fact.value}" is no size`, fact.at) : known(value, fact.at);
  };
  const cores = (deep: readonly string[], flat: string): Fact<number> => {
    const fact = getScalar(node, ...deep) === undefined ? textFact(node, flat) : textFact(node, ...deep);
    return fact.state === 'known' ? known(Number(fact.value), fact.at) : fact;
  };
  return {
    limits: {
      memory: bytes(['deploy', 'resources', 'limits', 'memory'], 'mem_limit'),
      cpu: cores(['deploy', 'resources', 'limits', 'cpus'], 'cpus'),
    },
    requests: { memory: bytes(['deploy', 'resources', 'reservations', 'memory'], 'mem_reservation') },
    at: key,
    node: undefined,
  };
}

/** Compose sizes: `b k m g` and `kb mb gb`, 1024-based, in any case. */
export function composeBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(i?b?)$/i.exec(text.trim());
  if (match === null) return undefined;
  const power = ['', 'k', 'm', 'g', 't'].indexOf((match[2] ?? '').toLowerCase());
  return Math.round(Number(match[1]) * 1024 ** power);
}

function buildOf(node: Node | undefined): ComposeService['build'] {
  if (node?.kind === 'scalar' && typeof node.value === 'string')
    return { context: node.text, dockerfile: 'Dockerfile' };
  const context = getText(node, 'context');
  return context === undefined ? undefined : { context, dockerfile: getText(node, 'dockerfile') ?? 'Dockerfile' };
}

function replicasOf(node: MapNode, key: Location): Fact<number> {
  const replicas = getScalar(node, 'deploy', 'replicas') ?? getScalar(node, 'scale');
  if (replicas === undefined) return known(1, key);
  const value = Number(replicas.text);
  return Number.isInteger(value) ? known(value, replicas) : unknown('filled in later', replicas);
}

/** The value of a variable of the container, where it is literal. */
export const variable = (container: Container, name: string): string | undefined =>
  valueOf(container.environment.findLast(v => v.name === name)?.value);
