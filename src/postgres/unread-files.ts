/** Files that were put into a server's container for PostgreSQL, and that nothing makes it read. */
import { isWithin } from '../kubernetes/mounts.ts';
import type { TextRegion } from '../text-region.ts';
import { type Location, valueOf } from '../types.ts';
import { startsPlainly } from './plain-start.ts';
import type { Server } from './server.ts';
import { type FileUse, settingOf } from './settings.ts';

export interface UnreadFile {
  /** Where the container has it: a file, or a directory whose files are not here. */
  readonly path: string;
  /** Its text; undefined where the input does not have it. */
  readonly region: TextRegion | undefined;
  /** What puts it there. */
  readonly via: Location;
  /** The pod lacks the volume that should bring it. */
  readonly withoutVolume: boolean;
}

const SETTINGS_DIRECTORY = /^\/etc\/postgres(?:ql)?(?:\/\d+)?(?:\/main)?$/;

/** Settings files that the server does not read. Sure: the server's start is plain, and no script or variable names them. */
export function unreadSettings(server: Server): readonly UnreadFile[] {
  if (!isPlain(server)) return [];
  const seen = server.settingsFiles
    .filter(u => !u.loaded && isSettingsName(u.path))
    .flatMap(u => unread(server, u) ?? []);
  const unseen = unseenPlaces(
    server,
    path => SETTINGS_DIRECTORY.test(path) || path.endsWith('/postgresql.conf'),
    `${valueOf(server.dataDirectory)}/postgresql.conf`,
  );
  return [...seen, ...unseen.filter(u => !seen.some(s => s.via.start === u.via.start))];
}

/** pg_hba.conf files that the server does not read, as sure as above. */
export function unreadHba(server: Server): readonly UnreadFile[] {
  const setting = settingOf(server.effective, 'hba_file');
  if (!isPlain(server) || setting.state === 'unknown') return [];
  const read = setting.state === 'known' ? setting.value.value : `${valueOf(server.dataDirectory)}/pg_hba.conf`;
  const seen = server.hbaFiles.filter(u => !u.loaded).flatMap(u => unread(server, u) ?? []);
  return [...seen, ...unseenPlaces(server, path => path.endsWith('/pg_hba.conf'), read)];
}

/** The server's habits are known, and nothing of somebody's own starts it. */
function isPlain(server: Server): boolean {
  const { image, platform, dataDirectory } = server;
  return platform !== 'file' && image.family === 'official' && dataDirectory.state === 'known' && startsPlainly(server);
}

function unread({ container }: Server, { path, region, via }: FileUse): UnreadFile | undefined {
  const mount = container?.mounts.find(m => m.at === via || m.volumeAt === via);
  const place = path ?? mount?.path;
  return via === undefined || place === undefined
    ? undefined
    : { path: place, region, via, withoutVolume: path === undefined };
}

function unseenPlaces(server: Server, fits: (path: string) => boolean, read: string): readonly UnreadFile[] {
  return server.files.unseen
    .filter(u => fits(u.path) && !isWithin(read, u.path) && !isNamed(server, u.path) && bringsFiles(server, u.via))
    .map(u => ({ path: u.path, region: undefined, via: u.via, withoutVolume: false }));
}

/** A ConfigMap, a bind mount or a `COPY`: files that a person wrote. */
function bringsFiles({ container, workload, platform }: Server, via: Location): boolean {
  const mount = container?.mounts.find(m => m.at === via);
  if (mount === undefined) return true;
  if (platform === 'compose') return mount.volume?.startsWith('bind') === true;
  const source = workload?.pod.volumes.find(v => v.name === mount.volume)?.source;
  return source?.kind === 'configMap';
}

/** A setting, a word of the command, a variable or a script names the place, so it may well be read. */
function isNamed({ effective, container, scripts }: Server, path: string): boolean {
  const words = [...(valueOf(container?.command) ?? []), ...(valueOf(container?.args) ?? [])].map(w => w.value);
  const variables = (container?.environment ?? []).map(v => valueOf(v.value) ?? '');
  const settings = [...effective.settings.values()].map(s => s.value);
  return [...words, ...variables, ...settings, ...scripts.map(s => s.region.text)].some(text => text.includes(path));
}

const isSettingsName = (path: string | undefined): boolean => path === undefined || path.endsWith('.conf');
