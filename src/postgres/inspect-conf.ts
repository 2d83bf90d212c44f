/** A postgresql.conf judged alone, as the server of a major would at its start: its errors, its settings, its memory. */
import { type ConfEntry, type ParsedConf, parsePostgresqlConf } from '../formats/postgresql-conf.ts';
import { wholeSource } from '../text-region.ts';
import { type Catalogue, canonicalName, judgingMajor, type Parameter, parameterOf } from './catalogue.ts';
import { configure } from './configure.ts';
import { effective } from './settings.ts';
import { splitIdentifiers } from './checks.ts';
import { sharedMemory } from './shared-memory.ts';
import { type ParsedValue, parseValue, showValue, type Value } from './values.ts';

/** What keeps the server from starting with this file. */
export interface ConfFault {
  readonly kind: 'syntax' | 'unknown' | 'internal' | 'value' | 'conflict';
  /** Counts from 1. */
  readonly line: number;
  readonly message: string;
  /** The line's entry; undefined for syntax errors. */
  readonly entry: ConfEntry | undefined;
  readonly suggestion?: string | undefined;
}

export interface ConfInspection {
  readonly settings: readonly {
    readonly name: string;
    /** As `pg_settings.setting` shows it, in base units. */
    readonly value: string;
    readonly unit: string | null;
    readonly origin: { readonly path: string; readonly line: number; readonly column: number };
  }[];
  /** Bytes; null when a setting that it needs is invalid. */
  readonly memory: { readonly sharedBytes: number | null };
  readonly errors: readonly { readonly line: number; readonly message: string }[];
}

/** The contract of `tusklint inspect FILE.conf --format json`. Includes are not followed. */
export function inspectConf(text: string, path: string, major: number, catalogue: Catalogue): ConfInspection {
  const parsed = parsePostgresqlConf(text);
  const region = wholeSource({ path, text });
  const file = { region, parsed, path: undefined };
  const configuration = configure({
    catalogue,
    major,
    defaults: 'boot',
    open: undefined,
    layers: [{ kind: 'file', precedence: 'file', file, loaded: true, resolve: NO_INCLUDES }],
  });
  const libraries = preloaded(effective(configuration, 'shared_preload_libraries'));
  const settings = winners(parsed, major).flatMap(entry => {
    const value = shown(entry, parameterOf(catalogue, major, entry.name), major, libraries);
    if (value === undefined) return [];
    const parameter = parameterOf(catalogue, major, entry.name);
    const origin = { path, line: entry.line, column: entry.valueStart - entry.lineStart + 1 };
    return [{ name: parameter?.name ?? entry.name, value, unit: parameter?.unit ?? null, origin }];
  });
  const errors = judgeConf(parsed, major, catalogue).map(({ line, message }) => ({ line, message }));
  const memory = sharedMemory(configuration);
  return { settings, memory: { sharedBytes: memory === undefined ? null : Math.round(memory.bytes) }, errors };
}

const NO_INCLUDES = { file: () => undefined, directory: () => [] };

/**
 * Everything in the file that the server would refuse, in the order of its lines. The server itself stops after the
 * syntax errors, or after the unknown names, if there are any. `without` names enum words that its build lacks.
 */
export function judgeConf(
  parsed: ParsedConf,
  major: number,
  catalogue: Catalogue,
  without: readonly string[] = [],
): readonly ConfFault[] {
  const faults: ConfFault[] = parsed.errors.map(({ line, message }) => ({
    kind: 'syntax',
    line,
    message,
    entry: undefined,
  }));
  const state: Applied = { on: new Set(), processes: new Map(), recoveryTarget: undefined };
  for (const entry of live(parsed)) {
    const fault = judge(entry, major, catalogue, without, state);
    if (fault !== undefined) faults.push({ ...fault, line: entry.line, entry });
  }
  return faults.sort((a, b) => a.line - b.line);
}

