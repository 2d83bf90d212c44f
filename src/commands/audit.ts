/** `tusklint audit`: judges what a cluster runs, from an export or through kubectl. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Scope, exportCommand } from '../cluster/export-command.ts';
import { type Unread, readCluster } from '../cluster/kubectl.ts';
import { type ExportReader, exportReader } from '../cluster/read-export.ts';
import { displayPath } from '../discover.ts';
import { operatorOf } from '../kubernetes/export.ts';
import { type LintResult, lint } from '../lint.ts';
import { loadCatalogue } from '../postgres/catalogue.ts';
import type { Report, Skipped } from '../report/report.ts';
import type { Finding } from '../types.ts';
import { byteProgress, megabytes } from './byte-progress.ts';
import { type ConfigurationFlags, configuration } from './configuration.ts';
import { type Io, UsageError } from './io.ts';
import { reportOf } from './judge.ts';
import { type ExitFlags, type ReportFlags, exitCode, outputsOf, writeReports } from './reports.ts';

/** The flags of `tusklint audit`, read. */
export interface AuditFlags extends ConfigurationFlags, ReportFlags, ExitFlags {
  readonly context: string | undefined;
  readonly namespace: string | undefined;
  readonly allNamespaces: boolean;
  readonly printExportCommand: boolean;
  readonly now: string | undefined;
  readonly baseline: string | undefined;
  readonly updateBaseline: boolean;
  /** The path that the text of standard input is reported under. */
  readonly stdinFilename: string;
}

/** Judges an export (`-`: standard input) or, without one, the cluster of a context; gives the exit code. */
export async function auditCommand(file: string | undefined, flags: AuditFlags, io: Io): Promise<number> {
  const started = io.clock();
  const scope = scopeOf(flags);
  if (flags.printExportCommand) {
    io.write(exportCommand(scope));
    return 0;
  }
  checkFlags(file, flags);
  outputsOf(flags.format);
  const loading = io.loadRules();
  const catalogue = loadCatalogue();
  const config = await configuration(io.cwd, flags, async () => (await loading).rules);
  const reader = exportReader(config);
  const { files, unread } =
    file === undefined
      ? await askCluster(scope, reader, io)
      : { files: 1, unread: await readFile(file, reader, flags, io) };
  const exported = reader.finish();
  const ruleSet = await loading;
  const result = lint({
    sources: exported.sources,
    complete: false,
    exported: exported.coverage,
    rules: ruleSet.rules,
    config,
    catalogue: await catalogue,
    now: flags.now ?? io.today,
    pgVersion: config.pgVersion,
  });
  const findings = await countedBy(result.findings, flags, io);
  const skipped = [...exported.skipped, ...unread, ...operatedIn(result)];
  const prepared = { sources: exported.sources, files, skipped };
  const report: Report = {
    ...reportOf({ prepared, result, ruleSet }, findings, io.clock() - started),
    origins: path => exported.origins.get(path),
  };
  await writeReports(report, flags, io);
  // That a cluster lacks a kind is no gap in what was read.
  const absent = new Set<Skipped>(unread.filter(u => !u.isGap));
  return exitCode({ ...report, skipped: skipped.filter(s => !absent.has(s)) }, flags, io);
}

function scopeOf({ context, namespace, allNamespaces }: AuditFlags): Scope {
  if (namespace !== undefined && allNamespaces)
    throw new UsageError('-n takes one namespace, -A takes all: give one of them');
  return { context, namespace: allNamespaces ? { all: true } : namespace };
}

function checkFlags(file: string | undefined, flags: AuditFlags): void {
  const { context, namespace, allNamespaces, baseline, updateBaseline } = flags;
  if (updateBaseline && baseline === undefined)
    throw new UsageError('--update-baseline needs --baseline FILE, the file to write');
  if (file !== undefined && context !== undefined) throw new UsageError('give an export or --context, not both');
  if (context === undefined && (namespace !== undefined || allNamespaces))
    throw new UsageError('-n and -A go with --context NAME, which names the cluster to ask');
  if (file === undefined && context === undefined)
    throw new UsageError(
      'name an export, - for standard input, or --context NAME (--print-export-command shows how to make an export)',
    );
}

async function askCluster(
  scope: Scope,
  reader: ExportReader,
  io: Io,
): Promise<{ readonly files: number; readonly unread: readonly Unread[] }> {
  const progress = byteProgress(io);
  try {
    const { answers, unread } = await readCluster(scope, io, reader, (bytes, kind) =>
      progress.show(bytes, undefined, kind),
    );
    return { files: answers, unread };
  } finally {
    progress.end();
  }
}

/** Above this many bytes it is worth a word that the other format is faster. */
const largeYaml = 50e6;

async function readFile(
  file: string,
  reader: ExportReader,
  { stdinFilename }: AuditFlags,
  io: Io,
): Promise<readonly Unread[]> {
  const absolute = resolve(io.cwd, file);
  const isStdin = file === '-';
  if (!isStdin && !existsSync(absolute)) throw new UsageError(`there is no file "${file}"`);
  const stat = isStdin ? undefined : statSync(absolute);
  if (stat?.isDirectory() === true)
    throw new UsageError(`"${file}" is a folder: audit takes one export (to judge files: tusklint lint ${file})`);
  const path = isStdin ? stdinFilename : displayPath(io.cwd, absolute);
  const total = stat?.isFile() === true ? stat.size : undefined;
  const progress = byteProgress(io);
  try {
    const input = isStdin ? io.stdin : createReadStream(absolute, { highWaterMark: 1024 * 1024 });
    const { bytes, format, objects } = await reader.read(input, path, { progress: b => progress.show(b, total) });
    progress.end();
    if (format === 'yaml' && bytes > largeYaml)
      io.complain(
        `tusklint: ${path} is ${megabytes(bytes)} of YAML: kubectl prints the same as JSON (-o json) in half the time\n`,
      );
    if (bytes === 0 || objects === 0) {
      const reason = bytes === 0 ? 'is empty' : 'holds no object of Kubernetes';
      return [{ path, reason, isGap: true }];
    }
    return [];
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw new UsageError(`cannot read ${path}: ${String(error.code)}`);
    throw error;
  } finally {
    progress.end();
  }
}

async function countedBy(findings: readonly Finding[], flags: AuditFlags, io: Io): Promise<readonly Finding[]> {
  const { baseline } = flags;
  if (baseline === undefined) return findings;
  const { applyBaseline } = await import('./baseline.ts');
  return findings.filter(applyBaseline(findings, { ...flags, baseline }, io));
}

/** What operators run: who reads the report has to know that nobody looked at it. */
function operatedIn({ operated = [] }: LintResult): readonly Skipped[] {
  const paths = [...new Set(operated.map(r => r.path))];
  return paths.map(path => {
    const own = operated.filter(r => r.path === path);
    const names = [...new Set(own.map(r => operatorOf(r) ?? ''))];
    const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
    const what = `${own.length === 1 ? 'a workload' : `${own.length} workloads`} that run${own.length === 1 ? 's' : ''} PostgreSQL for an operator`;
    return { path, reason: `holds ${what}, which is not judged (${names.slice(0, 3).join(', ')}${more})` };
  });
}
