/** What a probe's command really asks. */
import { commandName, parseShell, programOf, scriptOf } from '../formats/shell.ts';
import type { Probe, Word } from '../kubernetes/workload.ts';
import { valueOf } from '../types.ts';

export interface HealthCheck {
  readonly program: 'pg_isready' | 'psql' | 'other';
  /** `socket`: no host is given; undefined where the shell fills it in. */
  readonly host: string | 'socket' | undefined;
  /** Undefined where none is given or the shell fills it in. */
  readonly port: number | undefined;
  /** The words of the command line when it is no script; a script has none. */
  readonly words: readonly Word[] | undefined;
  /** A server that starts or recovers counts as healthy: the script takes status 1 of pg_isready. */
  readonly toleratesStart: boolean;
}

/** The check of an exec probe; undefined for other probes. */
export function healthCheck(probe: Probe | undefined): HealthCheck | undefined {
  if (probe?.handler.kind !== 'exec') return undefined;
  const argv = probe.handler.command;
  const script = scriptOf(argv);
  if (script === undefined)
    return {
      ...readWords(argv.map(w => ({ text: w.value, literal: !w.value.includes('$') }))),
      words: argv,
      toleratesStart: false,
    };
  const { commands } = parseShell(script.value);
  const first = commands.find(c => /^(pg_isready|psql)$/.test(commandName(c) ?? ''));
  const toleratesStart = /\$\?[^\n;]*(-le|-lt|-ne|!=|<=?)\s*["']?[12]\b/.test(script.value);
  if (first === undefined)
    return { program: 'other', host: undefined, port: undefined, words: undefined, toleratesStart };
  const host = first.assignments.some(a => a.name === 'PGHOST') ? { host: undefined } : {};
  return { ...readWords(first.words), ...host, words: undefined, toleratesStart };
}

function readWords(
  all: readonly { readonly text: string; readonly literal: boolean }[],
): Pick<HealthCheck, 'program' | 'host' | 'port'> {
  const words = programOf(all) as typeof all;
  const name = (words[0]?.text ?? '').replace(/.*\//, '');
  const host = option(words, '-h', '--host');
  const port = option(words, '-p', '--port');
  const number = port?.literal ? Number(port.text) : Number.NaN;
  return {
    program: name === 'pg_isready' || name === 'psql' ? name : 'other',
    host: host === undefined ? 'socket' : host.literal ? (host.text.startsWith('/') ? 'socket' : host.text) : undefined,
    port: Number.isInteger(number) ? number : undefined,
  };
}

/** The value of an option in any of its spellings: `-h x`, `-hx`, `--host=x`, `--host x`. */
function option(words: readonly { readonly text: string; readonly literal: boolean }[], short: string, long: string) {
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
