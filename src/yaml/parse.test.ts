import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type MapNode, type Node, type ScalarNode, entry, get, getItems, getText } from './node.ts';
import { type YamlFile, parseYaml } from './parse.ts';
import { toJson } from './value.ts';

const parse = (text: string): YamlFile => parseYaml({ path: 'f.yaml', text });
const values = (text: string) => parse(text).documents.map(({ root }) => root && toJson(root));
const rootOf = (text: string): Node | undefined => parse(text).documents[0]?.root;

/** Every node with its text, `key` before keys; merged entries and aliases left out. */
function pieces(text: string): string[] {
  const found: string[] = [];
  const say = (node: Node): number => found.push(`${node.kind} ${text.slice(node.start, node.end)}`);
  const walk = (node: Node): void => {
    say(node);
    if (node.kind === 'seq') for (const item of node.items) walk(item);
    if (node.kind !== 'map') return;
    for (const { key, value, merged, alias } of node.entries) {
      if (merged) continue;
      found.push(`key ${text.slice(key.start, key.end)}`);
      if (alias === undefined) walk(value);
    }
  };
  for (const { root } of parse(text).documents) if (root !== undefined) walk(root);
  return found;
}

describe('ranges', () => {
  test.for<readonly [string, string, readonly string[]]>([
    [
      'block map',
      'a: 1 # c\nb: two words  \n',
      ['map a: 1 # c\nb: two words', 'key a', 'scalar 1', 'key b', 'scalar two words'],
    ],
    [
      'quotes belong to the value',
      `a: "x"\n'b': 'it''s'\n`,
      [`map a: "x"\n'b': 'it''s'`, 'key a', 'scalar "x"', `key 'b'`, `scalar 'it''s'`],
    ],
    ['empty values stand behind the colon', 'a:\nb: # c\n', ['map a:\nb:', 'key a', 'scalar ', 'key b', 'scalar ']],
    [
      'block sequence',
      'a:\n- x\n-\n- y\n',
      ['map a:\n- x\n-\n- y', 'key a', 'seq - x\n-\n- y', 'scalar x', 'scalar ', 'scalar y'],
    ],
    [
      'flow',
      'a: [1, {b: c}, ] # ]\n',
      ['map a: [1, {b: c}, ]', 'key a', 'seq [1, {b: c}, ]', 'scalar 1', 'map {b: c}', 'key b', 'scalar c'],
    ],
    [
      'a bracket behind a comment',
      'a: [ # ]\n 1 # ]\n ]\n',
      ['map a: [ # ]\n 1 # ]\n ]', 'key a', 'seq [ # ]\n 1 # ]\n ]', 'scalar 1'],
    ],
    [
      'pairs in brackets',
      'a: [b: c, {d}]\n',
      [
        'map a: [b: c, {d}]',
        'key a',
        'seq [b: c, {d}]',
        'map b: c',
        'key b',
        'scalar c',
        'map {d}',
        'key d',
        'scalar ',
      ],
    ],
    [
      'literal',
      'a: | # c\n  x\n\n  y\n\n# d\nb: 1\n',
      ['map a: | # c\n  x\n\n  y\n\n# d\nb: 1', 'key a', 'scalar | # c\n  x\n\n  y', 'key b', 'scalar 1'],
    ],
    ['folded at the end', 'a: >-\n  x\n  y', ['map a: >-\n  x\n  y', 'key a', 'scalar >-\n  x\n  y']],
    ['an empty block', 'a: |\nb: 1\n', ['map a: |\nb: 1', 'key a', 'scalar |', 'key b', 'scalar 1']],
    ['a block on the next line', 'a:\n  # c\n  |\n  x\n', ['map a:\n  # c\n  |\n  x', 'key a', 'scalar |\n  x']],
    ['a block in a list', '- |\n x\n- >\n y\n', ['seq - |\n x\n- >\n y', 'scalar |\n x', 'scalar >\n y']],
    [
      'tags and anchors stand before the value',
      'a: !!str &x 5\nb: &y\n  c: 1\n',
      ['map a: !!str &x 5\nb: &y\n  c: 1', 'key a', 'scalar 5', 'key b', 'map c: 1', 'key c', 'scalar 1'],
    ],
    [
      'a tagged empty value',
      'a: !!str # c\nb: &x\n',
      ['map a: !!str # c\nb: &x', 'key a', 'scalar ', 'key b', 'scalar '],
    ],
    [
      'a collection that ends in an alias',
      'a: &x 1\nb:\n  - *x\nc: *x\n',
      ['map a: &x 1\nb:\n  - *x\nc: *x', 'key a', 'scalar 1', 'key b', 'seq - *x', 'scalar 1', 'key c'],
    ],
    ['explicit keys', '? a # c\n: b\n? d\n', ['map ? a # c\n: b\n? d', 'key a', 'scalar b', 'key d', 'scalar ']],
    [
      'several lines',
      'a: b\n  c\nd: "e\n  f"\n',
      ['map a: b\n  c\nd: "e\n  f"', 'key a', 'scalar b\n  c', 'key d', 'scalar "e\n  f"'],
    ],
    [
      'a bracket at the key’s column',
      'a: [\n1, # c\n]\nb: 2\n',
      ['map a: [\n1, # c\n]\nb: 2', 'key a', 'seq [\n1, # c\n]', 'scalar 1', 'key b', 'scalar 2'],
    ],
    [
      'JSON',
      ' {"a" : [1, "x\\n"], "b": {}}',
      [
        'map {"a" : [1, "x\\n"], "b": {}}',
        'key "a"',
        'seq [1, "x\\n"]',
        'scalar 1',
        'scalar "x\\n"',
        'key "b"',
        'map {}',
      ],
    ],
  ])('%s', ([, text, expected]) => {
    expect(pieces(text)).toEqual(expected);
    expect(parse(text).problems).toEqual([]);
    const crlf = text.replaceAll('\n', '\r\n');
    if (!text.includes('\\n')) expect(pieces(crlf)).toEqual(expected.map(piece => piece.replaceAll('\n', '\r\n')));
    const shifted = `# c\n---\n${text}`;
    if (!text.includes('{"')) expect(pieces(shifted)).toEqual(expected);
  });

  test('an empty value lies right behind its colon or dash', () => {
    const text = 'a:   # c\nb: [x, {c: , d}]\ne:\n  -\n  - y\n';
    const root = rootOf(text);
    const places = [get(root, 'a'), get(root, 'b', 1, 'c'), get(root, 'b', 1, 'd'), get(root, 'e', 0)].map(
      node => node?.start,
    );
    expect(places).toEqual([2, text.indexOf('c: ,') + 2, text.indexOf('d}') + 1, text.indexOf('-') + 1]);
  });

  test('nodes know what holds them, and where they come from', () => {
    const source = { path: 'f.yaml', text: 'a: [b]\n' };
    const root = parseYaml(source).documents[0]?.root as MapNode;
    const list = get(root, 'a');
    expect(get(list, 0)?.parent).toBe(list);
    expect(list?.parent).toBe(root);
    expect(root.parent).toBeUndefined();
    expect(root.entries[0]?.key.parent).toBe(root);
    expect(get(list, 0)?.source).toBe(source);
  });
});

