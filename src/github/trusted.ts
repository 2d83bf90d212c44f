/**
 * Configuration and baseline of a run. A pull request could switch off with them what judges it, so they are taken from
 * the commit before it; where that has none, they are used as they are, and said.
 */
import { existsSync, lstatSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { configurationNames } from '../commands/configuration.ts';
import { UsageError } from '../commands/io.ts';
import { readText } from '../read.ts';
import { fileAt } from './repository.ts';
import { type Workspace, inside } from './workspace.ts';

/** A file that says how to judge. */
export interface TrustedFile {
  /** As messages name it, relative to the working directory. */
  readonly shown: string;
  readonly text: string;
  /** What the pull request did to it, for a person; undefined where it did nothing. */
  readonly change: string | undefined;
}

/** Where the files are. */
export interface TrustedSources {
  readonly workspace: Workspace;
  /** The commit before the change; undefined where the files of the checkout are to be trusted, or nothing else is there. */
  readonly base: string | undefined;
}

/** The configuration: the file that is named, or else the nearest one; undefined where there is none. Throws a UsageError. */
export async function trustedConfiguration(
  named: string | undefined,
  sources: TrustedSources,
): Promise<TrustedFile | undefined> {
  const { workspace } = sources;
  const candidates = named === undefined ? nearestFirst(workspace) : [resolve(workspace.cwd, named)];
  const before = await firstAtBase(candidates, sources);
  const now = candidates.find(file => lstatSync(file, { throwIfNoEntry: false }) !== undefined);
  if (before === undefined && now === undefined) {
    if (named !== undefined) throw new UsageError(`the input "config" names what is not there: "${named}"`);
    return undefined;
  }
  return chosen(before, now, 'config', sources);
}

/** The baseline that is named. Throws a UsageError where it is not there. */
export async function trustedBaseline(named: string, sources: TrustedSources): Promise<TrustedFile> {
  const file = resolve(sources.workspace.cwd, named);
  const before = await firstAtBase([file], sources);
  const now = existsSync(file) ? file : undefined;
  if (before === undefined && now === undefined)
    throw new UsageError(
      `the input "baseline" names what is not there: "${named}" (tusklint lint --baseline ${named} --update-baseline writes it)`,
    );
  return chosen(before, now, 'baseline', sources);
}

interface AtBase {
  readonly file: string;
  readonly text: string;
}

/** The working directory's own configuration, then those of the folders above, up to the top of the repository. */
function nearestFirst({ top, root, cwd }: Workspace): readonly string[] {
  const last = root ?? top;
  const steps = relative(last, cwd)
    .split(sep)
    .filter(step => step !== '');
  const folders = [last, ...steps.map((_, i) => join(last, ...steps.slice(0, i + 1)))].reverse();
  return folders.flatMap(folder => configurationNames.map(name => join(folder, name)));
}

async function firstAtBase(
  candidates: readonly string[],
  { workspace, base }: TrustedSources,
): Promise<AtBase | undefined> {
  const { root } = workspace;
  if (base === undefined || root === undefined) return undefined;
  for (const file of candidates) {
    const path = relative(root, file).replaceAll(sep, '/');
    if (path.startsWith('../')) continue;
    const result = await fileAt(root, base, path);
    if (result?.text !== undefined) return { file, text: result.text };
  }
  return undefined;
}

function chosen(
  before: AtBase | undefined,
  now: string | undefined,
  input: string,
  { workspace, base }: TrustedSources,
): TrustedFile {
  const { top, cwd } = workspace;
  const shown = (file: string) => relative(cwd, file).replaceAll(sep, '/');
  if (before !== undefined) {
    const result = now === before.file && isFile(now) ? readText(now) : undefined;
    const name = shown(before.file);
    const change =
      result?.text === before.text
        ? undefined
        : now === undefined || now === before.file
          ? `${name} is ${now === undefined ? 'removed' : 'changed'} by this change, which is judged by the ${name} before it`
          : `this change brings ${shown(now)}, but is judged by ${name} as it was before`;
    return { shown: name, text: before.text, change };
  }
  const file = now ?? '';
  const name = shown(file);
  const result = readText(inside(top, file, input, name));
  if (result.text === undefined) throw new UsageError(`${name} ${result.reason}`);
  return {
    shown: name,
    text: result.text,
    change: base === undefined ? undefined : `this change brings ${name}, and is judged by it`,
  };
}

const isFile = (file: string): boolean => lstatSync(file).isFile();

/** A folder of our own among the temporary files of the job. */
export function temporaryFolder(parent: string): string {
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, 'tusklint-'));
}

/** Writes a trusted file where a command can read it, and gives its path. */
export function written(file: TrustedFile, folder: string): string {
  const path = join(folder, file.shown.split('/').at(-1) ?? 'file');
  writeFileSync(path, file.text);
  return path;
}
