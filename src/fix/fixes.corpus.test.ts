/** Every fix for every finding in real files: what one would have on the disk after `--fix`, and after `--unsafe-fixes`. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { rules } from '../../rules/index.ts';
import { defaultConfig } from '../config.ts';
import { type LintResult, lint } from '../lint.ts';
import { type Catalogue, loadCatalogue } from '../postgres/catalogue.ts';
import { prepare } from '../prepare.ts';
import type { Finding, Source, TextEdit } from '../types.ts';
import { type Node, getText, keyText } from '../yaml/node.ts';
import { parseYaml } from '../yaml/parse.ts';
import { type JsonValue, toJson } from '../yaml/value.ts';
import { type Allowed, applyFixes, maximumPasses } from './apply.ts';

const shared = resolve('../shared');
const corpus = join(shared, 'corpus');
const repositories = [
  ...readdirSync(resolve('fixtures/repos')).map(name => resolve('fixtures/repos', name)),
  ...(existsSync(corpus)
    ? [
        join(shared, 'guide'),
        ...readdirSync(corpus, { withFileTypes: true }).flatMap(e => (e.isDirectory() ? [join(corpus, e.name)] : [])),
      ]
    : []),
];
const hasCorpus = existsSync(corpus) ? '' : ' (without the corpus, skipped: no ../shared)';

const kubectl = process.env['TUSKLINT_KUBECTL'] ?? 'kubectl';
const hasKubectl = spawnSync(kubectl, ['version', '--client']).status === 0;

interface Repository {
  readonly sources: readonly Source[];
  readonly judge: (sources: readonly Source[]) => LintResult;
}

async function read(cwd: string, catalogue: Catalogue): Promise<Repository> {
  const config = { ...defaultConfig, preset: 'strict' as const };
  const { sources, completeness } = await prepare(['.'], {
    cwd,
    config,
    stdin: Readable.from([]),
    stdinFilename: '',
    explainFile: undefined,
    progress: () => {},
  });
  const judge = (texts: readonly Source[]) =>
    lint({
      sources: texts,
      complete: completeness.complete,
      rules,
      config,
      catalogue,
      now: '2026-11-22',
      pgVersion: undefined,
    });
  return { sources, judge };
}

/** Passes of fixes, each looked at, until nothing is left to fix. */
function mendWatched({ sources, judge }: Repository, allowed: Allowed) {
  let texts = sources;
  let result = judge(texts);
  const first = result;
  let fixes = 0;
  for (let pass = 0; ; pass += 1) {
    const { sources: next, applied } = applyFixes(texts, result.findings, allowed);
    const changed = next.flatMap((after, i) => {
      const before = texts[i];
      return before === undefined || before.text === after.text ? [] : [{ before, after }];
    });
    if (changed.length === 0) return { first, last: result, texts, fixes };
    if (pass >= maximumPasses) throw new Error(`fixes go on: ${applied.map(f => `${f.rule} ${f.at.path}`).join(', ')}`);
    fixes += applied.length;
    const edits = [...new Map(applied.flatMap(f => f.fix?.edits ?? []).map(e => [JSON.stringify(e), e])).values()];
    for (const { before, after } of changed) {
      expect([before.path, ...strayChanges(before, after, edits)]).toEqual([before.path]);
      expect([before.path, ...lostComments(before.text, after.text)]).toEqual([before.path]);
    }
    texts = next;
    result = judge(texts);
  }
}

/** Values that differ between two texts outside of the places that the edits touch. */
function strayChanges(before: Source, after: Source, edits: readonly TextEdit[]): readonly string[] {
  const own = edits.filter(e => e.path === before.path).sort((a, b) => a.start - b.start || a.end - b.end);
  let shift = 0;
  const places = own.map(({ start, end, text }) => {
    const place = { old: [start, end] as const, new: [start + shift, start + shift + text.length] as const };
    shift += text.length - (end - start);
    return place;
  });
  const [then, now] = [parseYaml(before), parseYaml(after)];
  // A fix may add a document: objects are the same by their names, others by their number.
  const named = (file: typeof then) =>
    new Map(file.documents.map(({ root }, n) => [objectName(root) ?? String(n), root] as const));
  const [old, next] = [named(then), named(now)];
  return [...new Set([...old.keys(), ...next.keys()])].flatMap(name =>
    differences(old.get(name), next.get(name), name).flatMap(({ at, old: from, next: to }) => {
      const touchesOld = from !== undefined && places.some(p => overlaps(p.old, from));
      const touchesNew = to !== undefined && places.some(p => overlaps(p.new, to));
      return touchesOld || touchesNew ? [] : [at];
    }),
  );
}