describe('documents', () => {
  test.for<readonly [string, readonly unknown[]]>([
    ['', []],
    ['# only\n---\n# comments\n', []],
    ['a: 1\n---\nb: 2\n', [{ a: 1 }, { b: 2 }]],
    ['---\na: 1\n---\n---\n# c\n---\nb: 2\n---', [{ a: 1 }, { b: 2 }]],
    ['\ufeff---\r\na: 1\r\n--- # c\r\nb: 2\r\n', [{ a: 1 }, { b: 2 }]],
    ['a: |\n  ---\n  x\n', [{ a: '---\nx\n' }]],
    ['a: 1\n...\n---\nb: 2\n...\n', [{ a: 1 }, { b: 2 }]],
    ['{"a":1}\n\t{"b":2}[3]', [{ a: 1 }, { b: 2 }, [3]]],
    ['{}\n', [{}]],
    ['- a\n- b\n', [['a', 'b']]],
    ['text', ['text']],
  ])('of %j', ([text, expected]) => {
    expect(values(text)).toEqual(expected);
    expect(parse(text).problems).toEqual([]);
  });

  test('have ranges without the separators, and an index', () => {
    const text = 'a: 1\n---\n# c\n--- # d\nb: 2\n';
    const documents = parse(text).documents.map(({ start, end, index }) => [index, text.slice(start, end)]);
    expect(documents).toEqual([
      [0, 'a: 1\n'],
      [1, '# d\nb: 2\n'],
    ]);
  });

  test('go on behind one that cannot be read', () => {
    const file = parse('a: 1\n---\nb: [\n---\nc: "x\n---\nd: 4\n');
    expect(file.documents.map(({ root }) => root && toJson(root))).toEqual([{ a: 1 }, undefined, undefined, { d: 4 }]);
    expect(file.problems).toHaveLength(2);
  });

  test('no document ends in nothing found, silently', () => {
    expect(parse('{"a": ').documents).toMatchObject([{ root: undefined }]);
    expect(parse('{"a": 1} {"b"').documents.map(({ root }) => root?.kind)).toEqual(['map', undefined]);
    expect(parse('{a: 1, b: [2]}').documents.map(({ root }) => root && toJson(root))).toEqual([{ a: 1, b: [2] }]);
  });
});

