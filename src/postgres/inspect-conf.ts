/** A postgresql.conf judged alone, as the server of a major would at its start: its errors, its settings, its memory. */
import { type ConfEntry, parsePostgresqlConf } from '../formats/postgresql-conf.ts';
import { wholeSource } from '../text-region.ts';
import { type Catalogue, canonicalName, judgingMajor, type Parameter, parameterOf } from './catalogue.ts';
import { configure } from './configure.ts';
import { splitIdentifiers } from './checks.ts';
import { type ConfFile, type ExpandedEntry, expandIncludes, type IncludeResolver } from './includes.ts';
import { type Applied, applyOrRefuse, nothingApplied } from './setting-conflicts.ts';
import { effective } from './settings.ts';
import { sharedMemory } from './shared-memory.ts';
import { parseValue, showValue } from './values.ts';

/** What keeps the server from starting with this file. */
export interface ConfFault {
  readonly kind: 'syntax' | 'include' | 'unknown' | 'internal' | 'value' | 'conflict';
  /** The file that holds it: the one that was asked for, or one that it includes. */
  readonly file: ConfFile;
  /** Counts from 1. */
  readonly line: number;
  /** Offsets into the file's text: the wrong token, name or value. */
  readonly start: number;
  readonly end: number;
  readonly message: string;
  /** The line's entry; undefined for syntax errors. */
  readonly entry: ConfEntry | undefined;
  readonly suggestion?: string | undefined;
}

export interface JudgeOptions {
  /** Without one, includes are passed over. */
  readonly resolve?: IncludeResolver | undefined;
  /** Enum words that the server's build lacks (lz4, zstd, io_uring); by default it has them all. */
  readonly without?: readonly string[] | undefined;
}

export interface ConfInspection {
  /** In the order of their places. */
  readonly settings: readonly InspectedSetting[];
  /** Bytes; null when a setting that it needs is invalid. */
  readonly memory: { readonly sharedBytes: number | null };
  readonly errors: readonly { readonly line: number; readonly message: string }[];
}
export interface InspectedSetting {
  readonly name: string;
  /** As `pg_settings.setting` shows it, in base units. */
  readonly value: string;
  readonly unit: string | null;
  /** Line and column count from 1, columns in UTF-16 units. */
  readonly origin: { readonly path: string; readonly line: number; readonly column: number };
}

/** The contract of `tusklint inspect FILE.conf --format json`. Without `resolve` includes are passed over. */
export function inspectConf(
  text: string,
  path: string,
  major: number,
  catalogue: Catalogue,
  resolve?: IncludeResolver,
): ConfInspection {
  const parsed = parsePostgresqlConf(text);
  const file: ConfFile = { region: wholeSource({ path, text }), parsed, path };
  const configuration = configure({
    catalogue,
    major,
    defaults: 'boot',
    open: undefined,
    layers: [{ kind: 'file', precedence: 'file', file, loaded: true, resolve: resolve ?? NO_INCLUDES }],
  });
  const libraries = preloaded(effective(configuration, 'shared_preload_libraries'));
  const settings = winners(file, major, resolve ?? NO_INCLUDES).flatMap(found =>
    inspected(found, major, catalogue, libraries),
  );
  const errors = judgeConf(file, major, catalogue, { resolve }).map(({ line, message, file: { region } }) => ({
    line,
    message: region.path === path ? message : `${region.path}: ${message}`,
  }));
  const memory = sharedMemory(configuration);
  return { settings, memory: { sharedBytes: memory === undefined ? null : Math.round(memory.bytes) }, errors };
}

/** Every include leads to an empty file. */
const EMPTY: ConfFile = {
  region: wholeSource({ path: '', text: '' }),
  parsed: { entries: [], errors: [] },
  path: undefined,
};
const NO_INCLUDES: IncludeResolver = { file: () => EMPTY, directory: () => [] };

/**
 * Everything in the file that the server would refuse, line by line, included files where they are included. The server
 * itself stops after the syntax errors and missing includes, or after the unknown names, if there are any.
 */