const objectName = (root: Node | undefined): string | undefined => {
  const name = getText(root, 'metadata', 'name');
  return name === undefined
    ? undefined
    : [getText(root, 'kind'), getText(root, 'metadata', 'namespace'), name].join(' ');
};

const overlaps = ([start, end]: readonly [number, number], node: Node): boolean =>
  start <= node.end && node.start <= end;

interface Difference {
  readonly at: string;
  readonly old: Node | undefined;
  readonly next: Node | undefined;
}

/** The smallest values in which two trees differ. */
function differences(old: Node | undefined, next: Node | undefined, at: string): readonly Difference[] {
  if (old === undefined || next === undefined) return old === next ? [] : [{ at, old, next }];
  if (old.kind === 'map' && next.kind === 'map') {
    const keys = new Set([...old.entries, ...next.entries].map(e => keyText(e.key)));
    const value = (map: typeof old, key: string) => map.entries.findLast(e => keyText(e.key) === key)?.value;
    return [...keys].flatMap(key => differences(value(old, key), value(next, key), `${at}/${key}`));
  }
  const same = old.kind === next.kind && JSON.stringify(plain(toJson(old))) === JSON.stringify(plain(toJson(next)));
  return same ? [] : [{ at, old, next }];
}

const plain = (value: JsonValue): unknown =>
  JSON.parse(JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v)));

/** Comments of the text before that the text after has not. */
function lostComments(before: string, after: string): readonly string[] {
  const comments = (text: string) => text.match(/(?:^|\s)#.*$/gm)?.map(c => c.trim()) ?? [];
  const left = new Map<string, number>();
  for (const comment of comments(after)) left.set(comment, (left.get(comment) ?? 0) + 1);
  return comments(before).filter(comment => {
    const count = left.get(comment) ?? 0;
    left.set(comment, count - 1);
    return count < 1;
  });
}

/** What a finding says, whatever its place is now. */
const identity = ({ rule, at, resource, server }: Finding): string =>
  [rule, at.path, resource?.kind, resource?.namespace, resource?.name, server].join(' ');

describe.each<Allowed>(['safe', 'unsafe'])(`%s fixes of real repositories${hasCorpus}`, allowed => {
  test.for(repositories)('%s', { timeout: 120_000 }, async cwd => {
    const repository = await read(cwd, await loadCatalogue());
    const { first, last, texts, fixes } = mendWatched(repository, allowed);
    // What a problem covered may come to light, as a hint; a place that was named before is not new.
    const known = new Set(first.findings.flatMap(f => [identity(f), ...f.related.map(r => `${f.rule} ${r.at.path}`)]));
    const fresh = last.findings.filter(
      f => f.severity !== 'info' && !known.has(identity(f)) && !known.has(`${f.rule} ${f.at.path}`),
    );
    expect(fresh.map(identity)).toEqual([]);
    const left = last.findings.filter(
      f => f.fix !== undefined && (allowed === 'unsafe' || f.fix.applicability === 'safe'),
    );
    expect(left.map(identity)).toEqual([]);
    expect(fixes).toBeGreaterThanOrEqual(0);
    if (hasKubectl) expect(refusedByKubectl(repository.sources, texts)).toEqual([]);
  });
});

/** Changed files that kubectl decoded before and does not now. */
function refusedByKubectl(before: readonly Source[], after: readonly Source[]): readonly string[] {
  const decodes = (text: string): boolean =>
    spawnSync(kubectl, ['label', '--local', '-f', '-', 'q=r', '-o', 'json'], { input: text, maxBuffer: 2 ** 28 })
      .status === 0;
  return after.flatMap((source, i) => {
    const old = before[i]?.text;
    const isObject = /^kind:/m.test(source.text) && /\.(?:ya?ml|json)$/.test(source.path);
    return old === undefined || old === source.text || !isObject || decodes(source.text) || !decodes(old)
      ? []
      : [source.path];
  });
}
