/** Works out how a declared server would really run: its data directory, the files it reads, its settings. */
import type { DeclaredServer } from '../adapters/declared.ts';
import { type ContainerFile, directoryOf, fileAt, joinPath } from '../container-files.ts';
import { parsePostgresqlConf } from '../formats/postgresql-conf.ts';
import { isServerCommand, scriptOf } from '../formats/shell.ts';
import { isWithin, mountsOpen } from '../kubernetes/mounts.ts';
import type { Volume, Word } from '../kubernetes/workload.ts';
import { locate } from '../text-region.ts';
import { type Fact, absent, known, unknown, valueOf } from '../types.ts';
import type { Catalogue } from './catalogue.ts';
import {
  type Assignment,
  type CommandLineSettings,
  type ConfFile,
  configure,
  type IncludeResolver,
  type Layer,
  parseCommandLineSettings,
} from './configure.ts';
import type { ServerImage } from './images.ts';
import { expandIncludes, holdsPlaceholder } from './includes.ts';
import { looksLikeHba, looksLikeSettings } from './recognise.ts';
import { replicationOf } from './replication.ts';
import type { DataVolume, Server, Start } from './server.ts';
import { type Configuration, type FileUse, settingOf } from './settings.ts';

/** Where initdb takes its first postgresql.conf from: a file mounted over it is what PGDATA gets. */
const SAMPLE = /^\/usr\/(local\/)?share\/postgresql\/([0-9]+\/)?postgresql\.conf\.sample$/;

/** Directories that an image family reads settings from by itself, beside PGDATA. */
const FAMILY_DIRECTORIES: Readonly<Record<string, readonly string[]>> = {
  bitnami: ['/bitnami/postgresql/conf', '/opt/bitnami/postgresql/conf'],
  sclorg: ['/opt/app-root/src/postgresql-cfg'],
};

export function assembleServer(declared: DeclaredServer, catalogue: Catalogue, pgVersion: number | undefined): Server {
  const image =
    declared.image.major.state === 'known' || pgVersion === undefined
      ? declared.image
      : { ...declared.image, major: known(pgVersion, declared.at) };
  const start = startOf(declared);
  const line = commandLine(declared, start);
  const dataDirectory = dataDirectoryOf({ ...declared, image }, line);
  const read = configurationOf({ ...declared, image }, line, dataDirectory, catalogue);
  return {
    platform: declared.platform,
    certainty: declared.certainty,
    name: declared.name,
    resource: declared.resource,
    at: declared.at,
    workload: declared.workload,
    container: declared.container,
    image,
    replicas: declared.replicas,
    dataDirectory,
    dataVolume: dataVolumeOf({ ...declared, image }, dataDirectory),
    port: portOf(declared, read.effective),
    effective: read.effective,
    intended: read.intended,
    settingsFiles: read.settingsFiles,
    hbaFiles: read.hbaFiles,
    memoryLimit: declared.memoryLimit,
    memoryRequest: declared.memoryRequest,
    cpuLimit: declared.cpuLimit,
    files: declared.files,
    scripts: declared.scripts,
    start,
    replication: replicationOf({ ...declared, image }),
  };
}

/** How the container starts, by its own command or by the image's entrypoint. */
function startOf({ container, image, scripts }: DeclaredServer): Start {
  const { command, args } = container;
  if (command.state === 'unknown') return { kind: 'unknown', reason: command.reason };
  if (args.state === 'unknown') return { kind: 'unknown', reason: args.reason };
  const words = [...(valueOf(command) ?? []), ...(valueOf(args) ?? [])];
  const shell = scripts.find(s => s.role === 'start');
  if (shell !== undefined && scriptOf(words) !== undefined)
    return { kind: 'shell', script: shell, at: shell.region.name };
  const first = valueOf(command)?.[0];
  if (first === undefined)
    return image.family === 'unknown' ? { kind: 'unknown', reason: 'the image is not known' } : { kind: 'entrypoint' };
  if (/(^|\/)docker-entrypoint\.sh$/.test(first.value)) return { kind: 'entrypoint' };
  return { kind: 'direct', program: first.value, at: first.at };
}