describe('problems', () => {
  test.for<readonly [string, string, string, boolean]>([
    ['a: b: c\n', ':', 'does not fit the map', true],
    ['a: 1\n b: 2\n', ':', 'does not fit the map', true],
    ['a: [1\nb: 2\n', '[1', 'a bracket is opened and not closed', true],
    ['a: "x\n', '"x', 'double quote is opened and not closed', true],
    ['a: 1\na: 2\n', 'a', 'keeps only the last', false],
    ['a:\n\tb: 1\n', '\t', 'a tab stands', true],
    ['a:\n  - b\n  -\tc\n', '\t', 'a tab stands', true],
    ['a: *x\n', '*x', 'no anchor "&x"', true],
    ['a: *.example.com\n', '*.example.com', 'is no name for an anchor', true],
    ['a: &x [*x]\n', '*x', 'contains this alias of itself', true],
    ['a: {<<: 1}\n', '1', 'merge key needs a map', true],
    [': 1\n', '', 'a key is empty or null', true],
    ['? [a]\n: 1\n', '[a]', 'a map or a list stands as a key', true],
    ['a: .inf\n', '.inf', 'no form in JSON', true],
    ['a: !!int x\n', 'x', 'this is no !!int', true],
    ['a: "b \\/ c"\n', '\\/', 'is no escape sequence', true],
    ['a: b\n--- c\nd: e\n', 'c', 'on the line of "---"', true],
    ['a: b\n...\nc: d\n', 'c: d', 'silently skips', false],
    ['  a: b\nc: d\n', 'c:', 'silently skips', false],
    ['a: "\x02"\n', '\x02"', 'control character U+0002', true],
    ['{"a": 01}', '01', 'reads a file that begins with "{" as JSON', true],
    ['{"a": 1, "a": 2}', '"a"', 'keeps only the last', false],
    ['{a: 1}', 'a', 'as JSON', true],
  ])('%j', ([text, place, message, refused]) => {
    const problems = parse(text).problems;
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ refused, message: expect.stringContaining(message) });
    const at = problems[0]?.at;
    expect(text.slice(at?.start, at?.end).startsWith(place)).toBe(true);
    expect(problems[0]?.message).toMatch(/^[^A-Z].*[^.]$/);
  });

  test('the first of two equal keys is related, as the API server sees keys', () => {
    const text = 'on: 1\nb: 2\n"true": 3\n';
    const [problem] = parse(text).problems;
    expect(problem).toMatchObject({
      kind: 'duplicate-key',
      at: { start: text.indexOf('"true"') },
      related: { start: 0, end: 2 },
    });
  });

  test.for([
    'a: 1\nb: {a: 2}\n',
    '<<: {a: 1}\na: 2\n',
    'a: &x {b: 1}\nc: {<<: *x, <<: *x}\n',
    'a: "{{ .x }}"\n',
    'a: [\n]\n',
  ])('none in %j', text => expect(parse(text).problems).toEqual([]));
});

