/** What the Action writes on pull requests, in GitHub's Markdown. */
import { grouped } from '../grouped.ts';
import { pathUri } from '../report/uri.ts';
import { clip, neutral } from '../report/display.ts';
import { diff } from '../report/frame.ts';
import { type Place, placer } from '../report/lines.ts';
import { codeSpan, fenced, htmlCode, link, markdownText } from '../report/markdown-text.ts';
import type { Report } from '../report/report.ts';
import { count } from '../report/text.ts';
import type { Finding, Fix, Location, Severity } from '../types.ts';
import type { Suggestion } from './suggestion.ts';

/** Where things are, for links. */
export interface Addresses {
  /** `https://github.com/o/r/blob/<sha>`. */
  readonly blob: string;
  /** The page of the run, with its summary; undefined outside of one. */
  readonly run: string | undefined;
  /** The way from the root of the repository to the working directory. */
  readonly directory: string;
}

/** One finding as a comment tells it. */
export interface Told {
  readonly finding: Finding;
  /** What replaces the commented lines. */
  readonly suggestion: Suggestion | undefined;
  /** Whether the comment stands on the finding's own lines. */
  readonly here: boolean;
}

/** Units that a comment may have, with room for its marker. */
const longest = 60_000;
const mostRelated = 6;
const mostDiffLines = 30;

const signs = { error: '❌', warning: '⚠️', info: '💡' } as const satisfies Record<Severity, string>;

/** Nobody reads more of a sentence, and a name in it may be of any length. */
const words = (text: string): string => markdownText(clip(text.trim(), 1200));

/** The text of a comment on lines: all that is to be said of them. Of several suggestions only the first can be taken. */
export function commentText(told: readonly Told[], report: Report, addresses: Addresses): string {
  const place = placer(report);
  const chosen = told.find(t => t.suggestion !== undefined);
  const parts = told.map(t => {
    const isClick = t === chosen || isSame(t, chosen);
    const edit = t === chosen ? suggested(t) : isClick ? [] : patch(t.finding, report);
    return [...findingParts(t, report, addresses, place, isClick), ...edit].join('\n\n');
  });
  const text = parts.join('\n\n---\n\n');
  return text.length <= longest ? text : clip(told.map(t => title(t.finding, report)).join('\n\n'), longest);
}

const suggested = ({ suggestion }: Told): string[] =>
  suggestion === undefined ? [] : [fenced(suggestion.lines, 'suggestion')];

const isSame = (one: Told, other: Told | undefined): boolean =>
  one.suggestion !== undefined && one.suggestion.lines.join('\n') === other?.suggestion?.lines.join('\n');

function title({ severity, message, rule }: Finding, report: Report): string {
  return `${signs[severity]} **${words(message)}** · ${link(codeSpan(rule), report.url(rule))}`;
}

function findingParts(
  { finding, here }: Told,
  report: Report,
  addresses: Addresses,
  place: (at: Location) => Place,
  isClick: boolean,
): string[] {
  const { help, related, fix } = finding;
  const items = related.slice(0, mostRelated).map(r => `- ${words(r.message)}: ${placeLink(place(r.at), addresses)}`);
  const more = related.length - mostRelated;
  if (more > 0) items.push(`- and ${count(more, 'more place')}`);
  return [
    title(finding, report),
    ...(here ? [] : [`Found at ${placeLink(place(finding.at), addresses)}.`]),
    ...(items.length > 0 ? [items.join('\n')] : []),
    ...(help === undefined ? [] : [`**Help:** ${words(help)}`]),
    ...(fix === undefined ? [] : [`**Fix** (${kindOf(fix, isClick)}): ${words(fix.title)}`]),
  ];
}

/** How much thought a fix needs, and how it gets in where no click does it. */
function kindOf({ applicability, restarts }: Fix, isClick: boolean): string {
  const isSafe = applicability === 'safe';
  const kind = isSafe ? (restarts === true ? 'safe, restarts the pods' : 'safe') : 'unsafe';
  if (!isClick) return `${kind}, by \`tusklint lint --fix${isSafe ? '' : ' --unsafe-fixes'}\``;
  return isSafe ? kind : 'unsafe: read it before you commit it';
}

