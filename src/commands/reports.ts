/** Writes the reports that flags ask for, each where it goes. */
import { type Report, atLeast } from '../report/report.ts';
import type { Severity } from '../types.ts';
import type { Output } from './flags.ts';
import { type Io, UsageError } from './io.ts';
import { writeOutput } from './output.ts';

/** The formats of a report. */
export const reportFormats = [
  'text',
  'json',
  'sarif',
  'github',
  'gitlab',
  'junit',
  'checkstyle',
  'rdjson',
  'markdown',
] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** The flags that bear on reports. */
export interface ReportFlags {
  readonly format: readonly Output<ReportFormat>[];
  /** The least that reports for people show; those for programs are complete. */
  readonly minSeverity: Severity;
  readonly color: 'auto' | 'always' | 'never';
}

/** Writes every report: text to standard output unless another one goes there. Throws a UsageError where two would. */
export async function writeReports(report: Report, flags: ReportFlags, io: Io): Promise<void> {
  for (const { format, file } of outputsOf(flags.format)) {
    const text = await render(format, report, file === undefined, flags, io);
    if (file === undefined) io.write(text);
    else writeOutput(io.cwd, file, text);
  }
}

/** Where each report goes. Throws a UsageError where two go to standard output. */
export function outputsOf(given: ReportFlags['format']): ReportFlags['format'] {
  const printed = given.filter(o => o.file === undefined);
  if (printed.length > 1)
    throw new UsageError(
      `--format ${printed[1]?.format} needs a file (--format ${printed[1]?.format}=FILE): one report goes to standard output`,
    );
  return printed.length === 0 ? [...given, { format: 'text', file: undefined }] : given;
}

async function render(
  format: ReportFormat,
  report: Report,
  printed: boolean,
  flags: ReportFlags,
  io: Io,
): Promise<string> {
  const { minSeverity } = flags;
  switch (format) {
    case 'text': {
      const { plainText, textReport } = await import('../report/text.ts');
      const color = printed && colored(flags.color, io);
      const columns = printed ? io.terminal?.columns : undefined;
      const hyperlinks = color && io.terminal !== undefined;
      return textReport(report, { color, hyperlinks, width: Math.max(60, columns ?? plainText.width), minSeverity });
    }
    case 'json':
      return (await import('../report/json.ts')).jsonReport(report);
    case 'sarif':
      return (await import('../report/sarif.ts')).sarifReport(report);
    case 'github': {
      const { githubReport, plainGithub } = await import('../report/github.ts');
      const { randomUUID } = await import('node:crypto');
      return githubReport(report, { ...plainGithub, minSeverity, stopToken: randomUUID() });
    }
    case 'gitlab':
      return (await import('../report/gitlab.ts')).gitlabReport(report, { minSeverity });
    case 'junit':
      return (await import('../report/junit.ts')).junitReport(report, { minSeverity });
    case 'checkstyle':
      return (await import('../report/checkstyle.ts')).checkstyleReport(report, { minSeverity });
    case 'rdjson':
      return (await import('../report/rdjson.ts')).rdjsonReport(report, { minSeverity });
    case 'markdown': {
      const { markdownReport, plainMarkdown } = await import('../report/markdown.ts');
      return markdownReport(report, { ...plainMarkdown, minSeverity });
    }
  }
}

/** `auto`: a terminal that shows colours, and a user who did not say no (no-color.org, force-color.org). */
function colored(color: ReportFlags['color'], { env, terminal }: Io): boolean {
  if (color !== 'auto') return color === 'always';
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR'] && env['FORCE_COLOR'] !== '0') return true;
  return terminal !== undefined && env['TERM'] !== 'dumb';
}

/** Flags that make findings, and what was skipped, count. */
export interface ExitFlags {
  readonly failOn: Severity | 'never';
  readonly failOnSkipped: boolean;
}

/** 0 clean, 1 findings that count, 2 where something was skipped and may not be. */
export function exitCode({ findings, skipped }: Report, { failOn, failOnSkipped }: ExitFlags, io: Io): number {
  if (failOnSkipped && skipped.length > 0) {
    io.complain(
      `tusklint: ${skipped.length} ${skipped.length === 1 ? 'path was' : 'paths were'} skipped, and --fail-on-skipped is given\n`,
    );
    return 2;
  }
  return failOn !== 'never' && findings.some(f => atLeast(f.severity, failOn)) ? 1 : 0;
}
