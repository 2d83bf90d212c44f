/** `tusklint hook`: judges what is staged, as a hook of git or pre-commit asks it to. */
import { existsSync, lstatSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { changesSince, isNeverRead, stagedTree } from '../git-tree.ts';
import { emptyTree } from '../tree.ts';
import type { Finding } from '../types.ts';
import { compareWith, repositoryOf } from './base.ts';
import { type FixFlags, checkFixFlags } from './flags.ts';
import { type Io, UsageError } from './io.ts';
import { type JudgeFlags, judged, prepareRun, reportOf } from './judge.ts';
import { finish } from './lint.ts';
import { type ExitFlags, type ReportFlags, exitCode, writeReports } from './reports.ts';

/** The flags of `tusklint hook`, read. */
export interface HookFlags extends JudgeFlags, FixFlags, ReportFlags, ExitFlags {}

/**
 * Judges the whole index, and reports what is new against HEAD, and what touches the files given (else those that are
 * staged) by its place or a related one. Fixes change files that were given, where they are on the disk as they are staged;
 * the exit code is then 1, since a commit would still have them as they were.
 */
export async function hookCommand(files: readonly string[], flags: HookFlags, io: Io): Promise<number> {
  const started = io.clock();
  checkFixFlags(flags, files);
  const root = repositoryOf(['.'], io.cwd);
  // git works while we do.
  const changing = changesSince(root, 'HEAD', true);
  changing.catch(() => {});
  // A commit of sources and images: nothing has to be read.
  const nothingToRead = files.length === 0 && (await changing).every(c => isNeverRead(c.path));
  const whole = await prepareRun([root], flags, io, nothingToRead ? emptyTree : stagedTree(root));
  const changes = (await changing).map(c => resolve(root, c.path));
  const given = files.length > 0 ? files.map(f => resolve(io.cwd, f)) : changes;
  const missing = given.findIndex(f => !existsSync(f) && !changes.includes(f));
  if (missing >= 0) throw new UsageError(`there is no file "${files[missing] ?? ''}"`);
  const isTouched = under(given, io.cwd);
  // What cannot be judged elsewhere is not the business of this commit.
  const skipped = whole.prepared.skipped.filter(s => isTouched(s.path));
  const run = { ...whole, prepared: { ...whole.prepared, skipped } };
  const base = { revision: 'HEAD', staged: true, changes: changing, near: isTouched };
  const comparison = await compareWith(run, base, [root], io);
  if (comparison.beside && !run.prepared.sources.some(s => isTouched(s.path))) {
    const report = { ...reportOf({ ...run, result: nothing }, [], io.clock() - started), beside: true };
    await writeReports(report, flags, io);
    return exitCode(report, flags, io);
  }
  const found = comparison.near ?? judged(run);
  const touches = ({ at, related }: Finding): boolean => isTouched(at.path) || related.some(r => isTouched(r.at.path));
  // Only what lies elsewhere has to be compared.
  const isNew = await comparison.isNew(found.result.findings.filter(f => !touches(f)));
  const fixable = given.filter(isFixable);
  const { code, changed } = await finish(found, { counts: f => touches(f) || isNew(f) }, fixable, flags, io, started);
  if (changed === 0) return code;
  io.complain(`tusklint: ${changed === 1 ? '1 file was' : `${changed} files were`} changed: add and commit again\n`);
  return Math.max(code, 1);
}

const nothing = { findings: [], ignored: [], servers: [], parsed: 0, masks: [] };

/** Whether a path of a report is one of these (absolute), or lies below one. */
function under(given: readonly string[], cwd: string): (path: string) => boolean {
  const all = new Set(given);
  return path => {
    for (let here = resolve(cwd, path); ; here = dirname(here)) {
      if (all.has(here)) return true;
      if (here === dirname(here)) return false;
    }
  };
}

/** What a commit deletes is not there to be changed, and a link leads to what nobody gave. */
function isFixable(absolute: string): boolean {
  const stat = lstatSync(absolute, { throwIfNoEntry: false });
  return stat !== undefined && !stat.isSymbolicLink();
}