describe('aliases and merge keys', () => {
  const text = 'a: &x {k: 1, l: 2}\nb:\n  k: 3\n  <<: *x\n  l: 4\nc: *x\nd: [*x, z]\n';
  const root = rootOf(text);

  test('what stands later wins, merged or not', () => {
    expect(toJson(root as Node)).toEqual({
      a: { k: 1, l: 2 },
      b: { k: 1, l: 4 },
      c: { k: 1, l: 2 },
      d: [{ k: 1, l: 2 }, 'z'],
    });
  });

  test('nodes are shared and stay where they are written', () => {
    const anchored = get(root, 'a');
    expect(get(root, 'c')).toBe(anchored);
    expect(getItems(root, 'd')[0]).toBe(anchored);
    expect(anchored?.anchor).toBe('x');
    expect(entry(root, 'c')?.alias).toMatchObject({ start: text.indexOf('*x\nd'), end: text.indexOf('*x\nd') + 2 });
    expect(entry(get(root, 'b'), 'k')).toMatchObject({ merged: true, value: { start: text.indexOf('1') } });
    expect(entry(get(root, 'b'), 'l')).toMatchObject({ merged: false });
    const list = get(root, 'd');
    expect(list?.kind === 'seq' && list.aliases?.get(0)).toMatchObject({ start: text.indexOf('[*x') + 1 });
    expect(list?.kind === 'seq' && list.aliases?.has(1)).toBe(false);
  });

  test('an anchor that nothing repeats is no matter', () =>
    expect(get(rootOf('a: &x 1\n'), 'a')?.anchor).toBeUndefined());

  test('a key keeps its text, and its value is what the API server sees', () => {
    const keys = (rootOf('on: 1\n010: 2\n1.50: 3\n&a y: 4\nz: *a\n') as MapNode).entries.map(({ key }) => [
      key.text,
      key.value,
    ]);
    expect(keys).toEqual([
      ['on', 'true'],
      ['010', '8'],
      ['1.50', '1.5'],
      ['y', 'true'],
      ['z', 'z'],
    ]);
    expect(get(rootOf('&a y: 4\nz: *a\n'), 'z')).toMatchObject({ value: true, text: 'y' });
  });

  const bomb = (line: (name: number) => string): string =>
    ['a0: &a0 {x: 1, y: 2}', ...Array.from({ length: 40 }, (_, index) => line(index + 1))].join('\n');
  test.for([
    [
      'lists',
      bomb(
        n =>
          `a${n}: &a${n} [${Array(9)
            .fill(`*a${n - 1}`)
            .join()}]`,
      ),
    ],
    [
      'merge keys',
      bomb(
        n =>
          `a${n}: &a${n}\n  <<: [${Array(9)
            .fill(`*a${n - 1}`)
            .join()}]`,
      ),
    ],
    ['one long chain', bomb(n => `a${n}: &a${n} {b: *a${n - 1}, c: *a${n - 1}}`)],
  ] as const)('a bomb of %s has no tree', ([, text]) => {
    const file = parse(text);
    expect(file.documents).toMatchObject([{ root: undefined }]);
    expect(file.problems[0]?.message).toContain('aliases make the document many times as large');
  });

  test('ten thousand uses of one anchor are no bomb', () => {
    const file = parse(`a: &x {k: 1}\nb:\n${'  - <<: *x\n    l: 2\n'.repeat(10_000)}`);
    expect(file.problems).toEqual([]);
    expect(getItems(file.documents[0]?.root, 'b')).toHaveLength(10_000);
  });
});

