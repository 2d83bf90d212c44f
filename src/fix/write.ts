/** Writes mended texts back to their files: all of them or none, and nothing else. */
import {
  chmodSync,
  chownSync,
  lstatSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { errorCode, within } from '../discover.ts';
import { type Encoding, readText } from '../read.ts';
import type { Source } from '../types.ts';
import { UserError } from '../user-error.ts';

/** A file cannot be written. */
export class WriteError extends UserError {
  override readonly name = 'WriteError';
}

/** Why the file of a source may not be changed, for a person; undefined where it may. `given` are the paths of the run. */
export function refusal(source: Source, cwd: string, given: readonly string[]): string | undefined {
  const absolute = resolve(cwd, source.path);
  let real: string;
  try {
    if (lstatSync(absolute).isSymbolicLink()) return 'is a symbolic link';
    real = realpathSync(absolute);
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? 'is no file on the disk' : `cannot be changed: ${errorCode(error)}`;
  }
  const inside = given.map(path => realpathSync(resolve(cwd, path)));
  if (!inside.some(path => within(path, real))) return 'lies outside of the paths given';
  if (readText(absolute).text !== source.text) return 'on the disk is not what was judged';
  if (/^<{7} [^]*^={7}\r?$[^]*^>{7} /m.test(source.text)) return 'has conflict markers';
  return undefined;
}

/**
 * Writes the texts to the files at their paths, in the encoding and with the mode that each has. First every text goes into a
 * new file beside the old one, then they take the old ones' places. Throws a WriteError and leaves every file as it was
 * where one cannot be written.
 */
export function writeSources(sources: readonly Source[], cwd: string): void {
  const pending: { readonly from: string; readonly to: string; readonly old: Buffer }[] = [];
  const done: typeof pending = [];
  try {
    for (const { path, text } of sources) {
      const to = realpathSync(resolve(cwd, path));
      const from = join(dirname(to), `.tusklint-${randomBytes(6).toString('hex')}`);
      const { mode, uid, gid } = statSync(to);
      pending.push({ from, to, old: readFileSync(to) });
      writeFileSync(from, encode(text, encodingOf(to)), { mode, flag: 'wx' });
      // The mode of a new file is cut by the umask.
      chmodSync(from, mode & 0o7777);
      if (process.getuid?.() === 0) chownSync(from, uid, gid);
    }
    for (const file of pending) {
      renameSync(file.from, file.to);
      done.push(file);
    }
  } catch (error) {
    for (const { to, old } of done) writeFileSync(to, old);
    throw new WriteError(`the fixes cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    for (const { from } of pending) rmSync(from, { force: true });
  }
}

function encodingOf(file: string): Encoding {
  const result = readText(file);
  if (result.text === undefined) throw new WriteError(`${file} ${result.reason}`);
  return result.encoding;
}

function encode(text: string, encoding: Encoding): Buffer {
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(text, 'utf8');
    case 'latin1':
      return Buffer.from(text, 'latin1');
    case 'utf-16le':
      return Buffer.from(text, 'utf16le');
    case 'utf-16be':
      return Buffer.from(text, 'utf16le').swap16();
  }
}
