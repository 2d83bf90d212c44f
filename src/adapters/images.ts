/** Servers that compose services and Dockerfiles declare. */
import {
  type ContainerFile,
  type ContainerFiles,
  containerFiles,
  joinPath,
  type UnseenPlace,
} from '../container-files.ts';
import type { Config } from '../config.ts';
import { type Dockerfile, type DockerInstruction, environmentOf } from '../formats/dockerfile.ts';
import { parseShell, scriptOf } from '../formats/shell.ts';
import type { Container, EnvironmentVariable, Volume, Word } from '../kubernetes/workload.ts';
import type { LintInput } from '../lint.ts';
import { directoryOfPath, resolvePath } from '../paths.ts';
import { isServerImage, type ServerImage, serverImage } from '../postgres/images.ts';
import type { Script } from '../scripts.ts';
import { type TextRegion, wholeSource } from '../text-region.ts';
import { absent, type Fact, known, type Location, type Source, unknown, valueOf } from '../types.ts';
import { embedded } from '../yaml/embedded.ts';
import type { ComposeService } from './compose.ts';
import type { DeclaredServer } from './declared.ts';
import { certaintyOf, imageOf } from './kubernetes.ts';

/** The image that a Dockerfile builds, when its last stage stands on a PostgreSQL server image. */
export function dockerfileImage(dockerfile: Dockerfile, config: Config): ServerImage | undefined {
  const stage = rootStage(dockerfile);
  const reference = stage?.resolvedImage;
  if (stage === undefined || reference === undefined || !isServerImage(reference)) return undefined;
  const at = placeOf(dockerfile, stage.image);
  return { ...serverImage(known(reference, at), at, config.images), exact: false };
}

/** The stage that stands on an image from outside, below the last one. */
function rootStage({ final }: Dockerfile): Dockerfile['final'] {
  let stage = final;
  while (stage?.base !== undefined) stage = stage.base;
  return stage;
}

/** The instructions that make the last stage, of the stages below it too, in order. */
function instructionsOf({ final }: Dockerfile): readonly DockerInstruction[] {
  const all: DockerInstruction[] = [];
  for (let stage = final; stage !== undefined; stage = stage.base) all.unshift(...stage.instructions);
  return all;
}

const placeOf = ({ path }: Dockerfile, { start, end }: { readonly start: number; readonly end: number }): Location => ({
  path,
  start,
  end,
});

/** The server that a Dockerfile makes by itself: its image, variables, command and copied files. */
export function declareDockerfile(dockerfile: Dockerfile, input: LintInput): DeclaredServer | undefined {
  const image = dockerfileImage(dockerfile, input.config);
  if (image === undefined) return undefined;
  const container = dockerfileContainer(dockerfile, image);
  const files = copiedFiles(dockerfile, input.sources);
  return {
    platform: 'dockerfile',
    certainty: 'certain',
    name: baseName(dockerfile.path),
    resource: undefined,
    at: image.at ?? container.at,
    workload: undefined,
    container,
    volumes: [],
    files,
    scripts: startScripts(container, files),
    image,
    replicas: unknown('an image does not say'),
    memoryLimit: unknown('an image does not say'),
    memoryRequest: unknown('an image does not say'),
    cpuLimit: unknown('an image does not say'),
    volumeSize: () => absent(),
    beside: [],
  };
}

/** The server that a compose service runs; with the Dockerfile that builds its image, when that is here. */
export function declareCompose(
  service: ComposeService,
  directory: string,
  dockerfile: Dockerfile | undefined,
  input: LintInput,
): DeclaredServer | undefined {
  const built = dockerfile && dockerfileImage(dockerfile, input.config);
  if (service.build !== undefined && built === undefined) return undefined;
  const container =
    built === undefined || dockerfile === undefined
      ? service.container
      : inherit(service.container, dockerfileContainer(dockerfile, built));
  const certainty = built === undefined ? certaintyOf(container) : 'certain';
  if (certainty === undefined) return undefined;
  const mounted = containerFiles(container, service.volumes, volume =>
    composeContent(volume, directory, input.sources),
  );
  const copied = dockerfile && copiedFiles(dockerfile, input.sources);
  const files: ContainerFiles = {
    files: [...(copied?.files ?? []), ...mounted.files],
    unseen: [...(copied?.unseen ?? []), ...mounted.unseen],
  };
  return {
    platform: 'compose',
    certainty,
    name: service.resource.name,
    resource: service.resource,
    at: service.resource.at,
    workload: undefined,
    container,
    volumes: service.volumes,
    files,
    scripts: startScripts(container, files),
    image: built ?? imageOf(container, input.config.images),
    replicas: service.replicas,
    memoryLimit: container.resources.limits.memory ?? absent(container.at),
    memoryRequest: container.resources.requests.memory ?? absent(container.at),
    cpuLimit: container.resources.limits.cpu ?? absent(container.at),
    volumeSize: () => absent(),
    beside: [],
  };
}

