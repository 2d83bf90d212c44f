/** The report as GitHub's Markdown: the summary of a job, or a comment on a pull request. */
import { grouped } from '../grouped.ts';
import type { Finding, Fix, Location, Severity } from '../types.ts';
import { clip, cut, neutral } from './display.ts';
import { diff, frame } from './frame.ts';
import { type Lines, lineIndex, placer } from './lines.ts';
import { codeSpan, fenced, htmlCode, htmlText, link, markdownText } from './markdown-text.ts';
import { type Report, atLeast } from './report.ts';
import { count } from './text.ts';
import { pathUri } from './uri.ts';
import { inert } from './workflow.ts';

export interface MarkdownOptions {
  readonly minSeverity: Severity;
  /** Address of the tree at the commit that was read (`https://github.com/o/r/blob/<sha>`): places lead there. */
  readonly blob: string | undefined;
  /** The way from the root of the repository to the working directory, `/` between folders; empty where they are one. */
  readonly directory: string;
  /** Bytes of UTF-8 that the whole may take: whole findings are left out beyond. */
  readonly mostBytes: number;
  /** Where the findings are that are left out, as it goes on: `12 more are left out: <more>`. */
  readonly more: string;
}

/** What GitHub takes of one step's summary is 1 MiB; other steps' text and later edits need some of it. */
export const summaryBytes = 900_000;
/** A comment may have 65,536 characters. */
export const commentBytes = 65_000;

/** For a summary, without links to files. */
export const plainMarkdown: MarkdownOptions = {
  minSeverity: 'warning',
  blob: undefined,
  directory: '',
  mostBytes: summaryBytes,
  more: 'the text report lists them all',
};

/** More findings than this are folded, each by itself and file by file; the files at the top are open. */
const mostUnfolded = 8;
const mostOpen = 30;
/** Columns and lines of code that are shown. */
const codeWidth = 110;
const mostDiffLines = 40;

/** The whole report, ending with a line break: a heading with counts, then findings by file, the worst file first. */
export function markdownReport(report: Report, options: MarkdownOptions = plainMarkdown): string {
  const shown = report.findings.filter(f => atLeast(f.severity, options.minSeverity));
  const head = `${heading(report, shown, options)}\n`;
  const room = options.mostBytes - bytes(head) - bytes(footer(report, options, shown.length));
  const { text, count: told } = body(report, shown, options, room);
  return inert(`${head}${text}${footer(report, options, shown.length - told)}`);
}

function heading(report: Report, shown: readonly Finding[], options: MarkdownOptions): string {
  const read = `${count(report.servers, 'server')} in ${count(report.files, 'file')}`;
  if (report.servers === 0 && report.findings.length === 0)
    return `## tusklint: no PostgreSQL found\n\n${count(report.files, 'file')} read.`;
  const hidden = report.findings.length - shown.length;
  const noun = options.minSeverity === 'warning' ? 'hint' : 'less weighty finding';
  const more = hidden === 0 ? '' : ` ${count(hidden, noun)} ${hidden === 1 ? 'is' : 'are'} not shown.`;
  return `## tusklint: ${shown.length === 0 ? 'no problems' : countsOf(shown)}\n\n${read}.${more}`;
}

function countsOf(findings: readonly Finding[]): string {
  const of = (severity: Severity) => findings.filter(f => f.severity === severity).length;
  const counts = [
    [of('error'), 'error'],
    [of('warning'), 'warning'],
    [of('info'), 'hint'],
  ] as const;
  return counts
    .filter(([number]) => number > 0)
    .map(([number, noun]) => count(number, noun))
    .join(', ');
}

/** As many whole findings as there is room for, and how many those are. */
function body(
  report: Report,
  shown: readonly Finding[],
  options: MarkdownOptions,
  room: number,
): { readonly text: string; readonly count: number } {
  const files = [...grouped(shown, f => f.at.path).values()];
  // The sort is stable: files that are equally bad stay in the order of their paths.
  files.sort((a, b) => errors(b) - errors(a));
  const context: Context = { report, options, index: lineIndex(report), place: placer(report) };
  let text = '';
  let told = 0;
  let left = room;
  for (const findings of files) {
    const fold = shown.length > mostUnfolded;
    const [open, close] = fold ? folded(findings, told < mostOpen) : [fileHeading(findings, context), ''];
    let blocks = '';
    let full = false;
    left -= bytes(open) + bytes(close);
    for (const finding of findings) {
      const block = `\n${fold ? foldedBlock(finding, context) : findingBlock(finding, context)}\n`;
      full = bytes(block) > left;
      if (full) break;
      left -= bytes(block);
      blocks += block;
      told++;
    }
    if (blocks !== '') text += `${open}${blocks}${close}`;
    if (full) break;
  }
  return { text, count: told };
}

const errors = (findings: readonly Finding[]): number => findings.filter(f => f.severity === 'error').length;

interface Context {
  readonly report: Report;
  readonly options: MarkdownOptions;
  readonly index: (path: string) => Lines | undefined;
  readonly place: ReturnType<typeof placer>;
}

function folded(findings: readonly Finding[], open: boolean): [open: string, close: string] {
  const summary = `<b>${htmlCode(findings[0]?.at.path ?? '')}</b> ${countsOf(findings)}`;
  return [`\n<details${open ? ' open' : ''}>\n<summary>${summary}</summary>\n`, '\n</details>\n'];
}

