/** Which comments a review makes, and what becomes of those that earlier runs made. Pure: what to do, not the doing. */
import { grouped } from '../grouped.ts';
import { placer } from '../report/lines.ts';
import type { Report } from '../report/report.ts';
import type { Finding, Location } from '../types.ts';
import type { NewComment, Remark, ReviewComment } from './api.ts';
import type { LineRange } from './changes.ts';
import { type Addresses, type Told, commentText, resolvedText, reviewText } from './review-text.ts';
import { suggestionsOf } from './suggestion.ts';

/** What the pull request shows, for the lines of the checkout. */
export interface ReviewLines {
  /**
   * Lines of a file (relative to the top of the repository) as the pull request counts them; undefined where its diff does
   * not show all of them, in one hunk.
   */
  shown(path: string, lines: LineRange): LineRange | undefined;
  /** From the path of a place to that of the repository. */
  inRepository(path: string): string;
}

/** What to do, in this order. */
export interface ReviewPlan {
  readonly remove: readonly number[];
  readonly edit: readonly { readonly id: number; readonly body: string }[];
  readonly create: readonly NewComment[];
  /** The text of the review. */
  readonly body: string;
  /** The fingerprints of the findings that the text names. */
  readonly named: readonly string[];
}

/** What a plan is made from. */
export interface ReviewState {
  /** Those that count, the worst first within a file. */
  readonly findings: readonly Finding[];
  readonly report: Report;
  readonly addresses: Addresses;
  readonly lines: ReviewLines;
  /** All comments of the pull request. */
  readonly comments: readonly ReviewComment[];
  readonly login: string;
  /** Tells the comments of this step from those of others. */
  readonly id: string;
  /** The commit that is judged, shortened. */
  readonly commit: string;
  /** Whether a comment of ours on the pull request lists all findings. */
  readonly isListed: boolean;
}

/** More comments than this at a time are noise, and GitHub takes them for abuse. */
export const mostComments = 30;
/** Where there are more than this, a comment has to be about an error, or to offer a suggestion. */
const mostPlain = 10;
/** A suggestion further away than this is no answer to what is said of a line. */
const nearest = 15;

/** Plans the review of a pull request: nothing twice, nothing of other authors touched, at most 30 comments at a time. */
export function planReview(state: ReviewState): ReviewPlan {
  const { findings, report, addresses, login, id, commit } = state;
  const current = new Map(findings.map(f => [f.fingerprint, f]));
  const answered = new Set(state.comments.flatMap(c => c.replyTo ?? []));
  const covered = new Set<string>();
  const remove: number[] = [];
  const edit: { id: number; body: string }[] = [];
  let standing = 0;
  const own = state.comments.filter(c => isOwn(c.author, login) && c.replyTo === undefined);
  for (const comment of own) {
    const marked = fingerprintsOf(comment.body, 'findings', id);
    if (marked === undefined) continue;
    const live = marked.filter(f => current.has(f) && !covered.has(f));
    const isAnswered = answered.has(comment.id);
    const outdated = comment.line === undefined;
    if ((live.length === 0 || outdated) && !isAnswered) {
      remove.push(comment.id);
      continue;
    }
    if (live.length === 0) {
      edit.push({
        id: comment.id,
        body: `${resolvedText(withoutMarker(comment.body), commit)}\n\n${marker('resolved', id, [])}`,
      });
      continue;
    }
    for (const fingerprint of live) covered.add(fingerprint);
    standing += 1;
    const told = live.flatMap(f => current.get(f) ?? []).map(finding => standingOf(finding, comment, state));
    const body = `${commentText(told, report, addresses)}\n\n${marker('findings', id, live)}`;
    if (!sameText(body, comment.body)) edit.push({ id: comment.id, body });
  }
  const left = bySeverity(findings.filter(f => !covered.has(f.fingerprint)));
  const groups = [...grouped(placed(left, state), p => `${p.path}\0${p.start}\0${p.end}`).values()];
  const chosen = worthy(groups, mostComments - standing, mostPlain - standing);
  const commented = new Set([...covered, ...chosen.flatMap(g => g.map(p => p.told.finding.fingerprint))]);
  const beside = bySeverity(findings.filter(f => !commented.has(f.fingerprint)));
  const create = chosen.flatMap((group): NewComment[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { path, start, end } = first;
    const told = group.map(p => p.told);
    const mark = marker(
      'findings',
      id,
      told.map(t => t.finding.fingerprint),
    );
    const body = `${commentText(told, report, addresses)}\n\n${mark}`;
    // GitHub refuses a range of one line.
    return [{ path, line: end, startLine: start === end ? undefined : start, body }];
  });
  // Who reads from the top to the bottom meets them in this order.
  create.sort((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1));
  const named = beside.map(f => f.fingerprint);
  return { remove, edit, create, named, body: reviewText(findings, beside, report, addresses, state.isListed) };
}

