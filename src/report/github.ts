/** The report as annotations: commands that GitHub's runner reads from what a step prints. */
import { resolvePath } from '../paths.ts';
import type { Finding, Severity } from '../types.ts';
import { clip, neutral } from './display.ts';
import { type Place, placer } from './lines.ts';
import { type Report, atLeast } from './report.ts';
import { command, quoted } from './workflow.ts';

export interface GithubOptions {
  readonly minSeverity: Severity;
  /** The way from the root of the repository to the working directory, `/` between folders; empty where they are one. */
  readonly directory: string;
  /** Whether a place lies in the change that is looked at; undefined where there is none. */
  readonly inDiff: ((place: Place) => boolean) | undefined;
  /** A random word that nobody can guess: the findings without an annotation are printed between its commands. */
  readonly stopToken: string | undefined;
  /** Where all findings are, as it goes on: `12 more problems have no annotation: <more>`. */
  readonly more: string;
}

/** For a log: the whole tree, no diff known. */
export const plainGithub: GithubOptions = {
  minSeverity: 'warning',
  directory: '',
  inDiff: undefined,
  stopToken: undefined,
  more: 'the text report lists them',
};

/** The runner keeps the first ten of each kind per step, and drops the others without a word. */
const mostOfOneKind = 10;
/** Units of a message that the runner keeps. */
const longestMessage = 4096;
const longestTitle = 255;

const kinds = { error: 'error', warning: 'warning', info: 'notice' } as const satisfies Record<Severity, string>;

/**
 * Workflow commands, one a line: errors first, those of the change first among them. Where the runner's limits leave some
 * out, the last command says how many.
 */
export function githubReport(report: Report, options: GithubOptions = plainGithub): string {
  const placed = places(report, options);
  const chosen = (['error', 'warning', 'info'] as const).flatMap(severity => {
    const all = placed.filter(p => p.finding.severity === severity);
    const sorted = [...all.filter(p => p.inDiff), ...all.filter(p => !p.inDiff)];
    // The last notice is ours.
    return sorted.slice(0, severity === 'info' ? mostOfOneKind - 1 : mostOfOneKind);
  });
  const taken = new Set(chosen);
  const rest = placed.filter(p => !taken.has(p));
  const lines = chosen.map(p => `${annotation(p, report)}\n`);
  if (rest.length === 0) return lines.join('');
  if (options.stopToken !== undefined) lines.push(quoted(rest.map(logLine).join(''), options.stopToken));
  const more = `${rest.length} more ${rest.length === 1 ? 'problem has' : 'problems have'} no annotation`;
  lines.push(`${command('notice', { title: 'tusklint' }, `${more}: ${options.more}`)}\n`);
  return lines.join('');
}

interface Placed {
  readonly finding: Finding;
  /** Where the annotation stands. */
  readonly place: Place;
  /** Where the problem is, when that is not in the change but something that bears on it is. */
  readonly elsewhere: Place | undefined;
  readonly inDiff: boolean;
}

function places(report: Report, { minSeverity, directory, inDiff }: GithubOptions): Placed[] {
  const place = placer(report);
  const rooted = (at: Finding['at']): Place => {
    const found = place(at);
    return { ...found, path: at.path.startsWith('/') ? at.path : resolvePath(directory, at.path) };
  };
  return report.findings
    .filter(f => atLeast(f.severity, minSeverity))
    .map(finding => {
      const own = rooted(finding.at);
      if (inDiff === undefined || inDiff(own))
        return { finding, place: own, elsewhere: undefined, inDiff: inDiff !== undefined };
      const changed = finding.related.map(r => rooted(r.at)).find(inDiff);
      return changed === undefined
        ? { finding, place: own, elsewhere: undefined, inDiff: false }
        : { finding, place: changed, elsewhere: own, inDiff: true };
    });
}

function annotation({ finding, place, elsewhere }: Placed, report: Report): string {
  const { path, line, column, endLine, endColumn } = place;
  const oneLine = line === endLine;
  const properties = {
    file: neutral(path),
    line,
    endLine: oneLine ? undefined : endLine,
    // The runner drops columns of a range of several lines.
    col: oneLine ? column : undefined,
    endColumn: oneLine && endColumn > column ? endColumn : undefined,
    title: clip(finding.rule, longestTitle),
  };
  const text = [
    ...(elsewhere === undefined ? [] : [`${elsewhere.path}:${elsewhere.line}: `]).map(neutral),
    neutral(finding.message),
    ...(finding.help === undefined ? [] : [`\n${neutral(finding.help)}`]),
  ].join('');
  return command(kinds[finding.severity], properties, withAddress(text, report.url(finding.rule)));
}

/** A message that is too long loses its end, not the address of the rule. */
function withAddress(text: string, url: string): string {
  return `${clip(text, longestMessage - url.length - 1)}\n${url}`;
}

function logLine({ finding, place }: Placed): string {
  const { path, line, column } = place;
  return `${neutral(path)}:${line}:${column} ${finding.severity} ${finding.rule}: ${neutral(finding.message)}\n`;
}
