/** Reports for tests: one that is written by hand, and what the files of a folder give. */
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { defaultConfig } from '../config.ts';
import { lint } from '../lint.ts';
import { loadCatalogue } from '../postgres/catalogue.ts';
import type { AnyRule, Finding, Location } from '../types.ts';
import type { Report } from './report.ts';

const texts: Readonly<Record<string, string>> = {
  'k8s/a b.yaml': 'spec:\n  ä: "😀" # why\n  memory: "256Mi"\n  password: hunter2\n',
  'k8s/b.conf': "shared_buffers = 256MB\r\nfsync = off\r\nwork_mem = '4MB'",
};

/** The place of a word in one of the sample's files. */
export function placeOf(path: string, word: string): Location {
  const start = (texts[path] ?? '').indexOf(word);
  return { path, start, end: start + word.length };
}

/** An error with everything that a finding may have, at `"256Mi"` of `k8s/a b.yaml`. */
export const fullFinding: Finding = {
  rule: 'shared-buffers-exceeds-request',
  severity: 'error',
  message: 'the server "orders" maps 280 MiB but requests 256Mi, so the node may kill it',
  label: 'less than 280 MiB',
  help: 'request what the limit allows',
  at: placeOf('k8s/a b.yaml', '"256Mi"'),
  related: [{ at: placeOf('k8s/b.conf', '256MB'), message: 'shared_buffers = 256MB' }],
  fix: {
    title: 'memory: "256Mi" → "1Gi"',
    applicability: 'unsafe',
    edits: [{ ...placeOf('k8s/a b.yaml', '"256Mi"'), text: '"1Gi"' }],
  },
  parts: ['a-part'],
  resource: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'orders' },
  build: 'prod, staging',
  server: 'orders, billing',
  fingerprint: '0123456789abcdef',
};

/** A warning with as little as a finding may have, at `fsync` of `k8s/b.conf`. */
export const bareFinding: Finding = {
  rule: 'fsync-off',
  severity: 'warning',
  message: 'fsync is off, so a crash may leave the data damaged',
  at: placeOf('k8s/b.conf', 'fsync'),
  related: [],
  parts: [],
  build: '',
  fingerprint: 'fedcba9876543210',
};

export const hint: Finding = {
  ...bareFinding,
  rule: 'a-hint',
  severity: 'info',
  message: 'it could be better',
  fingerprint: '00000000aaaaaaaa',
};

/** A report of the sample's files: the password is masked, one file was skipped. */
export function sampleReport(findings: readonly Finding[], change: Partial<Report> = {}): Report {
  return {
    version: '0.1.0',
    findings,
    files: 3,
    parsed: 2,
    servers: 2,
    skipped: [{ path: 'big.yaml', reason: 'larger than 10 MB' }],
    masks: [placeOf('k8s/a b.yaml', 'hunter2')],
    text: path => texts[path],
    url: id => `https://rules.example/${id}`,
    rule: () => undefined,
    seconds: 0.25,
    ...change,
  };
}

/** What all of the rules say of the files of a folder, taken for a whole repository. */
export async function lintFolder(folder: string, rules: readonly AnyRule[]): Promise<Report> {
  const sources = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.(?:ya?ml|json|conf)$|Dockerfile$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    .map(path => ({ path: relative(folder, path).replaceAll(sep, '/'), text: readFileSync(path, 'utf8') }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const byPath = new Map(sources.map(s => [s.path, s.text]));
  const { findings, masks, parsed, servers } = lint({
    sources,
    complete: true,
    rules,
    config: { ...defaultConfig, preset: 'strict' },
    catalogue: await loadCatalogue(),
    now: '2026-06-01',
    pgVersion: undefined,
  });
  return sampleReport(findings, {
    files: sources.length,
    parsed,
    servers: servers.length,
    masks,
    text: path => byPath.get(path),
  });
}
