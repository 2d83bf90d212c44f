/** Brings findings to the pull request itself, where that is asked for and the token may. */
import { createHash } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GitError } from '../git-program.ts';
import { resolvePath } from '../paths.ts';
import { commentBytes, markdownReport } from '../report/markdown.ts';
import { atLeast } from '../report/report.ts';
import { ApiError, type PullFile } from './api.ts';
import { type Basis, changesOf, remoteOf } from './basis.ts';
import { type Hunk, type LineRange, followLine, isShown } from './changes.ts';
import type { PullRequest } from './event.ts';
import type { Judgement } from './judging.ts';
import { publish, resolvedComment } from './publish.ts';
import { beforeText, blobOf } from './reports.ts';
import { diffTo, ensureCommit } from './repository.ts';
import type { ReviewLines } from './review.ts';
import type { Addresses } from './review-text.ts';
import type { Run } from './run.ts';

/** Publishes; gives what a person should know. All that GitHub refuses is said there, and nothing is thrown for it. */
export async function publishOn(run: Run, basis: Basis, judgement: Judgement): Promise<readonly string[]> {
  const { inputs, event, api, env } = run;
  const wanted = (['review', 'comment'] as const).filter(r => inputs.report.has(r));
  // A push has no pull request to write to, and a workflow may have both.
  if (wanted.length === 0 || event.kind !== 'pull-request') return [];
  const instead = `there is no ${wanted.join(' and no ')}: the annotations and the summary say all`;
  if (api === undefined) return [`the input "token" is empty, so ${instead}`];
  if (event.readOnly) return [`the pull request comes from a fork, and its token can only read, so ${instead}`];
  // What is judged is not the pull request: its comments would be taken for mended.
  if (!basis.isPullRequest) return [`what is checked out is not the head of the pull request, so ${instead}`];
  const report = {
    ...judgement.report,
    findings: judgement.report.findings.filter(f => atLeast(f.severity, inputs.minSeverity)),
  };
  const { findings } = report;
  const head = event.headSha;
  const addresses: Addresses = {
    blob: blobOf(run, basis) ?? run.home,
    run: /^\d+$/.test(env['GITHUB_RUN_ID'] ?? '') ? `${run.home}/actions/runs/${env['GITHUB_RUN_ID']}` : undefined,
    directory: run.workspace.directory,
  };
  try {
    const missed = await publish(
      {
        pull: event.number,
        head,
        findings,
        report,
        addresses,
        id: idOf(run),
        review: wanted.includes('review'),
        comment: wanted.includes('comment') ? commentOf(run, basis, judgement, addresses) : undefined,
        lines: files => linesOf(run, event, files),
      },
      await api(),
    );
    return missed === undefined ? [] : [missed];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const refused = [401, 403, 404].includes(error.status);
    const why = refused
      ? `the token may not write to the pull request, which takes "permissions: pull-requests: write" (${error.message})`
      : `GitHub's API did not answer as it should (${error.message})`;
    return [`${why}, so ${instead}`];
  }
}

/** Tells this step from others that comment on the same pull request. */
function idOf({ env, inputs }: Run): string {
  const step = [env['GITHUB_WORKFLOW'], env['GITHUB_JOB'], inputs.workingDirectory, ...inputs.paths];
  return createHash('sha256').update(step.join('\0')).digest('hex').slice(0, 8);
}

function commentOf(run: Run, basis: Basis, judgement: Judgement, { run: more }: Addresses): string {
  const { report } = judgement;
  const { minSeverity } = run.inputs;
  const blob = blobOf(run, basis);
  if (!report.findings.some(f => atLeast(f.severity, minSeverity)))
    return resolvedComment(report, blob?.slice(blob.lastIndexOf('/') + 1).slice(0, 12) ?? 'this commit');
  const options = {
    minSeverity,
    blob,
    directory: run.workspace.directory,
    mostBytes: commentBytes - 1000,
    more: more === undefined ? 'the summary of the run lists them' : `${more} lists them`,
  };
  const before = beforeText(basis, judgement);
  return `${markdownReport(report, options)}${before === '' ? '' : `\n${before}\n`}`;
}

/** Which lines of the checkout the pull request shows, and how it counts them: its base may have moved them meanwhile. */
async function linesOf(run: Run, event: PullRequest, files: readonly PullFile[]): Promise<ReviewLines> {
  const { root, top, directory } = run.workspace;
  const shown = changesOf(files);
  const blobs = new Map(files.map(f => [f.path, f.blob]));
  const same = new Map<string, boolean>();
  const isSame = (path: string): boolean => {
    const known = same.get(path) ?? blobs.get(path) === blobName(join(root ?? top, path), blobs.get(path)?.length);
    same.set(path, known);
    return known;
  };
  const moved = files.some(f => f.patch !== undefined && !isSame(f.path))
    ? await hunksTo(run, event.headSha)
    : undefined;
  return {
    inRepository: path => resolvePath(directory, path),
    shown(path, { start, end }: LineRange) {
      const file = shown.get(path);
      if (file === undefined) return undefined;
      let lines: LineRange = { start, end };
      if (!isSame(path)) {
        if (moved === undefined) return undefined;
        const hunks = moved.get(path) ?? [];
        const [first, last] = [followLine(hunks, start), followLine(hunks, end)];
        if (first === undefined || last === undefined || last - first !== end - start) return undefined;
        lines = { start: first, end: last };
      }
      return isShown(file, lines.start, lines.end) ? lines : undefined;
    },
  };
}

/** What differs between the checkout and the head of the pull request; undefined where the clone cannot tell. */
async function hunksTo(run: Run, head: string): Promise<ReadonlyMap<string, readonly Hunk[]> | undefined> {
  const { root } = run.workspace;
  if (root === undefined) return undefined;
  try {
    await ensureCommit(root, head, remoteOf(run));
    return await diffTo(root, head);
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

/** The name that git gives to a file's text; undefined where there is no such file. */
function blobName(file: string, length = 40): string | undefined {
  // A link may lead anywhere, and a device has no end.
  if (lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  const text = readFileSync(file);
  return createHash(length === 64 ? 'sha256' : 'sha1')
    .update(`blob ${text.length}\0`)
    .update(text)
    .digest('hex');
}
