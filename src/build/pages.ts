/** Rule pages: prose with fenced blocks that are examples, expected output and tests at once. */
import { type Config, defaultConfig } from '../config.ts';
import { type Applied, converge } from '../fix/apply.ts';
import type { LintResult } from '../lint.ts';
import { lint } from '../lint.ts';
import type { Catalogue } from '../postgres/catalogue.ts';
import { atLeast } from '../report/report.ts';
import { findingText, plainText } from '../report/text.ts';
import type { AnyRule, Finding, Source } from '../types.ts';

export interface Page {
  /** `rules/<area>/<id>.md` */
  readonly path: string;
  readonly area: string;
  readonly id: string;
  readonly markdown: string;
  readonly examples: readonly Example[];
  readonly headings: readonly string[];
}

/** A tree of files that is judged, and what the page says about it. */
export interface Example {
  readonly kind: 'bad' | 'good';
  /** The line of the page where it starts. */
  readonly line: number;
  readonly sources: readonly Source[];
  readonly options: ExampleOptions;
  /** The exact output; undefined where the page does not show it. */
  readonly text: Block | undefined;
  readonly fixed: readonly Block[];
}

/** From a `json options` block in front of the example. */
export interface ExampleOptions {
  readonly now?: string;
  readonly 'pg-version'?: number;
  /** The files are the whole repository: the default. */
  readonly complete?: boolean;
  /** Other rules that run too; what they find is not shown. */
  readonly also?: readonly string[];
  /** Anything of `tusklint.yaml`. The preset is `strict` unless it says otherwise. */
  readonly config?: Partial<Config>;
}

export interface Block {
  readonly words: readonly string[];
  readonly file: string;
  /** Ends with a line break, or is empty. */
  readonly body: string;
  /** Where the body stands in the page. */
  readonly start: number;
  readonly end: number;
}

/** The day that examples are judged on, unless they say otherwise: pages must not change by themselves. */
const defaultNow = '2026-06-01';

