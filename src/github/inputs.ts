/** The inputs of the Action: strings in the environment, as action.yml names them. */
import type { Level } from '../config.ts';
import { day, majorVersion, oneOf, ruleLevel, severities } from '../commands/flags.ts';
import { UsageError } from '../commands/io.ts';
import type { Preset, Severity } from '../types.ts';

/** Variables of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where findings can be shown. */
export const reporters = ['annotations', 'summary', 'review', 'comment', 'sarif'] as const;
export type Reporter = (typeof reporters)[number];

/** Which findings count: new ones, those on changed lines, those in changed files, all. */
export const scopes = ['new', 'diff', 'changed-files', 'all'] as const;
export type Scope = (typeof scopes)[number];

/** The inputs, read. */
export interface Inputs {
  /** As given: relative to the working directory. At least one. */
  readonly paths: readonly string[];
  /** Relative to the workspace. */
  readonly workingDirectory: string;
  readonly preset: Preset | undefined;
  readonly minSeverity: Severity;
  readonly failOn: Severity | 'never';
  readonly failOnSkipped: boolean;
  readonly rule: readonly (readonly [id: string, level: Level])[];
  /** A path, `false` for none at all, undefined for the one that is found. */
  readonly config: string | false | undefined;
  readonly baseline: string | undefined;
  readonly pgVersion: number | undefined;
  readonly now: string | undefined;
  /** The revision to compare with, in place of the one that the event tells. */
  readonly base: string | undefined;
  readonly token: string | undefined;
  readonly report: ReadonlySet<Reporter>;
  /** Undefined where the event decides. */
  readonly reportOn: Scope | undefined;
  /** Relative to the working directory. */
  readonly sarifFile: string;
}

/** Reads all inputs; empty ones are as if they were not given. Throws a UsageError that names the input. */
export function readInputs(env: Environment): Inputs {
  const text = (name: string): string | undefined => {
    // The runner keeps hyphens: the names of these variables are no shell's.
    const value = env[`INPUT_${name.toUpperCase()}`]?.trim();
    return value === '' ? undefined : value;
  };
  const read = <T>(name: string, reader: (value: string) => T): T | undefined => {
    const value = text(name);
    return value === undefined ? undefined : named(name, () => reader(value));
  };
  const word = <T extends string>(name: string, words: readonly T[]): T | undefined =>
    read(name, oneOf(`--${name}`, words));
  const list = (name: string, separator: RegExp): readonly string[] =>
    (text(name) ?? '')
      .split(separator)
      .map(item => item.trim())
      .filter(item => item !== '');
  const flag = (name: string): boolean => read(name, value => yesOrNo(name, value)) ?? false;

  const paths = list('paths', /\n/);
  if (paths.includes('-'))
    throw new UsageError('the input "paths" takes files and folders: there is no standard input');
  const noConfig = flag('no-config');
  const config = text('config');
  if (noConfig && config !== undefined)
    throw new UsageError('the inputs "config" and "no-config" contradict each other: give one of them');
  const words = list('report', /[\s,]+/).map(name =>
    named('report', () => oneOf('--report', [...reporters, 'none'])(name)),
  );
  if (words.includes('none') && words.length > 1)
    throw new UsageError('the input "report" takes none alone, or a list without it');
  const report = new Set<Reporter>(words.flatMap(name => (name === 'none' ? [] : [name])));
  const sarifFile = text('sarif-file');
  if (sarifFile !== undefined) report.add('sarif');
  return {
    paths: paths.length === 0 ? ['.'] : paths,
    workingDirectory: text('working-directory') ?? '.',
    preset: word('preset', ['recommended', 'strict']),
    minSeverity: word('min-severity', severities) ?? 'warning',
    failOn: word('fail-on', [...severities, 'never']) ?? 'error',
    failOnSkipped: flag('fail-on-skipped'),
    rule: list('rule', /[\n,]+/).map(value => named('rule', () => ruleLevel(value))),
    config: noConfig ? false : config,
    baseline: text('baseline'),
    pgVersion: read('pg-version', majorVersion),
    now: read('now', day),
    base: text('base'),
    token: text('token'),
    report: words.length === 0 ? new Set([...(['annotations', 'summary'] as const), ...report]) : report,
    reportOn: word('report-on', scopes),
    sarifFile: sarifFile ?? 'tusklint.sarif',
  };
}

/** The booleans of YAML 1.2, which are all that the runner's own toolkit takes. */
function yesOrNo(name: string, value: string): boolean {
  if (/^(?:true|True|TRUE)$/.test(value)) return true;
  if (/^(?:false|False|FALSE)$/.test(value)) return false;
  throw new UsageError(`--${name} takes true or false, not "${value}"`);
}

function named<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(asInputs(error.message, [name]));
    throw error;
  }
}

/** Flags that a message of the command line names, as the inputs of the same name. */
export function asInputs(message: string, names: readonly string[] = ['rule', 'config', 'baseline', 'base']): string {
  return message.replace(/--([a-z]+(?:-[a-z]+)*)(?= )/g, (flag, name: string) =>
    names.includes(name) ? `the input "${name}"` : flag,
  );
}
