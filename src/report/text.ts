/** The report for a person at a terminal. */
import type { Finding, Fix, Severity } from '../types.ts';
import { neutral, widthOf, wrap } from './display.ts';
import { diff, frame } from './frame.ts';
import { type Lines, lineIndex } from './lines.ts';
import { type Report, atLeast } from './report.ts';
import { inert } from './workflow.ts';

export interface TextOptions {
  readonly color: boolean;
  /** Rule ids lead to their pages (OSC 8); only for terminals. */
  readonly hyperlinks: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  readonly minSeverity: Severity;
}

/** Without colours, at the width that pages and logs have. */
export const plainText: TextOptions = { color: false, hyperlinks: false, width: 100, minSeverity: 'warning' };

/** The whole report, ending with a line break: findings by file, what was skipped, and the counts. */
export function textReport(report: Report, options: TextOptions): string {
  const shown = report.findings.filter(f => atLeast(f.severity, options.minSeverity));
  const index = lineIndex(report);
  const findings = shown.map(f => findingText(f, report, options, index));
  const notes = [...mended(report, options.width), ...skippedLines(report.skipped)];
  // A log of GitHub Actions may be the terminal.
  return inert(
    [...findings, ...(notes.length > 0 ? [...notes, ''] : []), summary(report, shown, options), ''].join('\n'),
  );
}

/** What the patch that `--diff` printed mends: a line for each fix, and what would be left of the findings. */
export function fixSummary(report: Report, left: readonly Finding[]): string {
  const more = left.filter(f => f.fix?.applicability === 'unsafe').length;
  const hint = more > 0 ? ` (${number(more)} fixable with --unsafe-fixes)` : '';
  const counts = `${count(report.fixed?.length ?? 0, 'fix', 'fixes')}, ${count(left.length, 'finding')} would remain${hint}`;
  return [...mended(report, plainText.width, 'would fix'), counts, ''].join('\n');
}

/** The fixes that went in, by file, and the files that were left alone. */
function mended({ fixed = [], unfixed = [] }: Report, width: number, verb = 'fixed'): string[] {
  const paths = [...new Set(fixed.map(f => f.path))];
  return [
    ...paths.flatMap(path => [
      `${verb} ${neutral(path)}`,
      ...fixed
        .filter(f => f.path === path)
        .flatMap(({ rule, title, restarts }) =>
          wrap(neutral(`${rule}: ${title}${restarts ? ' (with a restart)' : ''}`), width - 4).map(
            (line, i) => `${i === 0 ? '  ' : '    '}${line}`,
          ),
        ),
    ]),
    ...unfixed.map(({ path, reason }) => `not fixed ${neutral(path)}: ${neutral(reason)}`),
  ];
}

/** One finding, ending with a line break. */
export function findingText(
  finding: Finding,
  report: Pick<Report, 'text' | 'masks' | 'url'>,
  options: TextOptions,
  index: LineIndex = lineIndex(report),
): string {
  const { at, severity, rule } = finding;
  const paint = painter(options.color);
  const hue = hues[severity];
  const id = options.hyperlinks ? `\u001b]8;;${report.url(rule)}\u001b\\${rule}\u001b]8;;\u001b\\` : rule;
  const lines = [
    `${paint('1', place(finding.at, index))}  ${paint(hue, severity)}  ${paint('2', id)}`,
    ...wrap(neutral(finding.message), options.width - 2).map(line => `  ${line}`),
    '',
  ];
  const source = report.text(at.path);
  let margin = '      ';
  if (source !== undefined) {
    const framing = { masks: report.masks, width: options.width - 10, context: 2 };
    for (const line of frame(at, source, finding.label, framing, index(at.path))) {
      margin = ' '.repeat(3 + line.gutter.length);
      const text = line.mark ? paint(hue, line.text) : line.text;
      lines.push(`   ${paint('2', `${line.gutter} │`)} ${text}`.trimEnd());
    }
  }
  lines.push(...relatedLines(finding, index, margin, paint));
  if (finding.help !== undefined) lines.push(...row('help', finding.help, options.width));
  lines.push(...wideLines(finding, options.width));
  if (finding.fix !== undefined) lines.push(...fixLines(finding, finding.fix, report, { options, paint, index }));
  return `${lines.join('\n')}\n`;
}

type LineIndex = (path: string) => Lines | undefined;
type Paint = (code: string, text: string) => string;

/** Colours by SGR codes; the same text where there are none. */
function painter(color: boolean): Paint {
  return (code, text) => (color && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text);
}

const hues: Readonly<Record<Severity, string>> = { error: '1;31', warning: '1;33', info: '1;34' };

function place(at: Finding['at'], index: LineIndex): string {
  const lines = index(at.path);
  if (lines === undefined) return neutral(at.path);
  const { line, column } = lines.position(at.start);
  return `${neutral(at.path)}:${line}:${column}`;
}

