/** Values of flags: each reader gives what the flag means or says which values it takes. */
import type { Level } from '../config.ts';
import type { Severity } from '../types.ts';
import { UsageError } from './io.ts';

/** A reader of one of a few words; `flag` is for the message. */
export function oneOf<T extends string>(flag: string, words: readonly T[]): (value: string) => T {
  return value => {
    const word = words.find(w => w === value);
    if (word === undefined) throw new UsageError(`${flag} takes ${list(words)}, not "${value}"`);
    return word;
  };
}

const list = (words: readonly string[]): string => `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

export const severities: readonly Severity[] = ['error', 'warning', 'info'];

/** A format, and the file that it goes to; undefined for standard output. */
export interface Output<F extends string> {
  readonly format: F;
  readonly file: string | undefined;
}

/** A reader of `FORMAT` and `FORMAT=FILE`. */
export function outputOf<F extends string>(formats: readonly F[]): (value: string) => Output<F> {
  const format = oneOf('--format', formats);
  return value => {
    const equals = value.indexOf('=');
    if (equals < 0) return { format: format(value), file: undefined };
    const file = value.slice(equals + 1);
    if (file === '') throw new UsageError(`--format ${value} names no file`);
    return { format: format(value.slice(0, equals)), file };
  };
}

/** Reads `ID=LEVEL`. */
export function ruleLevel(value: string): readonly [id: string, level: Level] {
  const [, id, level] = /^([^=]+)=(.*)$/.exec(value) ?? [];
  if (id === undefined || level === undefined) throw new UsageError(`--rule takes ID=LEVEL, not "${value}"`);
  return [id, oneOf(`--rule ${id}`, ['off', ...severities])(level)];
}

/** Reads a major version of PostgreSQL. */
export function majorVersion(value: string): number {
  const major = /^\d{1,3}$/.test(value) ? Number(value) : Number.NaN;
  if (!(major >= 10)) throw new UsageError(`--pg-version takes a major version from 10 on, such as 17, not "${value}"`);
  return major;
}

/** Reads a day. */
export function day(value: string): string {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(value) ? new Date(`${value}T00:00:00Z`) : undefined;
  if (date === undefined || Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== value)
    throw new UsageError(`--now takes a day as YYYY-MM-DD, not "${value}"`);
  return value;
}

/** The flags that bear on fixes. */
export interface FixFlags {
  readonly fix: boolean;
  readonly unsafeFixes: boolean;
  readonly diff: boolean;
}

/** Throws a UsageError for flags that contradict each other. */
export function checkFixFlags(flags: FixFlags, paths: readonly string[]): void {
  if (flags.unsafeFixes && !flags.fix && !flags.diff) throw new UsageError('--unsafe-fixes goes with --fix or --diff');
  if (flags.fix && flags.diff) throw new UsageError('--diff shows what --fix would do: give one of them');
  if ((flags.fix || flags.diff) && paths.includes('-'))
    throw new UsageError('standard input cannot be fixed: give a path');
}
