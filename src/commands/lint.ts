/** `tusklint lint`: judges what the paths hold. */
import type { Report } from '../report/report.ts';
import type { Tree } from '../tree.ts';
import type { Finding } from '../types.ts';
import { type FixFlags, checkFixFlags } from './flags.ts';
import { type Io, UsageError } from './io.ts';
import { type Judged, type JudgeFlags, judged, prepareRun, reportOf } from './judge.ts';
import { type ExitFlags, type ReportFlags, exitCode, outputsOf, writeReports } from './reports.ts';

/** The flags of `tusklint lint`, read. */
export interface LintFlags extends JudgeFlags, FixFlags, ReportFlags, ExitFlags {
  readonly baseline: string | undefined;
  readonly updateBaseline: boolean;
  /** The revision whose findings are not reported. */
  readonly base: string | undefined;
  /** Whether git's index is judged in place of the working tree. */
  readonly staged: boolean;
}

/** Lints, mends where it is asked to, writes the reports, and gives the exit code. */
export async function lintCommand(paths: readonly string[], flags: LintFlags, io: Io): Promise<number> {
  const started = io.clock();
  outputsOf(flags.format);
  checkFixFlags(flags, paths);
  if (flags.updateBaseline && flags.baseline === undefined)
    throw new UsageError('--update-baseline needs --baseline FILE, the file to write');
  const tree = flags.staged ? await stagedOf(paths, io) : undefined;
  const run = await prepareRun(paths, flags, io, tree);
  if (run.prepared.explanation !== undefined) {
    io.write(`${run.prepared.explanation}\n`);
    return 0;
  }
  const found = judged(run);
  return (await finish(found, await chosenBy(found, paths, flags, io), paths, flags, io, started)).code;
}

/** Which findings of a tree are reported. */
export interface Choice {
  readonly counts: (finding: Finding) => boolean;
  /** Those that the user accepted before. */
  readonly accepted?: ((finding: Finding) => boolean) | undefined;
}

/** How a run ended. */
export interface Finished {
  /** The exit code. */
  readonly code: number;
  /** Files that fixes changed. */
  readonly changed: number;
}

/** Mends and reports the findings that count; files under `fixable` alone are changed. */
export async function finish(
  found: Judged,
  { counts, accepted }: Choice,
  fixable: readonly string[],
  flags: FixFlags & ReportFlags & ExitFlags,
  io: Io,
  started: number,
): Promise<Finished> {
  const reported = (tree: Judged): Report => {
    const { findings } = tree.result;
    const known = accepted === undefined ? [] : findings.filter(accepted);
    return reportOf(tree, findings.filter(counts), io.clock() - started, known);
  };
  // Who mends nothing does not pay for it.
  if (!flags.fix && !flags.diff) {
    const report = reported(found);
    await writeReports(report, flags, io);
    return { code: exitCode(report, flags, io), changed: 0 };
  }
  const { fixFindings, patchText, writeFixes } = await import('./fix.ts');
  const outcome = fixFindings(found, counts, flags, fixable, io.cwd);
  const { fixed, unfixed } = outcome;
  if (flags.diff) {
    const report = { ...reported(found), fixed, unfixed };
    io.write(await patchText(outcome, found, io.cwd));
    const { fixSummary } = await import('../report/text.ts');
    io.complain(fixSummary(report, outcome.judged.result.findings.filter(counts)));
    return { code: exitCode(report, flags, io), changed: 0 };
  }
  writeFixes(outcome, io);
  const report = { ...reported(outcome.judged), fixed, unfixed };
  await writeReports(report, flags, io);
  return { code: exitCode(report, flags, io), changed: outcome.changes.length };
}

/** The index of the repository that the paths lie in. */
async function stagedOf(paths: readonly string[], io: Io): Promise<Tree> {
  const [{ stagedTree }, { repositoryOf }] = await Promise.all([import('../git-tree.ts'), import('./base.ts')]);
  return stagedTree(repositoryOf(paths, io.cwd));
}

/** Which findings are to be reported: not those of the baseline, and not those that the base has too. */
async function chosenBy(found: Judged, paths: readonly string[], flags: LintFlags, io: Io): Promise<Choice> {
  const { base, baseline, staged } = flags;
  const { findings } = found.result;
  let isNew: Choice['counts'] = () => true;
  if (base !== undefined) {
    const { compareWith } = await import('./base.ts');
    isNew = await (await compareWith(found, { revision: base, staged }, paths, io)).isNew(findings);
  }
  if (baseline === undefined) return { counts: isNew };
  const { applyBaseline } = await import('./baseline.ts');
  const isFresh = applyBaseline(findings, { ...flags, baseline }, io);
  return { counts: f => isNew(f) && isFresh(f), accepted: f => !isFresh(f) };
}
