/** The report for programs; its shape is `schemas/report.schema.json` and stays. */
import type { Finding, Location } from '../types.ts';
import { lineIndex, linesOf } from './lines.ts';
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
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Where a place begins and ends, in lines and columns from 1, columns in UTF-16 units. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Turns places into lines and columns, each text read once. A place without a text is at its first character. */
export function placer({ text }: Pick<Report, 'text'>): (at: Location) => Place {
  const index = lineIndex(text);
  return ({ path, start, end }) => {
    const lines = index(path) ?? linesOf('');
    const [from, to] = [lines.position(start), lines.position(end)];
    return { path, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  };
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