function fileHeading([first]: readonly Finding[], { options }: Context): string {
  const path = first?.at.path ?? '';
  const label = codeSpan(path);
  const address = addressOf(path, options);
  return `\n### ${address === undefined ? label : link(label, address)}\n`;
}

const signs = { error: '❌', warning: '⚠️', info: '💡' } as const satisfies Record<Severity, string>;

/** One finding, its parts separated by empty lines. */
function findingBlock(finding: Finding, context: Context): string {
  const title = `${signs[finding.severity]} **${words(finding.message)}**  `;
  return `${title}\n${details(finding, context)}`;
}

/** The same with all but its message folded away. */
function foldedBlock(finding: Finding, context: Context): string {
  const message = `${signs[finding.severity]} ${htmlText(shortened(finding.message))}`;
  const line = `line ${context.place(finding.at).line}`;
  return `<details>\n<summary>${message} (${line})</summary>\n\n${details(finding, context)}\n\n</details>`;
}

function details(finding: Finding, context: Context): string {
  const { report, index } = context;
  const rule = link(codeSpan(finding.rule), report.url(finding.rule));
  const source = report.text(finding.at.path);
  return [
    `${placeLink(finding.at, context)} · ${rule}`,
    ...(source === undefined ? [] : [fenced(frameLines(finding, source, report, index(finding.at.path)))]),
    ...relatedList(finding, context),
    ...wide(finding),
    ...(finding.help === undefined ? [] : [`**Help:** ${words(finding.help)}`]),
    ...(finding.fix === undefined ? [] : fixBlock(finding, finding.fix, context)),
  ].join('\n\n');
}

/** Nobody reads more of a sentence, and a name in it may be of any length. */
const shortened = (text: string): string => clip(text.trim(), 1500);
const words = (text: string): string => markdownText(shortened(text));

/** The place as `path:line`, leading there where there is an address. */
function placeLink(at: Location, { options, place }: Context): string {
  const { path, line, endLine } = place(at);
  const label = codeSpan(`${clip(path, 300)}:${line}`);
  const address = addressOf(path, options);
  return address === undefined ? label : link(label, `${address}#L${line}${endLine > line ? `-L${endLine}` : ''}`);
}

/** Undefined where there is no address for what is outside of the repository. */
function addressOf(path: string, { blob, directory }: MarkdownOptions): string | undefined {
  const uri = pathUri(path, directory);
  return blob === undefined || /^(?:file:|\.\.(?:\/|$))/.test(uri) ? undefined : `${blob}/${uri}`;
}

function frameLines(finding: Finding, source: string, report: Report, lines: Lines | undefined): string[] {
  const options = { masks: report.masks, width: codeWidth, context: 2 };
  return frame(finding.at, source, finding.label, options, lines).map(l => `${l.gutter} │ ${l.text}`.trimEnd());
}

/** A list of what else bears on the problem; beyond the first ones it would be a report of its own. */
function relatedList({ related }: Finding, context: Context): string[] {
  if (related.length === 0) return [];
  const items = related.slice(0, mostRelated).map(r => `- ${words(r.message)}: ${placeLink(r.at, context)}`);
  const more = related.length - mostRelated;
  return [[...items, ...(more > 0 ? [`- and ${count(more, 'more place')}`] : [])].join('\n')];
}
const mostRelated = 12;

/** A finding of several servers or builds lists them. */
function wide({ server, build }: Finding): string[] {
  const both = [
    ...(server?.includes(', ') === true ? [`servers ${words(server)}`] : []),
    ...(build.includes(', ') ? [`builds ${words(build)}`] : []),
  ].join('; ');
  return both === '' ? [] : [`**In:** ${both}`];
}

function fixBlock(finding: Finding, fix: Fix, { report, index, place }: Context): string[] {
  const kind = fix.restarts === true && fix.applicability === 'safe' ? 'safe, restarts the pods' : fix.applicability;
  const changes = diff(fix, report.text, report.masks, index);
  const own = place(finding.at).line;
  const lines = changes.flatMap(change => {
    // A change of the line that is shown above needs no heading.
    const here = changes.length === 1 && change.path === finding.at.path && change.line === own;
    return [
      ...(here ? [] : [`@@ ${neutral(change.path)}:${change.line} @@`]),
      ...change.lines.map(({ sign, text }) => cut(`${sign} ${text}`.trimEnd(), 0, codeWidth).text),
    ];
  });
  const more = lines.length - mostDiffLines;
  const shown = more > 1 ? [...lines.slice(0, mostDiffLines), `  … ${more} more lines`] : lines;
  return [`**Fix** (${kind}): ${words(fix.title)}`, ...(shown.length === 0 ? [] : [fenced(shown, 'diff')])];
}

/** What was not judged, and what has no room. */
function footer({ skipped }: Report, { more }: MarkdownOptions, left: number): string {
  const cutOff =
    left === 0 ? [] : [`**${count(left, 'more problem')} ${left === 1 ? 'is' : 'are'} left out here:** ${more}.`];
  const items = skipped.slice(0, mostSkipped).map(s => `- ${codeSpan(clip(s.path, 300))}: ${words(s.reason)}`);
  const others = skipped.length - mostSkipped;
  if (others > 0) items.push(`- and ${count(others, 'other')}`);
  const list =
    skipped.length === 0
      ? []
      : [`<details>\n<summary>${count(skipped.length, 'file')} skipped</summary>\n\n${items.join('\n')}\n\n</details>`];
  return [...cutOff, ...list].map(part => `\n${part}\n`).join('');
}
const mostSkipped = 20;

const bytes = (text: string): number => Buffer.byteLength(text);
