/** PostgreSQL servers among the containers of plain workloads. */
import type { Config } from '../config.ts';
import { type ContainerFiles, containerFiles } from '../container-files.ts';
import { isServerCommand, parseShell, scriptOf } from '../formats/shell.ts';
import { effectiveResources, type LimitRange } from '../kubernetes/quality-of-service.ts';
import { operatorOf } from '../kubernetes/export.ts';
import type { Resource } from '../kubernetes/resource.ts';
import type { Container, Volume, Word, Workload } from '../kubernetes/workload.ts';
import { isPoolerOrTool, isServerImage, type ServerImage, serverImage } from '../postgres/images.ts';
import type { Script } from '../scripts.ts';
import type { TextRegion } from '../text-region.ts';
import { type Fact, absent, known, valueOf } from '../types.ts';
import { embedded } from '../yaml/embedded.ts';
import { getText } from '../yaml/node.ts';
import type { DeclaredServer } from './declared.ts';

/** What the environment answers about a workload's surroundings. */
export interface Surroundings {
  /** The files of a volume by relative path, or why they are not here. */
  content(
    workload: Workload,
    volume: Volume,
  ): ReadonlyMap<string, TextRegion> | { readonly unseen: string } | undefined;
  claimSize(workload: Workload, volume: Volume): Fact<number>;
  image(container: Container): ServerImage;
  limitRanges(namespace: string | undefined): readonly LimitRange[];
  /** A ConfigMap of this name, read as files: what a mount without its volume was meant for. */
  configMap(
    namespace: string | undefined,
    name: string,
  ): { readonly files: ReadonlyMap<string, TextRegion>; readonly resource: Resource } | undefined;
}

const SERVER_NAME = /^(postgres|postgresql|pg|db|database)$/;
const SERVER_VARIABLE = /^(PGDATA|POSTGRES_(DB|USER|PASSWORD|PASSWORD_FILE|INITDB_ARGS|HOST_AUTH_METHOD))$/;

/** The servers that a workload runs; none for Jobs, which run clients, and for what an operator keeps. */
export function serversOf(workload: Workload, around: Surroundings): readonly DeclaredServer[] {
  if (workload.kind === 'Job' || workload.kind === 'CronJob' || operatorOf(workload.resource) !== undefined) return [];
  const found = workload.pod.containers
    .filter(c => c.role !== 'init')
    .map(container => ({ container, certainty: certaintyOf(container) }))
    .filter((c): c is { container: Container; certainty: 'certain' | 'likely' } => c.certainty !== undefined);
  return found.map(({ container, certainty }) => declare(workload, container, certainty, found.length > 1, around));
}

