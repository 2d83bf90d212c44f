/** Asks a cluster through the user's own kubectl, which only reads. */
import { type ChildProcess, spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import type { Skipped } from '../report/report.ts';
import { type Scope, getArguments } from './export-command.ts';
import { type KindOfObject, kindsThatMatter } from './kinds.ts';
import type { ExportReader } from './read-export.ts';
import { UserError } from '../user-error.ts';

/** What stands in the way of any answer: one line for a person. */
export class KubectlError extends UserError {
  override readonly name = 'KubectlError';
}

/** How to start kubectl. */
export interface Kubectl {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What the cluster did not say, and whether that leaves a gap. */
export interface Unread extends Skipped {
  /** The user may not read it, or it failed; otherwise the cluster has nothing of the kind. */
  readonly isGap: boolean;
}

/** The name under which the answer for a kind is reported. */
export const answerPath = ({ resource }: KindOfObject): string => `kubectl/${resource}.json`;

/**
 * Reads every kind that matters, one after the other. What the user may not read and what the cluster does not have is in the
 * result. Throws a KubectlError where there is no kubectl, no such context, or no cluster that answers.
 */
export async function readCluster(
  scope: Scope,
  kubectl: Kubectl,
  reader: ExportReader,
  progress: (bytes: number, kind: string) => void,
): Promise<{ readonly answers: number; readonly unread: readonly Unread[] }> {
  const unread: Unread[] = [];
  let answers = 0;
  let before = 0;
  for (const kind of kindsThatMatter) {
    const path = answerPath(kind);
    const child = start(getArguments(kind, scope), kubectl);
    const namespace = kind.namespaced && typeof scope.namespace === 'string' ? scope.namespace : undefined;
    const isWhole = !kind.namespaced || scope.namespace !== undefined;
    const reading = reader.read(child.stdout ?? Readable.from([]), path, {
      // Which namespace the context names, only the objects tell.
      asked: isWhole ? [] : undefined,
      progress: own => progress(before + own, kind.resource),
    });
    const [{ bytes }, { code, errors }] = await Promise.all([reading, endOf(child)]);
    before += bytes;
    if (code === 0) {
      answers++;
      if (isWhole) reader.cover({ kind: kind.kind, namespace });
    } else {
      const failure = explain(errors, kind);
      if (!failure.isKnown && answers === 0) throw new KubectlError(`kubectl gets no answer: ${failure.reason}`);
      unread.push({ path, reason: failure.reason, isGap: failure.isGap });
    }
  }
  if (answers === 0) {
    const reason = unread.find(u => u.isGap)?.reason ?? 'the cluster has none of the kinds that matter';
    throw new KubectlError(`kubectl could read nothing: ${reason}`);
  }
  return { answers, unread };
}

function start(args: readonly string[], { cwd, env }: Kubectl): ChildProcess {
  return spawn('kubectl', args, { cwd, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
}

/** How a program ended, and what it said on standard error. */
async function endOf(child: ChildProcess): Promise<{ readonly code: number | null; readonly errors: string }> {
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (errors.length < 16384) errors += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'ENOENT'
          ? 'there is no program "kubectl" on the PATH'
          : `cannot start kubectl: ${error.message}`;
      reject(new KubectlError(reason));
    });
    child.on('close', code => resolve({ code, errors }));
  });
}

function explain(
  errors: string,
  { kind }: KindOfObject,
): { readonly reason: string; readonly isGap: boolean; readonly isKnown: boolean } {
  const lines = errors.split('\n').filter(line => line.trim() !== '' && !/^(?:Warning|[IWE]\d{4} )/.test(line));
  const line =
    lines.find(l => /^(?:error|Error from server|Unable to connect|The connection)/.test(l)) ?? lines[0] ?? '';
  if (/\(Forbidden\)|is forbidden/.test(errors))
    return { reason: `the user may not list objects of the kind ${kind}`, isGap: true, isKnown: true };
  if (/doesn't have a resource type|could not find the requested resource|no matches for kind/.test(errors))
    return { reason: 'the cluster does not have this kind', isGap: false, isKnown: true };
  const text = line.replace(/^(?:error|Error from server(?: \(\w+\))?|Error in configuration): */, '').trim();
  return { reason: text === '' ? 'kubectl failed' : text.slice(0, 300), isGap: true, isKnown: false };
}
