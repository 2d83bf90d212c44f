/** What the workflow runs for: the event that started it. */
import { readFileSync } from 'node:fs';
import type { Environment } from './inputs.ts';

/** A pull request, as far as the event tells of it. */
export interface PullRequest {
  readonly kind: 'pull-request';
  readonly number: number;
  readonly headSha: string;
  readonly baseSha: string;
  /** Whether its commits are in another repository, or in one that is gone. */
  readonly fork: boolean;
  /** Whether the token of the workflow can only read, because the pull request comes from a fork. */
  readonly readOnly: boolean;
}

/** Commits that are new, and the commit before them; `before` is undefined where there was none, as on a new branch. */
export interface Commits {
  readonly kind: 'merge-group' | 'push';
  readonly before: string | undefined;
}

export type Event = PullRequest | Commits | { readonly kind: 'other' };

/** Reads the event. What is not as GitHub writes it makes it an event of another kind, never an error. */
export function readEvent(env: Environment): Event {
  const name = env['GITHUB_EVENT_NAME'] ?? '';
  const payload = readPayload(env['GITHUB_EVENT_PATH']);
  if (name === 'merge_group') return { kind: 'merge-group', before: sha(at(payload, 'merge_group', 'base_sha')) };
  if (name === 'push') return { kind: 'push', before: sha(at(payload, 'before')) };
  const number = at(payload, 'pull_request', 'number');
  const headSha = sha(at(payload, 'pull_request', 'head', 'sha'));
  const baseSha = sha(at(payload, 'pull_request', 'base', 'sha'));
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || headSha === undefined || baseSha === undefined)
    return { kind: 'other' };
  const fork = at(payload, 'pull_request', 'head', 'repo', 'full_name') !== env['GITHUB_REPOSITORY'];
  // A private repository may give forks' pull requests a token that writes; only trying tells.
  const isPublic = at(payload, 'repository', 'private') !== true;
  const readOnly = fork && isPublic && name.startsWith('pull_request') && name !== 'pull_request_target';
  return { kind: 'pull-request', number, headSha, baseSha, fork, readOnly };
}

function readPayload(path: string | undefined): unknown {
  if (path === undefined || path === '') return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch {
    return undefined; // Run by hand, outside of a workflow.
  }
}

function at(value: unknown, ...keys: readonly string[]): unknown {
  let here = value;
  for (const key of keys) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[key];
  }
  return here;
}

/** The full name of a commit; undefined for anything else, and for the zeroes that stand for none. */
function sha(value: unknown): string | undefined {
  return typeof value === 'string' && isSha(value) && !/^0+$/.test(value) ? value : undefined;
}

/** Whether a text is the full name of a commit, and so safe as an argument and in an address. */
export function isSha(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}
