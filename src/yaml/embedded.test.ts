import { describe, expect, test } from 'vitest';
import { locate } from '../text-region.ts';
import { embedded } from './embedded.ts';
import { entry, get } from './node.ts';
import { parseYaml } from './parse.ts';

function regionOf(text: string) {
  const source = { path: 'f.yaml', text };
  const root = parseYaml(source).documents[0]?.root;
  const key = entry(root, 'a')?.key;
  const node = get(root, 'a');
  if (key === undefined || node?.kind !== 'scalar') throw new Error('no scalar under a');
  return { region: embedded(node, key, source), key };
}

const EXACT: readonly (readonly [string, string])[] = [
  ['a literal block', 'a: |\n  x = 1\n  y = 2\n'],
  ['a literal block that keeps its end', 'a: |+\n  x = 1\n\n\nb: 1\n'],
  ['a literal block without its end', 'a: |-\n  x = 1\n\n  y\nb: 1\n'],
  ['a literal block with an indentation of its own', 'a: |2-\n    x = 1\n  y\n'],
  ['a literal block behind a comment', 'a: | # c\n\n\n    x = 1\n      y\n    z\n'],
  ['a literal block with shorter blank lines', 'a: |\n    x\n \n\n    y\n'],
  ['a literal block at the end of the file', 'a: |\n  x\n  y'],
  ['an empty literal block', 'a: |\nb: 1\n'],
  ['a plain text', 'a: x = 1\n'],
  ['a single-quoted text', "a: 'it''s ''x'''\n"],
  ['a double-quoted text', 'a: "x"\n'],
  ['simple escapes', 'a: "x = 1\\n\\ty = \\"2\\" \\\\ z\\n"\n'],
  ['hexadecimal escapes', 'a: "\\x41b\\u0043d\\U0001F600e"\n'],
  ['JSON', '{"k": 1, "a": "x = \'1\'\\ny = \\u0022b\\ud83d\\ude00c\\/\\""}'],
];

describe('exact regions', () => {
  test.for(
    EXACT.flatMap(([name, text]) => [
      [name, text] as const,
      [`${name}, windows line ends`, text.replaceAll('\n', '\r\n')] as const,
    ]),
  )('%s', ([, source]) => {
    const { region } = regionOf(source);
    expect(region.exact).toBe(true);
    for (let at = 0; at < region.text.length; at++) {
      const place = locate(region, at, at + 1);
      const said = source.slice(place.start, place.end);
      const wanted = region.text[at] ?? '';
      const isOne =
        said === wanted ||
        said === '\\' ||
        (wanted === '\n' && /^[\r\n]?$/.test(said)) ||
        /[\ud800-\udfff]/.test(wanted);
      expect([at, wanted, isOne ? wanted : said]).toEqual([at, wanted, wanted]);
    }
  });

  test('a line of a block is found where it stands', () => {
    const source = 'data:\nb: 1\na: |\n    max = 1 # c\n\n    shared_buffers = 1GB\n';
    const { region } = regionOf(source);
    const at = region.text.indexOf('1GB');
    expect(locate(region, at, at + 3)).toEqual({
      path: 'f.yaml',
      start: source.indexOf('1GB'),
      end: source.indexOf('1GB') + 3,
    });
  });

  test('a setting inside JSON is found where it stands', () => {
    const source = '{"a":"x = 1\\nshared_buffers = \\"1GB\\"\\n"}';
    const { region } = regionOf(source);
    const at = region.text.indexOf('1GB');
    const place = locate(region, at, at + 3);
    expect(source.slice(place.start, place.end)).toBe('1GB');
  });
});

describe('other regions', () => {
  test.for([
    ['folded', 'a: >\n  x\n  y\n'],
    ['plain on two lines', 'a: x\n  y\n'],
    ['single quotes on two lines', "a: 'x\n  y'\n"],
    ['double quotes on two lines', 'a: "x\n  y"\n'],
    ['double quotes with an escaped line break', 'a: "x\\\n  y"\n'],
  ])('%s: pointed at by the key', ([, source]) => {
    const { region, key } = regionOf(source ?? '');
    expect(region.exact).toBe(false);
    expect(locate(region, 0, 1)).toEqual({ path: 'f.yaml', start: key.start, end: key.end });
  });
});
