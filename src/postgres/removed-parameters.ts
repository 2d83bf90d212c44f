/** Parameters that PostgreSQL no longer knows, and what took their place. */
import { lowerAscii } from './catalogue.ts';

export interface RemovedParameter {
  /** The first release without it: `13`, `9.5`. */
  readonly since: string;
  /** The parameter that does its work today. */
  readonly successor?: string;
  /** Turns the old value into the successor's; undefined where that cannot be told. */
  readonly convert?: (value: string) => string | undefined;
  /** Nothing changes when it goes: it had no effect any more, or its default is the only behaviour left. */
  readonly droppable: boolean;
  /** An imperative sentence without a full stop. */
  readonly advice: string;
}

const same = (value: string): string => value;
const take = 'take the line away';

const REMOVED: Readonly<Record<string, RemovedParameter>> = {
  wal_keep_segments: {
    since: '13',
    successor: 'wal_keep_size',
    // A segment has 16 MB unless initdb was told otherwise.
    convert: value => (/^\d+$/.test(value) ? `${Number(value) * 16}MB` : undefined),
    droppable: false,
    advice: 'set wal_keep_size instead: a segment was 16 MB',
  },
  force_parallel_mode: {
    since: '16',
    successor: 'debug_parallel_query',
    convert: same,
    droppable: false,
    advice: 'use its new name, debug_parallel_query',
  },
  min_parallel_relation_size: {
    since: '10',
    successor: 'min_parallel_table_scan_size',
    convert: same,
    droppable: false,
    advice: 'use its new name, min_parallel_table_scan_size',
  },
  checkpoint_segments: {
    since: '9.5',
    successor: 'max_wal_size',
    convert: value => (/^\d+$/.test(value) ? `${Number(value) * 3 * 16}MB` : undefined),
    droppable: false,
    advice: 'set max_wal_size instead, to about three times as many segments of 16 MB',
  },
  unix_socket_directory: {
    since: '9.3',
    successor: 'unix_socket_directories',
    convert: same,
    droppable: false,
    advice: 'use its new name, unix_socket_directories',
  },
  replication_timeout: {
    since: '9.3',
    successor: 'wal_sender_timeout',
    convert: same,
    droppable: false,
    advice: 'use its new name, wal_sender_timeout',
  },
  stats_temp_directory: {
    since: '15',
    droppable: true,
    advice: `${take}: statistics lie in shared memory now`,
  },
  replacement_sort_tuples: { since: '11', droppable: true, advice: take },
  operator_precedence_warning: { since: '14', droppable: true, advice: take },
  vacuum_cleanup_index_scale_factor: { since: '14', droppable: true, advice: take },
  trace_recovery_messages: { since: '17', droppable: true, advice: take },
  sql_inheritance: { since: '10', droppable: true, advice: take },
  custom_variable_classes: {
    since: '9.2',
    droppable: true,
    advice: `${take}: any prefix may be used without it`,
  },
  max_fsm_pages: { since: '8.4', droppable: true, advice: take },
  max_fsm_relations: { since: '8.4', droppable: true, advice: take },
  silent_mode: { since: '9.2', droppable: true, advice: take },
  promote_trigger_file: {
    since: '16',
    droppable: false,
    advice: `${take} and promote with pg_ctl promote or pg_promote()`,
  },
  vacuum_defer_cleanup_age: {
    since: '16',
    droppable: false,
    advice: `${take} and use hot_standby_feedback or replication slots`,
  },
  old_snapshot_threshold: {
    since: '17',
    droppable: false,
    advice: `${take} and limit long snapshots with idle_in_transaction_session_timeout or transaction_timeout`,
  },
  db_user_namespace: { since: '17', droppable: false, advice: `${take}: roles belong to the whole server` },
};

/** What is known of a removed parameter; undefined for names that are not in the list. */
export function removedParameter(name: string): RemovedParameter | undefined {
  const lower = lowerAscii(name);
  return Object.hasOwn(REMOVED, lower) ? REMOVED[lower] : undefined;
}
