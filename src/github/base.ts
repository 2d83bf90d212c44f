/** What to compare with: the commit before the change that the workflow runs for. */
import { GitError } from '../git-program.ts';
import { type Api, ApiError } from './api.ts';
import type { Event, PullRequest } from './event.ts';
import { type Head, type Remote, commitOf, ensureCommit, mergeBase } from './repository.ts';

/** The commit before the change, in the clone; or why there is none, for a person. */
export type Base =
  | { readonly commit: string; readonly reason: undefined }
  | { readonly commit: undefined; readonly reason: string };

/** Where the answer may come from. */
export interface BaseSources {
  readonly root: string;
  readonly head: Head;
  readonly remote: Remote;
  /** Opens the API; undefined where there is no token. */
  readonly api: (() => Promise<Api>) | undefined;
  /** The branch or merge that GitHub says is checked out: `refs/pull/7/merge`. */
  readonly ref: string | undefined;
  /** The commit that GitHub says is checked out. */
  readonly sha: string | undefined;
}

const none = (reason: string): Base => ({ commit: undefined, reason });

/** Finds the base of an event, and gets it where the clone has not got it. */
export async function baseOf(event: Event, given: string | undefined, sources: BaseSources): Promise<Base> {
  if (given !== undefined) {
    const commit = await commitOf(sources.root, given);
    if (commit !== undefined) return { commit, reason: undefined };
    return fetched(given, sources, 'the input "base"');
  }
  if (event.kind === 'other') return none('this event has no commit before it');
  if (event.kind === 'pull-request') return fetched(await baseOfPull(event, sources), sources, 'the base');
  if (event.before === undefined) return none('nothing was there before this push');
  return fetched(event.before, sources, 'the commit before');
}

async function fetched(commit: string, { root, remote }: BaseSources, what: string): Promise<Base> {
  try {
    await ensureCommit(root, commit, remote);
    return { commit, reason: undefined };
  } catch (error) {
    if (error instanceof GitError)
      return none(`${what} (${commit.slice(0, 12)}) is not in this clone: ${error.message}`);
    throw error;
  }
}

/** Whether the merge of the pull request with its base is checked out, as actions/checkout does by itself. */
export function isMergeOf(
  { number, headSha }: PullRequest,
  head: Head,
  { ref, sha }: Pick<BaseSources, 'ref' | 'sha'>,
): boolean {
  if (head.parents.length !== 2) return false;
  return head.parents[1] === headSha || (ref === `refs/pull/${number}/merge` && sha === head.sha);
}

async function baseOfPull(event: PullRequest, sources: BaseSources): Promise<string> {
  const { root, head, api } = sources;
  const [merged] = head.parents;
  if (merged !== undefined && isMergeOf(event, head, sources)) return merged;
  const known =
    (await commitOf(root, event.baseSha)) === undefined ? undefined : await mergeBase(root, event.baseSha, head.sha);
  if (known !== undefined) return known;
  if (api === undefined) return event.baseSha;
  try {
    return await (await api()).mergeBase(event.baseSha, event.headSha);
  } catch (error) {
    // Then what others merged meanwhile is taken for undone by this pull request, which takes no finding away.
    if (error instanceof ApiError) return event.baseSha;
    throw error;
  }
}
