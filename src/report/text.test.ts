import { expect, test } from 'vitest';
import type { Finding, Location } from '../types.ts';
import { cut, display, neutral, widthOf, wrap } from './display.ts';
import { diff, frame } from './frame.ts';
import type { Report } from './report.ts';
import { type TextOptions, plainText, textReport } from './text.ts';

const path = 'k8s/a.yaml';
const at = (text: string, word: string, count = 1): Location => {
  let start = -1;
  for (let i = 0; i < count; i++) start = text.indexOf(word, start + 1);
  return { path, start, end: start + word.length };
};
const framed = (text: string, place: Location, options: { label?: string; masks?: Location[]; width?: number } = {}) =>
  frame(place, text, options.label, { masks: options.masks ?? [], width: options.width ?? 90, context: 2 }).map(
    l => `${l.gutter}|${l.text}`,
  );

test.for<[string, string, string, string[]]>([
  ['a word with a label', 'a: 1\nb: 2\nc: 3\nd: 44\n', '44', ['2|b: 2', '3|c: 3', '4|d: 44', ' |   ^^ label']],
  ['the first line', 'a: 1\n', 'a', ['1|a: 1', ' |^ label']],
  ['windows line ends', 'a: 1\r\nb: 2\r\n', '2', ['1|a: 1', '2|b: 2', ' |   ^ label']],
  ['tabs', 'a:\t\tx\n', 'x', ['1|a:    x', ' |      ^ label']],
  ['wide characters', 'a: "数据库" # x\n', '# x', ['1|a: "数据库" # x', ' |            ^^^ label']],
  ['a wide place', 'a: 数据\n', '数据', ['1|a: 数据', ' |   ^^^^ label']],
  ['combining characters', 'a: e\u0301x y\n', 'y', ['1|a: e\u0301x y', ' |      ^ label']],
  ['terminal control', 'a: \u001b[31mred\u0007 x\n', 'x', ['1|a: ␛[31mred␇ x', ' |             ^ label']],
  ['a turn of direction', 'a: \u202eabc x\n', 'x', ['1|a: \ufffdabc x', ' |        ^ label']],
  ['several lines', 'a:\n  b: 1\n  c: 2\n', 'b: 1\n  c: 2', ['1|a:', '2|  b: 1', ' |  ^^^^ label']],
  ['numbers of two digits', `${'\n'.repeat(9)}x: 1\n`, 'x', [' 8|', ' 9|', '10|x: 1', '  |^ label']],
])('frame: %s', ([, text, word, expected]) => {
  expect(framed(text, at(text, word), { label: 'label' })).toEqual(expected);
});

test('frame: an empty place, also at the end of the text', () => {
  expect(framed('a: 1\nb:\n', { path, start: 7, end: 7 })).toEqual(['1|a: 1', '2|b:', ' |  ^']);
  expect(framed('a: 1', { path, start: 4, end: 4 })).toEqual(['1|a: 1', ' |    ^']);
  expect(framed('', { path, start: 0, end: 0 })).toEqual(['1|', ' |^']);
});

test('frame: a secret is masked by its place, not by its text', () => {
  const text = 'user: postgres\npassword: postgres # keep\n';
  const masks = [at(text, 'postgres', 2)];
  expect(framed(text, at(text, 'password'), { masks })).toEqual([
    '1|user: postgres',
    '2|password: ******** # keep',
    ' |^^^^^^^^',
  ]);
  expect(framed(text, at(text, '# keep'), { masks })[2]).toBe(' |                   ^^^^^^');
  expect(framed(text, at(text, 'postgres', 2), { masks })[2]).toBe(' |          ^^^^^^^^');
});

test('frame: a secret of several lines', () => {
  const text = 'key: |\n  aaa\n  bbb\nx: 1\n';
  const masks = [{ path, start: text.indexOf('aaa'), end: text.indexOf('bbb') + 3 }];
  expect(framed(text, at(text, 'x'), { masks })).toEqual(['2|  ********', '3|********', '4|x: 1', ' |^']);
});

