/** Judges the checkout, and picks the findings that count. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { compareWith } from '../commands/base.ts';
import type { Io } from '../commands/io.ts';
import { type Judged, judged, prepareRun, reportOf } from '../commands/judge.ts';
import { ConfigError } from '../config.ts';
import { displayPath, foreignName } from '../discover.ts';
import { compare, readBaseline } from '../engine/baseline.ts';
import { resolvePath } from '../paths.ts';
import { placer } from '../report/lines.ts';
import type { Report } from '../report/report.ts';
import { emptyTree } from '../tree.ts';
import type { Finding, Location } from '../types.ts';
import type { Basis } from './basis.ts';
import { isChanged } from './changes.ts';
import type { Run } from './run.ts';
import { type TrustedFile, trustedBaseline, trustedConfiguration, written } from './trusted.ts';

/** What was found. */
export interface Judgement {
  /** The findings that count. */
  readonly report: Report;
  /** All findings, those of the baseline among them as accepted ones: for those who compare by themselves. */
  readonly whole: Report;
  /** How many findings the base has not; undefined where that is not known. */
  readonly fresh: number | undefined;
  /** Whether nothing had to be judged, because no file that is read has changed. */
  readonly skipped: boolean;
  readonly notes: readonly string[];
}

/** Judges. Throws a UsageError or a ConfigError for what is wrong with the inputs or the configuration. */
export async function judgeChange(run: Run, basis: Basis): Promise<Judgement> {
  const { inputs, workspace, temporary, env, clock, today, loadRules, event } = run;
  const { cwd } = workspace;
  const started = clock();
  // After a push the files of the checkout are those that somebody has accepted.
  const proposed = event.kind === 'pull-request' || event.kind === 'merge-group';
  const sources = { workspace, base: proposed ? basis.base : undefined };
  const config = inputs.config === false ? undefined : await trustedConfiguration(inputs.config, sources);
  const baseline = inputs.baseline === undefined ? undefined : await trustedBaseline(inputs.baseline, sources);
  const files = [config, baseline].flatMap(file => file ?? []);
  const notes = files.flatMap(file => file.change ?? changeByLines(file, run, basis));
  const skipped = isForeign(run, basis);
  const complaints: string[] = [];
  const io: Io = {
    cwd,
    env,
    stdin: Readable.from([]),
    write: () => {},
    complain: text => complaints.push(text),
    terminal: undefined,
    errorTerminal: false,
    today,
    clock,
    loadRules,
  };
  const flags = {
    config: config === undefined ? (false as const) : written(config, temporary),
    preset: inputs.preset,
    rule: inputs.rule,
    pgVersion: inputs.pgVersion,
    now: inputs.now,
    stdinFilename: 'stdin',
  };
  const prepared = await underOwnName(config, flags.config, cwd, () =>
    prepareRun(inputs.paths, flags, io, skipped ? emptyTree : undefined),
  );
  const tree = judged(prepared);
  const { findings } = tree.result;
  const sorted = baseline && compare(findings, readBaseline({ path: baseline.shown, text: baseline.text }));
  const counted = sorted?.fresh ?? findings;
  const isNew =
    basis.base === undefined || skipped
      ? undefined
      : await (await compareWith(tree, { revision: basis.base, staged: false }, inputs.paths, io)).isNew(counted);
  const chosen = counted.filter(chooser(tree, basis, run, isNew));
  const seconds = clock() - started;
  return {
    report: reportOf(tree, chosen, seconds),
    whole: reportOf(tree, counted, seconds, sorted?.known),
    fresh: skipped ? 0 : isNew && counted.filter(isNew).length,
    skipped,
    notes: [...notes, ...complaints],
  };
}

/** Without the commit before it, only the list of changed files can tell that a file which says how to judge is another one. */
function changeByLines(file: TrustedFile, { event, workspace }: Run, { base, changes }: Basis): string[] {
  const path = resolvePath(workspace.directory, file.shown);
  if (event.kind !== 'pull-request' || base !== undefined || changes?.has(path) !== true) return [];
  return [`this change changes ${file.shown}, and is judged by it`];
}

/** Whether nothing that has changed is ever read. */
function isForeign({ inputs, workspace }: Run, { changes, scope }: Basis): boolean {
  if (changes === undefined || scope === 'all') return false;
  if (!inputs.paths.every(path => statSync(resolve(workspace.cwd, path)).isDirectory())) return false;
  return [...changes.keys()].every(path => foreignName(path) !== undefined);
}

/** Mistakes in a configuration that was written elsewhere, under its own name. */
async function underOwnName<T>(
  file: TrustedFile | undefined,
  path: string | false,
  cwd: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ConfigError) || file === undefined || path === false) throw error;
    const before = file.change === undefined ? '' : ' (as it was before this change)';
    throw new ConfigError(error.message.replaceAll(displayPath(cwd, path), file.shown) + before);
  }
}

/** Which findings count. One that stands elsewhere counts where something that bears on it has changed. */
function chooser(
  { prepared }: Judged,
  { scope, changes }: Basis,
  { workspace }: Run,
  isNew: ((finding: Finding) => boolean) | undefined,
): (finding: Finding) => boolean {
  if (scope === 'all' || changes === undefined) return () => true;
  if (scope === 'new') return isNew ?? (() => true);
  const texts = new Map(prepared.sources.map(s => [s.path, s.text]));
  const place = placer({ text: path => texts.get(path) });
  const counts = (at: Location): boolean => {
    const file = changes.get(resolvePath(workspace.directory, at.path));
    if (scope === 'changed-files') return file !== undefined;
    const { line, endLine } = place(at);
    return isChanged(file, line, endLine);
  };
  return ({ at, related }) => counts(at) || related.some(r => counts(r.at));
}