/** The words that reach `postgres`, where the start is plain enough to tell. */
function commandLine({ container, image }: DeclaredServer, start: Start): CommandLineSettings | undefined {
  const words: readonly Word[] = [...(valueOf(container.command) ?? []), ...(valueOf(container.args) ?? [])];
  switch (start.kind) {
    case 'entrypoint': {
      const args = words.filter((w, i) => !(i === 0 && /(^|\/)docker-entrypoint\.sh$/.test(w.value)));
      return parseCommandLineSettings(args[0]?.value === 'postgres' ? args.slice(1) : args);
    }
    case 'direct':
      return /(^|\/)postgres$/.test(start.program) ? parseCommandLineSettings(words.slice(1)) : undefined;
    case 'shell': {
      const server = start.script.shell.commands.findLast(c => isServerCommand(c.words));
      if (server === undefined || server.words.some(w => !w.literal)) return undefined;
      const at = server.words.findIndex(w => /(^|\/)postgres$/.test(w.text));
      return at < 0
        ? undefined
        : parseCommandLineSettings(
            server.words.slice(at + 1).map(w => ({ value: w.text, at: locate(start.script.region, w.start, w.end) })),
          );
    }
    default:
      return image.family === 'unknown' && words.length === 0 ? undefined : parseCommandLineSettings(words);
  }
}

/** PGDATA as the server sees it: `-D`, then `data_directory`, then the variable, then the image's own. */
function dataDirectoryOf({ container, image }: DeclaredServer, line: CommandLineSettings | undefined): Fact<string> {
  const argument = line?.dataDirectory ?? assigned(line, 'data_directory');
  if (argument !== undefined) return known(trimSlash(argument.value), argument.at);
  const variable = container.environment.findLast(
    v => v.name === (image.family === 'bitnami' ? 'POSTGRESQL_DATA_DIR' : 'PGDATA'),
  );
  if (variable !== undefined) {
    return variable.value.state === 'known'
      ? known(trimSlash(variable.value.value), variable.value.at)
      : variable.value;
  }
  if (container.environmentOpen) return unknown('PGDATA may come from variables that are not here', container.at);
  return image.dataDirectory === undefined
    ? unknown('the image is not known', container.at)
    : known(image.dataDirectory, image.at ?? container.at);
}

/** The last `-c name=value` of the command line. */
function assigned(line: CommandLineSettings | undefined, name: string): Assignment | undefined {
  return line?.assignments.findLast(a => a.name.toLowerCase() === name);
}

/** What covers PGDATA. An image VOLUME is skipped only for a mount at the same path. */
function dataVolumeOf(declared: DeclaredServer, dataDirectory: Fact<string>): DataVolume {
  const nothing = { mount: undefined, volume: undefined, shadowedBy: undefined, size: absent() } as const;
  if (dataDirectory.state !== 'known') return { ...nothing, kind: 'unknown' };
  const { container, volumes, image } = declared;
  const mount = container.mounts
    .filter(m => isWithin(dataDirectory.value, m.path))
    .sort((a, b) => b.path.length - a.path.length)[0];
  // An image does not say what will be mounted where it runs.
  if (mount === undefined)
    return { ...nothing, kind: declared.platform === 'dockerfile' || mountsOpen(container) ? 'unknown' : 'container' };
  const volume = volumes.find(v => v.name === mount.volume);
  const declaredVolume = imageVolume(image);
  const shadowedBy =
    declaredVolume !== undefined &&
    declaredVolume !== mount.path &&
    isWithin(declaredVolume, mount.path) &&
    isWithin(dataDirectory.value, declaredVolume)
      ? declaredVolume
      : undefined;
  return {
    kind: volume === undefined ? 'unknown' : kindOf(volume),
    mount,
    volume,
    shadowedBy,
    size: volume === undefined ? absent() : declared.volumeSize(volume),
  };
}

/** The `VOLUME` of docker-library's Dockerfiles. */
function imageVolume({ family, major }: ServerImage): string | undefined {
  if (family !== 'official' || major.state !== 'known') return undefined;
  return major.value >= 18 ? '/var/lib/postgresql' : '/var/lib/postgresql/data';
}

function kindOf(volume: Volume): DataVolume['kind'] {
  switch (volume.source.kind) {
    case 'emptyDir':
      return 'emptyDir';
    case 'hostPath':
      return 'hostPath';
    case 'configMap':
    case 'secret':
    case 'projected':
    case 'other':
      return 'unknown';
    default:
      return 'persistent';
  }
}

interface Read {
  readonly effective: Configuration;
  readonly intended: Configuration;
  readonly settingsFiles: readonly FileUse[];
  readonly hbaFiles: readonly FileUse[];
}