test('frame: a line that is too long is cut around the place', () => {
  const text = `{"a":"${'x'.repeat(500)}","memory":"256Mi","b":"${'y'.repeat(500)}"}\n`;
  const lines = framed(text, at(text, '256Mi'), { width: 60, label: 'less' });
  const [line = '', mark = ''] = lines;
  expect(widthOf(line)).toBeLessThanOrEqual(62);
  expect(line).toMatch(/^1\|….*…$/);
  expect(line.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('256Mi');
});

test('frame: a place longer than the line that is shown', () => {
  const text = `a: ${'x'.repeat(500)}\n`;
  const [line = '', mark = ''] = framed(text, at(text, 'x'.repeat(500)), { width: 60 });
  expect(widthOf(line)).toBeLessThanOrEqual(62);
  expect(widthOf(mark)).toBeLessThanOrEqual(62);
  expect(line[mark.indexOf('^')]).toBe('x');
});

test('display, neutral, cut and wrap', () => {
  expect(display('a\tb', 0, 3, []).columnOf(2)).toBe(3);
  expect(neutral('a\nb\u009bc')).toBe('a␊b\ufffdc');
  expect(neutral('😀 fine')).toBe('😀 fine');
  expect(widthOf('数a')).toBe(3);
  expect(cut('abcdef', 0, 3).text).toBe('abc…');
  expect(cut('abcdef', 2, 9).text).toBe('…cdef');
  expect(cut('abc', 0, 3).text).toBe('abc');
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('a verylongword b', 5)).toEqual(['a', 'verylongword', 'b']);
});

test('diff: only the lines that change, without their common indentation', () => {
  const text = 'a:\n    b: "1" # why\n    c: 2\n';
  const edit = { ...at(text, '"1"'), text: '"3"' };
  const insert = { path, start: text.length - 1, end: text.length - 1, text: '\n    d: 4' };
  const of = (edits: (Location & { text: string })[], masks: Location[] = []) =>
    diff({ title: '', applicability: 'safe', edits }, () => text, masks).map(d => d.lines.map(l => l.sign + l.text));
  expect(of([edit])).toEqual([['-b: "1" # why', '+b: "3" # why']]);
  expect(of([insert])).toEqual([['+d: 4']]);
  expect(of([insert, edit])).toEqual([['-b: "1" # why', '+b: "3" # why'], ['+d: 4']]);
  expect(of([{ ...at(text, '    c: 2\n'), text: '' }])).toEqual([['-c: 2']]);
  expect(of([edit], [at(text, '1')])).toEqual([[' (not shown: it touches a secret)']]);
  expect(of([edit], [at(text, 'why')])).toEqual([['-b: "1" # ********', '+b: "3" # ********']]);
});

const text = `spec:
  resources:
    requests:
      memory: "256Mi"
`;
const finding: Finding = {
  rule: 'shared-buffers-exceeds-request',
  severity: 'error',
  message:
    'the server "postgres" maps about 280 MiB of shared memory but requests 256Mi, so the node may kill it under pressure',
  label: 'less than 280 MiB',
  help: 'request what the limit already allows, so that the pod is Guaranteed',
  at: at(text, '"256Mi"'),
  related: [
    { at: { path: 'k8s/b.yaml', start: 3, end: 8 }, message: 'shared_buffers = 256MB' },
    { at: at(text, 'requests'), message: '264 buffers + 8 WAL + 8 connections and locks = 280 MiB' },
  ],
  fix: {
    title: 'requests.memory: "256Mi" → "1Gi"',
    applicability: 'unsafe',
    edits: [{ ...at(text, '"256Mi"'), text: '"1Gi"' }],
  },
  parts: [],
  build: '',
  server: 'postgres',
  fingerprint: '0123456789abcdef',
};
const report: Report = {
  version: '0.1.0',
  findings: [finding],
  files: 24,
  parsed: 3,
  servers: 3,
  skipped: [],
  masks: [],
  text: p => (p === path ? text : p === 'k8s/b.yaml' ? 'a: 256MB\n' : undefined),
  url: rule => `https://example.org/${rule}`,
  rule: () => undefined,
  seconds: 0.18,
};

