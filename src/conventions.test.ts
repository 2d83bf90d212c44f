/** The habits of this repository that a machine can check. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rules } from '../rules/index.ts';
import { parsePage } from './build/pages.ts';
import { indexText, pageOf, ruleFiles } from './build/rule-files.ts';
import { configSchema } from './config-schema.ts';
import { insertTable } from './report/catalogue.ts';

const root = new URL('..', import.meta.url).pathname;
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const files = ruleFiles(root);
const byId = new Map(rules.map(r => [r.id, r]));

const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter(d => d.isFile() && d.name.endsWith('.ts') && !d.parentPath.includes('node_modules'))
  .map(d => join(d.parentPath, d.name).slice(root.length));

const imports = (path: string): string[] =>
  [...read(path).matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(m => m[1] ?? '');

describe.for(files)('$area/$id', ({ id, path }) => {
  const rule = byId.get(id);
  const page = pageOf(root, { id, path, area: '' });

  test('has its id from its file and is in the index', () => expect(rule?.id).toBe(basename(path, '.ts')));

  test('has a summary of one sentence', () => {
    expect(rule?.summary).toMatch(/^\p{Lu}?[^\n]*\.$/u);
    expect(rule?.summary).not.toMatch(/[.!?] \p{Lu}/u);
    expect(rule?.summary.length).toBeLessThanOrEqual(120);
  });

  test('fits a screen', () => expect(read(path).split('\n').length - 1).toBeLessThanOrEqual(100));

  test('imports only what rules may know', () => {
    const allowed =
      /^\.\.\/\.\.\/src\/(?:types|environment|text-region|yaml\/node|fix\/(?:edits|line-edits|setting-fix)|(?:kubernetes|postgres|formats)\/[\w-]+)\.ts$/;
    expect(imports(path).filter(i => !allowed.test(i))).toEqual([]);
  });

  test('has a page with the headings that readers look for', () => {
    const { headings, markdown } = parsePage(page?.path ?? '', page?.markdown ?? '');
    expect(markdown.split('\n')[0]).toBe(`# ${id}`);
    expect(headings).toContain('When not to use it');
    expect(headings).toContain('Sources');
    expect(headings.includes('Fix')).toBe(rule?.fix !== undefined);
    expect(markdown.slice(markdown.indexOf('## Sources'))).toMatch(/\]\(\S+\)/);
  });
});

test('every page belongs to a rule', () => {
  const pages = readdirSync(join(root, 'rules'), { recursive: true, encoding: 'utf8' }).filter(p => p.endsWith('.md'));
  const known = new Set([...files.map(f => f.path.slice('rules/'.length).replace(/\.ts$/, '.md')), 'README.md']);
  expect(pages.filter(p => !known.has(p))).toEqual([]);
});

test('ids and aliases are unique, and in lower case with dashes', () => {
  const names = rules.flatMap(r => [r.id, ...(r.aliases ?? [])]);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  expect(names.filter(name => !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name))).toEqual([]);
});

test('what is generated is fresh (else: npm run gen)', () => {
  expect(read('rules/index.ts')).toBe(indexText(files));
  expect(JSON.parse(read('schemas/config.schema.json'))).toEqual(JSON.parse(JSON.stringify(configSchema(rules))));
  const areas = Object.fromEntries(files.map(f => [f.id, f.area]));
  const readme = existsSync(join(root, 'README.md')) ? read('README.md') : '';
  expect(readme).toBe(insertTable(readme, rules, areas));
});

/** They put rules and engine together, or build and test them. */
const entryPoints = /^src\/(?:cli|program|action|lsp|browser|commands)\b|^src\/build\/|\.test\.ts$/;

test('the engine does not know the rules', () => {
  const guilty = sources.filter(p => !entryPoints.test(p) && imports(p).some(i => /(?:^|\/)rules\//.test(i)));
  expect(guilty).toEqual([]);
});

test('modules are small', () => {
  const long = sources.filter(p => !/\.test\.ts$|\.generated\./.test(p) && read(p).split('\n').length - 1 > 400);
  expect(long).toEqual([]);
});

test('imports name the file that they mean', () => {
  const guilty = sources.flatMap(p =>
    imports(p)
      .filter(i => i.startsWith('.') && !/\.(?:m?ts|mjs|json)$/.test(i))
      .map(i => `${p}: ${i}`),
  );
  expect(guilty).toEqual([]);
});