/** What the image sets holds unless the service sets it. */
function inherit(service: Container, image: Container): Container {
  const own = new Set(service.environment.map(v => v.name));
  return {
    ...service,
    image: image.image,
    args: service.args.state === 'absent' ? image.args : service.args,
    command: service.command.state === 'absent' ? image.command : service.command,
    environment: [...image.environment.filter(v => !own.has(v.name)), ...service.environment],
  };
}

/** The files of a bind mount, when the input has them. */
function composeContent(
  volume: Volume,
  directory: string,
  sources: readonly Source[],
): ReadonlyMap<string, TextRegion> | { readonly unseen: string } | undefined {
  if (volume.source.kind === 'emptyDir') return undefined;
  if (volume.source.kind !== 'bind') return { unseen: `the content of the volume "${volume.name}" is not here` };
  const host = resolvePath(directory, volume.source.path);
  const files = new Map<string, TextRegion>();
  for (const source of sources) {
    if (source.path === host) files.set('', wholeSource(source));
    else if (source.path.startsWith(`${host}/`)) files.set(source.path.slice(host.length + 1), wholeSource(source));
  }
  return files.size > 0 ? files : { unseen: `${volume.source.path} is not in the input` };
}

function dockerfileContainer(dockerfile: Dockerfile, image: ServerImage): Container {
  const at = image.at ?? { path: dockerfile.path, start: 0, end: 0 };
  return {
    name: dockerfile.path,
    role: 'main',
    at,
    node: undefined,
    image: image.reference,
    command: wordsOf(dockerfile, 'ENTRYPOINT', at),
    args: wordsOf(dockerfile, 'CMD', at),
    environment: variablesOf(dockerfile),
    environmentOpen: false,
    mounts: [],
    ports: [],
    resources: { limits: {}, requests: {}, at, node: undefined },
    probes: { liveness: undefined, readiness: undefined, startup: undefined },
    hooks: [],
    securityContext: undefined,
  };
}

function variablesOf(dockerfile: Dockerfile): readonly EnvironmentVariable[] {
  if (dockerfile.final === undefined) return [];
  return [...environmentOf(dockerfile.final)].map(([name, { value, at }]) => {
    const place = placeOf(dockerfile, at.value ?? at.key);
    return {
      name,
      at: placeOf(dockerfile, at.key),
      value: value === undefined ? unknown('filled in by the build', place) : known(value, place),
      from: undefined,
    };
  });
}

/** The last instruction of its kind counts; the shell form runs through a shell. */
function wordsOf(dockerfile: Dockerfile, name: 'ENTRYPOINT' | 'CMD', at: Location): Fact<readonly Word[]> {
  const instruction = instructionsOf(dockerfile).findLast(i => i.name === name);
  if (instruction === undefined) return absent(at);
  return instruction.form === 'shell'
    ? unknown('runs through a shell', placeOf(dockerfile, instruction))
    : known(
        instruction.words.map(w => ({ value: w.text, at: placeOf(dockerfile, w), node: undefined })),
        placeOf(dockerfile, instruction),
      );
}

/** What `COPY` and `ADD` bring from the build context, which is taken to be the Dockerfile's own directory. */
function copiedFiles(dockerfile: Dockerfile, sources: readonly Source[]): ContainerFiles {
  const directory = directoryOfPath(dockerfile.path);
  const files: ContainerFile[] = [];
  const unseen: UnseenPlace[] = [];
  for (const copy of instructionsOf(dockerfile)) {
    if ((copy.name !== 'COPY' && copy.name !== 'ADD') || copy.flags.some(f => f.name === 'from')) continue;
    const target = copy.words.at(-1);
    const from = copy.words.slice(0, -1);
    if (target === undefined) continue;
    const isDirectory = target.text.endsWith('/') || from.length > 1;
    for (const word of from) {
      const via = placeOf(dockerfile, word);
      const host = resolvePath(directory, word.text);
      const found = sources.filter(s => s.path === host || s.path.startsWith(`${host}/`));
      const pathOf = (inside: string) =>
        joinPath(target.text, inside === '' && isDirectory ? baseName(word.text) : inside);
      if (found.length === 0) unseen.push({ path: pathOf(''), reason: `${word.text} is not in the input`, via });
      for (const source of found) {
        const inside = source.path === host ? '' : source.path.slice(host.length + 1);
        files.push({ path: pathOf(inside), region: wholeSource(source), via, mount: undefined });
      }
    }
  }
  return { files, unseen };
}

const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);

function startScripts(container: Container, files: ContainerFiles): readonly Script[] {
  const words = [...(valueOf(container.command) ?? []), ...(valueOf(container.args) ?? [])];
  const script = scriptOf(words);
  const start: readonly Script[] =
    script?.node === undefined
      ? []
      : [
          {
            role: 'start',
            region: embedded(script.node, script.node, script.node.source),
            shell: parseShell(script.value),
            container,
          },
        ];
  const first = files.files
    .filter(f => f.path.startsWith('/docker-entrypoint-initdb.d/') && f.path.endsWith('.sh'))
    .map((f): Script => ({ role: 'initdb', region: f.region, shell: parseShell(f.region.text), container }));
  return [...start, ...first];
}