function configurationOf(
  declared: DeclaredServer,
  line: CommandLineSettings | undefined,
  dataDirectory: Fact<string>,
  catalogue: Catalogue,
): Read {
  const { files, image } = declared;
  const major = valueOf(image.major);
  const directory = valueOf(dataDirectory);
  const configFile = assigned(line, 'config_file');
  const base = configFile?.value ?? (directory && joinPath(directory, 'postgresql.conf'));
  const main = base === undefined ? undefined : fileAt(files, base);
  const ownDirectories = FAMILY_DIRECTORIES[image.family] ?? [];
  const own = files.files.filter(
    f => f.path.endsWith('.conf') && !f.path.endsWith('pg_hba.conf') && ownDirectories.some(d => isWithin(f.path, d)),
  );
  const sample = files.files.find(f => SAMPLE.test(f.path));
  const loaded =
    main !== undefined && 'region' in main ? [main, ...own] : sample !== undefined ? [sample, ...own] : own;
  const resolve = includeResolver(declared);
  const included = files.files.filter(f => !loaded.includes(f) && loaded.some(l => includes(l, f, resolve)));
  const others = files.files.filter(
    f => !loaded.includes(f) && !included.includes(f) && looksLikeSettings(f.region.text, catalogue),
  );
  const named = others.filter(f => namedInScript(declared, f));
  const unread = [
    ...others.filter(f => !named.includes(f)).map(f => ({ region: f.region, path: f.path, via: f.via })),
    ...declared.beside
      .filter(b => looksLikeSettings(b.region.text, catalogue))
      .map(b => ({ region: b.region, path: undefined, via: b.via })),
  ];
  const open =
    openReason(declared, line, named) ??
    (configFile !== undefined && (main === undefined || 'reason' in main)
      ? `${configFile.value} is not in the input`
      : undefined);
  const layer = (
    use: { readonly region: ContainerFile['region']; readonly path: string | undefined },
    isLoaded: boolean,
  ): Layer => ({
    kind: 'file',
    precedence: 'file',
    file: confFile(use.region, use.path),
    loaded: isLoaded,
    resolve,
  });
  const loadedLayers = loaded.map(f => layer(f, true));
  const commandLayer: Layer = {
    kind: 'assignments',
    precedence: 'command line',
    origin: 'command line',
    assignments: line?.assignments ?? [],
    loaded: true,
  };
  const settle = (files: readonly Layer[]) =>
    configure({
      catalogue,
      major,
      defaults: configFile === undefined ? 'initdb' : 'boot',
      layers: [...files, commandLayer],
      open,
    });
  const effective = settle(loadedLayers);
  const intended = unread.length === 0 ? effective : settle([...loadedLayers, ...unread.map(u => layer(u, false))]);
  return {
    effective,
    intended,
    settingsFiles: [
      ...loaded.map(f => ({ region: f.region, path: f.path, loaded: true, via: configFile?.at ?? f.via })),
      ...included.map(f => ({ region: f.region, path: f.path, loaded: true, via: f.via })),
      ...unread.map(u => ({ ...u, loaded: false })),
    ],
    hbaFiles: hbaFilesOf(declared, effective, directory, ownDirectories),
  };
}

function confFile(region: ContainerFile['region'], path: string | undefined): ConfFile {
  return { region, path, parsed: parsePostgresqlConf(region.text), templated: holdsPlaceholder(region.text) };
}

/** Whether a file, or one that it includes, includes the other one. */
function includes(file: ContainerFile, other: ContainerFile, resolve: IncludeResolver): boolean {
  return expandIncludes(confFile(file.region, file.path), resolve).some(
    item => item.kind === 'file' && item.file.region === other.region,
  );
}

/** Includes are looked up among the files that the container sees. */
function includeResolver({ files }: DeclaredServer): IncludeResolver {
  return {
    file(path) {
      const found = fileAt(files, path);
      return found === undefined ? undefined : 'region' in found ? confFile(found.region, found.path) : 'unknown';
    },
    directory(path) {
      const inside = files.files.filter(f => directoryOf(f.path) === path);
      if (files.unseen.some(u => isWithin(path, u.path))) return 'unknown';
      return inside.length === 0
        ? undefined
        : inside.map(f => ({ name: f.path.slice(path.length + 1), file: confFile(f.region, f.path) }));
    },
  };
}

