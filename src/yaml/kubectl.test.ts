/** Our reading against kubectl's own: `kubectl label --local` decodes a file as `kubectl apply` would, without a cluster. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { splitDocuments } from './documents.ts';
import { parseYaml } from './parse.ts';
import { type JsonValue, toJson } from './value.ts';

const kubectl = process.env.TUSKLINT_KUBECTL ?? 'kubectl';
const hasKubectl = spawnSync(kubectl, ['version', '--client']).status === 0;
const withoutKubectl = hasKubectl ? '' : ' (skipped: no kubectl on the PATH or in TUSKLINT_KUBECTL)';
const corpus = resolve('../shared/corpus');
const hasCorpus = existsSync(corpus);

interface Answer {
  readonly objects: readonly unknown[];
  readonly error: string | undefined;
}

function ask(text: string): Answer {
  const run = spawnSync(kubectl, ['label', '--local', '-f', '-', 'q=r', '-o', 'json'], {
    input: text,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const objects = run.stdout.split(/^(?=\{)/m).filter(part => part !== '');
  return {
    objects: objects.map(part => JSON.parse(part) as unknown),
    error: run.status === 0 ? undefined : run.stderr.trim(),
  };
}

/** Our value with the label that the question adds, in the numbers that `JSON.parse` gives. */
function labelled(value: JsonValue): unknown {
  const object = plain(value) as Record<string, unknown>;
  const metadata = (object.metadata ?? {}) as Record<string, unknown>;
  const labels = { ...((metadata.labels ?? {}) as Record<string, unknown>), q: 'r' };
  return { ...object, metadata: { ...metadata, labels } };
}