/** Reads a page. Throws, naming page and line, where a block cannot be understood. */
export function parsePage(path: string, markdown: string): Page {
  const [, area = '', id = ''] = /([^/]+)\/([^/]+)\.md$/.exec(path) ?? [];
  const examples: Example[] = [];
  let options: ExampleOptions = {};
  let previousEnd = -1;
  for (const { lang, words, body, start, end, fence } of fencesOf(markdown)) {
    const line = markdown.slice(0, fence).split('\n').length;
    const [kind] = words;
    const last = examples.at(-1);
    const file = words.find(w => w.startsWith('file='))?.slice('file='.length) ?? defaultFile(lang, kind ?? '');
    const block: Block = { words, file, body, start, end };
    if (lang === 'json' && kind === 'options') options = JSON.parse(body) as ExampleOptions;
    else if (kind === 'bad' || kind === 'good') {
      const touches = previousEnd >= 0 && markdown.slice(previousEnd, fence).replace(/^`+/, '').trim() === '';
      const source: Source = { path: file, text: body };
      if (last?.kind === kind && touches && last.text === undefined && !last.sources.some(s => s.path === file)) {
        examples[examples.length - 1] = { ...last, sources: [...last.sources, source].sort(byPath) };
      } else examples.push({ kind, line, sources: [source], options, text: undefined, fixed: [] });
      previousEnd = end;
      continue;
    } else if (lang === 'text' && kind === undefined && last?.kind === 'bad') {
      examples[examples.length - 1] = { ...last, text: block };
    } else if (kind === 'fixed') {
      if (last?.kind !== 'bad') throw new Error(`${path}:${line}: a fixed block needs a bad one before it`);
      const named =
        words.some(w => w.startsWith('file=')) || last.sources.length > 1 ? file : (last.sources[0]?.path ?? file);
      examples[examples.length - 1] = { ...last, fixed: [...last.fixed, { ...block, file: named }] };
    }
    if (kind !== 'options') options = {};
    previousEnd = -1;
  }
  const headings = [...markdown.matchAll(/^##+ +(.*)$/gm)].map(m => m[1] ?? '');
  return { path, area, id, markdown, examples, headings };
}

function byPath(a: Source, b: Source): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

interface Fence {
  readonly lang: string;
  readonly words: readonly string[];
  readonly body: string;
  readonly start: number;
  readonly end: number;
  readonly fence: number;
}

function* fencesOf(markdown: string): Generator<Fence> {
  const opening = /^(`{3,})([\w-]+)(.*)\n/gm;
  for (let found = opening.exec(markdown); found !== null; found = opening.exec(markdown)) {
    const [head, ticks = '', lang = '', words = ''] = found;
    const start = found.index + head.length;
    const close = new RegExp(`^${ticks}\\s*$`, 'm').exec(markdown.slice(start));
    if (close === null) throw new Error(`a fence is not closed: ${head.trim()}`);
    const end = start + close.index;
    const body = markdown.slice(start, end);
    yield {
      lang,
      words: words
        .trim()
        .split(/\s+/)
        .filter(w => w !== ''),
      body,
      start,
      end,
      fence: found.index,
    };
    opening.lastIndex = end + ticks.length;
  }
}

/** File names by which the files are recognised as they would be in a repository. */
function defaultFile(lang: string, kind: string): string {
  const names: Readonly<Record<string, string>> = {
    conf: 'postgresql.conf',
    dockerfile: 'Dockerfile',
    hba: 'pg_hba.conf',
    ini: 'pgbouncer.ini',
  };
  return names[lang] ?? `${kind}.${lang}`;
}

/** Judges the files of an example by the rule alone (and those that the example names). */
export function judge(
  example: Example,
  sources: readonly Source[],
  rules: readonly AnyRule[],
  catalogue: Catalogue,
): LintResult {
  const { options } = example;
  return lint({
    sources,
    complete: options.complete ?? true,
    rules,
    config: { ...defaultConfig, preset: 'strict', ...options.config },
    catalogue,
    now: options.now ?? defaultNow,
    pgVersion: options['pg-version'],
  });
}

/** The rule of a page and those that its example runs beside it. */
export function rulesFor(example: Example, rule: AnyRule, all: readonly AnyRule[]): readonly AnyRule[] {
  return [rule, ...all.filter(r => r !== rule && example.options.also?.includes(r.id))];
}

/** The page with its `text` and `fixed` blocks as the linter now has them. Throws where a bad example finds nothing. */
export function rewrite(page: Page, rule: AnyRule, all: readonly AnyRule[], catalogue: Catalogue): string {
  const changes = page.examples.flatMap(example => {
    if (example.kind !== 'bad') return [];
    const rules = rulesFor(example, rule, all);
    const { findings, masks } = judge(example, example.sources, rules, catalogue);
    const own = findings.filter(f => f.rule === rule.id);
    if (own.length === 0) throw new Error(`${page.path}:${example.line}: the bad example has no finding of ${rule.id}`);
    const texts = new Map(example.sources.map(s => [s.path, s.text]));
    const report = { text: (path: string) => texts.get(path), masks, url: () => '' };
    const text = own.map(f => findingText(f, report, plainText)).join('\n');
    const fixed = example.fixed.length === 0 ? [] : fix(example, rule, rules, catalogue).sources;
    return [
      ...(example.text === undefined ? [] : [{ ...example.text, body: text }]),
      ...example.fixed.map(block => {
        const result = fixed.find(s => s.path === block.file);
        if (result === undefined)
          throw new Error(`${page.path}: the fixed block names no file of its example: ${block.file}`);
        return { ...block, body: result.text };
      }),
    ];
  });
  return changes.reduceRight(
    (markdown, { start, end, body }) => markdown.slice(0, start) + body + markdown.slice(end),
    page.markdown,
  );
}

/** Applies the rule's own fixes, safe and unsafe, until none is left. */
export function fix(
  example: Example,
  rule: AnyRule,
  rules: readonly AnyRule[],
  catalogue: Catalogue,
): Applied & { readonly passes: number } {
  const check = (sources: readonly Source[]): readonly Finding[] =>
    judge(example, sources, rules, catalogue).findings.filter(f => f.rule === rule.id);
  return converge(example.sources, check, 'unsafe');
}

/** What is wrong with the fixes of an example, in sentences; empty where they are as they should be. */
export function flawsOfFixes(example: Example, rule: AnyRule, all: readonly AnyRule[], catalogue: Catalogue): string[] {
  const rules = rulesFor(example, rule, all);
  const { sources, applied } = fix(example, rule, rules, catalogue);
  if (applied.length === 0) return [];
  const flaws: string[] = [];
  const again = fix({ ...example, sources }, rule, rules, catalogue);
  if (again.passes > 0) flaws.push('a second run changes the result again');
  const left = new Set(
    again.sources === sources ? judge(example, sources, rules, catalogue).findings.map(f => f.fingerprint) : [],
  );
  for (const finding of applied) {
    if (left.has(finding.fingerprint)) flaws.push(`the finding is still there after its fix: ${finding.message}`);
  }
  const before = judge(example, example.sources, all, catalogue).findings;
  const after = judge(example, sources, all, catalogue).findings;
  const known = new Set(before.map(f => f.fingerprint));
  const severity = applied.some(f => f.severity === 'error')
    ? 'error'
    : applied.some(f => f.severity === 'warning')
      ? 'warning'
      : 'info';
  for (const finding of after) {
    if (known.has(finding.fingerprint) || !atLeast(finding.severity, severity)) continue;
    flaws.push(`the fix makes a new finding: ${finding.rule} at ${finding.at.path}: ${finding.message}`);
  }
  for (const source of example.sources) {
    const result = sources.find(s => s.path === source.path)?.text ?? '';
    for (const comment of lostComments(source.text, result)) flaws.push(`the fix loses a comment: ${comment}`);
  }
  return flaws;
}

function lostComments(before: string, after: string): string[] {
  const left = commentsOf(after);
  return commentsOf(before).filter(comment => {
    const index = left.indexOf(comment);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

function commentsOf(text: string): string[] {
  return [...text.matchAll(/(?<=^|\s)#.*$/gm)].map(m => m[0].trimEnd());
}