export function judgeConf(
  file: ConfFile,
  major: number,
  catalogue: Catalogue,
  options: JudgeOptions = {},
): readonly ConfFault[] {
  const faults: ConfFault[] = [];
  const expanded = expandIncludes(file, options.resolve ?? NO_INCLUDES);
  const places = expanded.flatMap(item => (item.kind === 'file' ? [item.file] : []));
  for (const item of expanded) {
    if (item.kind === 'file') {
      faults.push(
        ...item.file.parsed.errors.map(e => ({ ...e, kind: 'syntax' as const, file: item.file, entry: undefined })),
      );
    } else if (item.kind === 'problem') {
      const { line, valueStart: start, valueEnd: end } = item.entry;
      faults.push({
        kind: 'include',
        file: item.file,
        line,
        start,
        end,
        message: item.problem.message,
        entry: item.entry,
      });
    }
  }
  const state = nothingApplied();
  for (const { entry, file: from } of live(expanded)) {
    const fault = judge(entry, major, catalogue, options.without ?? [], state);
    if (fault === undefined) continue;
    const named = fault.kind === 'unknown' || fault.kind === 'internal';
    const start = named ? entry.nameStart : entry.valueStart;
    const end = named ? entry.nameEnd : entry.valueEnd;
    faults.push({ ...fault, file: from, line: entry.line, start, end, entry });
  }
  return faults.sort((a, b) => places.indexOf(a.file) - places.indexOf(b.file) || a.line - b.line);
}

interface FoundEntry {
  readonly entry: ConfEntry;
  readonly file: ConfFile;
}

/** The last of the entries of each name, former names and case set aside. */
function winners(file: ConfFile, major: number, resolve: IncludeResolver): readonly FoundEntry[] {
  const last = new Map<string, FoundEntry>();
  for (const item of expandIncludes(file, resolve)) {
    if (item.kind !== 'setting') continue;
    const name = canonicalName(major, item.entry.name);
    last.delete(name);
    last.set(name, item);
  }
  return [...last.values()];
}

/** The entries whose values the server looks at: it passes over those that are repeated further down in the very same spelling. */
function live(expanded: readonly ExpandedEntry[]): readonly FoundEntry[] {
  const settings = expanded.flatMap(item => (item.kind === 'setting' ? [item] : []));
  const last = new Map(settings.map(({ entry }, index) => [entry.name, index]));
  return settings.filter(({ entry }, index) => last.get(entry.name) === index);
}

type Fault = Pick<ConfFault, 'kind' | 'message' | 'suggestion'>;

function judge(
  entry: ConfEntry,
  major: number,
  catalogue: Catalogue,
  without: readonly string[],
  state: Applied,
): Fault | undefined {
  const parameter = parameterOf(catalogue, major, entry.name);
  if (parameter === undefined) {
    // An unknown name with a prefix is a placeholder for a library that may come later.
    if (entry.name.includes('.')) return undefined;
    return { kind: 'unknown', message: `unrecognized configuration parameter "${entry.name}"` };
  }
  if (parameter.context === 'internal') {
    return { kind: 'internal', message: `parameter "${parameter.name}" cannot be changed` };
  }
  if (parameter.extension !== undefined) return undefined;
  const value = parseValue(parameter, entry.value, judgingMajor(catalogue, major), without);
  if (!value.ok) {
    const message = `invalid value for parameter "${parameter.name}": ${value.message}`;
    return { kind: 'value', message, suggestion: value.suggestion };
  }
  const message = applyOrRefuse(catalogue, parameter, value.value, state);
  return message === undefined ? undefined : { kind: 'conflict', message };
}

function inspected(
  { entry, file }: FoundEntry,
  major: number,
  catalogue: Catalogue,
  libraries: ReadonlySet<string>,
): readonly InspectedSetting[] {
  const parameter = parameterOf(catalogue, major, entry.name);
  const value = shown(entry, parameter, libraries);
  if (value === undefined) return [];
  const column = entry.valueStart - entry.lineStart + 1;
  const origin = { path: file.region.path, line: entry.line, column };
  return [{ name: parameter?.name ?? entry.name, value, unit: parameter?.unit ?? null, origin }];
}

/** Undefined for what the server refuses. */
function shown(entry: ConfEntry, parameter: Parameter | undefined, libraries: ReadonlySet<string>): string | undefined {
  if (parameter === undefined) return entry.name.includes('.') ? entry.value : undefined;
  if (parameter.context === 'internal') return undefined;
  const parsed = parseValue(parameter, entry.value);
  // Until its library is loaded, a parameter of an extension is any text.
  if (parameter.extension !== undefined && !(libraries.has(parameter.extension) && parsed.ok)) return entry.value;
  return parsed.ok ? showValue(parameter, parsed.value) : undefined;
}

function preloaded(list: unknown): ReadonlySet<string> {
  return new Set(typeof list === 'string' ? (splitIdentifiers(list) ?? []).map(l => l.replace(/^\$libdir\//, '')) : []);
}
