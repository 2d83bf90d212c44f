/**
 * From texts to findings: pure and synchronous, no file system, no process, no clock.
 * Everything slow or asynchronous was prepared before (see `prepare.ts`).
 */
import { annotate, withoutFixes } from './cluster/annotate.ts';
import type { Coverage } from './cluster/coverage.ts';
import type { Config } from './config.ts';
import { type Checked, check } from './engine/run.ts';
import { buildModel } from './model.ts';
import { mentionPattern } from './prefilter.ts';
import type { Resource } from './kubernetes/resource.ts';
import type { Catalogue } from './postgres/catalogue.ts';
import type { Server } from './postgres/server.ts';
import type { AnyRule, Finding, Location, Source } from './types.ts';

export interface LintInput {
  /** The texts that matter, prefiltered; in the order of their paths. */
  readonly sources: readonly Source[];
  /** All of the repository (or an export) is in the input: what is not here does not exist. */
  readonly complete: boolean;
  /** The sources are exports of a cluster, which hold these kinds in full; undefined for files of a repository. */
  readonly exported?: Coverage | undefined;
  readonly rules: readonly AnyRule[];
  readonly config: Config;
  readonly catalogue: Catalogue;
  /** `YYYY-MM-DD`. */
  readonly now: string;
  /** The major to judge by where no image tells. */
  readonly pgVersion: number | undefined;
}

export interface LintResult {
  /** Worst first within a file, files in the order of their paths; ignore comments and severities applied. */
  readonly findings: readonly Finding[];
  /** What ignore comments took away. */
  readonly ignored: Checked['ignored'];
  readonly servers: readonly Server[];
  /** Sources that were parsed. */
  readonly parsed: number;
  /** Places of secret values: every output masks them. */
  readonly masks: readonly Location[];
  /** Workloads that run PostgreSQL for an operator: they are not judged, since nobody writes them. */
  readonly operated?: readonly Resource[];
}

/** Works out every server of the input and checks it. Throws where a rule throws (our bug), never for what the input holds. */
export function lint(input: LintInput): LintResult {
  const model = buildModel(input);
  const mention = mentionPattern(Object.keys(input.config.images));
  const texts = new Map(input.sources.map(s => [s.path, s.text]));
  const { findings, ignored } = check({
    rules: input.exported === undefined ? input.rules : input.rules.map(withoutFixes),
    subjects: {
      server: model.servers,
      'settings-file': model.settingsFiles,
      'hba-file': model.hbaFiles,
      environment: model.environments,
      // What is wrong with files of other products is not our business.
      'yaml-file': model.yamlFiles.filter(file => mention.test(texts.get(file.path) ?? '')),
    },
    sources: input.sources,
    config: input.config,
    now: input.now,
  });
  const told = model.live === undefined ? findings : annotate(findings, model.live, model.servers);
  return {
    findings: told,
    ignored,
    servers: model.servers,
    parsed: model.parsed,
    masks: model.masks,
    operated: model.operated,
  };
}