/** The same plan without its comments: all that they would have said is named in the text. */
export function withoutComments(plan: ReviewPlan, state: ReviewState): ReviewPlan {
  const beside = bySeverity(state.findings);
  const body = reviewText(state.findings, beside, state.report, state.addresses, state.isListed);
  return { ...plan, create: [], body, named: beside.map(f => f.fingerprint) };
}

interface Placed extends LineRange {
  readonly path: string;
  readonly told: Told;
}

/** Where each finding can be said: on its own lines, with a fix that can be taken there, or on a line that bears on it. */
function placed(findings: readonly Finding[], { report, lines }: ReviewState): readonly Placed[] {
  const place = placer(report);
  const at = (location: Location): (LineRange & { readonly path: string }) | undefined => {
    const { line } = place(location);
    const path = lines.inRepository(location.path);
    // The first line of a block names it.
    const shown = lines.shown(path, { start: line, end: line });
    return shown === undefined ? undefined : { path, ...shown };
  };
  return findings.flatMap((finding): Placed[] => {
    const own = at(finding.at);
    const { line } = place(finding.at);
    for (const suggestion of finding.fix === undefined ? [] : suggestionsOf(finding.fix, report.text, report.masks)) {
      const near =
        suggestion.path === finding.at.path && suggestion.start - nearest <= line && line <= suggestion.end + nearest;
      const path = lines.inRepository(suggestion.path);
      const shown = near || own === undefined ? lines.shown(path, suggestion) : undefined;
      const here = near && suggestion.start <= line && line <= suggestion.end;
      if (shown !== undefined) return [{ path, ...shown, told: { finding, suggestion, here } }];
    }
    if (own !== undefined) return [{ ...own, told: { finding, suggestion: undefined, here: true } }];
    for (const related of finding.related) {
      const changed = at(related.at);
      if (changed !== undefined) return [{ ...changed, told: { finding, suggestion: undefined, here: false } }];
    }
    return [];
  });
}

/** The groups that get a comment: `most` at most, and those that only warn while there are fewer than `plain`. */
function worthy(groups: readonly (readonly Placed[])[], most: number, plain: number): (readonly Placed[])[] {
  const isWorthy = (group: readonly Placed[]): boolean =>
    group.some(({ told }) => told.finding.severity === 'error' || told.suggestion !== undefined);
  const first = groups.filter(isWorthy).slice(0, Math.max(0, most));
  const others = groups.filter(g => !isWorthy(g)).slice(0, Math.max(0, plain - first.length));
  return [...first, ...others];
}

/** A finding as a comment that stands already tells it: a suggestion only where it still fits the lines. */
function standingOf(finding: Finding, comment: ReviewComment, state: ReviewState): Told {
  const [place] = placed([finding], state);
  const fits = place !== undefined && place.end === comment.line && place.start === (comment.startLine ?? comment.line);
  return fits ? place.told : { finding, suggestion: undefined, here: place?.told.here ?? false };
}

function bySeverity(findings: readonly Finding[]): readonly Finding[] {
  return (['error', 'warning', 'info'] as const).flatMap(severity => findings.filter(f => f.severity === severity));
}

/** Whether an account wrote something; GitHub tells no upper from lower case in its names. */
export function isOwn(author: string | undefined, login: string): boolean {
  return author?.toLowerCase() === login.toLowerCase();
}

/** What tells that a text is ours, and of which findings: the last line of it, which nobody sees. */
export function marker(kind: string, id: string, fingerprints: readonly string[]): string {
  return `<!-- tusklint:${[kind, id, ...fingerprints].join(' ')} -->`;
}

/** The fingerprints of a text of ours; undefined for other texts. Only the last line counts: above it stands what files say. */
export function fingerprintsOf(body: string, kind: string, id: string): readonly string[] | undefined {
  const [, words] = /(?:^|\n)<!-- tusklint:([a-z]+(?: [0-9a-f]+)*) -->\s*$/.exec(body) ?? [];
  const [found, owner, ...fingerprints] = words?.split(' ') ?? [];
  return found === kind && owner === id ? fingerprints : undefined;
}

/** The newest of our reviews that still tells how things are. */
export function lastReview(reviews: readonly Remark[], login: string, id: string): Remark | undefined {
  return reviews.findLast(r => isOwn(r.author, login) && fingerprintsOf(r.body, 'review', id) !== undefined);
}

const withoutMarker = (body: string): string => body.replace(/\s*<!-- tusklint:[^\n]* -->\s*$/, '');

/** Whether a text need not be written again: GitHub may keep other line breaks, and links to an older commit still lead there. */
export function sameText(one: string, other: string): boolean {
  const plain = (text: string) =>
    text
      .replaceAll('\r\n', '\n')
      .replace(/\/blob\/[0-9a-f]{40,64}\//g, '/blob/')
      .replace(/\/actions\/runs\/\d+/g, '/actions/runs/')
      .trim();
  return plain(one) === plain(other);
}
