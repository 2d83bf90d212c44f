/** What a run goes by: which commit is there, what it is compared with, what has changed, and which findings count. */
import { GitError } from '../git-program.ts';
import { ApiError, type PullFile } from './api.ts';
import { baseOf, isMergeOf } from './base.ts';
import { type Changes, changedFile, parsePatch } from './changes.ts';
import type { PullRequest } from './event.ts';
import type { Scope } from './inputs.ts';
import { type Head, type Remote, changedPaths, diffFrom, readHead } from './repository.ts';
import type { Run } from './run.ts';

/** The basis of a run. */
export interface Basis {
  /** Which findings count. */
  readonly scope: Scope;
  /** The commit that is checked out; undefined outside of git. */
  readonly head: Head | undefined;
  /** The commit to compare with, in the clone; undefined where all counts, or where there is none. */
  readonly base: string | undefined;
  /** Undefined where all counts. */
  readonly changes: Changes | undefined;
  /** Whether what is checked out is the pull request, alone or merged with its base. */
  readonly isPullRequest: boolean;
  /** What a person should know. */
  readonly notes: readonly string[];
}

/** Where git can get commits from. */
export const remoteOf = ({ env, inputs }: Pick<Run, 'env' | 'inputs'>): Remote => ({
  server: env['GITHUB_SERVER_URL'] || 'https://github.com',
  token: inputs.token,
});

/** Finds the basis: from git, or else from the API, or else all counts. */
export async function basisOf(run: Run): Promise<Basis> {
  const { inputs, event, workspace, env, api } = run;
  const { root } = workspace;
  const proposes = event.kind === 'pull-request' || event.kind === 'merge-group';
  const scope = inputs.reportOn ?? (proposes || inputs.base !== undefined ? 'new' : 'all');
  const head = root === undefined ? undefined : await headOf(root);
  const merge = { ref: env['GITHUB_REF'], sha: env['GITHUB_SHA'] };
  const isPullRequest =
    event.kind === 'pull-request' &&
    head !== undefined &&
    (head.sha === event.headSha || isMergeOf(event, head, merge));
  const notes =
    event.kind === 'pull-request' && head !== undefined && isBaseOf(event, head, run)
      ? [
          'what is checked out is the base of this pull request, so nothing of the pull request is judged: see "pull_request_target" in the README',
        ]
      : [];
  const everything: Basis = { scope: 'all', head, base: undefined, changes: undefined, isPullRequest, notes };
  const find = async () =>
    root === undefined || head === undefined
      ? { commit: undefined, reason: 'the workspace is no git repository' }
      : baseOf(event, inputs.base, { root, head, remote: remoteOf(run), api, ...merge });
  // Where all counts, the configuration of a pull request is still that of its base.
  if (scope === 'all') return proposes ? { ...everything, base: (await find()).commit } : everything;
  const found = await find();
  if (found.commit !== undefined && root !== undefined)
    return { ...everything, scope, base: found.commit, changes: await changesSince(root, found.commit) };
  if (event.kind === 'pull-request' && api !== undefined) {
    try {
      const changes = changesOf(await (await api()).files(event.number));
      const instead = scope === 'new' ? 'diff' : scope;
      const note =
        scope === 'new' ? [`${found.reason}: what is on changed lines is reported, in place of what is new`] : [];
      return { ...everything, scope: instead, changes, notes: [...notes, ...note] };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return {
        ...everything,
        notes: [...notes, `${found.reason}, and GitHub does not tell (${error.message}): all findings are reported`],
      };
    }
  }
  // Before the first commit of a branch all is new.
  const isFirst = event.kind === 'push' && event.before === undefined && inputs.base === undefined;
  return { ...everything, notes: isFirst ? notes : [...notes, `${found.reason}: all findings are reported`] };
}

async function headOf(root: string): Promise<Head | undefined> {
  try {
    return await readHead(root);
  } catch (error) {
    if (error instanceof GitError) return undefined; // Nothing is committed, or git is not there.
    throw error;
  }
}

/** With pull_request_target the checkout is the base, unless the workflow says otherwise. */
function isBaseOf(event: PullRequest, head: Head, { env }: Run): boolean {
  if (head.sha === event.headSha || head.parents[1] === event.headSha) return false;
  return (
    head.sha === event.baseSha || (env['GITHUB_EVENT_NAME'] === 'pull_request_target' && head.sha === env['GITHUB_SHA'])
  );
}

async function changesSince(root: string, base: string): Promise<Changes> {
  const [paths, diff] = await Promise.all([changedPaths(root, base), diffFrom(root, base)]);
  return new Map(paths.map(path => [path, changedFile(diff.get(path) ?? [])]));
}

/** The changes of a pull request as the API tells them. */
export function changesOf(files: readonly PullFile[]): Changes {
  return new Map(
    files.map(({ path, status, patch }) => {
      const known = patch !== undefined || status === 'removed' || status === 'renamed';
      return [path, { ...changedFile(parsePatch(patch ?? '')), known }];
    }),
  );
}