function relatedLines(finding: Finding, index: LineIndex, margin: string, paint: Paint): string[] {
  const messages = finding.related.map(r => neutral(r.message));
  const widest = Math.max(0, ...messages.map(widthOf));
  const column = widest <= 64 ? widest : 0;
  return finding.related.map((related, i) => {
    const branch = i === finding.related.length - 1 ? '└' : '├';
    const message = messages[i] ?? '';
    const gap = ' '.repeat(Math.max(0, column - widthOf(message)) + 2);
    return `${margin} ${paint('2', branch)} ${message}${gap}${paint('2', place(related.at, index))}`;
  });
}

/** A finding of several servers or builds lists them. */
function wideLines(finding: Finding, width: number): string[] {
  const servers = finding.server?.includes(', ') === true ? [`servers ${finding.server}`] : [];
  const builds = finding.build.includes(', ') ? [`builds ${finding.build}`] : [];
  const both = [...servers, ...builds].join('; ');
  return both === '' ? [] : row('in', both, width);
}

function row(name: string, text: string, width: number): string[] {
  return wrap(neutral(text), width - 8).map((line, i) => `  ${(i === 0 ? name : '').padEnd(6)}${line}`);
}

/** A longer change is cut: the file says the rest. */
const mostDiffLines = 16;

function fixLines(
  finding: Finding,
  fix: Fix,
  report: Pick<Report, 'text' | 'masks'>,
  { options, paint, index }: { readonly options: TextOptions; readonly paint: Paint; readonly index: LineIndex },
): string[] {
  const kind = fix.restarts === true && fix.applicability === 'safe' ? 'safe, restarts the pods' : fix.applicability;
  const lines = row('fix', `${kind}: ${fix.title}`, options.width);
  const changes: string[] = [];
  for (const change of diff(fix, report.text, report.masks, index)) {
    if (change.path !== finding.at.path) changes.push(`${neutral(change.path)}:${change.line}`);
    for (const { sign, text } of change.lines) {
      changes.push(paint(sign === '-' ? '31' : sign === '+' ? '32' : '2', `${sign} ${text}`.trimEnd()));
    }
  }
  const cutOff = changes.length > mostDiffLines ? [`… ${changes.length - mostDiffLines + 1} more lines`] : [];
  const shown = cutOff.length > 0 ? changes.slice(0, mostDiffLines - 1) : changes;
  return [...lines, ...[...shown, ...cutOff].map(line => `        ${line}`)];
}

/** The last line: what was read and what was found. */
function summary(report: Report, shown: readonly Finding[], options: TextOptions): string {
  const time = report.seconds === undefined ? [] : [`${report.seconds.toFixed(2)} s`];
  if (report.beside === true) return ['nothing that changed bears on a PostgreSQL', ...time].join(', ');
  if (report.servers === 0 && report.findings.length === 0) {
    return [`no PostgreSQL found in ${count(report.files, 'file')}`, ...time].join(', ');
  }
  const of = (severity: Severity) => shown.filter(f => f.severity === severity).length;
  const safe = shown.filter(f => f.fix?.applicability === 'safe').length;
  const unsafe = shown.filter(f => f.fix?.applicability === 'unsafe').length;
  const hidden = report.findings.length - shown.length;
  return [
    count(report.servers, 'server'),
    count(report.files, 'file'),
    ...(shown.length === 0 ? ['no problems'] : [count(of('error'), 'error')]),
    ...(shown.length === 0 ? [] : [`${count(of('warning'), 'warning')}${infos(of('info'))}${fixable(safe, unsafe)}`]),
    ...(hidden > 0
      ? [
          `${hiddenName(report, shown, hidden)} with --min-severity ${options.minSeverity === 'error' ? 'warning' : 'info'}`,
        ]
      : []),
    ...time,
  ].join(', ');
}

function infos(infos: number): string {
  return infos === 0 ? '' : `, ${count(infos, 'hint')}`;
}

function hiddenName(report: Report, shown: readonly Finding[], hidden: number): string {
  const seen = new Set(shown);
  return report.findings.every(f => seen.has(f) || f.severity === 'info')
    ? count(hidden, 'hint')
    : `${number(hidden)} more`;
}

/** One line for each file, but one for all of many that are skipped for one reason. */
function skippedLines(skipped: Report['skipped']): string[] {
  const reasons = new Set(skipped.map(s => s.reason));
  return [...reasons].flatMap(reason => {
    const [first, ...others] = skipped.filter(s => s.reason === reason);
    if (first === undefined) return [];
    return others.length < 3
      ? [first, ...others].map(s => `skipped ${neutral(s.path)}: ${neutral(reason)}`)
      : [`skipped ${neutral(first.path)} and ${others.length} more files: ${neutral(reason)}`];
  });
}

function fixable(safe: number, unsafe: number): string {
  if (safe + unsafe === 0) return '';
  if (unsafe === 0) return ` (${number(safe)} fixable with --fix)`;
  if (safe === 0) return ` (${number(unsafe)} fixable with --fix --unsafe-fixes)`;
  return ` (${number(safe + unsafe)} fixable: ${number(safe)} with --fix, ${number(unsafe)} more with --unsafe-fixes)`;
}

/** `1 file`, `2,000 files`. */
export function count(value: number, noun: string, plural = `${noun}s`): string {
  return `${number(value)} ${value === 1 ? noun : plural}`;
}

/** With commas between thousands, whatever the machine's language. */
function number(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
