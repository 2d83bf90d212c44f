/** Probes that are safe to recommend for images that keep docker-library's entrypoint. */
import type { Probe } from 'kubernetes-types/core/v1.js';
import type { Yaml } from '../fix/edits.ts';
import { valueOf } from '../types.ts';
import type { Word } from '../kubernetes/workload.ts';
import type { Server } from './server.ts';

/** Only TCP is closed while the first start's scripts run. Undefined where the port is not known. */
export function readinessProbe(server: Server): Yaml | undefined {
  return probe(server, ['-h', '127.0.0.1'], 3);
}

/**
 * Ten minutes for recovery, on the socket: a first start that loads a dump listens there alone. It wants status 0, or the
 * liveness probe beside it would judge a server in recovery. Undefined where the port is not known.
 */
export function startupProbe(server: Server): Yaml | undefined {
  return probe(server, [], 60);
}

function probe(server: Server, host: readonly string[], failureThreshold: number): Yaml | undefined {
  const port = valueOf(server.port);
  if (port === undefined) return undefined;
  const place = [...host, ...(port === 5432 ? [] : ['-p', String(port)])];
  const exec = { command: [...command(server, place)] };
  return { exec, periodSeconds: 10, timeoutSeconds: 5, failureThreshold } satisfies Probe;
}

/**
 * A server that starts or recovers (status 1) lives: only one that does not answer at all is killed. Undefined where the port
 * is not known.
 */
export function livenessCommand(server: Server): readonly string[] | undefined {
  const port = valueOf(server.port);
  if (port === undefined) return undefined;
  const words = command(server, ['-q', ...(port === 5432 ? [] : ['-p', String(port)])]);
  const asked = words[0] === 'sh' ? words.at(-1)?.replace(/^exec /, '') : words.join(' ');
  return ['sh', '-c', `${asked}; [ $? -le 1 ]`];
}

const OPERATOR = /^(?:&&|\|\||\||;|>|>>|<|2>&1|&)$/;

/**
 * The words of a command as one line of a shell, which expands their variables (`$(NAME)`, as the kubelet would, too).
 * Undefined where that is no plain matter: words with blanks and variables, or other expansions.
 */
export function inShell(words: readonly Word[]): readonly string[] | undefined {
  const texts = words.map(w => w.node?.text.replace(/\$\(([A-Za-z_]\w*)\)/g, '${$1}'));
  if (texts.some(t => t === undefined || /\$\(|`|[\r\n]/.test(t))) return undefined;
  const known = texts.flatMap(t => t ?? []);
  const [first = ''] = known;
  if (known.length === 1) return ['sh', '-c', /[&|;]/.test(first) ? first : `exec ${first}`];
  if (known.some(t => /\s/.test(t) && t.includes('$'))) return undefined;
  const line = known.map(quoted).join(' ');
  return ['sh', '-c', known.some(t => OPERATOR.test(t)) ? line : `exec ${line}`];
}

function quoted(word: string): string {
  if (OPERATOR.test(word) || /^[\w@%+=:,./-]+$/.test(word)) return word;
  return word.includes('$') ? `"${word.replace(/[\\"]/g, '\\$&')}"` : `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * pg_isready names the image's superuser, and a database that is surely there: the server logs each that does not exist.
 * Only a shell knows a user that comes from a Secret.
 */
function command({ container }: Server, place: readonly string[]): readonly string[] {
  const variable = container?.environment.find(v => v.name === 'POSTGRES_USER');
  const user = variable === undefined ? 'postgres' : valueOf(variable.value);
  if (user === undefined || (variable === undefined && container?.environmentOpen === true)) {
    const words = ['exec', 'pg_isready', ...place, '-U', '"${POSTGRES_USER:-postgres}"', '-d', 'postgres'];
    return ['sh', '-c', words.join(' ')];
  }
  return ['pg_isready', ...place, '-U', user, ...(user === 'postgres' ? [] : ['-d', 'postgres'])];
}
