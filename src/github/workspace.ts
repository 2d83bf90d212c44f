/** The folder that the Action may read and write: the workspace of the job. Links in a pull request may lead anywhere. */
import { lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { UsageError } from '../commands/io.ts';
import { within } from '../discover.ts';
import { gitRoot } from '../git.ts';
import type { Environment } from './inputs.ts';

/** Folders of a run, absolute and without links. */
export interface Workspace {
  /** What nothing may leave. */
  readonly top: string;
  /** Where the paths of the inputs start. */
  readonly cwd: string;
  /** The top folder of the git repository that the working directory lies in; undefined where there is none. */
  readonly root: string | undefined;
  /** The way from the root of the repository (or else the workspace) to the working directory, with `/`; empty where they are one. */
  readonly directory: string;
}

/** Finds the folders. Throws a UsageError where the working directory is not one inside the workspace. */
export function openWorkspace(env: Environment, workingDirectory: string): Workspace {
  const top = realpathSync(env['GITHUB_WORKSPACE'] || process.cwd());
  const cwd = inside(top, resolve(top, workingDirectory), 'working-directory', workingDirectory);
  if (!statSync(cwd).isDirectory())
    throw new UsageError(`the input "working-directory" names no folder: "${workingDirectory}"`);
  const found = gitRoot(cwd);
  const root = found !== undefined && within(top, found) ? found : undefined;
  return { top, cwd, root, directory: relative(root ?? top, cwd).replaceAll(sep, '/') };
}

/** The real path of what an input names. Throws a UsageError where it is not there, or leaves the workspace. */
export function inside(top: string, absolute: string, input: string, given: string): string {
  let real: string;
  try {
    real = realpathSync(absolute);
  } catch {
    throw new UsageError(`the input "${input}" names what is not there: "${given}"`);
  }
  guard(top, real, input, given);
  return real;
}

/** Where a file may be written that an input names. Throws a UsageError where its folder is not there, or it is a link. */
export function writable(top: string, absolute: string, input: string, given: string): string {
  const file = join(inside(top, dirname(absolute), input, given), basename(absolute));
  guard(top, file, input, given);
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isFile())
    throw new UsageError(`the input "${input}" names what is no regular file: "${given}"`);
  return file;
}

function guard(top: string, real: string, input: string, given: string): void {
  if (!within(top, real)) throw new UsageError(`the input "${input}" leads out of the workspace: "${given}"`);
  // The credentials of the checkout are kept there.
  if (relative(top, real).split(sep).includes('.git'))
    throw new UsageError(`the input "${input}" leads into git's own folder: "${given}"`);
}