describe('relations to kubectl', () => {
  test('text of a scalar is its spelling, value what kubectl makes of it', () => {
    const root = rootOf('a: 0o17\nb: "on"\nc: on\nd: 2001-01-01\ne: 9007199254740993\nf: !!str on\n');
    const shown = (root as MapNode).entries.map(({ value }) => [
      (value as ScalarNode).text,
      (value as ScalarNode).value,
    ]);
    expect(shown).toEqual([
      ['0o17', 15],
      ['on', 'on'],
      ['on', true],
      ['2001-01-01', '2001-01-01'],
      ['9007199254740993', 9007199254740993n],
      ['on', 'on'],
    ]);
    expect(getText(root, 'e')).toBe('9007199254740993');
  });

  test('toJson keeps a key named __proto__', () => {
    expect(Object.keys(toJson(rootOf('__proto__: 1\nb: 2\n') as Node) as object)).toEqual(['__proto__', 'b']);
  });
});

describe('whatever the text, parsing ends and throws nothing', { timeout: 120_000 }, () => {
  const files = [
    'apiVersion: v1\nkind: ConfigMap\nmetadata: &m\n  name: "x" # c\n  labels: {a: b, c: [d, "e\\n"]}\ndata:\n  f: |2-\n      a = 1\n\n    b\n  g: >\n   h\n---\n<<: *m\n- *m\n',
    '{"a": [1, -2.5e3, true, null, "x\\u0041\\ud83d"], "b": {"c": {}}}\n{"d": []}',
    'a: [\n  "x", # c\n  b\n]\nc: "d\ne"\nf:\t{g: h,\n\ti: j}\n? k\n: l\n!!str m: !x n\n',
  ];
  const bits = [
    '\t',
    '\n',
    '"',
    "'",
    '[',
    '}',
    '{',
    ': ',
    '- ',
    '#',
    ' #',
    '&a ',
    '*a',
    '!',
    '|',
    '>',
    '<<: ',
    '---\n',
    '...',
    '\r',
    '\ufeff',
    '\0',
    '\ud800',
    '%',
    '?',
  ];

  test('every prefix and suffix', () => {
    for (const text of files)
      for (let at = 0; at <= text.length; at++) [text.slice(0, at), text.slice(at)].forEach(expectSound);
  });

  test('every insertion of something awkward', () => {
    for (const text of files) {
      for (let at = 0; at <= text.length; at += 3)
        for (const bit of bits) expectSound(text.slice(0, at) + bit + text.slice(at));
    }
  });

  test.for([
    '[',
    '{',
    '- ',
    '? ',
    '"a":{',
    '&a ',
    '!a ',
    '"',
    "'",
    '|\n',
    'a: ',
    '- - ',
    '[a: ',
    '{{',
    '#\n',
    '---\n',
    '...\n',
    '\t',
    '*a ',
    'a:\n ',
  ])('%j, fifty thousand times', unit => expectSound(unit.repeat(50_000)));

  const corpus = resolve('../shared/corpus');
  test.skipIf(!existsSync(corpus))('every file of the corpus (skipped where ../shared/corpus is not there)', () => {
    const paths = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter(path =>
      /\.(?:ya?ml|json)$/.test(path),
    );
    for (const path of paths) expectSound(readFileSync(join(corpus, path), 'utf8'));
    expect(paths.length).toBeGreaterThan(500);
  });
});

/** Parses a text, and checks that every place lies inside it and every child inside its parent. */
function expectSound(text: string): void {
  const file = parse(text);
  for (const { at, message } of file.problems) {
    if (!(at.start >= 0 && at.start <= at.end && at.end <= text.length))
      expect.fail(`${message}: ${JSON.stringify(at)} in ${JSON.stringify(text)}`);
  }
  for (const { at } of file.comments)
    if (text[at.start] !== '#') expect.fail(`no comment at ${at.start} of ${JSON.stringify(text)}`);
  const seen = new Set<Node>();
  const check = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    const within = node.parent ?? { start: 0, end: text.length };
    if (!(within.start <= node.start && node.start <= node.end && node.end <= within.end)) {
      expect.fail(
        `${node.kind} ${node.start}-${node.end} outside ${within.start}-${within.end} in ${JSON.stringify(text)}`,
      );
    }
    if (node.kind === 'seq') node.items.forEach(check);
    if (node.kind === 'map') for (const { key, value } of node.entries) [key, value].forEach(check);
  };
  for (const { root } of file.documents) if (root !== undefined) check(root);
}
