/** From texts to servers: reads every source, splits environments, and works out how each PostgreSQL would run. */
import type { DeclaredServer } from './adapters/declared.ts';
import { patchPaths, patchTest } from './adapters/kustomize-patches.ts';
import { withOverrides } from './adapters/kustomize-overrides.ts';
import { declareCompose, declareDockerfile } from './adapters/images.ts';
import { composeServices } from './adapters/compose.ts';
import { isOperatedServer, serversOf } from './adapters/kubernetes.ts';
import { classify } from './classify.ts';
import { type Live, liveObjects } from './cluster/live.ts';
import { connectionsOf } from './connections.ts';
import type { Environment } from './environment.ts';
import { type EnvironmentPart, splitEnvironments } from './environments.ts';
import { type Dockerfile, parseDockerfile } from './formats/dockerfile.ts';
import { parseHba } from './formats/pg-hba.ts';
import { parsePostgresqlConf } from './formats/postgresql-conf.ts';
import { lookupIn } from './kubernetes/lookup.ts';
import { readNetworkPolicy } from './kubernetes/network.ts';
import { referencesOf } from './kubernetes/references.ts';
import { readResources, type Resource, resourcesNamed } from './kubernetes/resource.ts';
import { readWorkload } from './kubernetes/read-workload.ts';
import { readService } from './kubernetes/service.ts';
import type { Workload } from './kubernetes/workload.ts';
import type { LintInput } from './lint.ts';
import { documentMasks, sourceMasks } from './masks.ts';
import { directoryOfPath, resolvePath } from './paths.ts';
import { assembleServer } from './postgres/assemble.ts';
import type { HbaFile } from './postgres/authentication.ts';
import { hbaFragments } from './postgres/hba-sources.ts';
import { loneFile } from './postgres/lone-file.ts';
import { looksLikeHba, looksLikeSettings } from './postgres/recognise.ts';
import type { Server } from './postgres/server.ts';
import type { FileUse, SettingsFile } from './postgres/settings.ts';
import { surroundingsIn } from './surroundings.ts';
import { type TextRegion, wholeSource } from './text-region.ts';
import { type Location, type Source, valueOf } from './types.ts';
import { embedded } from './yaml/embedded.ts';
import { type MapNode, getMap, isPlaceholder, keyText } from './yaml/node.ts';
import { parseYaml, type YamlFile } from './yaml/parse.ts';

export interface Model {
  readonly environments: readonly Environment[];
  readonly servers: readonly Server[];
  readonly settingsFiles: readonly SettingsFile[];
  readonly hbaFiles: readonly HbaFile[];
  readonly yamlFiles: readonly YamlFile[];
  readonly masks: readonly Location[];
  /** Sources that were parsed. */
  readonly parsed: number;
  /** What an export says beyond its objects; undefined for files. */
  readonly live: Live | undefined;
  /** Workloads that run PostgreSQL for an operator. */
  readonly operated: readonly Resource[];
}

/** What reading the sources gives, before anything is related to anything. */
interface Read {
  readonly yamlFiles: readonly YamlFile[];
  readonly resources: readonly Resource[];
  readonly composeRoots: readonly MapNode[];
  readonly dockerfiles: readonly Dockerfile[];
  readonly settings: readonly TextRegion[];
  readonly hba: readonly TextRegion[];
  readonly kustomizations: readonly MapNode[];
  readonly masks: readonly Location[];
}

