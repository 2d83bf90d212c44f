/** Carries out what is planned for a pull request: its review, and the comment that stays. */
import type { Report } from '../report/report.ts';
import { type Api, ApiError, type PullFile } from './api.ts';
import {
  type ReviewLines,
  type ReviewPlan,
  type ReviewState,
  fingerprintsOf,
  isOwn,
  lastReview,
  marker,
  planReview,
  sameText,
  withoutComments,
} from './review.ts';

/** What to publish, and where. */
export interface Publication extends Pick<ReviewState, 'findings' | 'report' | 'addresses' | 'id'> {
  readonly pull: number;
  /** The commit at the head of the pull request. */
  readonly head: string;
  /** Whether there is something to ask for in a review. */
  readonly review: boolean;
  /** The text of the comment that stays; undefined where none is wanted. */
  readonly comment: string | undefined;
  /** What the pull request shows, for its files. */
  readonly lines: (files: readonly PullFile[]) => Promise<ReviewLines>;
}

/** Publishes; gives what a person should know of it, undefined where all went well. Throws an ApiError. */
export async function publish(what: Publication, api: Api): Promise<string | undefined> {
  // A newer run has newer things to say.
  const head = await api.headOf(what.pull);
  if (head !== what.head)
    return `the pull request has moved on to ${head.slice(0, 12)}: the run for that commit writes the review and the comment`;
  const login = await loginOf(api);
  const missed = what.review ? await publishReview(what, api, login) : undefined;
  if (what.comment !== undefined) await publishComment(what, what.comment, api, login);
  return missed;
}

/** Whom the token belongs to; the token of a workflow where it may not even tell. */
async function loginOf(api: Api): Promise<string> {
  try {
    return await api.login();
  } catch (error) {
    if (error instanceof ApiError) return 'github-actions[bot]';
    throw error;
  }
}

async function publishReview(what: Publication, api: Api, login: string): Promise<string | undefined> {
  const { pull, head, id } = what;
  const comments = await api.comments(pull);
  const reviews = await api.reviews(pull);
  const last = lastReview(reviews, login, id);
  const stateOf = async (): Promise<ReviewState> => {
    const files = what.findings.length === 0 ? [] : await api.files(pull);
    const isListed = what.comment !== undefined;
    return { ...what, comments, login, commit: head.slice(0, 12), lines: await what.lines(files), isListed };
  };
  let state = await stateOf();
  let plan = planReview(state);
  const known = new Set(last === undefined ? [] : fingerprintsOf(last.body, 'review', id));
  const text = (p: ReviewPlan) => `${p.body}\n\n${marker('review', id, p.named.slice(0, mostNamed))}`;
  let missed: string | undefined;
  let made = false;
  // What is new comes first: should a later step fail, then only what is old stands there longer.
  if (plan.create.length > 0 || plan.named.slice(0, mostNamed).some(f => !known.has(f))) {
    try {
      await api.review(pull, head, text(plan), plan.create);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 422 || plan.create.length === 0) throw error;
      // One comment on a line that the diff does not show, and GitHub takes none; it does not say which.
      state = await stateOf();
      const again = planReview(state);
      plan = again.create.length < plan.create.length ? again : withoutComments(plan, state);
      missed = 'GitHub took some lines for none of this pull request, so the review names them in its text';
      await api.review(pull, head, text(plan), plan.create);
    }
    made = true;
  }
  for (const comment of plan.remove) await gone(api.deleteComment(comment));
  for (const { id: comment, body } of plan.edit) await gone(api.editComment(comment, body));
  if (last === undefined) return missed;
  const body = made
    ? `What was found earlier: a newer review tells how things are at ${state.commit}.\n\n${marker('past', id, [])}`
    : state.findings.length === 0
      ? `**tusklint** finds nothing any more at ${state.commit}.\n\n${marker('review', id, [clean])}`
      : text(plan);
  const isStillClean = state.findings.length === 0 && known.has(clean);
  if (!isStillClean && !sameText(body, last.body)) await gone(api.editReview(pull, last.id, body));
  return missed;
}

/** Fingerprints that the text of a review keeps, so that there is room for words. */
const mostNamed = 200;

/** A comment that somebody removed meanwhile needs no more care. */
async function gone(request: Promise<void>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  }
}

async function publishComment(what: Publication, text: string, api: Api, login: string): Promise<void> {
  const { pull, id, findings } = what;
  const own = (await api.remarks(pull)).filter(
    r => isOwn(r.author, login) && fingerprintsOf(r.body, 'summary', id) !== undefined,
  );
  const [first] = own;
  const isClean = findings.length === 0;
  const body = `${text.trimEnd()}\n\n${marker('summary', id, isClean ? [clean] : [])}`;
  if (first === undefined) {
    // Nobody wants to be told that nothing is wrong.
    if (!isClean) await api.addRemark(pull, body);
    return;
  }
  // It tells since when; that does not change with each push.
  const wasClean = fingerprintsOf(first.body, 'summary', id)?.includes(clean) === true;
  if (!(isClean && wasClean) && !sameText(first.body, body)) await gone(api.editRemark(first.id, body));
}

/** In the marker of a text of ours: nothing is left to say. */
const clean = '0';

/** The comment that stays, when nothing is left to say. */
export function resolvedComment(report: Report, commit: string): string {
  return `## tusklint: resolved\n\nWhat this comment listed is gone at ${commit}. ${report.servers} PostgreSQL servers in ${report.files} files were read.`;
}