/** Whether a workload runs PostgreSQL for an operator, which makes it and keeps it as it is: nobody edits it. */
export function isOperatedServer(workload: Workload): boolean {
  const operator = operatorOf(workload.resource);
  if (workload.kind === 'Job' || workload.kind === 'CronJob' || operator === undefined) return false;
  // These make databases from images of their own.
  if (/^(?:SG\w+|PostgresCluster|PerconaPGCluster|Kubegres) "/.test(operator)) return true;
  return workload.pod.containers.some(c => c.role !== 'init' && certaintyOf(c) !== undefined);
}

/** The image as written, though its tag may be filled in later: the name tells what it is all the same. */
export function imageText(container: Container): string | undefined {
  return valueOf(container.image) ?? getText(container.node, 'image');
}

/** What is known of a container's image; where a part is filled in later, what the rest tells. */
export function imageOf(container: Container, configured: Config['images']): ServerImage {
  const text = imageText(container);
  const at = container.image.at ?? container.at;
  const image = serverImage(text === undefined ? container.image : known(text, at), at, configured);
  return { ...image, reference: container.image };
}

/** Whether a container runs PostgreSQL: by its image and command, or else by its name, port and variables. */
export function certaintyOf(container: Container): 'certain' | 'likely' | undefined {
  const reference = imageText(container);
  if (reference !== undefined && isPoolerOrTool(reference)) return undefined;
  const words = [...(valueOf(container.command) ?? []), ...(valueOf(container.args) ?? [])];
  const runs = runsServer(container);
  if (reference !== undefined && isServerImage(reference)) return runs ? 'certain' : undefined;
  const port = container.ports.some(p => valueOf(p.port) === 5432);
  const variables = container.environment.some(v => SERVER_VARIABLE.test(v.name));
  if (reference !== undefined || container.image.state === 'unknown') {
    const explicit = words.length > 0 && runs && namesPostgres(words.map(w => w.value).join(' '));
    return runs && port && (explicit || container.environment.some(v => v.name === 'PGDATA')) ? 'likely' : undefined;
  }
  const named = SERVER_NAME.test(container.name);
  const settings = container.environment.some(v => /^POSTGRES(QL)?_/.test(v.name));
  return runs && ((named && (port || variables || settings)) || (port && variables)) ? 'likely' : undefined;
}

const namesPostgres = (text: string) => /(^|[\s/])(postgres|docker-entrypoint\.sh|patroni)(\s|$)/.test(text);

/** The command, if there is one, really starts PostgreSQL. */
function runsServer({ command, args }: Container): boolean {
  if (command.state === 'unknown' || args.state === 'unknown') return true;
  const entry = valueOf(command) ?? [];
  const rest = valueOf(args) ?? [];
  const words = [...entry, ...rest];
  if (words.length === 0) return true;
  const script = scriptOf(words);
  if (script !== undefined) return parseShell(script.value).commands.some(c => isServerCommand(c.words));
  if (entry.length === 0) return rest[0] === undefined || rest[0].value.startsWith('-') || isServerWord(rest[0].value);
  return (
    isServerWord(entry[0]?.value ?? '') ||
    (/(^|\/)(gosu|su-exec|tini|dumb-init|env)$/.test(entry[0]?.value ?? '') && words.some(w => isServerWord(w.value)))
  );
}

const isServerWord = (word: string) =>
  /(^|\/)(postgres|docker-entrypoint\.sh|patroni|run-postgresql|postgresql-(entrypoint|run)\.sh|run\.sh|entrypoint\.sh|launch\.sh)$/.test(
    word,
  );

function declare(
  workload: Workload,
  container: Container,
  certainty: 'certain' | 'likely',
  several: boolean,
  around: Surroundings,
): DeclaredServer {
  const { resource, pod } = workload;
  const volumes = volumesOf(workload);
  const files = containerFiles(container, volumes, volume => around.content(workload, volume));
  const resources = effectiveResources(container, pod, around.limitRanges(resource.namespace));
  return {
    platform: 'kubernetes',
    certainty,
    name: several ? `${resource.name}/${container.name}` : resource.name,
    resource,
    at: resource.at,
    workload,
    container,
    volumes,
    files,
    scripts: scriptsOf(workload, container, files, around),
    image: around.image(container),
    replicas: workload.kind === 'DaemonSet' ? absent() : workload.replicas,
    memoryLimit: resources.limits.memory ?? absent(resources.at),
    memoryRequest: resources.requests.memory ?? absent(resources.at),
    cpuLimit: resources.limits.cpu ?? absent(resources.at),
    volumeSize: volume => around.claimSize(workload, volume),
    beside: besideOf(workload, container, around),
  };
}

/** The pod's volumes and those of its claim templates, which hide pod volumes of the same name. */
function volumesOf({ pod, claimTemplates }: Workload): readonly Volume[] {
  const templates = claimTemplates.map(
    (t): Volume => ({ name: t.name, at: t.at, node: t.node, source: { kind: 'claimTemplate' } }),
  );
  return [...templates, ...pod.volumes.filter(v => !templates.some(t => t.name === v.name))];
}

/** Files of a ConfigMap whose name a mount uses though the pod has no such volume: it was surely meant. */
function besideOf(workload: Workload, container: Container, around: Surroundings): DeclaredServer['beside'] {
  return container.mounts
    .filter(m => m.volume !== undefined && !volumesOf(workload).some(v => v.name === m.volume))
    .flatMap(mount => {
      const map = around.configMap(workload.resource.namespace, mount.volume ?? '');
      return [...(map?.files.values() ?? [])].map(region => ({ region, via: mount.volumeAt }));
    });
}

/** The shell of a pod that bears on one of its servers. */
function scriptsOf(
  workload: Workload,
  server: Container,
  files: ContainerFiles,
  around: Surroundings,
): readonly Script[] {
  const scripts: Script[] = [];
  const add = (role: Script['role'], container: Container, region: TextRegion | undefined) => {
    if (region !== undefined) scripts.push({ role, region, shell: parseShell(region.text), container });
  };
  for (const container of workload.pod.containers) {
    const isServer = container === server;
    if (!isServer && container.role !== 'init') continue;
    const words = [...(valueOf(container.command) ?? []), ...(valueOf(container.args) ?? [])];
    add(isServer ? 'start' : 'init', container, scriptRegion(words));
    if (isServer) continue;
    const own = containerFiles(container, workload.pod.volumes, volume => around.content(workload, volume));
    for (const file of own.files) if (words.some(w => w.value.includes(file.path))) add('init', container, file.region);
  }
  for (const hook of server.hooks) add('hook', server, scriptRegion(hook.command));
  for (const file of files.files) {
    if (file.path.startsWith('/docker-entrypoint-initdb.d/')) {
      if (file.path.endsWith('.sh')) add('initdb', server, file.region);
    } else if (isRunBy(server, scripts, file.path)) add('mounted', server, file.region);
  }
  return scripts;
}

function isRunBy(server: Container, scripts: readonly Script[], path: string): boolean {
  const words = [
    ...(valueOf(server.command) ?? []),
    ...(valueOf(server.args) ?? []),
    ...server.hooks.flatMap(h => h.command),
  ];
  return words.some(w => w.value.includes(path)) || scripts.some(s => s.region.text.includes(path));
}

/** The text of the script that an argument vector runs, where it is one scalar of the manifest. */
export function scriptRegion(words: readonly Word[]): TextRegion | undefined {
  const node = scriptOf(words)?.node;
  return node === undefined ? undefined : embedded(node, node, node.source);
}
