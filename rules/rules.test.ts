/** Every page is run: what it shows is what the linter says, and every fix is proved. */
import { describe, expect, test } from 'vitest';
import { flawsOfFixes, judge, parsePage, rewrite, rulesFor } from '../src/build/pages.ts';
import { loadRule, pageOf, ruleFiles } from '../src/build/rule-files.ts';
import { loadCatalogue } from '../src/postgres/catalogue.ts';
import type { AnyRule } from '../src/types.ts';

const root = new URL('..', import.meta.url).pathname;
const files = ruleFiles(root);
const catalogue = await loadCatalogue();

/** All rules: only what needs them loads them, so that one broken rule does not hide the others. */
const all = async (): Promise<readonly AnyRule[]> => (await import('./index.ts')).rules;

test('there are rules', () => expect(files.length).toBeGreaterThan(0));

describe.for(files)('$area/$id', async file => {
  const rule = await loadRule(root, file);
  const { path, markdown } = pageOf(root, file) ?? { path: file.path.replace(/\.ts$/, '.md'), markdown: '' };
  const page = parsePage(path, markdown);
  const beside = page.examples.some(e => e.options.also !== undefined) ? await all() : [rule];
  const bad = page.examples.filter(e => e.kind === 'bad');
  const good = page.examples.filter(e => e.kind === 'good');

  test('has a page', () => expect(markdown).not.toBe(''));

  test('shows what is bad and what is good', () => {
    expect(bad.length).toBeGreaterThan(0);
    expect(good.length).toBeGreaterThan(0);
    expect(bad.some(e => e.text !== undefined)).toBe(true);
  });

  test('says what the linter says (else: npm run gen, and read the change)', () => {
    expect(rewrite(page, rule, beside, catalogue)).toBe(page.markdown);
  });

  test.for(good)('is silent on the good example in line $line', example => {
    const { findings } = judge(example, example.sources, rulesFor(example, rule, beside), catalogue);
    expect(findings.filter(f => f.rule === rule.id).map(f => f.message)).toEqual([]);
  });

  test('offers the fix that it claims', () => {
    expect(bad.some(e => e.fixed.length > 0)).toBe(rule.fix !== undefined);
    const kinds = bad.flatMap(example =>
      judge(example, example.sources, rulesFor(example, rule, beside), catalogue)
        .findings.filter(f => f.rule === rule.id)
        .map(f => f.fix?.applicability),
    );
    const offered = kinds.filter(k => k !== undefined);
    expect(rule.fix === undefined ? offered : offered.includes(rule.fix)).toEqual(rule.fix === undefined ? [] : true);
  });

  test.for(rule.fix === undefined ? [] : bad)('has a sound fix for the bad example in line $line', async example => {
    expect(flawsOfFixes(example, rule, await all(), catalogue)).toEqual([]);
  });
});
