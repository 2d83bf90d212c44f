/** The report for programs; its shape is `schemas/report.schema.json` and stays. */
import type { Finding } from '../types.ts';
import { jsonText } from './json-text.ts';
import { placer } from './lines.ts';
import type { Report } from './report.ts';

/** The whole report as JSON, complete whatever `--min-severity` says. */
export function jsonReport(report: Report): string {
  const { findings, files, parsed, servers } = report;
  const of = (severity: Finding['severity']) => findings.filter(f => f.severity === severity).length;
  const place = placer(report);
  const value = {
    version: report.version,
    summary: {
      files,
      parsed,
      servers,
      error: of('error'),
      warning: of('warning'),
      info: of('info'),
      fixable: findings.filter(f => f.fix !== undefined).length,
    },
    findings: findings.map(f => ({
      rule: f.rule,
      severity: f.severity,
      message: f.message,
      help: f.help ?? null,
      ...place(f.at),
      build: f.build,
      server: f.server ?? null,
      parts: f.parts,
      resource: f.resource === undefined ? null : resourceOf(f.resource),
      related: f.related.map(({ at, message }) => {
        const { path, line, column } = place(at);
        return { path, line, column, message };
      }),
      fix: f.fix === undefined ? null : fixOf(f.fix),
      fingerprint: f.fingerprint,
      url: report.url(f.rule),
    })),
    skipped: report.skipped.map(({ path, reason }) => ({ path, reason })),
    ...(report.fixed === undefined ? {} : { fixed: report.fixed, unfixed: report.unfixed ?? [] }),
  };
  return jsonText(value);
}

function resourceOf({ apiVersion, kind, namespace, name }: NonNullable<Finding['resource']>): object {
  return { apiVersion, kind, namespace: namespace ?? null, name };
}

function fixOf({ title, applicability, restarts, edits }: NonNullable<Finding['fix']>): object {
  return {
    title,
    applicability,
    restarts: restarts ?? false,
    edits: edits.map(({ path, start, end, text }) => ({ path, start, end, text })),
  };
}
