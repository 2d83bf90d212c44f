/** Writes new files into the working directory, and never through a link out of it. */
import { closeSync, lstatSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCode } from '../discover.ts';
import { WriteError } from '../fix/write.ts';

/** A file to write. */
export interface NewFile {
  /** Relative to the working directory, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Whether a file is at a path. Throws a WriteError for a link on the way to it, and for what is neither file nor folder. */
export function stateOf(cwd: string, path: string): 'missing' | 'file' {
  const steps = path.split('/');
  for (const [i] of steps.entries()) {
    const here = steps.slice(0, i + 1).join('/');
    const stat = lstatSync(join(cwd, here), { throwIfNoEntry: false });
    if (stat === undefined) return 'missing';
    if (stat.isSymbolicLink()) throw new WriteError(`${here} is a symbolic link: nothing is written through it`);
    const last = i === steps.length - 1;
    if (last ? !stat.isFile() : !stat.isDirectory())
      throw new WriteError(`${here} is no ${last ? 'regular file' : 'folder'}`);
  }
  return 'file';
}

/** Writes a file that is not there yet, and the folders that lead to it. Throws a WriteError. */
export function writeNew(cwd: string, { path, text }: NewFile): void {
  if (stateOf(cwd, path) === 'file') throw new WriteError(`${path} is there already`);
  const absolute = join(cwd, path);
  try {
    mkdirSync(dirname(absolute), { recursive: true });
    // Fails where something, a dangling link too, has come there in the meantime.
    const file = openSync(absolute, 'wx');
    try {
      writeSync(file, text);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new WriteError(`cannot write ${path}: ${errorCode(error)}`);
  }
}