test('the whole report', () => {
  expect(`\n${textReport(report, plainText)}`).toBe(`
k8s/a.yaml:4:15  error  shared-buffers-exceeds-request
  the server "postgres" maps about 280 MiB of shared memory but requests 256Mi, so the node may kill
  it under pressure

   2 │   resources:
   3 │     requests:
   4 │       memory: "256Mi"
     │               ^^^^^^^ less than 280 MiB
     ├ shared_buffers = 256MB                                   k8s/b.yaml:1:4
     └ 264 buffers + 8 WAL + 8 connections and locks = 280 MiB  k8s/a.yaml:3:5
  help  request what the limit already allows, so that the pod is Guaranteed
  fix   unsafe: requests.memory: "256Mi" → "1Gi"
        - memory: "256Mi"
        + memory: "1Gi"

3 servers, 24 files, 1 error, 0 warnings (1 fixable with --fix --unsafe-fixes), 0.18 s
`);
});

test('several servers and builds are listed; skipped files are told', () => {
  const shown = textReport(
    {
      ...report,
      findings: [
        { ...finding, severity: 'warning', server: 'a, b', build: 'prod, stage', related: [], fix: undefined },
      ],
      skipped: [{ path: 'big.yaml', reason: 'larger than 10 MB' }],
      seconds: undefined,
    },
    plainText,
  );
  expect(shown).toContain('  in    servers a, b; builds prod, stage\n');
  expect(shown.endsWith('\nskipped big.yaml: larger than 10 MB\n\n3 servers, 24 files, 0 errors, 1 warning\n')).toBe(
    true,
  );
});

const line = (change: Partial<Report>, options: Partial<TextOptions> = {}): string =>
  textReport({ ...report, seconds: undefined, ...change }, { ...plainText, ...options })
    .trimEnd()
    .split('\n')
    .at(-1) ?? '';
const hint: Finding = { ...finding, severity: 'info', fix: undefined };
const safe: Finding = { ...finding, fix: finding.fix && { ...finding.fix, applicability: 'safe' } };

test.for<[string, Partial<Report>, Partial<TextOptions>]>([
  ['no PostgreSQL found in 1,234 files', { findings: [], servers: 0, files: 1234 }, {}],
  ['1 server, 1 file, no problems', { findings: [], servers: 1, files: 1 }, {}],
  ['3 servers, 24 files, no problems, 2 hints with --min-severity info', { findings: [hint, hint] }, {}],
  ['3 servers, 24 files, 0 errors, 0 warnings, 1 hint', { findings: [hint] }, { minSeverity: 'info' }],
  [
    '3 servers, 24 files, 2 errors, 0 warnings (2 fixable: 1 with --fix, 1 more with --unsafe-fixes), 1 hint with --min-severity info',
    { findings: [finding, safe, hint] },
    {},
  ],
  [
    '3 servers, 24 files, 1 error, 0 warnings (1 fixable with --fix), 2 more with --min-severity warning',
    { findings: [safe, hint, { ...hint, severity: 'warning' }] },
    { minSeverity: 'error' },
  ],
])('summary: %s', ([expected, change, options]) => {
  expect(line(change, options)).toBe(expected);
});

test('colours and links only where they are told', () => {
  const plain = textReport(report, plainText);
  expect(plain).not.toContain('\u001b');
  const colored = textReport(report, { ...plainText, color: true, hyperlinks: true });
  expect(colored).toContain('\u001b]8;;https://example.org/shared-buffers-exceeds-request\u001b\\');
  const bare = colored.replace(/\u001b\[[\d;]*m|\u001b\]8;;[^\u001b]*\u001b\\/g, '');
  expect(bare).toBe(plain);
});

test('nothing of a file reaches the terminal as control', () => {
  const evil = { ...finding, message: 'a\u001b[2J', help: '\u0007', server: 'x\u001b, y', label: '\u001b' };
  expect(textReport({ ...report, findings: [evil] }, plainText)).not.toMatch(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/,
  );
});

test('a finding without a text here has no frame', () => {
  expect(textReport({ ...report, text: () => undefined }, plainText)).toContain('k8s/a.yaml  error  shared');
});
