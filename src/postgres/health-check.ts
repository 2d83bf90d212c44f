/** What a probe's command really asks. */
import { commandName, parseShell, programOf, scriptOf } from '../formats/shell.ts';
import type { Probe, Word } from '../kubernetes/workload.ts';
import { valueOf } from '../types.ts';

export interface HealthCheck {
  /** The first of PostgreSQL's clients that it runs; `other` where it runs none that we see. */
  readonly program: 'pg_isready' | 'psql' | 'other';
  /** It needs a connection that is free: some psql runs. */
  readonly runsQuery: boolean;
  /** `socket`: no host is given, or a directory; undefined where the shell or a variable fills it in. */
  readonly host: string | undefined;
  /** `default`: none is given; undefined where the shell or a variable fills it in. */
  readonly port: number | 'default' | undefined;
  /** The words of the command line when it is no script; a script has none. */
  readonly words: readonly Word[] | undefined;
  /** The script, where a shell runs one. */
  readonly script: Word | undefined;
  /** The script may take a server that starts or recovers (status 1 of pg_isready) for healthy. */
  readonly toleratesStart: boolean;
}

interface CommandWord {
  readonly text: string;
  readonly literal: boolean;
}

/** The check of an exec probe; undefined for other probes. */
export function healthCheck(probe: Probe | undefined): HealthCheck | undefined {
  if (probe?.handler.kind !== 'exec') return undefined;
  const argv = probe.handler.command;
  const script = scriptOf(argv);
  if (script === undefined) {
    const check = readWords(argv.map(w => ({ text: w.value, literal: !w.value.includes('$') })));
    return { ...check, runsQuery: check.program === 'psql', words: argv, script, toleratesStart: false };
  }
  const { commands } = parseShell(script.value);
  const clients = commands.filter(c => /^(pg_isready|psql)$/.test(commandName(c) ?? ''));
  const [first] = clients;
  const runsQuery = clients.some(c => commandName(c) === 'psql');
  const toleratesStart = mayTolerate(script.value);
  if (first === undefined) {
    const unseen = { program: 'other', host: undefined, port: undefined } as const;
    return { ...unseen, runsQuery, words: undefined, script, toleratesStart };
  }
  // Variables of the script win over the defaults of the client.
  const sets = (name: string) =>
    commands.some(c => [...c.assignments].some(a => a.name === name) || names(c.words, name));
  const check = readWords(first.words);
  return {
    ...check,
    host: check.host === 'socket' && sets('PGHOST') ? undefined : check.host,
    port: check.port === 'default' && sets('PGPORT') ? undefined : check.port,
    runsQuery,
    words: undefined,
    script,
    toleratesStart,
  };
}

const names = (words: readonly CommandWord[], name: string) => words.some(w => w.text.startsWith(`${name}=`));

/** It looks at the status for more than zero, keeps it for later, or throws it away. */
function mayTolerate(script: string): boolean {
  const beyondZero = /\$\?(?!["']?\s*(?:-eq|-ne|-gt|==?|!=|>)\s*["']?0\b)/;
  return beyondZero.test(script) || /\|\|\s*(?:true|:|exit\s+0)(?:\s|;|$)/.test(script);
}

function readWords(all: readonly CommandWord[]): Pick<HealthCheck, 'program' | 'host' | 'port'> {
  const words = programOf(all) as typeof all;
  const name = (words[0]?.text ?? '').replace(/.*\//, '');
  const host = option(words, '-h', '--host');
  const port = option(words, '-p', '--port');
  const number = port?.literal ? Number(port.text) : Number.NaN;
  return {
    program: name === 'pg_isready' || name === 'psql' ? name : 'other',
    host: host === undefined ? 'socket' : host.literal ? (host.text.startsWith('/') ? 'socket' : host.text) : undefined,
    port: port === undefined ? 'default' : Number.isInteger(number) ? number : undefined,
  };
}

/** The value of an option in any of its spellings: `-h x`, `-hx`, `--host=x`, `--host x`. */
function option(words: readonly CommandWord[], short: string, long: string): CommandWord | undefined {
  for (const [i, { text, literal }] of words.entries()) {
    if (text === short || text === long) return words[i + 1];
    if (text.startsWith(`${long}=`)) return { text: text.slice(long.length + 1), literal };
    if (text.startsWith(short) && !text.startsWith('--') && text.length > 2) return { text: text.slice(2), literal };
  }
  return undefined;
}

/** The place of an option's value among the words of a plain command line. */
export function optionWord(words: readonly Word[] | undefined, short: string, long: string): Word | undefined {
  const at = words?.findIndex(w => w.value === short || w.value === long) ?? -1;
  return at < 0 ? undefined : words?.[at + 1];
}

/** Seconds from the container's start until a failing liveness probe has it killed. */
export function livenessBudget({ initialDelaySeconds, periodSeconds, failureThreshold }: Probe): number {
  return initialDelaySeconds + periodSeconds * failureThreshold;
}

/** The timeout in seconds, 1 where none is written; undefined where it is filled in later. */
export function timeoutOf(probe: Probe): number | undefined {
  return probe.timeoutSeconds.state === 'absent' ? 1 : valueOf(probe.timeoutSeconds);
}
