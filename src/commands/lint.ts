/** `tusklint lint`: judges what the paths hold. */
import type { Level } from '../config.ts';
import { lint } from '../lint.ts';
import { loadCatalogue } from '../postgres/catalogue.ts';
import { type Prepared, prepare } from '../prepare.ts';
import { type Report, atLeast, rulePage } from '../report/report.ts';
import type { Preset, Severity } from '../types.ts';
import { version } from '../version.ts';
import { configuration } from './configuration.ts';
import type { Output } from './flags.ts';
import { type Io, UsageError } from './io.ts';
import { writeOutput } from './output.ts';
import { progressOf } from './progress.ts';

/** Reports that `lint` can write. */
export const lintFormats = ['text', 'json'] as const;
export type LintFormat = (typeof lintFormats)[number];

/** The flags of `tusklint lint`, read. */
export interface LintFlags {
  readonly format: readonly Output<LintFormat>[];
  readonly preset: Preset | undefined;
  readonly minSeverity: Severity;
  readonly failOn: Severity | 'never';
  readonly failOnSkipped: boolean;
  readonly explainFile: string | undefined;
  readonly rule: readonly (readonly [id: string, level: Level])[];
  readonly config: string | false | undefined;
  readonly pgVersion: number | undefined;
  readonly now: string | undefined;
  readonly baseline: string | undefined;
  readonly updateBaseline: boolean;
  readonly color: 'auto' | 'always' | 'never';
  readonly stdinFilename: string;
}

/** Lints, writes the reports, and gives the exit code. */
export async function lintCommand(paths: readonly string[], flags: LintFlags, io: Io): Promise<number> {
  const started = io.clock();
  const outputs = outputsOf(flags.format);
  if (flags.updateBaseline && flags.baseline === undefined)
    throw new UsageError('--update-baseline needs --baseline FILE, the file to write');
  const ruleSet = io.loadRules();
  const catalogue = loadCatalogue();
  const config = await configuration(io.cwd, flags, async () => (await ruleSet).rules);
  const progress = progressOf(io);
  const prepared = await prepare(paths, { ...flags, cwd: io.cwd, config, stdin: io.stdin, progress: progress.show });
  if (prepared.explanation !== undefined) {
    io.write(`${prepared.explanation}\n`);
    return 0;
  }
  const { rules, areas } = await ruleSet;
  const result = lint({
    sources: prepared.sources,
    complete: prepared.completeness.complete,
    rules,
    config,
    catalogue: await catalogue,
    now: flags.now ?? io.today,
    pgVersion: config.pgVersion,
  });
  progress.end();
  const texts = new Map(prepared.sources.map(s => [s.path, s.text]));
  // Only who has a baseline pays for reading one.
  const findings =
    flags.baseline === undefined
      ? result.findings
      : (await import('./baseline.ts')).applyBaseline(result.findings, { ...flags, baseline: flags.baseline }, io);
  const report: Report = {
    version,
    findings,
    files: prepared.files,
    parsed: result.parsed,
    servers: result.servers.length,
    skipped: prepared.skipped,
    masks: result.masks,
    text: path => texts.get(path),
    url: id => rulePage(areas, id),
    seconds: io.clock() - started,
  };
  for (const { format, file } of outputs) {
    const text = await render(format, report, file === undefined, flags, io);
    if (file === undefined) io.write(text);
    else writeOutput(io.cwd, file, text);
  }
  return exitCode(report, prepared, flags, io);
}

/** Where each report goes: text to standard output unless another one does. */
function outputsOf(given: readonly Output<LintFormat>[]): readonly Output<LintFormat>[] {
  const printed = given.filter(o => o.file === undefined);
  if (printed.length > 1)
    throw new UsageError(
      `--format ${printed[1]?.format} needs a file (--format ${printed[1]?.format}=FILE): one report goes to standard output`,
    );
  return printed.length === 0 ? [...given, { format: 'text', file: undefined }] : given;
}

async function render(format: LintFormat, report: Report, printed: boolean, flags: LintFlags, io: Io): Promise<string> {
  if (format === 'json') return (await import('../report/json.ts')).jsonReport(report);
  const { plainText, textReport } = await import('../report/text.ts');
  const { minSeverity } = flags;
  const color = printed && colored(flags.color, io);
  return textReport(report, {
    color,
    hyperlinks: color && io.terminal !== undefined,
    width: Math.max(60, (printed ? io.terminal?.columns : undefined) ?? plainText.width),
    minSeverity,
  });
}

/** `auto`: a terminal that shows colours, and a user who did not say no (no-color.org, force-color.org). */
function colored(color: LintFlags['color'], { env, terminal }: Io): boolean {
  if (color !== 'auto') return color === 'always';
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR'] && env['FORCE_COLOR'] !== '0') return true;
  return terminal !== undefined && env['TERM'] !== 'dumb';
}

function exitCode({ findings }: Report, { skipped }: Prepared, flags: LintFlags, io: Io): number {
  if (flags.failOnSkipped && skipped.length > 0) {
    io.complain(
      `tusklint: ${skipped.length} ${skipped.length === 1 ? 'path was' : 'paths were'} skipped, and --fail-on-skipped is given\n`,
    );
    return 2;
  }
  const { failOn } = flags;
  return failOn !== 'never' && findings.some(f => atLeast(f.severity, failOn)) ? 1 : 0;
}
