/** Parameters that exclude each other, in the order in which the server applies them. */
import { type Catalogue, type Parameter, parameterOf } from './catalogue.ts';
import type { Value } from './values.ts';

/** What was applied so far; `applyOrRefuse` adds to it. */
export interface Applied {
  /** The statistics switches that are on so far. */
  readonly on: Set<string>;
  /** The numbers of processes that are set so far. */
  readonly processes: Map<string, number>;
  recoveryTarget: string | undefined;
}
/** The state before the first setting. */
export function nothingApplied(): Applied {
  return { on: new Set(), processes: new Map(), recoveryTarget: undefined };
}

/** Why the server refuses a value, right in itself, beside those before it; undefined when it takes it. */
export function applyOrRefuse(
  catalogue: Catalogue,
  parameter: Parameter,
  value: Value,
  state: Applied,
): string | undefined {
  return tooManyProcesses(catalogue, parameter, value, state) ?? exclusion(parameter, value, state);
}

/** Up to 17 they may be 262143 together, one more for the launcher of autovacuum. */
const PROCESSES = ['max_connections', 'autovacuum_max_workers', 'max_worker_processes', 'max_wal_senders'];
const MOST_PROCESSES = 262_143;

function tooManyProcesses(
  catalogue: Catalogue,
  { name, major }: Parameter,
  value: Value,
  state: Applied,
): string | undefined {
  const counted = major < 12 ? PROCESSES.slice(0, 3) : PROCESSES;
  if (major > 17 || !counted.includes(name) || typeof value !== 'number') return undefined;
  const others = counted.filter(other => other !== name);
  const count = (other: string): number =>
    state.processes.get(other) ?? Number(parameterOf(catalogue, major, other)?.bootValue);
  const total = others.reduce((sum, other) => sum + count(other), value + 1);
  if (total > MOST_PROCESSES) {
    const message = `invalid value for parameter "${name}": with ${others.join(', ')} it makes ${total} processes (at most ${MOST_PROCESSES})`;
    return message;
  }
  state.processes.set(name, value);
  return undefined;
}

const STAGE_STATISTICS = ['log_parser_stats', 'log_planner_stats', 'log_executor_stats'];

/** Parameters that exclude each other. */
function exclusion(parameter: Parameter, value: Value, state: Applied): string | undefined {
  const { name } = parameter;
  if (/^recovery_target(?:_lsn|_name|_time|_xid)?$/.test(name)) {
    if (state.recoveryTarget !== undefined && state.recoveryTarget !== name) {
      return `multiple recovery targets specified: "${state.recoveryTarget}", "${name}"`;
    }
    state.recoveryTarget = value === '' ? undefined : name;
  }
  const stage = STAGE_STATISTICS.includes(name);
  if (!stage && name !== 'log_statement_stats') return undefined;
  const others = stage ? ['log_statement_stats'] : STAGE_STATISTICS;
  const other = others.find(o => state.on.has(o));
  if (value === true && other !== undefined) {
    return `cannot enable "${name}" when "${other}" is true`;
  }
  if (value === true) state.on.add(name);
  return undefined;
}
