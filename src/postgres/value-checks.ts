/** The checks that single parameters make beyond their type: lists of words, names, grammars; and what they turn a value into. */
import { dateStyle } from './date-style.ts';
import { encodingName } from './encodings.ts';
import { bad, type Check, integer, listOf, noTrueValue, ok, plainList, splitIdentifiers, text } from './checks.ts';
import { overflowsUnsigned } from './numbers.ts';
import { canonicalPath } from './paths.ts';
import { isPointInTime } from './points-in-time.ts';
import { standbyNamesFault } from './standby-names.ts';
import { isZone, isZoneOffset } from './time-zones.ts';
import type { ParsedValue, Value } from './values.ts';

/** Applies the parameter's own check to a value of the right type. */
export function checkValue(name: string, value: Value, major: number): ParsedValue {
  const check = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
  return check === undefined ? ok(value) : check(value, major);
}

const SLRU_BANK = 16;
const slruBuffers: Check = integer(value =>
  value % SLRU_BANK === 0 ? ok(value) : bad(`${value} is no multiple of ${SLRU_BANK} buffers`),
);

const zoneFault = (value: string): ParsedValue => bad(`"${value}" is no time zone`);

/** Characters that the server keeps are printable ASCII; up to 15 it shows each other byte as `?`, from 16 on as `\xc3`. */
const asciiName: Check = text((value, major) => {
  const bytes = new TextEncoder().encode(value);
  const kept = Array.from(bytes.slice(0, 63), byte => {
    if (byte >= 32 && byte <= 126) return String.fromCharCode(byte);
    return major <= 15 ? '?' : `\\x${byte.toString(16).padStart(2, '0')}`;
  });
  return ok(kept.join(''));
});

const slotName: Check = text(value => (value === '' ? ok(value) : (slotFault(value) ?? ok(value))));

function slotFault(name: string): ParsedValue | undefined {
  if (name.length > 63) return bad(`the replication slot name "${name}" is too long (at most 63 characters)`);
  if (/^[a-z0-9_]+$/.test(name)) return undefined;
  return bad(`the replication slot name "${name}" may hold only lower-case letters, digits and underscores`);
}

/** strtoul takes anything that starts with a number, and nothing as 0; only what exceeds 64 bits is refused. */
const transactionId: Check = text(value => (overflowsUnsigned(value) ? bad(`"${value}" is too large`) : ok(value)));

/** From 18 on a list of stages; the old Boolean spellings stand alone. */
const logConnections: Check = text(value => {
  const words = splitIdentifiers(value);
  if (words === undefined) return bad(`"${value}" is no comma-separated list`);
  const wrong = words.find(w => !CONNECTION_STAGES.includes(w) && !CONNECTION_SWITCHES.includes(w));
  if (wrong !== undefined) return bad(`"${wrong}" is none of its words (${CONNECTION_STAGES.join(', ')})`);
  const alone = words.find(w => CONNECTION_SWITCHES.includes(w));
  return alone === undefined || words.length === 1 ? ok(value) : bad(`"${alone}" cannot stand in a list`);
});
const CONNECTION_STAGES = ['receipt', 'authentication', 'authorization', 'setup_durations', 'all'];
const CONNECTION_SWITCHES = ['on', 'off', 'true', 'false', 'yes', 'no', '1', '0'];

const path: Check = text((value, major) => ok(canonicalPath(value, major)));

const noOids = noTrueValue('tables declared WITH OIDS are not supported');

/** An enum from 12 on. */
const isolation: Check = text(value =>
  /^(?:serializable|repeatable read|read committed|read uncommitted|default)$/.test(value)
    ? ok(value)
    : bad(`"${value}" is no isolation level`),
);

