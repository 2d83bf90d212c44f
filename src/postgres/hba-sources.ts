/** Which pg_hba.conf a server really reads, as far as the input tells: its own file, the image's, or what a script makes. */
import { commandName } from '../formats/shell.ts';
import { type HbaRecord, parseHba } from '../formats/pg-hba.ts';
import type { Script } from '../scripts.ts';
import { locate, type TextRegion } from '../text-region.ts';
import { type Location, valueOf } from '../types.ts';
import { holdsPlaceholder } from './includes.ts';
import { startsPlainly } from './plain-start.ts';
import { type ScriptWrite, writesTo } from './script-writes.ts';
import type { Server } from './server.ts';
import { type FileUse, settingOf } from './settings.ts';

/** All that a server accepts and refuses: nothing of it is elsewhere. */
export type HbaSource =
  /** A file of the input, whole. */
  | { readonly kind: 'file'; readonly use: FileUse; readonly records: readonly HbaRecord[] }
  /** What the image's entrypoint writes (any address, but no replication), and lines that scripts add. */
  | { readonly kind: 'image'; readonly records: readonly HbaRecord[] }
  /** A script runs initdb by itself: only connections from the pod itself, and lines that scripts add. */
  | { readonly kind: 'initdb'; readonly at: Location; readonly records: readonly HbaRecord[] };

const IMAGE_DEFAULT = ['host all all 127.0.0.1/32 trust', 'host all all all scram-sha-256'].join('\n');

/** Undefined where something that is not here may write lines of its own. */
export function hbaSource(server: Server): HbaSource | undefined {
  const { image, hbaFiles, scripts, files } = server;
  const major = valueOf(image.major);
  if (major === undefined) return undefined;
  const use = hbaFiles.find(u => u.loaded);
  if (use !== undefined) {
    const { records, errors, includes } = parseHba(use.region.text, major);
    const whole = errors.length === 0 && includes.length === 0 && !holdsPlaceholder(use.region.text);
    return whole && scripts.every(s => !mentionsHba(s)) ? { kind: 'file', use, records } : undefined;
  }
  if (image.family !== 'official' || settingOf(server.effective, 'hba_file').state !== 'absent') return undefined;
  if (files.unseen.some(u => !isDataOnly(server, u.path))) return undefined;
  const added = scripts.map(s => appended(s, major));
  if (!added.every(records => records !== undefined)) return undefined;
  const lines = added.flat();
  const made = scripts.find(s => s.role !== 'initdb' && runsInitdb(s));
  if (made !== undefined) {
    const command = made.shell.commands.find(isInitdb);
    const at = command && locate(made.region, command.start, command.end);
    return at && { kind: 'initdb', at, records: lines };
  }
  if (server.start.kind !== 'entrypoint' || !startsPlainly(server)) return undefined;
  return { kind: 'image', records: [...parseHba(IMAGE_DEFAULT, major).records, ...lines] };
}

/** The records that a script adds; undefined where it does something else to the file. */
function appended(script: Script, major: number): readonly HbaRecord[] | undefined {
  if (!mentionsHba(script)) return [];
  const writes = writesTo(script, 'pg_hba.conf');
  const mentions = script.region.text.replace(/^\s*#.*$/gm, '').match(/pg_hba/g)?.length ?? 0;
  if (writes.length !== mentions || writes.some(w => !w.append || w.text === undefined)) return undefined;
  const texts = writes.map(w => w.text?.text ?? '');
  return texts.some(t => t.includes('$')) ? undefined : texts.flatMap(t => parseHba(t, major).records);
}

const mentionsHba = (script: Script): boolean => script.region.text.includes('pg_hba');

/** `initdb`, `pg_ctl initdb`, `pg_ctl init`. */
export function runsInitdb(script: Script): boolean {
  return script.shell.commands.some(isInitdb);
}

function isInitdb(command: Script['shell']['commands'][number]): boolean {
  const name = commandName(command);
  if (name === 'initdb') return true;
  return name === 'pg_ctl' && command.words.some(w => w.text === 'initdb' || w.text === 'init');
}

/** The mount holds the data, which is empty at the first start, or nothing of the configuration. */
function isDataOnly({ dataDirectory, dataVolume }: Server, path: string): boolean {
  if (path === dataVolume.mount?.path || path === valueOf(dataDirectory)) return true;
  return !/^\/docker-entrypoint-initdb\.d|^\/etc\/postgres|^\/var\/lib\/postgresql/.test(path);
}

/** Lines of pg_hba.conf in a script: a file of their own for the rules about lines. */
export interface HbaFragment {
  readonly region: TextRegion;
  readonly write: ScriptWrite;
}

/** What the scripts of a server add to its pg_hba.conf, word for word. */
export function hbaFragments(server: Server): readonly HbaFragment[] {
  return server.scripts
    .flatMap(s => writesTo(s, 'pg_hba.conf'))
    .flatMap(write => (write.text === undefined ? [] : [{ region: write.text, write }]));
}

/** Whether a template or a shell fills in the line around an offset: then it is not judged. */
export function isFilledInLater(text: string, offset: number): boolean {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const next = text.indexOf('\n', offset);
  const line = text.slice(start, next < 0 ? text.length : next);
  return holdsPlaceholder(line) || /\$[A-Za-z_{(]|`|@[A-Za-z_-]+@/.test(line);
}
