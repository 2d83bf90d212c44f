/** The API through Octokit: a file of its own in the bundle, loaded only by who asks the API something. */
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import type { Api, ApiOptions } from './api.ts';

/** What a request may take, and what a server may ask us to wait, in seconds. */
const longestRequest = 30;
const longestWait = 60;
const mostRetries = 2;

/** Opens the API. Nothing is asked yet. */
export function openApi({ url, token, owner, repo, userAgent, error: errorOf }: ApiOptions): Api {
  const patient = (after: number, _request: object, _octokit: unknown, count: number): boolean =>
    after <= longestWait && count < mostRetries;
  const octokit = new (Octokit.plugin(retry, throttling))({
    auth: token,
    baseUrl: url,
    userAgent,
    // It would print requests that fail; we say ourselves what they mean.
    log: { debug() {}, info() {}, warn() {}, error() {} },
    request: {
      fetch: (address: string, init: RequestInit) =>
        fetch(address, { ...init, signal: AbortSignal.timeout(longestRequest * 1000) }),
    },
    retry: { retries: mostRetries },
    throttle: { onRateLimit: patient, onSecondaryRateLimit: patient },
  });
  const { pulls, issues, repos } = octokit.rest;
  const here = { owner, repo };
  const page = { ...here, per_page: 100 };

  /** Errors without what they carry along: the request has the token in its headers. */
  const ask = async <T>(what: string, request: () => Promise<T>): Promise<T> => {
    try {
      return await request();
    } catch (error) {
      const status = error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 0;
      const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      const plain = message.replaceAll(token, '***').replace(/ - https?:\/\/\S+$/, '');
      throw errorOf(`${what}: ${plain}`, status);
    }
  };

  return {
    login: () =>
      ask('who the token belongs to', async () => {
        const { viewer } = await octokit.graphql<{ readonly viewer: { readonly login: string } }>(
          '{ viewer { login } }',
        );
        return viewer.login;
      }),
    headOf: pull =>
      ask('the pull request', async () => (await pulls.get({ ...here, pull_number: pull })).data.head.sha),
    files: pull =>
      ask('the files of the pull request', async () => {
        const files = await octokit.paginate(pulls.listFiles, { ...page, pull_number: pull });
        return files.map(f => ({ path: f.filename, status: f.status, blob: f.sha ?? undefined, patch: f.patch }));
      }),
    mergeBase: (base, head) =>
      ask('the merge base', async () => {
        const { data } = await repos.compareCommitsWithBasehead({
          ...here,
          basehead: `${base}...${head}`,
          per_page: 1,
        });
        return data.merge_base_commit.sha;
      }),
    comments: pull =>
      ask('the review comments', async () => {
        const comments = await octokit.paginate(pulls.listReviewComments, { ...page, pull_number: pull });
        return comments.map(c => ({
          id: c.id,
          author: (c.user as { login: string } | null)?.login,
          body: c.body,
          line: c.line ?? undefined,
          startLine: c.start_line ?? undefined,
          replyTo: c.in_reply_to_id,
        }));
      }),
    editComment: (id, body) =>
      ask('editing a review comment', async () => {
        await pulls.updateReviewComment({ ...here, comment_id: id, body });
      }),
    deleteComment: id =>
      ask('deleting a review comment', async () => {
        await pulls.deleteReviewComment({ ...here, comment_id: id });
      }),
    reviews: pull =>
      ask('the reviews', async () => {
        const reviews = await octokit.paginate(pulls.listReviews, { ...page, pull_number: pull });
        return reviews.map(r => ({ id: r.id, author: r.user?.login, body: r.body }));
      }),
    review: (pull, commit, body, comments) =>
      ask('the review', async () => {
        await pulls.createReview({
          ...here,
          pull_number: pull,
          commit_id: commit,
          event: 'COMMENT',
          body,
          comments: comments.map(({ path, line, startLine, body: text }) => ({
            path,
            body: text,
            line,
            side: 'RIGHT',
            ...(startLine === undefined ? {} : { start_line: startLine, start_side: 'RIGHT' }),
          })),
        });
      }),
    editReview: (pull, id, body) =>
      ask('editing a review', async () => {
        await pulls.updateReview({ ...here, pull_number: pull, review_id: id, body });
      }),
    remarks: pull =>
      ask('the comments', async () => {
        const comments = await octokit.paginate(issues.listComments, { ...page, issue_number: pull });
        return comments.map(c => ({ id: c.id, author: c.user?.login, body: c.body ?? '' }));
      }),
    addRemark: (pull, body) =>
      ask('the comment', async () => {
        await issues.createComment({ ...here, issue_number: pull, body });
      }),
    editRemark: (id, body) =>
      ask('editing the comment', async () => {
        await issues.updateComment({ ...here, comment_id: id, body });
      }),
  };
}
