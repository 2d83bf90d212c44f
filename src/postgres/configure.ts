/** From places that set something to what the server runs with: layers in PostgreSQL's order of precedence, includes in place. */
import type { ConfEntry, ParsedConf } from '../formats/postgresql-conf.ts';
import { locate, type TextRegion } from '../text-region.ts';
import type { Located, Location } from '../types.ts';
import { type Catalogue, canonicalName, judgingMajor, parameterOf } from './catalogue.ts';
import type { Configuration, ConfigurationProblem, Setting } from './settings.ts';

/** `name = value` from anywhere but a settings file: a command line, a map of an operator, an environment variable. */
export interface Assignment {
  /** As written. */
  readonly name: string;
  readonly value: string;
  readonly at: Location;
  readonly nameAt: Location;
  /** Why the value is not known: a placeholder, a foreign Secret. */
  readonly uncertain?: string | undefined;
}

/** What may set something, weakest first: `file` stands for settings files and operators' maps, `auto` for ALTER SYSTEM. */
export type Precedence = 'environment' | 'file' | 'auto' | 'command line';

export interface AssignmentLayer {
  readonly kind: 'assignments';
  readonly precedence: Precedence;
  readonly origin: Setting['origin'];
  readonly assignments: readonly Assignment[];
  /** False for what is meant for the server and not loaded. */
  readonly loaded: boolean;
}

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

export interface FileLayer {
  readonly kind: 'file';
  readonly precedence: Precedence;
  readonly file: ConfFile;
  readonly loaded: boolean;
  /** Without one, every include is unknown. */
  readonly resolve?: IncludeResolver | undefined;
}

export type Layer = AssignmentLayer | FileLayer;

export interface ConfigureInput {
  readonly catalogue: Catalogue;
  /** Undefined where the server's major is not known. */
  readonly major: number | undefined;
  readonly defaults: Configuration['defaults'];
  /** In any order: they are sorted by precedence, those of the same precedence stay in order (later wins). */
  readonly layers: readonly Layer[];
  /** Why settings may come from elsewhere, if so. */
  readonly open: string | undefined;
}