const CHECKS: Readonly<Record<string, Check>> = {
  application_name: asciiName,
  autovacuum_work_mem: integer((value, major) => ok(value < 0 ? -1 : Math.max(value, major >= 17 ? 64 : 1024))),
  backtrace_functions: text(value =>
    /^[0-9A-Za-z_ \n\t,]*$/.test(value) ? ok(value) : bad(`"${value}" holds an invalid character`),
  ),
  bonjour: noTrueValue('this system has no Bonjour'),
  client_encoding: text(value => {
    const name = encodingName(value);
    if (name === undefined) return bad(`"${value}" is no character set`);
    return ok(value === 'UNICODE' ? value : name);
  }),
  cluster_name: asciiName,
  commit_timestamp_buffers: slruBuffers,
  createrole_self_grant: listOf(['set', 'inherit']),
  DateStyle: text(dateStyle),
  debug_io_direct: listOf(['data', 'wal', 'wal_init']),
  default_table_access_method: text(value => (value === '' ? bad('it cannot be empty') : ok(value.slice(0, 63)))),
  default_tablespace: text(value => ok(value.slice(0, 63))),
  default_with_oids: (value, major) => (major >= 12 ? noOids(value, major) : ok(value)),
  io_max_concurrency: integer(value => (value === 0 ? bad('only -1 and values above 0 are valid') : ok(value))),
  log_connections: logConnections,
  log_directory: path,
  log_destination: listOf(['stderr', 'csvlog', 'jsonlog', 'syslog'], { jsonlog: 15 }),
  log_timezone: text((value, major) => (isZone(value, major) ? ok(value) : zoneFault(value))),
  multixact_member_buffers: slruBuffers,
  multixact_offset_buffers: slruBuffers,
  notify_buffers: slruBuffers,
  primary_slot_name: slotName,
  recovery_target: text(value =>
    value === '' || value === 'immediate' ? ok(value) : bad('the only allowed value is "immediate"', 'immediate'),
  ),
  recovery_target_lsn: text(value =>
    /^(?:[0-9a-fA-F]{1,8}\/[0-9a-fA-F]{1,8})?$/.test(value) ? ok(value) : bad(`"${value}" is no log position`),
  ),
  recovery_target_name: text(value =>
    new TextEncoder().encode(value).length > 63 ? bad('it is too long (at most 63 characters)') : ok(value),
  ),
  recovery_target_time: text((value, major) =>
    value === '' || isPointInTime(value, major) ? ok(value) : bad(`"${value}" is no point in time`),
  ),
  recovery_target_timeline: transactionId,
  recovery_target_xid: transactionId,
  restrict_nonsystem_relation_kind: listOf(['view', 'foreign-table']),
  role: text(value => (value === 'none' ? ok(value) : bad('it cannot be set for the whole server'))),
  search_path: plainList,
  serializable_buffers: slruBuffers,
  session_authorization: text(() => bad('it cannot be set for the whole server')),
  stats_temp_directory: path,
  subtransaction_buffers: slruBuffers,
  synchronized_standby_slots: text(value => {
    const names = splitIdentifiers(value);
    if (names === undefined) return bad(`"${value}" is no comma-separated list`);
    return names.map(slotFault).find(fault => fault !== undefined) ?? ok(value);
  }),
  synchronous_standby_names: text(value => {
    const fault = standbyNamesFault(value);
    return fault === undefined ? ok(value) : bad(`"${value}" is no list of standbys: ${fault}`);
  }),
  temp_tablespaces: plainList,
  TimeZone: text((value, major) =>
    isZoneOffset(value) || (isZone(value, major) && !/^interval/i.test(value)) ? ok(value) : zoneFault(value),
  ),
  timezone_abbreviations: text(value =>
    /^(?:Default|Australia|India)$/.test(value) ? ok(value) : bad(`"${value}" is no set of abbreviations`),
  ),
  transaction_buffers: slruBuffers,
  transaction_isolation: isolation,
  vacuum_buffer_usage_limit: integer(value =>
    value === 0 || value >= 128 ? ok(value) : bad('it must be 0 or between 128 kB and 16777216 kB'),
  ),
  wal_buffers: integer(value => ok(value === -1 ? value : Math.max(value, 4))),
  wal_consistency_checking: listOf([
    'all',
    'heap',
    'heap2',
    'btree',
    'hash',
    'gin',
    'gist',
    'sequence',
    'spgist',
    'brin',
    'generic',
  ]),
};
