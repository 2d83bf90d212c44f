/** Everything in a pull request is hostile: whatever files hold, every report stays what it is, and shows no secret. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { areas, rules } from '../../rules/index.ts';
import { defaultConfig } from '../config.ts';
import { lint } from '../lint.ts';
import { loadCatalogue } from '../postgres/catalogue.ts';
import { checkstyleReport } from './checkstyle.ts';
import { githubReport, plainGithub } from './github.ts';
import { gitlabReport } from './gitlab.ts';
import { hostileSources, hostileTexts, secret } from './hostile-texts.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import { markdownReport, plainMarkdown } from './markdown.ts';
import { rdjsonReport } from './rdjson.ts';
import { type Report, describeRules } from './report.ts';
import { sarifReport } from './sarif.ts';
import { plainText, textReport } from './text.ts';

const catalogue = await loadCatalogue();
const minSeverity = 'info';

function reportOn(text: string): Report {
  const sources = hostileSources(text);
  const texts = new Map(sources.map(s => [s.path, s.text]));
  const { findings, masks, parsed, servers } = lint({
    sources,
    complete: true,
    rules,
    config: { ...defaultConfig, preset: 'strict' },
    catalogue,
    now: '2026-06-01',
    pgVersion: undefined,
  });
  return {
    version: '0.1.0',
    findings,
    suppressed: findings.slice(0, 1).map(finding => ({ finding, by: 'comment' as const, reason: text })),
    files: sources.length,
    parsed,
    servers: servers.length,
    skipped: [{ path: `${text}.tpl`, reason: 'is a chart template: it is not rendered' }],
    masks,
    text: path => texts.get(path),
    url: id => `https://rules.example/${id}`,
    rule: describeRules(rules, areas, () => undefined),
    seconds: 0.1,
  };
}

const formats = {
  text: (report: Report) => textReport(report, { ...plainText, minSeverity }),
  json: jsonReport,
  sarif: (report: Report) => sarifReport(report),
  gitlab: (report: Report) => gitlabReport(report, { minSeverity }),
  rdjson: (report: Report) => rdjsonReport(report, { minSeverity }),
  junit: (report: Report) => junitReport(report, { minSeverity }),
  checkstyle: (report: Report) => checkstyleReport(report, { minSeverity }),
  github: (report: Report) => githubReport(report, { ...plainGithub, minSeverity, stopToken: 'a-token' }),
  markdown: (report: Report) => markdownReport(report, { ...plainMarkdown, minSeverity, blob: 'https://blob.example' }),
} as const;

test('there are many hostile texts', () => {
  expect(hostileTexts.length).toBeGreaterThanOrEqual(200);
  expect(new Set(hostileTexts).size).toBe(hostileTexts.length);
});

test.for(hostileTexts.map(text => [JSON.stringify(text).slice(0, 60), text] as const))('%s', ([, text]) => {
  const report = reportOn(text);
  expect(report.findings.length).toBeGreaterThan(10);
  expect(new Set(report.findings.map(f => f.at.path)).size).toBeGreaterThanOrEqual(3);
  const output = (name: keyof typeof formats): string => {
    const text = formats[name](report);
    expect({ name, flaws: flawsOf(text, name) }).toEqual({ name, flaws: [] });
    return text;
  };
  output('text');
  for (const name of ['json', 'gitlab', 'rdjson'] as const) JSON.parse(output(name));
  for (const name of ['junit', 'checkstyle'] as const) checkXml(output(name), report);
  checkUris(JSON.parse(output('sarif')) as unknown, text);
  checkCommands(output('github'));
  checkMarkdown(output('markdown'));
});

/** What no format may print. The commands of `github` are looked at by themselves. */
function flawsOf(text: string, name: keyof typeof formats): string[] {
  const secrets = [secret, Buffer.from(secret).toString('base64')].filter(s => text.includes(s));
  const commands = name === 'github' ? [] : text.split('\n').filter(isCommand);
  return [...(unprintable.exec(text) ?? []), ...secrets, ...commands];
}

/** Control characters, marks of direction, what takes no room, lone surrogates: but line breaks. */
const unprintable =
  /[\0-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}\p{Cs}]/u;

/** As the runner looks at a line: either form of a command, whatever it is called. */
const isCommand = (line: string): boolean => line.trimStart().startsWith('::') || line.includes('##[');

function checkXml(document: string, report: Report): void {
  expect(XMLValidator.validate(document)).toBe(true);
  expect(document).not.toMatch(/<!/);
  const parsed = new XMLParser({ ignoreAttributes: false }).parse(document) as Record<string, unknown>;
  const elements = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    else if (typeof value === 'object' && value !== null)
      for (const [name, child] of Object.entries(value)) {
        if (!name.startsWith('@_') && name !== '#text') elements.add(name);
        visit(child);
      }
  };
  visit(parsed);
  const ours =
    'testsuites' in parsed
      ? ['testsuites', 'testsuite', 'testcase', 'failure', 'skipped']
      : ['checkstyle', 'file', 'error'];
  expect([...elements].filter(e => e !== '?xml').sort()).toEqual(ours.sort());
  const count = (document.match(/<(?:failure|error) /g) ?? []).length;
  expect(count).toBe(report.findings.length);
}