const ORDER: readonly Precedence[] = ['environment', 'file', 'auto', 'command line'];
const MAX_DEPTH = 10;
const PLACEHOLDER = /\$\{|\$\(|\{\{|\}\}|<%|<path:|%%[A-Za-z]|@[A-Z][A-Z0-9_]+@|\$[A-Z][A-Z0-9_]+/;

/** A text that a template or a shell will fill in: `${SHARED_BUFFERS}`, `{{ .Values.x }}`, `@PORT@`. */
export function holdsPlaceholder(text: string): boolean {
  return PLACEHOLDER.test(text);
}

/** Merges the layers. Never throws: what the server would refuse is in `problems`, or in the values themselves. */
export function configure(input: ConfigureInput): Configuration {
  const state: Merge = { input, settings: new Map(), problems: [], open: input.open };
  const layers = input.layers.toSorted((a, b) => ORDER.indexOf(a.precedence) - ORDER.indexOf(b.precedence));
  for (const layer of layers) {
    if (layer.kind === 'file') addFile(state, layer, layer.file, 0);
    else for (const assignment of layer.assignments) add(state, assignment, layer.origin, layer.loaded);
  }
  const { catalogue, major, defaults } = input;
  return { catalogue, major, defaults, settings: state.settings, open: state.open, problems: state.problems };
}

interface Merge {
  readonly input: ConfigureInput;
  readonly settings: Map<string, Setting>;
  readonly problems: ConfigurationProblem[];
  open: string | undefined;
}

function add(state: Merge, assignment: Assignment, origin: Setting['origin'], loaded: boolean): void {
  const { catalogue } = state.input;
  const major = judgingMajor(catalogue, state.input.major);
  const key = canonicalName(major, assignment.name);
  const parameter = parameterOf(catalogue, major, assignment.name);
  const before = state.settings.get(key);
  const overridden = before === undefined ? [] : [...before.overridden, { ...before, overridden: [] }];
  state.settings.set(key, {
    name: parameter?.name ?? assignment.name,
    value: assignment.value,
    at: assignment.at,
    nameAt: assignment.nameAt,
    origin,
    parameter,
    loaded,
    uncertain: assignment.uncertain,
    overridden,
  });
}

function addFile(state: Merge, layer: FileLayer, file: ConfFile, depth: number): void {
  for (const entry of file.parsed.entries) {
    if (entry.kind !== 'setting') {
      include(state, layer, file, entry, depth);
      continue;
    }
    if (file.templated === true && holdsPlaceholder(entry.name)) {
      state.open ??= `${file.region.path} has placeholders for names`;
      continue;
    }
    const placeholder = file.templated === true && holdsPlaceholder(entry.value);
    add(
      state,
      {
        name: entry.name,
        value: entry.value,
        at: locate(file.region, entry.valueStart, entry.valueEnd),
        nameAt: locate(file.region, entry.nameStart, entry.nameEnd),
        uncertain: placeholder ? `"${entry.value}" is a placeholder` : undefined,
      },
      'file',
      layer.loaded,
    );
  }
}

function include(state: Merge, layer: FileLayer, from: ConfFile, entry: ConfEntry, depth: number): void {
  const at = locate(from.region, entry.valueStart, entry.valueEnd);
  const directory = entry.kind === 'include_dir';
  const what = directory ? 'configuration directory' : 'configuration file';
  const problem = (kind: ConfigurationProblem['kind'], message: string): void => {
    state.problems.push({ kind, at, message });
  };
  if (/^[ \t\r\n]*$/.test(entry.value)) return problem('empty', `empty ${what} name: "${entry.value}"`);
  const path = resolvePath(from.path, entry.value);
  if (directory) {
    const listed = layer.resolve?.directory(path) ?? (layer.resolve === undefined ? 'unknown' : undefined);
    if (listed === 'unknown') return hide(state, entry.value);
    if (listed === undefined) return problem('missing', `could not open ${what} "${entry.value}"`);
    const files = listed.filter(f => /^[^.].*\.conf$/s.test(f.name)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    for (const { file, name } of files) {
      if (file === 'unknown') hide(state, `${entry.value}/${name}`);
      else enter(state, layer, from, file, depth + 1, problem);
    }
    return;
  }
  const file = layer.resolve?.file(path) ?? (layer.resolve === undefined ? 'unknown' : undefined);
  if (file === 'unknown') return hide(state, entry.value);
  if (file !== undefined) return enter(state, layer, from, file, depth + 1, problem);
  if (entry.kind === 'include') problem('missing', `could not open ${what} "${entry.value}"`);
}

function enter(
  state: Merge,
  layer: FileLayer,
  from: ConfFile,
  file: ConfFile,
  depth: number,
  problem: (kind: ConfigurationProblem['kind'], message: string) => void,
): void {
  const name = file.path ?? file.region.path;
  if (depth > MAX_DEPTH) {
    problem('depth', `could not open configuration file "${name}": maximum nesting depth exceeded`);
  } else if (name === (from.path ?? from.region.path)) {
    problem('recursion', `configuration file recursion in "${name}"`);
  } else {
    addFile(state, layer, file, depth);
  }
}

/** What an unseen include may set: anything, and it overrides what was set before it. */
function hide(state: Merge, name: string): void {
  const reason = `includes "${name}", which is not here`;
  state.open ??= reason;
  for (const [key, setting] of state.settings) {
    if (setting.uncertain === undefined) state.settings.set(key, { ...setting, uncertain: reason });
  }
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

/** What the words of a `postgres` command line say. */
export interface CommandLineSettings {
  readonly assignments: readonly Assignment[];
  /** `-D`; the last one counts. */
  readonly dataDirectory: Located<string> | undefined;
  /** Words that `postgres` does not take, and options without their value. */
  readonly unknown: readonly Located<string>[];
}

/** Options with a value that set a parameter, and those without one. */
const SHORT_WITH_VALUE: Readonly<Record<string, string>> = {
  B: 'shared_buffers',
  d: 'log_min_messages',
  h: 'listen_addresses',
  k: 'unix_socket_directories',
  N: 'max_connections',
  p: 'port',
  S: 'work_mem',
};
const SHORT_WITHOUT: Readonly<Record<string, readonly [string, string]>> = {
  e: ['datestyle', 'euro'],
  F: ['fsync', 'false'],
  i: ['listen_addresses', '*'],
  l: ['ssl', 'true'],
  O: ['allow_system_table_mods', 'true'],
  P: ['ignore_system_indexes', 'true'],
  s: ['log_statement_stats', 'true'],
};
/** Short options that set nothing of interest; those of the second kind take a value. */
const SILENT = 'bjnT';
const SILENT_WITH_VALUE = 'fortvWC';

/**
 * Reads the arguments of `postgres` (the program's own name left out): `-c name=value`, `-cname=value`, `--name=value`,
 * the short forms of settings, `-D`. Dashes in names become underscores. In a range given by one word, name and value are
 * the parts of it.
 */
export function parseCommandLineSettings(words: readonly Located<string>[]): CommandLineSettings {
  const assignments: Assignment[] = [];
  const unknownWords: Located<string>[] = [];
  let dataDirectory: Located<string> | undefined;
  const assign = (word: Located<string>, text: string, start: number): void => {
    const equals = text.indexOf('=');
    if (equals <= 0) {
      unknownWords.push(word);
      return;
    }
    assignments.push({
      name: text.slice(0, equals).replaceAll('-', '_'),
      value: text.slice(equals + 1),
      at: part(word, start + equals + 1, start + text.length),
      nameAt: part(word, start, start + equals),
    });
  };
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === undefined) break;
    const text = word.value;
    if (text.startsWith('--')) {
      if (text.length > 2) assign(word, text.slice(2), 2);
      continue;
    }
    if (!text.startsWith('-') || text === '-') {
      unknownWords.push(word);
      continue;
    }
    for (let at = 1; at < text.length; at++) {
      const option = text[at] ?? '';
      const flag = Object.hasOwn(SHORT_WITHOUT, option) ? SHORT_WITHOUT[option] : undefined;
      if (flag !== undefined) {
        assignments.push({ name: flag[0], value: flag[1], at: word.at, nameAt: word.at });
        continue;
      }
      if (SILENT.includes(option)) continue;
      const name = Object.hasOwn(SHORT_WITH_VALUE, option) ? SHORT_WITH_VALUE[option] : undefined;
      if (name === undefined && option !== 'c' && option !== 'D' && !SILENT_WITH_VALUE.includes(option)) {
        unknownWords.push(word);
        break;
      }
      const attached = at + 1 < text.length;
      const valueWord = attached ? word : words[++i];
      if (valueWord === undefined) {
        unknownWords.push(word);
        break;
      }
      const start = attached ? at + 1 : 0;
      const value = valueWord.value.slice(start);
      const valueAt = part(valueWord, start, valueWord.value.length);
      if (option === 'c') assign(valueWord, value, start);
      else if (option === 'D') dataDirectory = { value, at: valueAt };
      else if (name !== undefined) assignments.push({ name, value, at: valueAt, nameAt: word.at });
      break;
    }
  }
  return { assignments, dataDirectory, unknown: unknownWords };
}

/** The part of a word's place, where the place has the word's own length (no quotes or escapes in between). */
function part(word: Located<string>, start: number, end: number): Location {
  const { path, start: from, end: to } = word.at;
  return to - from === word.value.length ? { path, start: from + start, end: from + end } : word.at;
}