/** pg_hba.conf: where `hba_file` says, else in PGDATA; a mounted one that neither names lies unused. */
function hbaFilesOf(
  declared: DeclaredServer,
  effective: Configuration,
  directory: string | undefined,
  ownDirectories: readonly string[],
): readonly FileUse[] {
  const setting = settingOf(effective, 'hba_file');
  const path = setting.state === 'known' ? setting.value.value : directory && joinPath(directory, 'pg_hba.conf');
  const isRead = (f: ContainerFile) => f.path === path || ownDirectories.some(d => isWithin(f.path, d));
  return declared.files.files
    .filter(f => isRead(f) || (looksLikeHba(f.region.text) && !namedInScript(declared, f)))
    .filter(f => /hba/.test(f.path) || isRead(f))
    .map(f => ({
      region: f.region,
      path: f.path,
      loaded: isRead(f),
      via: isRead(f) && setting.state === 'known' ? setting.value.at : f.via,
    }));
}

/** `config_file=/etc/postgresql/postgresql.conf` makes the server read that file and no other. */
const ASSIGNMENT = /^(?:--|-c)?[a-z][a-z_.-]*=\S*$/i;

/** Some script names the file, its directory or its base name: it may well be read, or copied to where it is. */
function namedInScript({ scripts, container }: DeclaredServer, file: ContainerFile): boolean {
  const base = file.path.slice(file.path.lastIndexOf('/') + 1);
  const texts = [
    ...scripts.filter(s => s.region.whole !== file.region.whole).map(s => s.region.text),
    ...[...(valueOf(container.command) ?? []), ...(valueOf(container.args) ?? [])]
      .map(w => w.value)
      .filter(word => !ASSIGNMENT.test(word)),
    ...container.environment.map(v => valueOf(v.value) ?? ''),
  ];
  const directory = directoryOf(file.path);
  return texts.some(t => t.includes(file.path) || t.includes(base) || (directory.length > 1 && t.includes(directory)));
}

/** Why settings may be set where we do not see. */
function openReason(
  { image, scripts, files }: DeclaredServer,
  line: CommandLineSettings | undefined,
  named: readonly ContainerFile[],
): string | undefined {
  if (line === undefined) return 'a script starts the server with settings that it computes';
  if (line.unknown.length > 0) return `the argument "${line.unknown[0]?.value}" is filled in later`;
  if (image.family !== 'official')
    return image.family === 'unknown' ? 'the image is not known' : `${image.repository} makes its own configuration`;
  if (image.repository?.endsWith('timescaledb'))
    return 'timescaledb-tune writes settings that follow from the memory limit';
  if (named.length > 0) return `a script names ${named[0]?.path}`;
  if (scripts.some(s => CHANGES_SETTINGS.test(s.region.text))) return 'a script changes settings';
  const initdb = files.unseen.find(
    u => isWithin(u.path, '/docker-entrypoint-initdb.d') || isWithin('/docker-entrypoint-initdb.d', u.path),
  );
  if (initdb !== undefined && isWithin(initdb.path, '/docker-entrypoint-initdb.d'))
    return 'scripts of the first start are not here';
  return undefined;
}
const CHANGES_SETTINGS = /ALTER\s+SYSTEM|postgresql\.(auto\.)?conf|conf\.d\//i;

/** The TCP port: set, else the variable PGPORT, else 5432; unknown where settings are. */
function portOf({ container, at }: DeclaredServer, effective: Configuration): Fact<number> {
  const setting = settingOf(effective, 'port');
  if (setting.state === 'known') {
    const port = Number(setting.value.value);
    return Number.isInteger(port) ? known(port, setting.value.at) : unknown('no number', setting.value.at);
  }
  const variable = container.environment.findLast(v => v.name === 'PGPORT' || v.name === 'POSTGRESQL_PORT_NUMBER');
  if (variable !== undefined) {
    const port = Number(valueOf(variable.value));
    return variable.value.state === 'known' && Number.isInteger(port)
      ? known(port, variable.value.at)
      : unknown('PGPORT is not known', variable.at);
  }
  if (setting.state === 'absent') return known(5432, at);
  const [only, ...others] = container.ports;
  return only !== undefined && others.length === 0 && only.port.state === 'known'
    ? only.port
    : unknown(setting.reason, at);
}

const trimSlash = (path: string) => (path.length > 1 ? path.replace(/\/+$/, '') : path);