export function buildModel(input: LintInput): Model {
  const files = readSources(input.sources, input.exported !== undefined);
  const live = input.exported === undefined ? undefined : liveObjects(files.resources);
  const read = live === undefined ? files : { ...files, resources: live.resources };
  const patches = patchPaths(read.kustomizations);
  const resources = read.resources.filter(r => !patches.has(r.path) || r.kind === 'Kustomization');
  const isPatched = patchTest(
    read.kustomizations,
    read.resources.filter(r => patches.has(r.path)),
  );
  const parts =
    live === undefined
      ? splitEnvironments(resources, input.config.environments)
      : [{ name: '', own: resources, common: [] }];
  const environments = [
    ...parts.map(part => environmentOf(part, parts, read, isPatched, input)),
    ...otherEnvironments(read, input),
  ];
  const servers = environments.flatMap(e => e.servers);
  const used = new Set(servers.flatMap(s => [...s.settingsFiles, ...s.hbaFiles]).map(u => regionKey(u.region)));
  const lone = [...read.settings, ...configMapRegions(resources)].filter(r => !used.has(regionKey(r)));
  const loneSettings = lone.filter(r => looksLikeSettings(r.text, input.catalogue));
  const loneHba = [...read.hba, ...lone.filter(r => !loneSettings.includes(r) && looksLikeHba(r.text))].filter(
    r => !used.has(regionKey(r)),
  );
  const loneServers = loneSettings.map(region => loneFile(region, input.catalogue, input.pgVersion));
  const all = [...servers, ...loneServers];
  return {
    environments,
    servers: all,
    settingsFiles: settingsFilesOf(all),
    hbaFiles: hbaFilesOf(all, loneHba, input.pgVersion),
    yamlFiles: read.yamlFiles,
    masks: read.masks,
    parsed: input.sources.length,
    live,
    operated: [
      ...new Set(
        environments
          .flatMap(e => e.workloads)
          .filter(isOperatedServer)
          .map(w => w.resource),
      ),
    ],
  };
}

/** `exported`: what an export holds are objects, whatever their texts look like. */
function readSources(sources: readonly Source[], exported: boolean): Read {
  const read = {
    yamlFiles: [] as YamlFile[],
    resources: [] as Resource[],
    composeRoots: [] as MapNode[],
    dockerfiles: [] as Dockerfile[],
    settings: [] as TextRegion[],
    hba: [] as TextRegion[],
    kustomizations: [] as MapNode[],
    masks: [] as Location[],
  };
  for (const source of sources) {
    const kind = exported ? 'kubernetes' : classify(source.path, source.text).kind;
    switch (kind) {
      case 'kubernetes':
      case 'kustomization':
      case 'compose': {
        const file = parseYaml(source);
        read.yamlFiles.push(file);
        for (const { root } of file.documents) {
          read.masks.push(...documentMasks(root));
          if (root?.kind !== 'map') continue;
          if (kind === 'compose') read.composeRoots.push(root);
          else if (kind === 'kustomization') read.kustomizations.push(root);
          else read.resources.push(...readResources({ root }));
        }
        break;
      }
      case 'dockerfile':
        read.dockerfiles.push(parseDockerfile(source));
        read.masks.push(...sourceMasks(source));
        break;
      case 'postgresql.conf':
        read.settings.push(wholeSource(source));
        read.masks.push(...sourceMasks(source));
        break;
      case 'pg_hba.conf':
        read.hba.push(wholeSource(source));
        break;
      default:
    }
  }
  return read;
}

function environmentOf(
  part: EnvironmentPart,
  parts: readonly EnvironmentPart[],
  read: Read,
  isPatched: (resource: Resource) => boolean,
  input: LintInput,
): Environment {
  const resources = [...part.own, ...part.common];
  const lookup = lookupIn(resources);
  const workloads = resources.flatMap(r => readWorkload(r, lookup, { partial: isPatched(r) }) ?? []);
  const services = resources.flatMap(r => readService(r) ?? []);
  const around = surroundingsIn(resources, read.dockerfiles, input.config);
  const own = new Set(part.own);
  const servers = workloads
    .filter(w => (own.has(w.resource) ? part.name !== '' || !isSharedOut(w, parts) : refersTo(w, part.own)))
    .flatMap(w => serversOf(w, around))
    .map(declared => withOverrides(declared, read.kustomizations))
    .map(declared => assembleServer(declared, input.catalogue, input.pgVersion));
  return {
    name: part.name,
    complete: input.complete && read.kustomizations.length === 0 && (part.name !== '' || parts.length === 1),
    exported: input.exported,
    resources,
    workloads,
    servers,
    services,
    policies: resources.flatMap(r => readNetworkPolicy(r) ?? []),
    connections: connectionsOf(workloads, services, servers, resources),
    external: input.config.external,
  };
}

/** A common workload is judged in the parts whose objects it names: each gives it another configuration. */
function isSharedOut(workload: Workload, parts: readonly EnvironmentPart[]): boolean {
  return parts.some(part => part.name !== '' && refersTo(workload, part.own));
}

function refersTo(workload: Workload, resources: readonly Resource[]): boolean {
  return referencesOf(workload).some(
    ({ kind, name }) =>
      (kind === 'ConfigMap' || kind === 'Secret') && resourcesNamed(resources, kind, name, undefined).length > 0,
  );
}

