/** Judges what the paths hold: the part that every command that reports findings has in common. */
import { type LintResult, lint } from '../lint.ts';
import { loadCatalogue } from '../postgres/catalogue.ts';
import { type Prepared, prepare } from '../prepare.ts';
import { readPage } from '../pages.ts';
import { type Report, describeRules, rulePage } from '../report/report.ts';
import type { Config } from '../config.ts';
import type { Tree } from '../tree.ts';
import type { AnyRule, Finding, Source } from '../types.ts';
import { version } from '../version.ts';
import { type ConfigurationFlags, configuration } from './configuration.ts';
import type { Io, RuleSet } from './io.ts';
import { progressLine } from './progress.ts';

/** Flags that bear on what is judged and how. */
export interface JudgeFlags extends ConfigurationFlags {
  /** `YYYY-MM-DD`; undefined for today. */
  readonly now: string | undefined;
  /** The path that the text of standard input is reported under. */
  readonly stdinFilename: string;
  /** A path whose fate is asked for. */
  readonly explainFile?: string | undefined;
}

/** A tree that was read, with all that it takes to judge it. */
export interface Run {
  readonly config: Config;
  readonly ruleSet: RuleSet;
  readonly prepared: Prepared;
  /** Judges texts, by these rules alone: those of the tree, or as they are after a fix or were before a change. */
  readonly judge: (sources: readonly Source[], complete?: boolean, rules?: readonly AnyRule[]) => LintResult;
}

/** A tree, judged. */
export interface Judged extends Run {
  readonly result: LintResult;
}

/** Reads the configuration and the paths; `tree` says where the files are taken from. */
export async function prepareRun(paths: readonly string[], flags: JudgeFlags, io: Io, tree?: Tree): Promise<Run> {
  const loading = io.loadRules();
  const catalogue = loadCatalogue();
  const config = await configuration(io.cwd, flags, async () => (await loading).rules);
  const progress = progressLine(io);
  const { stdinFilename, explainFile } = flags;
  const { cwd, stdin } = io;
  const options = {
    cwd,
    config,
    stdin,
    stdinFilename,
    explainFile,
    tree,
    progress: (files: number) => progress.show(() => `${files} files read`),
  };
  const prepared = await prepare(paths, options);
  progress.end();
  const ruleSet = await loading;
  const context = { config, catalogue: await catalogue, now: flags.now ?? io.today, pgVersion: config.pgVersion };
  const judge: Run['judge'] = (sources, complete = prepared.completeness.complete, rules = ruleSet.rules) =>
    lint({ ...context, sources, complete, rules });
  return { config, ruleSet, prepared, judge };
}

/** Judges what was read. */
export const judged = (run: Run): Judged => ({ ...run, result: run.judge(run.prepared.sources) });

/** What reporters are given of a judged tree; `findings` are those of it that are to be reported, `accepted` those of a baseline. */
export function reportOf(
  {
    prepared,
    result,
    ruleSet,
  }: Pick<Judged, 'result' | 'ruleSet'> & { readonly prepared: Pick<Prepared, 'sources' | 'files' | 'skipped'> },
  findings: readonly Finding[],
  seconds: number | undefined,
  accepted: readonly Finding[] = [],
): Report {
  const texts = new Map(prepared.sources.map(s => [s.path, s.text]));
  return {
    version,
    findings,
    files: prepared.files,
    parsed: result.parsed,
    servers: result.servers.length,
    skipped: prepared.skipped,
    masks: result.masks,
    text: path => texts.get(path),
    url: id => rulePage(ruleSet.areas, id),
    suppressed: [
      ...result.ignored.map(i => ({ ...i, by: 'comment' as const })),
      ...accepted.map(finding => ({ finding, by: 'baseline' as const, reason: '' })),
    ],
    rule: describeRules(ruleSet.rules, ruleSet.areas, readPage),
    seconds,
  };
}
