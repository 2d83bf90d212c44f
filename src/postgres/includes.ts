/** Include directives followed as the server does it: what a file and all that it includes set, in order. */
import type { ConfEntry, ParsedConf } from '../formats/postgresql-conf.ts';
import { locate, type TextRegion } from '../text-region.ts';
import type { ConfigurationProblem } from './settings.ts';

/** A file, or what an include leads to. */
export interface ConfFile {
  readonly region: TextRegion;
  readonly parsed: ParsedConf;
  /** Its path as the server sees it; includes are relative to its directory. Undefined where not known. */
  readonly path: string | undefined;
  /** Names and values that hold a template placeholder are unknown. */
  readonly templated?: boolean | undefined;
}

/** Finds what includes name. `undefined`: it is not there; `'unknown'`: it cannot be told. */
export interface IncludeResolver {
  /** `path` is absolute where the including file's path is known, otherwise as written. */
  readonly file: (path: string) => ConfFile | undefined | 'unknown';
  /** The plain files of a directory with their names; `configure` picks and sorts them as the server does. */
  readonly directory: (
    path: string,
  ) => readonly { readonly name: string; readonly file: ConfFile | 'unknown' }[] | undefined | 'unknown';
}

/** The start of a file, a setting with the file that holds it, an include that cannot be followed, or one that the server stumbles over. */
export type ExpandedEntry =
  | { readonly kind: 'file'; readonly file: ConfFile }
  | { readonly kind: 'setting'; readonly entry: ConfEntry; readonly file: ConfFile }
  | { readonly kind: 'unseen'; readonly name: string }
  | {
      readonly kind: 'problem';
      readonly entry: ConfEntry;
      readonly file: ConfFile;
      readonly problem: ConfigurationProblem;
    };

const MAX_DEPTH = 10;
const PLACEHOLDER = /\$\{|\$\(|\{\{|\}\}|<%|<path:|%%[A-Za-z]|@[A-Z][A-Z0-9_]+@|\$[A-Z][A-Z0-9_]+/;

/** A text that a template or a shell will fill in: `${SHARED_BUFFERS}`, `{{ .Values.x }}`, `@PORT@`. */
export function holdsPlaceholder(text: string): boolean {
  return PLACEHOLDER.test(text);
}

/** Everything that the file sets, includes in place. Without `resolve` every include is unseen. */
export function expandIncludes(file: ConfFile, resolve: IncludeResolver | undefined): readonly ExpandedEntry[] {
  const expanded: ExpandedEntry[] = [];
  addFile(expanded, file, resolve, 0);
  return expanded;
}

function addFile(expanded: ExpandedEntry[], file: ConfFile, resolve: IncludeResolver | undefined, depth: number): void {
  expanded.push({ kind: 'file', file });
  for (const entry of file.parsed.entries) {
    if (entry.kind === 'setting') expanded.push({ kind: 'setting', entry, file });
    else if (file.templated === true && holdsPlaceholder(entry.value))
      expanded.push({ kind: 'unseen', name: entry.value });
    else follow(expanded, file, entry, resolve, depth);
  }
}

function follow(
  expanded: ExpandedEntry[],
  from: ConfFile,
  entry: ConfEntry,
  resolve: IncludeResolver | undefined,
  depth: number,
): void {
  const problem = (kind: ConfigurationProblem['kind'], message: string): void => {
    const at = locate(from.region, entry.valueStart, entry.valueEnd);
    expanded.push({ kind: 'problem', entry, file: from, problem: { kind, at, message } });
  };
  const enter = (file: ConfFile): void => {
    const name = file.path ?? file.region.path;
    if (depth + 1 > MAX_DEPTH) {
      problem('depth', `could not open configuration file "${name}": maximum nesting depth exceeded`);
    } else if (name === (from.path ?? from.region.path)) {
      problem('recursion', `configuration file recursion in "${name}"`);
    } else {
      addFile(expanded, file, resolve, depth + 1);
    }
  };
  const directory = entry.kind === 'include_dir';
  const what = directory ? 'configuration directory' : 'configuration file';
  if (/^[ \t\r\n]*$/.test(entry.value)) return problem('empty', `empty ${what} name: "${entry.value}"`);
  if (resolve === undefined) {
    expanded.push({ kind: 'unseen', name: entry.value });
    return;
  }
  const path = resolvePath(from.path, entry.value);
  const missing = (): void => problem('missing', `could not open ${what} "${entry.value}"`);
  if (directory) {
    const listed = resolve.directory(path);
    if (listed === undefined) missing();
    else if (listed === 'unknown') expanded.push({ kind: 'unseen', name: entry.value });
    else {
      for (const { file, name } of confFiles(listed)) {
        if (file === 'unknown') expanded.push({ kind: 'unseen', name: `${entry.value}/${name}` });
        else enter(file);
      }
    }
    return;
  }
  const file = resolve.file(path);
  if (file === 'unknown') expanded.push({ kind: 'unseen', name: entry.value });
  else if (file !== undefined) enter(file);
  else if (entry.kind === 'include') missing();
}

/** `*.conf`, not hidden, in the order of their bytes. */
function confFiles<T extends { readonly name: string }>(listed: readonly T[]): readonly T[] {
  return listed.filter(f => /^[^.].*\.conf$/s.test(f.name)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function resolvePath(from: string | undefined, path: string): string {
  if (path.startsWith('/') || from === undefined) return path;
  const parts: string[] = [];
  for (const part of `${from.slice(0, from.lastIndexOf('/') + 1)}${path}`.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..' && parts.at(-1) !== '') parts.pop();
    else if (part !== '.' && !(part === '' && parts.length > 0)) parts.push(part);
  }
  return parts.join('/');
}
