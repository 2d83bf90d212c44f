/** What every input must bear: no crash, no hang, and places that lie in the text. */
import { classify } from '../classify.ts';
import { defaultConfig } from '../config.ts';
import { lint } from '../lint.ts';
import type { Catalogue } from '../postgres/catalogue.ts';
import { select } from '../prefilter.ts';
import { jsonReport } from '../report/json.ts';
import { plainText, textReport } from '../report/text.ts';
import type { AnyRule, Source } from '../types.ts';

/** Seconds of the processor that one small input may take: what else the machine does counts for nothing. */
export const patience = 2;

/** What the check runs with. */
export interface Means {
  readonly rules: readonly AnyRule[];
  readonly catalogue: Catalogue;
}

/** Lints a source every way there is. Throws, naming what went wrong, where that fails; gives the number of findings. */
export function withstand(source: Source, { rules, catalogue }: Means): number {
  const started = process.cpuUsage();
  const { path, text } = source;
  classify(path, text);
  select([{ path, read: () => text }], []);
  const result = lint({
    // Given directly: what the prefilter would drop has to be borne as well.
    sources: [source],
    complete: true,
    rules,
    config: { ...defaultConfig, preset: 'strict' },
    catalogue,
    now: '2026-11-22',
    pgVersion: undefined,
  });
  for (const finding of result.findings) {
    for (const at of [finding.at, ...finding.related.map(r => r.at), ...(finding.fix?.edits ?? [])]) {
      if (!(at.path === path && at.start >= 0 && at.start <= at.end && at.end <= text.length))
        throw new Error(`${finding.rule} points outside of ${path}: ${at.start} to ${at.end} of ${text.length}`);
    }
  }
  const report = {
    version: '0',
    findings: result.findings,
    files: 1,
    parsed: result.parsed,
    servers: result.servers.length,
    skipped: [],
    masks: result.masks,
    text: (wanted: string) => (wanted === path ? text : undefined),
    url: (rule: string) => rule,
    rule: () => undefined,
    seconds: undefined,
  };
  textReport(report, { ...plainText, minSeverity: 'info' });
  JSON.parse(jsonReport(report));
  const { user, system } = process.cpuUsage(started);
  const seconds = (user + system) / 1e6;
  if (seconds > patience) throw new Error(`${path} took ${seconds.toFixed(1)} s`);
  return result.findings.length;
}
