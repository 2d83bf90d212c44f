/** The report as SARIF 2.1.0, made for GitHub's code scanning and of use to every other viewer. */
import type { Finding, Fix, Location, Severity } from '../types.ts';
import { grouped } from '../grouped.ts';
import { clip, neutral } from './display.ts';
import { jsonText } from './json-text.ts';
import { placer } from './lines.ts';
import { isShowable } from './replacement.ts';
import type { Report, Suppressed } from './report.ts';
import { ruleHelp } from './rule-help.ts';
import { pathUri } from './uri.ts';

export interface SarifOptions {
  /** The way from the root of the repository to the working directory, `/` between folders; empty where they are one. */
  readonly directory: string;
  /** Tells runs of one repository apart (`staging`); undefined leaves that to the uploader. */
  readonly category: string | undefined;
}

/** The working directory is the root of the repository, and the only one that is judged. */
export const plainSarif: SarifOptions = { directory: '', category: undefined };

/** Code scanning refuses a run with more results than this. */
const mostResults = 25_000;
/** It keeps no more than this, the worst by security severity; by ours when they come in that order. */
const mostKept = 5_000;
/** It refuses a result with more than a thousand places. */
const mostRelated = 100;
const longestMessage = 4096;

const levels = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<Severity, string>;

/** One run; complete whatever `--min-severity` says, up to the number of results that code scanning takes. */
export function sarifReport(report: Report, { directory, category }: SarifOptions = plainSarif): string {
  const accepted = new Map((report.suppressed ?? []).map(s => [s.finding, s]));
  const findings = ordered([...report.findings, ...accepted.keys()]);
  const told = findings.slice(0, mostResults);
  const ids = [...new Set(told.map(f => f.rule))].sort();
  const context: Context = {
    report,
    accepted,
    ruleIndex: new Map(ids.map((id, i) => [id, i])),
    region: regions(report),
    uri: path => pathUri(path, directory),
  };
  const left = findings.length - told.length;
  return jsonText({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'tusklint',
            organization: 'tusklint',
            semanticVersion: report.version,
            informationUri: 'https://github.com/tusklint/tusklint',
            rules: ids.map(id => rule(id, report)),
          },
        },
        ...(category === undefined ? {} : { automationDetails: { id: `${category.replace(/\/+$/, '')}/` } }),
        columnKind: 'utf16CodeUnits',
        invocations: [{ executionSuccessful: true, toolExecutionNotifications: notifications(context, left) }],
        results: told.map(f => result(f, context)),
      },
    ],
  });
}

interface Context {
  readonly report: Report;
  readonly accepted: ReadonlyMap<Finding, Suppressed>;
  readonly ruleIndex: ReadonlyMap<string, number>;
  readonly region: (at: Location) => object;
  readonly uri: (path: string) => string;
}

/** As they are, or the worst first where only the first ones are kept. */
function ordered(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= mostKept) return findings;
  return (['error', 'warning', 'info'] as const).flatMap(s => findings.filter(f => f.severity === s));
}

/** Areas whose rules are about who gets at the data. */
const securityAreas = new Set(['secrets', 'security-context', 'network-policy', 'authentication', 'tls']);
/** Numbers as of CVSS: high, medium, low. Nothing that files alone show is critical. */
const securitySeverity = { error: '8.0', warning: '5.5', info: '2.5' } as const satisfies Record<Severity, string>;

function rule(id: string, { rule: describe, url }: Report): object {
  const { summary, severity, area, page } = describe(id) ?? {
    summary: `${id}.`,
    severity: 'warning',
    area: '',
    page: () => undefined,
  };
  const help = ruleHelp(page(), summary, url(id));
  const security = securityAreas.has(area);
  return {
    id,
    name: id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: summary },
    fullDescription: { text: help.full },
    help: { text: help.text, markdown: help.markdown },
    helpUri: url(id),
    defaultConfiguration: { level: levels[severity] },
    properties: {
      tags: [...(security ? ['security'] : []), ...(area === '' ? [] : [area]), 'postgresql', 'kubernetes'],
      precision: severity === 'info' ? 'medium' : 'high',
      'problem.severity': severity === 'info' ? 'recommendation' : severity,
      ...(security ? { 'security-severity': securitySeverity[severity] } : {}),
    },
  };
}

function result(finding: Finding, context: Context): object {
  const { rule: ruleId, message, help, at, severity, related, fix, fingerprint } = finding;
  const { report, accepted, ruleIndex } = context;
  const text = neutral(help === undefined ? message : `${message}; ${help}`);
  const others = related.slice(0, mostRelated);
  return {
    ruleId,
    ruleIndex: ruleIndex.get(ruleId),
    level: levels[severity],
    message: { text: sentence(clip(text, longestMessage)) },
    locations: [{ physicalLocation: physical(at, context) }],
    ...(others.length === 0
      ? {}
      : {
          relatedLocations: others.map((r, i) => ({
            id: i + 1,
            physicalLocation: physical(r.at, context),
            message: { text: clip(neutral(r.message), longestMessage) },
          })),
        }),
    // Not the name that code scanning knows: it works its own out of the text, and warns where another one is given.
    partialFingerprints: { 'tusklint/v1': fingerprint },
    ...(fix !== undefined && isShowable(fix, report.masks) ? { fixes: [fixOf(fix, context)] } : {}),
    // Either all results of a run say it, or none.
    ...(accepted.size === 0 ? {} : { suppressions: suppressions(accepted.get(finding)) }),
    properties: properties(finding),
  };
}

/** Viewers set one message after the other: each ends as a sentence does. */
const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

function physical(at: Location, { region, uri }: Context): object {
  return { artifactLocation: { uri: uri(at.path) }, region: region(at) };
}

/** Lines and columns; an empty place ends where it starts. */
function regions(report: Report): (at: Location) => object {
  const place = placer(report);
  return at => {
    const { line, column, endLine, endColumn } = place(at);
    return { startLine: line, startColumn: column, endLine, endColumn };
  };
}

/** Edits of a file are all meant for the text as it was. */
function fixOf({ title, applicability, edits }: Fix, { region, uri }: Context): object {
  return {
    description: { text: sentence(neutral(`${title} (${applicability})`)) },
    artifactChanges: [...grouped(edits, e => e.path)].map(([path, inFile]) => ({
      artifactLocation: { uri: uri(path) },
      replacements: inFile.map(edit => ({ deletedRegion: region(edit), insertedContent: { text: edit.text } })),
    })),
  };
}

function suppressions(accepted: Suppressed | undefined): object[] {
  if (accepted === undefined) return [];
  const kind = accepted.by === 'comment' ? 'inSource' : 'external';
  const justification = neutral(accepted.reason);
  return [{ kind, status: 'accepted', ...(justification === '' ? {} : { justification }) }];
}

/** What SARIF has no word for. */
function properties({ server, build, parts }: Finding): object {
  return {
    ...(server === undefined ? {} : { server: neutral(server) }),
    ...(build === '' ? {} : { build: neutral(build) }),
    ...(parts.length === 0 ? {} : { parts }),
  };
}

function notifications({ report, uri }: Context, left: number): object[] {
  const skipped = report.skipped.map(({ path, reason }) => ({
    level: 'warning',
    message: { text: sentence(neutral(`skipped ${path}: ${reason}`)) },
    locations: [{ physicalLocation: { artifactLocation: { uri: uri(path) } } }],
  }));
  if (left === 0) return skipped;
  const text = `${left} results of less weight are left out: code scanning takes ${mostResults} of one run.`;
  return [...skipped, { level: 'warning', message: { text } }];
}