/** Every address stays below the folder that it is relative to, but for names that themselves lead out of it. */
function checkUris(value: unknown, text: string): void {
  if (Array.isArray(value)) for (const item of value) checkUris(item, text);
  else if (typeof value === 'object' && value !== null)
    for (const [key, child] of Object.entries(value)) {
      checkUris(child, text);
      if (key !== 'uri' || typeof child !== 'string') continue;
      expect(child).toMatch(/^[\w.~%/:-]*$/);
      const { href, search, hash } = new URL(child, 'https://base.example/a/b/c/d/');
      if (text.startsWith('/'))
        expect(child.startsWith('file:///') || href.startsWith('https://base.example/')).toBe(true);
      else expect(href.startsWith('https://base.example/')).toBe(true);
      expect(search + hash).toBe('');
    }
}

/** Reads the output as the runner does: commands of three kinds, and text while commands are off. */
function checkCommands(output: string): void {
  let stopped = false;
  for (const line of output.split('\n').slice(0, -1)) {
    if (stopped) {
      stopped = line !== '::a-token::';
      expect(line === '::a-token::' || !/a-token/.test(line)).toBe(true);
      continue;
    }
    const [, name, properties = '', data = ''] = /^::([\w-]+)(?: (.*?))?::(.*)$/.exec(line) ?? [];
    if (name === 'stop-commands') {
      expect(data).toBe('a-token');
      stopped = true;
      continue;
    }
    expect(['error', 'warning', 'notice']).toContain(name);
    const keys = properties.split(',').map(p => p.split('=')[0] ?? '');
    expect(keys.filter(k => !['file', 'line', 'endLine', 'col', 'endColumn', 'title'].includes(k))).toEqual([]);
    expect(new Set(keys).size).toBe(keys.length);
    expect(data.length).toBeGreaterThan(0);
  }
  expect(stopped).toBe(false);
}

/** What is left of the Markdown without code and our own marks has nothing that GitHub would make something of. */
function checkMarkdown(markdown: string): void {
  const words = withoutCode(markdown)
    .replace(/\]\(https:\/\/(?:rules|blob)\.example\/[\w.~%/-]*(?:#L\d+(?:-L\d+)?)?\)/g, ']()')
    .replace(/(?<!\\)\[\u0001\]\(\)/g, '\u0002');
  // Blanks of no width keep apart what GitHub would link.
  const seen = words.replaceAll('&#8203;', '\u200b').replace(/&(?:amp|lt|gt|quot|apos);/g, '\u0003');
  expect(
    [...seen.matchAll(/.{0,30}(?:@(?=[\w-])|#(?=\d)|\bGH-(?=\d)|:\/\/|\bwww\.|&).{0,30}/gi)].map(m => m[0]),
  ).toEqual([]);
  const tags = [...words.matchAll(/(?<!\\)<[^\s>]*[^>]*>?/g)].map(m => m[0]);
  expect(tags.filter(t => !/^<(?:\/?(?:details|summary|b|code|span)|details open)>$/.test(t))).toEqual([]);
  for (const name of ['details', 'summary', 'b', 'code', 'span'])
    expect(tags.filter(t => t.startsWith(`<${name}`)).length).toBe(tags.filter(t => t === `</${name}>`).length);
  expect(words.replace(/<span>\$<\/span>/g, '')).not.toContain('$');
  for (const line of words.split('\n')) {
    expect(line).not.toMatch(/^(?: {4}|\t|>|#(?!#)|#{4}|\||=+\s*$|-+\s*$|[+*] |\d+[.)] |:)/);
    if (line.startsWith('<summary>')) continue;
    const bare = line.replace(/\\[!-/:-@[-`{-~]/g, '').replace(/\*\*/g, '');
    expect(bare).not.toMatch(/[[\]`*_~|]/);
  }
}

/** Fenced blocks are left out, and code in lines becomes a sign, as CommonMark finds them. */
function withoutCode(markdown: string): string {
  const kept: string[] = [];
  let fence: string | undefined;
  for (const line of markdown.split('\n')) {
    const [, ticks, info] = /^(`{3,})([^`]*)$/.exec(line) ?? [];
    if (fence === undefined && ticks !== undefined) {
      expect(['', 'diff']).toContain(info);
      fence = ticks;
    } else if (fence !== undefined && ticks !== undefined && info?.trim() === '' && ticks.length >= fence.length)
      fence = undefined;
    else if (fence === undefined) kept.push(line);
  }
  expect(fence).toBeUndefined();
  return kept
    .join('\n')
    .replace(/<code>[^<]*<\/code>/g, '')
    .replace(/(?<![\\`])(`+)(?!`)(.*?[^`])\1(?!`)/g, '\u0001');
}