/** A fix that is no suggestion, folded away: it is applied by `--fix`. */
function patch({ fix }: Finding, report: Report): string[] {
  if (fix === undefined) return [];
  const lines = diff(fix, report.text, report.masks).flatMap(({ path, line, lines: changed }) => [
    `@@ ${neutral(path)}:${line} @@`,
    ...changed.map(({ sign, text }) => clip(`${sign} ${text}`.trimEnd(), 160)),
  ]);
  if (lines.every(line => /^(?:@@|  \(not shown)/.test(line))) return [];
  const left = lines.length - mostDiffLines;
  const shown = left > 0 ? [...lines.slice(0, mostDiffLines), `  … ${count(left, 'more line')}`] : lines;
  return [`<details><summary>The edit</summary>\n\n${fenced(shown, 'diff')}\n\n</details>`];
}

function placeLink({ path, line }: Place, { blob, directory }: Addresses): string {
  const label = codeSpan(`${clip(path, 200)}:${line}`);
  const uri = pathUri(path, directory);
  return /^(?:file:|\.\.(?:\/|$))/.test(uri) ? label : link(label, `${blob}/${uri}#L${line}`);
}

/** `3 errors and 1 warning`. */
export function countsText(findings: readonly Finding[]): string {
  const of = (severity: Severity) => findings.filter(f => f.severity === severity).length;
  const counts = [
    ...(of('error') > 0 ? [count(of('error'), 'error')] : []),
    ...(of('warning') > 0 ? [count(of('warning'), 'warning')] : []),
    ...(of('info') > 0 ? [count(of('info'), 'hint')] : []),
  ];
  return counts.length < 2 ? (counts[0] ?? 'nothing') : `${counts.slice(0, -1).join(', ')} and ${counts.at(-1)}`;
}

/**
 * The text of the review: how much there is, and one line for each finding that is on no line (`beside`), unless a comment
 * of ours on the pull request lists them all (`isListed`).
 */
export function reviewText(
  findings: readonly Finding[],
  beside: readonly Finding[],
  report: Report,
  addresses: Addresses,
  isListed: boolean,
): string {
  const commented = findings.length - beside.length;
  const head = `**tusklint** found ${countsText(findings)} in this change.`;
  const all =
    addresses.run === undefined
      ? ''
      : `The ${link('summary of the run', addresses.run)} has all of them, with the code and the fixes.`;
  if (beside.length === 0) return `${head} ${all}`.trim();
  const lines = commented === 0 ? '' : ` ${commented} ${commented === 1 ? 'is' : 'are'} said on the lines below.`;
  if (isListed) return `${head}${lines} The comment of tusklint on this pull request lists them all.`;
  const { text, left } = listText(beside, report, addresses);
  const cut = left === 0 ? '' : `\n\nand ${left} more.`;
  const others = commented === 0 ? '' : ` The ${beside.length === 1 ? 'other' : `${beside.length} others`}:`;
  return `${head}${lines}${others}${text}${cut}${all === '' ? '' : `\n\n${all}`}`;
}

/** One line for each finding, by file; as many files as there is room for, and how many findings are left. */
function listText(findings: readonly Finding[], report: Report, addresses: Addresses) {
  const place = placer(report);
  const files = [...grouped(findings, f => f.at.path).values()].sort((a, b) => errors(b) - errors(a));
  const fold = findings.length > mostOpen;
  let text = '';
  let left = findings.length;
  for (const file of files) {
    const lines = file.map(f => {
      const rule = link(codeSpan(f.rule), report.url(f.rule));
      return `- ${signs[f.severity]} ${placeLink(place(f.at), addresses)} ${words(f.message)} (${rule})`;
    });
    const path = htmlCode(clip(file[0]?.at.path ?? '', 200));
    const [open, close] = fold
      ? [`<details><summary>${path} ${countsText(file)}</summary>\n\n`, '\n\n</details>']
      : ['', ''];
    const block = `\n\n${open}${lines.join('\n')}${close}`;
    if (text.length + block.length > longest - 2000) break;
    text += block;
    left -= file.length;
  }
  return { text, left };
}

const errors = (findings: readonly Finding[]): number => findings.filter(f => f.severity === 'error').length;
/** More than this are folded, file by file. */
const mostOpen = 10;

/** A comment whose findings are gone, but which people have answered: it stays readable. */
export function resolvedText(body: string, sha: string): string {
  const [first = '', ...rest] = body.split('\n');
  const before = rest
    .join('\n')
    .replace(/^(`{3,})suggestion$/gm, '$1yaml')
    .trim();
  const folded = before === '' ? '' : `\n\n<details><summary>What it said</summary>\n\n${before}\n\n</details>`;
  return (
    clip(`~~${first.replaceAll('~~', '')}~~\n\nResolved in ${sha}.`, 4000) + (folded.length > longest ? '' : folded)
  );
}