function plain(value: JsonValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return value === 0 ? 0 : value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

const read = (text: string) => parseYaml({ path: 'f.yaml', text });
const isRefused = (text: string): boolean => read(text).problems.some(problem => problem.refused);
const objectWith = (body: string): string => `apiVersion: v1\nkind: Thing\nmetadata: {name: x}\n${body}`;
const ourObjects = (text: string): unknown[] =>
  read(text).documents.flatMap(({ root }) => (root === undefined ? [] : [labelled(toJson(root))]));

const SCALARS =
  `y Y yes Yes YES yEs true True TRUE tRue on On ON oN n N no No NO nO false False FALSE off Off OFF oFF t f
  ~ null Null NULL nULL 0 -0 +0 00 1 -1 +1 010 -010 0o17 0O17 -0o17 0o8 08 09 0x1F 0X1f -0x10 0xG 0b11 0B11 -0b11 0b12 1_000 1__0
  _1 1_ 0x_1F 1_000.5 1:30 12:30:45 190:20:30.15 .5 -.5 +.5 5. 5.e3 .5e3 1e3 1E3 1e+3 1e-3 1.5e3 1e400 -1e400 1e 1.2.3 ._5 .5_0 .5_
  1.0 1.10 100m 1Gi 9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809 18446744073709551615
  18446744073709551616 12345678901234567890123 0777777777777777777777777 0xffffffffffffffff 0xfffffffffffffffff 9007199254740993
  2001-01-01 2001-1-1 2001-01-01T00:00:00Z 2001-12-14t21:59:43.10-05:00 20010101 - -- --- . .. ... + = << % a%b a:b
  "y" 'y' "1" '' "" "null" '~' "010"`
    .trim()
    .split(/\s+/)
    .filter(text => text !== '-' && text !== '%');

const TAGGED = [
  '!!str 5',
  '!!str',
  '!!str y',
  '!!int 5',
  '!!int "5"',
  '!!int 010',
  '!!int 08',
  '!!int 1.0',
  '!!int x',
  '!!int',
  '!!float 1',
  '!!float 1.5',
  '!!float x',
  '!!float 010',
  '!!bool yes',
  "!!bool 'yes'",
  '!!bool 1',
  '!!null ""',
  '!!null x',
  '!!null ~',
  '!!null',
  '!!binary aGk=',
  '!!binary aGk',
  '!!timestamp 2001-01-01',
  '!!timestamp x',
  '!!timestamp',
  '!vault x',
  '!local 5',
  '! 5',
  "! '5'",
  '!!set 5',
  '!<tag:yaml.org,2002:int> 7',
  '!!seq x',
  '!!map {a: b}',
  '!!str [a]',
  '!foo {a: b}',
  '.inf',
  '-.inf',
  '.nan',
  '"\\/"',
  '"\\\'"',
  '"\\x41\\u0041\\U00000041"',
  '"\\ud83d\\ude00"',
  '"\\q"',
  '"a\\\n  \\  b\n\n  c"',
  "'it''s'",
  '"\ta"',
  '@a',
  '`a',
  '%a',
  '*a',
  '&a',
  '&a.b c',
  '&a b',
  '- a',
  '? a',
  ': a',
  'a: b',
  'a :b',
  'a #b',
  'a#b',
  '[a, b',
  '{a: b',
  '[a]b',
  '"a"b',
  '"a"#b',
  '[a]#b',
  "'a",
  '"a',
  '|\n  a',
  '|\n  a\n\n',
  '|+\n  a\n\n',
  '|-\n  a\n',
  '>\n  a\n  b\n\n  c\n',
  '|2\n    a\n',
  '|1\n  a',
  '|\n  \ta\n',
  '|2\n  \ta\n',
  '|\n   a\n  b\n',
  '| # c\n  a',
  '|0\n  a',
  '[http://x?y=1]',
  '[::]',
  '[a:1]',
  '[a: 1]',
  '{a, b}',
  '{"a":1}',
  '{a:1}',
  '[a,, b]',
  '[,a]',
  '[a,]',
  '[\n]',
  '[\na,\nb\n]',
  '"\nb"',
  '"a\nb"',
  "'a\n\n b'",
  'a\n  b',
  'a\n b\n\n  c',
  '\ta',
  '\t[\n  a]',
];

const KEYS =
  'y off 1 010 1.5 1e3 1e6 1000000.5 1e21 0.0001 0.00001 -0.0 3.4e39 .inf -.inf .nan 16777217.5 2001-01-01 0o17 9223372036854775807 18446744073709551615 ~ null "" a.b/c <<x "<<" !!str\u00a01 "~" true 0x1F 1_0 [a] {a}'
    .split(' ')
    .map(key => key.replace('\u00a0', ' '));

const DOCUMENTS: readonly (readonly [string, string])[] = [
  ['an anchor and its alias', 'a: &x {b: c}\nd: *x\n'],
  ['an alias in a list', 'a: &x 1\nb: [*x, *x]\n'],
  ['an alias as a key', 'a: &x key\n*x : 1\n'],
  ['an anchored key', '&x y: 1\nb: *x\n'],
  ['an anchor given twice', 'a: &x 1\nb: *x\nc: &x 2\nd: *x\n'],
  ['an unknown alias', 'a: *x\n'],
  ['an alias before its anchor', 'a: *x\nb: &x 1\n'],
  ['an alias of what holds it', 'a: &x\n  b: *x\n'],
  ['an alias of an anchor that is given again around it', 'a: &x 1\nb: &x [*x]\n'],
  ['a merge before own keys', 'a: &x {k: 1, l: 2}\nb:\n  <<: *x\n  k: 3\n'],
  ['a merge behind own keys', 'a: &x {k: 1, l: 2}\nb:\n  k: 3\n  <<: *x\n'],
  ['a merge of a list', 'a: &x {k: 1}\nc: &y {k: 2, l: 2}\nb:\n  <<: [*x, *y]\n'],
  ['a merge of a list, the other way', 'a: &x {k: 1}\nc: &y {k: 2, l: 2}\nb:\n  <<: [*y, *x, {m: 1}]\n'],
  ['two merges', 'a: &x {k: 1}\nc: &y {k: 2}\nb:\n  <<: *x\n  <<: *y\n'],
  ['a merge of a merge', 'a: &x {k: 1}\nc: &y {<<: *x, l: 2}\nb: {<<: *y, m: 3}\n'],
  ['a merge written in place', 'b:\n  <<: {k: 1}\n  l: 2\n'],
  ['a merge of a list behind an alias', 'a: &x [{k: 1}]\nb:\n  <<: *x\n'],
  ['a merge of a text', 'b:\n  <<: text\n'],
  ['a merge of nothing', 'b:\n  <<:\n'],
  ['a merge of itself', 'b: &x\n  <<: *x\n'],
  ['a quoted merge key', 'b:\n  "<<": {k: 1}\n'],
  ['a tagged merge key', "b:\n  !!merge '<<': {k: 1}\n"],
  ['a text-tagged merge key', 'b:\n  !!str <<: {k: 1}\n'],
  ['equal keys', 'a: 1\na: 2\n'],
  ['a bracket at the column of the key', 'a: [\n1\n]\nb: {\n}\n'],
  ['a bracket there, behind a comment', 'a: [\n  1, # one\n  "#" # two\n]\n'],
  ['quotes that go on at the first column', 'a: "b\nc"\n'],
  ['a tab behind a dash', 'a:\n-\tb\n'],
  ['a tab before a key', 'a:\n\tb: c\n'],
  ['a line of one tab', 'a: "b"\n\t\nc: d\n'],
  ['a tab behind a colon', 'a:\tb\n'],
  ['a tab behind a value', 'a: b\t\nc: [d]\t# e\n'],
  ['a tab inside brackets', 'a: [\n\tb,\n\tc\n  ]\n'],
  ['a key of several lines', 'a\n b: c\n'],
  ['a key of 1,030 characters', `${'k'.repeat(1030)}: 1\n`],
  ['a key of 1,020 characters', `${'k'.repeat(1020)}: 1\n`],
  ['a control character', 'a: "\x01"\n'],
  ['windows line ends', 'a: |\r\n  b\r\n  c\r\nd: e\r\n'],
  ['text behind the end', 'a: b\n...\nc: d\n'],
  ['a list at the column of its key', 'a:\n- b\n-\n- - c\n'],
  ['an explicit key', '? a\n: b\n'],
  ['an empty key', ': b\n'],
  ['a directive', '%YAML 1.1\n---\na: b\n'],
];

describe.skipIf(!hasKubectl)(`kubectl agrees${withoutKubectl}`, () => {
  const taken = (bodies: readonly string[]): void => {
    const ours = bodies.map(body => isRefused(objectWith(body)));
    const good = bodies.filter((_, index) => ours[index] === false).map(objectWith);
    const answer = ask(good.join('---\n'));
    expect(answer.error).toBeUndefined();
    expect(answer.objects).toEqual(good.flatMap(ourObjects));
    const bad = bodies.filter((_, index) => ours[index] === true).map(objectWith);
    expect(bad.filter(text => ask(text).error === undefined)).toEqual([]);
  };

  test('on the values of plain scalars', () => taken(SCALARS.map(text => `v: ${text}\n`)));
  test('on tags, quotes, blocks and brackets', () => taken(TAGGED.map(text => `v: ${text}\n`)), 60_000);
  test('on keys', () => taken(KEYS.map(text => `v: {k: 1}\nw:\n  ${text}: 1\n`)), 60_000);
  test('on aliases, merge keys, tabs and the rest', () => taken(DOCUMENTS.map(([, body]) => body)), 60_000);

  test.for(knownDifferences())('differs, and we know: $why', ({ text, kubectlTakes }) => {
    expect(ask(objectWith(text)).error === undefined).toBe(kubectlTakes);
    const same = !isRefused(objectWith(text)) === kubectlTakes;
    const equal =
      same &&
      kubectlTakes &&
      JSON.stringify(ask(objectWith(text)).objects) === JSON.stringify(ourObjects(objectWith(text)));
    expect(equal).toBe(false);
  });

  test.for([
    ['two documents', `${objectWith('a: 1\n')}---\n${objectWith('a: 2\n')}`],
    ['empty documents between', `---\n---\n# c\n---\n${objectWith('')}---\n---\n`],
    ['comments behind the dashes', `--- # one\n${objectWith('')}---# two\n${objectWith('b: 2\n')}--- \t\n`],
    ['a byte order mark', `\ufeff${objectWith('a: 1\n')}`],
    ['windows line ends', `${objectWith('a: 1\n')}---\n${objectWith('a: |\n  b\n')}`.replaceAll('\n', '\r\n')],
    ['no line break at the end', objectWith('a: |\n  b')],
    ['text beside the dashes', `${objectWith('')}--- x\n${objectWith('')}`],
    [
      'JSON',
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Thing',
        metadata: { name: 'x' },
        a: '\ud83d\ude00/\u2028',
        n: [1e21, 0.1],
      }),
    ],
    [
      'JSON with tabs, and more of it',
      '{"apiVersion":"v1","kind":"T",\n\t"metadata":{"name":"x"}}{"apiVersion":"v1","kind":"T","metadata":{"name":"y"}}\n',
    ],
    [
      'JSON and a separator',
      '{"apiVersion":"v1","kind":"T","metadata":{"name":"x"}}\n---\n{"apiVersion":"v1","kind":"T","metadata":{"name":"y"}}',
    ],
    ['JSON with a comma too many', '{"apiVersion":"v1","kind":"T","metadata":{"name":"x",}}'],
    ['YAML in braces', '{apiVersion: v1, kind: T, metadata: {name: x}}'],
    [
      'JSON escapes and equal keys',
      '{"apiVersion":"v1","kind":"T","metadata":{"name":"x"},"a":"\\/\\ud800\\u0041","b":1,"b":-0,"c":12345678901234567890}',
    ],
    ['JSON with a number too large', '{"apiVersion":"v1","kind":"T","metadata":{"name":"x"},"a":1e400}'],
    ['JSON with a zero too many', '{"apiVersion":"v1","kind":"T","metadata":{"name":"x"},"a":01}'],
  ] as const)('on a file with %s', ([, text]) => {
    const answer = ask(text);
    expect(isRefused(text)).toBe(answer.error !== undefined);
    if (answer.error === undefined) expect(ourObjects(text)).toEqual(answer.objects);
  });

  test.skipIf(!hasCorpus)(
    `on every Kubernetes object of the corpus${hasCorpus ? '' : ' (skipped: ../shared/corpus is not there)'}`,
    () => {
      const texts = readdirSync(corpus, { recursive: true, encoding: 'utf8' })
        .filter(path => /\.(?:ya?ml|json)$/.test(path))
        .flatMap(path => documentsOf(readFileSync(join(corpus, path), 'utf8')));
      const unique = [...new Set(texts)];
      const refused = unique.filter(text => isRefused(text) && /^kind:/m.test(text));
      expect(refused.filter(text => ask(text).error === undefined)).toEqual([]);
      const objects = unique.filter(text => !isRefused(text) && isObject(text));
      let agreed = 0;
      const [json, yaml] = [objects.filter(isJson), objects.filter(text => !isJson(text))];
      for (let at = 0; at < yaml.length; at += 150) agreed += compare(yaml.slice(at, at + 150));
      agreed += compare(json);
      expect(agreed).toBe(objects.length);
      expect(agreed).toBeGreaterThan(800);
    },
    300_000,
  );
});

