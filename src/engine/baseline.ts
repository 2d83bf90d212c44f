/** A baseline: findings that were there before and are accepted for now, by fingerprint. */
import { wrong } from '../config-file.ts';
import type { Finding, Source } from '../types.ts';
import { get, getScalar, getText } from '../yaml/node.ts';
import { parseYaml } from '../yaml/parse.ts';

export interface Baseline {
  readonly entries: readonly BaselineEntry[];
}

/** Only the fingerprint counts; rule, path and message tell a reader what it stands for. */
export interface BaselineEntry {
  readonly fingerprint: string;
  readonly rule: string;
  readonly path: string;
  readonly message: string;
}

export interface Compared {
  /** Findings that the baseline does not have. */
  readonly fresh: readonly Finding[];
  /** Findings that it has. */
  readonly known: readonly Finding[];
  /** Entries that no finding needs any more. */
  readonly stale: readonly BaselineEntry[];
}

/** Reads a baseline file, edited by hand or not. Throws a ConfigError with the place of the first mistake. */
export function readBaseline(source: Source): Baseline {
  const { documents, problems } = parseYaml(source);
  const [problem] = problems;
  if (problem !== undefined) throw wrong(source, problem.at, problem.message);
  const root = documents[0]?.root;
  const start = { path: source.path, start: 0, end: 0 };
  if (root?.kind !== 'map') throw wrong(source, start, 'a baseline is a map with "version" and "findings"');
  const version = getScalar(root, 'version');
  if (version?.value !== 1)
    throw wrong(source, version ?? root, 'this version of tusklint reads baselines of version 1');
  const findings = get(root, 'findings');
  if (findings === undefined) throw wrong(source, root, '"findings" is missing here');
  if (findings.kind !== 'seq') throw wrong(source, findings, '"findings" must be a list');
  const entries = findings.items.map(item => {
    const fingerprint = getText(item, 'fingerprint');
    if (fingerprint === undefined || !/^[0-9a-f]{16}$/.test(fingerprint)) {
      throw wrong(
        source,
        getScalar(item, 'fingerprint') ?? item,
        'an entry needs a "fingerprint" of 16 hexadecimal digits',
      );
    }
    const text = (key: string) => getText(item, key) ?? '';
    return { fingerprint, rule: text('rule'), path: text('path'), message: text('message') };
  });
  return { entries };
}

/** Sorts findings into new and known ones, and entries into needed and stale ones. */
export function compare(findings: readonly Finding[], baseline: Baseline): Compared {
  const accepted = new Set(baseline.entries.map(e => e.fingerprint));
  const present = new Set(findings.map(f => f.fingerprint));
  return {
    fresh: findings.filter(f => !accepted.has(f.fingerprint)),
    known: findings.filter(f => accepted.has(f.fingerprint)),
    stale: baseline.entries.filter(e => !present.has(e.fingerprint)),
  };
}

/** The text of a baseline that accepts exactly these findings, sorted so that a change of it reads well. */
export function writeBaseline(findings: readonly Finding[]): string {
  const entries = findings
    .map(({ fingerprint, rule, at, message }): BaselineEntry => ({ rule, path: at.path, message, fingerprint }))
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  return `${JSON.stringify({ version: 1, findings: entries }, null, 2)}\n`;
}

function sortKey({ path, rule, fingerprint }: BaselineEntry): string {
  return [path, rule, fingerprint].join('\0');
}
