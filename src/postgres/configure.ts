/** From places that set something to what the server runs with: layers in PostgreSQL's order of precedence, includes in place. */
import type { ConfEntry } from '../formats/postgresql-conf.ts';
import { locate } from '../text-region.ts';
import type { Location } from '../types.ts';
import { type Catalogue, canonicalName, judgingMajor, parameterOf } from './catalogue.ts';
import { type ConfFile, expandIncludes, holdsPlaceholder, type IncludeResolver } from './includes.ts';
import type { Configuration, ConfigurationProblem, Setting } from './settings.ts';

export { type CommandLineSettings, parseCommandLineSettings } from './command-line.ts';
export { type ConfFile, holdsPlaceholder, type IncludeResolver } from './includes.ts';

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

/** Merges the layers. Never throws: what the server would refuse is in `problems`, or in the values themselves. */
export function configure(input: ConfigureInput): Configuration {
  const state: Merge = { input, settings: new Map(), problems: [], open: input.open };
  const layers = input.layers.toSorted((a, b) => ORDER.indexOf(a.precedence) - ORDER.indexOf(b.precedence));
  for (const layer of layers) {
    if (layer.kind === 'file') addFile(state, layer);
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

function addFile(state: Merge, layer: FileLayer): void {
  for (const item of expandIncludes(layer.file, layer.resolve)) {
    if (item.kind === 'setting') addEntry(state, item.entry, item.file, layer.loaded);
    else if (item.kind === 'unseen') hide(state, item.name);
    else if (item.kind === 'problem') state.problems.push(item.problem);
  }
}

function addEntry(state: Merge, entry: ConfEntry, file: ConfFile, loaded: boolean): void {
  if (file.templated === true && holdsPlaceholder(entry.name)) {
    state.open ??= `${file.region.path} has placeholders for names`;
    return;
  }
  const placeholder = file.templated === true && holdsPlaceholder(entry.value);
  const assignment = {
    name: entry.name,
    value: entry.value,
    at: locate(file.region, entry.valueStart, entry.valueEnd),
    nameAt: locate(file.region, entry.nameStart, entry.nameEnd),
    uncertain: placeholder ? `"${entry.value}" is a placeholder` : undefined,
  };
  add(state, assignment, 'file', loaded);
}

/** What an unseen include may set: anything, and it overrides what was set before it. */
function hide(state: Merge, name: string): void {
  const reason = `includes "${name}", which is not here`;
  state.open ??= reason;
  for (const [key, setting] of state.settings) {
    if (setting.uncertain === undefined) state.settings.set(key, { ...setting, uncertain: reason });
  }
}