/** A compose file is an environment of its own, and so is a Dockerfile that no compose service builds. */
function otherEnvironments(read: Read, input: LintInput): readonly Environment[] {
  const built = new Set<string>();
  const compose = read.composeRoots.map(root => {
    const directory = directoryOfPath(root.path);
    const declared = composeServices(root).flatMap(service => {
      const path = service.build && resolvePath(directory, `${service.build.context}/${service.build.dockerfile}`);
      const dockerfile = read.dockerfiles.find(d => d.path === path);
      const server = declareCompose(service, directory, dockerfile, input);
      if (server !== undefined && dockerfile !== undefined) built.add(dockerfile.path);
      return server ?? [];
    });
    return emptyEnvironment(root.path, declared, input);
  });
  const images = read.dockerfiles
    .filter(d => !built.has(d.path))
    .flatMap(d => {
      const declared = declareDockerfile(d, input);
      return declared === undefined ? [] : [emptyEnvironment(d.path, [declared], input)];
    });
  return [...compose, ...images];
}

function emptyEnvironment(name: string, declared: readonly DeclaredServer[], input: LintInput): Environment {
  return {
    name,
    complete: input.complete,
    resources: [],
    workloads: [],
    servers: declared.map(d => assembleServer(d, input.catalogue, input.pgVersion)),
    services: [],
    policies: [],
    connections: [],
    external: input.config.external,
  };
}

/** The settings and pg_hba texts that ConfigMaps hold under names that say so. */
function configMapRegions(resources: readonly Resource[]): readonly TextRegion[] {
  return resources
    .filter(r => r.kind === 'ConfigMap')
    .flatMap(r =>
      (getMap(r.root, 'data')?.entries ?? []).flatMap(({ key, value }) =>
        value.kind === 'scalar' && /(^|[.-])(postgres(ql)?|pg_hba)[^/]*\.conf$/.test(keyText(key))
          ? [embedded(value, key, value.source)]
          : [],
      ),
    );
}

const regionKey = (region: TextRegion) => `${region.path}:${region.whole.start}`;

function settingsFilesOf(servers: readonly Server[]): readonly SettingsFile[] {
  return usesOf(servers, s => s.settingsFiles).map(({ region, users, loaded }) => ({
    region,
    parsed: parsePostgresqlConf(region.text),
    servers: users,
    majors: majorsOfServers(users),
    loaded,
    templated: region.text.split('\n').some(line => isPlaceholder(line.replace(/#.*/, ''))),
  }));
}

function hbaFilesOf(
  servers: readonly Server[],
  lone: readonly TextRegion[],
  pgVersion: number | undefined,
): readonly HbaFile[] {
  const fragments = (server: Server): readonly FileUse[] =>
    hbaFragments(server).map(({ region }) => ({ region, path: undefined, loaded: true, via: undefined }));
  const uses = [
    ...usesOf(servers, s => s.hbaFiles).map(u => ({ ...u, fragment: false })),
    ...usesOf(servers, fragments).map(u => ({ ...u, fragment: true })),
    ...lone.map(region => ({ region, users: [] as readonly Server[], loaded: false, fragment: false })),
  ];
  return uses.map(({ region, users, loaded, fragment }) => {
    const majors = majorsOfServers(users);
    return {
      region,
      parsed: parseHba(region.text, majors.at(-1) ?? pgVersion ?? NEWEST),
      servers: users,
      majors,
      loaded,
      fragment,
    };
  });
}

/** The major that judges where none is known: the newest of the catalogue. */
const NEWEST = 18;

function usesOf(
  servers: readonly Server[],
  filesOf: (server: Server) => readonly FileUse[],
): readonly { readonly region: TextRegion; readonly users: readonly Server[]; readonly loaded: boolean }[] {
  const uses = new Map<string, { region: TextRegion; users: Server[]; loaded: boolean }>();
  for (const server of servers) {
    for (const use of filesOf(server)) {
      const known = uses.get(regionKey(use.region)) ?? { region: use.region, users: [], loaded: false };
      known.users.push(server);
      known.loaded ||= use.loaded;
      uses.set(regionKey(use.region), known);
    }
  }
  return [...uses.values()];
}

const majorsOfServers = (servers: readonly Server[]): readonly number[] =>
  [...new Set(servers.flatMap(s => valueOf(s.image.major) ?? []))].sort((a, b) => a - b);