/** The last of the entries of each name, former names and case set aside. */
function winners(parsed: ParsedConf, major: number): readonly ConfEntry[] {
  const last = new Map<string, ConfEntry>();
  for (const entry of parsed.entries) {
    if (entry.kind !== 'setting') continue;
    const name = canonicalName(major, entry.name);
    last.delete(name);
    last.set(name, entry);
  }
  return [...last.values()];
}

/** The entries whose values the server looks at: it passes over those that are repeated further down in the very same spelling. */
function live(parsed: ParsedConf): readonly ConfEntry[] {
  const settings = parsed.entries.filter(e => e.kind === 'setting');
  const last = new Map(settings.map((e, index) => [e.name, index]));
  return settings.filter((e, index) => last.get(e.name) === index);
}

interface Applied {
  /** The statistics switches that are on so far. */
  readonly on: Set<string>;
  /** The numbers of processes that are set so far. */
  readonly processes: Map<string, number>;
  recoveryTarget: string | undefined;
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
  return tooManyProcesses(catalogue, parameter, value.value, state) ?? conflict(parameter, value, state);
}

/** Up to 17 they may be 262143 together, one more for the launcher of autovacuum. */
const PROCESSES = ['max_connections', 'autovacuum_max_workers', 'max_worker_processes', 'max_wal_senders'];
const MOST_PROCESSES = 262_143;

function tooManyProcesses(
  catalogue: Catalogue,
  { name, major }: Parameter,
  value: Value,
  state: Applied,
): Fault | undefined {
  const counted = major < 12 ? PROCESSES.slice(0, 3) : PROCESSES;
  if (major > 17 || !counted.includes(name) || typeof value !== 'number') return undefined;
  const others = counted.filter(other => other !== name);
  const count = (other: string): number =>
    state.processes.get(other) ?? Number(parameterOf(catalogue, major, other)?.bootValue);
  const total = others.reduce((sum, other) => sum + count(other), value + 1);
  if (total > MOST_PROCESSES) {
    const message = `invalid value for parameter "${name}": with ${others.join(', ')} it makes ${total} processes (at most ${MOST_PROCESSES})`;
    return { kind: 'conflict', message };
  }
  state.processes.set(name, value);
  return undefined;
}

const STAGE_STATISTICS = ['log_parser_stats', 'log_planner_stats', 'log_executor_stats'];

/** Parameters that exclude each other. */
function conflict(parameter: Parameter, { value }: ParsedValue & { ok: true }, state: Applied): Fault | undefined {
  const { name } = parameter;
  if (/^recovery_target(?:_lsn|_name|_time|_xid)?$/.test(name)) {
    if (state.recoveryTarget !== undefined && state.recoveryTarget !== name) {
      return { kind: 'conflict', message: `multiple recovery targets specified: "${state.recoveryTarget}", "${name}"` };
    }
    state.recoveryTarget = value === '' ? undefined : name;
  }
  const stage = STAGE_STATISTICS.includes(name);
  if (!stage && name !== 'log_statement_stats') return undefined;
  const others = stage ? ['log_statement_stats'] : STAGE_STATISTICS;
  const other = others.find(o => state.on.has(o));
  if (value === true && other !== undefined) {
    return { kind: 'conflict', message: `cannot enable "${name}" when "${other}" is true` };
  }
  if (value === true) state.on.add(name);
  return undefined;
}

/** Undefined for what the server refuses. */
function shown(
  entry: ConfEntry,
  parameter: Parameter | undefined,
  major: number,
  libraries: ReadonlySet<string>,
): string | undefined {
  if (parameter === undefined) return entry.name.includes('.') ? entry.value : undefined;
  if (parameter.context === 'internal') return undefined;
  // Until its library is loaded, a parameter of an extension is any text.
  if (parameter.extension !== undefined && !libraries.has(parameter.extension)) return entry.value;
  const parsed = parseValue(parameter, entry.value, Math.min(major, parameter.major));
  return parsed.ok ? showValue(parameter, parsed.value) : undefined;
}

function preloaded(list: unknown): ReadonlySet<string> {
  return new Set(typeof list === 'string' ? (splitIdentifiers(list) ?? []).map(l => l.replace(/^\$libdir\//, '')) : []);
}
