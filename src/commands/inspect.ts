/** `tusklint inspect`: the servers as they would run. */
import { classify } from '../classify.ts';
import { inspectHba } from '../formats/pg-hba.ts';
import { lint } from '../lint.ts';
import { type Catalogue, loadCatalogue, newestMajor } from '../postgres/catalogue.ts';
import { inspectConf } from '../postgres/inspect-conf.ts';
import { prepare } from '../prepare.ts';
import { inspectJson, inspectText } from '../report/inspect.ts';
import { inert } from '../report/workflow.ts';
import type { Source } from '../types.ts';
import { configuration } from './configuration.ts';
import type { Io } from './io.ts';
import { progressLine } from './progress.ts';

/** The flags of `tusklint inspect`, read. */
export interface InspectFlags {
  readonly format: 'text' | 'json';
  readonly config: string | false | undefined;
  readonly pgVersion: number | undefined;
  readonly stdinFilename: string;
}

/** Prints every server of the input; what is skipped is said on standard error. */
export async function inspectCommand(paths: readonly string[], flags: InspectFlags, io: Io): Promise<number> {
  const catalogue = loadCatalogue();
  const rules = async () => (await io.loadRules()).rules;
  const config = await configuration(io.cwd, { ...flags, preset: undefined, rule: [] }, rules);
  const progress = progressLine(io);
  const { stdinFilename } = flags;
  const prepared = await prepare(paths, {
    cwd: io.cwd,
    config,
    stdin: io.stdin,
    stdinFilename,
    explainFile: undefined,
    progress: files => progress.show(() => `${files} files read`),
  });
  const only = prepared.sources.length === 1 && paths.length === 1 ? prepared.sources[0] : undefined;
  if (only !== undefined && flags.format === 'json') {
    const report = inspectFile(only, config.pgVersion, await catalogue);
    if (report !== undefined) {
      progress.end();
      io.write(`${JSON.stringify(report, null, 2)}\n`);
      return 0;
    }
  }
  const result = lint({
    sources: prepared.sources,
    complete: prepared.completeness.complete,
    rules: [],
    config,
    catalogue: await catalogue,
    now: io.today,
    pgVersion: config.pgVersion,
  });
  progress.end();
  const texts = new Map(prepared.sources.map(s => [s.path, s.text]));
  const inspection = { servers: result.servers, text: (path: string) => texts.get(path), masks: result.masks };
  io.write(
    flags.format === 'json' ? `${JSON.stringify(inspectJson(inspection), null, 2)}\n` : inert(inspectText(inspection)),
  );
  for (const { path, reason } of prepared.skipped) io.complain(`skipped ${path}: ${reason}\n`);
  return 0;
}

/** A settings file or pg_hba.conf alone, as a server of that major (the newest one known, where none is given) reads it. */
function inspectFile({ path, text }: Source, pgVersion: number | undefined, catalogue: Catalogue): object | undefined {
  const major = pgVersion ?? newestMajor(catalogue);
  switch (classify(path, text).kind) {
    case 'postgresql.conf':
      return inspectConf(text, path, major, catalogue);
    case 'pg_hba.conf':
      return inspectHba(text, major);
    default:
      return undefined;
  }
}