/** What kubectl takes another way than we do: rare spellings inside brackets, where its parser is older than YAML 1.2. */
function knownDifferences(): readonly { why: string; text: string; kubectlTakes: boolean }[] {
  return [
    { why: 'a colon right before a bracket or comma is part of the text', text: 'v: {a:, b: c}\n', kubectlTakes: true },
    { why: 'a dash alone inside brackets is a text', text: 'v: [-]\n', kubectlTakes: true },
    { why: 'a question mark inside brackets begins a key', text: 'v: [?a]\n', kubectlTakes: true },
    {
      why: 'nested more than 1,000 levels deep',
      text: `v: ${'['.repeat(1001)}${']'.repeat(1001)}\n`,
      kubectlTakes: true,
    },
  ];
}

const isJson = (text: string): boolean => /^\s*\{/.test(text);

function documentsOf(text: string): string[] {
  if (isJson(text)) return [text];
  return splitDocuments(text).map(({ start, end }) => `${text.slice(start, end).trimEnd()}\n`);
}

/** Objects that the question can be put to: kubectl wants a kind and a name, and takes lists apart. */
function isObject(text: string): boolean {
  const { documents } = read(text);
  return (
    documents.length > 0 &&
    documents.every(({ root }) => {
      const value = root && (toJson(root) as Record<string, unknown> | null);
      const metadata = value?.metadata as Record<string, unknown> | undefined;
      const isNamed = typeof metadata?.name === 'string' && metadata.name !== '';
      return (
        typeof value?.kind === 'string' && typeof value.apiVersion === 'string' && isNamed && value.items === undefined
      );
    })
  );
}

function compare(texts: readonly string[]): number {
  const answer = texts.some(isJson) ? undefined : ask(texts.join('---\n'));
  if (answer !== undefined && answer.error === undefined) {
    expect(answer.objects).toEqual(texts.flatMap(ourObjects));
    return texts.length;
  }
  for (const text of texts) {
    const single = ask(text);
    expect({ text, error: single.error }).toEqual({ text, error: undefined });
    expect(single.objects).toEqual(ourObjects(text));
  }
  return texts.length;
}
