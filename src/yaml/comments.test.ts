import { describe, expect, test } from 'vitest';
import { columnOf, skipToToken } from './comments.ts';
import { parseYaml } from './parse.ts';

const comments = (text: string) =>
  parseYaml({ path: 'f.yaml', text }).comments.map(({ text: said, at, ownLine }) => [
    said,
    text.slice(at.start, at.end),
    ownLine,
  ]);

describe('comments', () => {
  test.for<readonly [string, readonly (readonly [string, boolean])[]]>([
    [
      '# a\nb: 1 # c\n  # d\n',
      [
        ['# a', true],
        ['# c', false],
        ['  # d'.trim(), true],
      ],
    ],
    ['a: "# no" # yes\nb: \'#\'\nc: x#y\n', [['# yes', false]]],
    [
      'a: | # head\n  # body\n  x\n# after\n',
      [
        ['# head', false],
        ['# after', true],
      ],
    ],
    ['a: >-\n  x # body\nb: 1\n', []],
    [
      'a: [ # one\n  b, # two\n  # three\n] # four\n',
      [
        ['# one', false],
        ['# two', false],
        ['# three', true],
        ['# four', false],
      ],
    ],
    [
      'a: # one\n  # two\n  - b\n  - # three\n    c\n',
      [
        ['# one', false],
        ['# two', true],
        ['# three', false],
      ],
    ],
    [
      '--- # one\na: 1\n--- # two\n# three\n',
      [
        ['# one', true],
        ['# two', true],
        ['# three', true],
      ],
    ],
    ['a: &x#y 1\nb: !z#z 2\n', []],
    [
      'a: "b"#c\nd: [e]#f\n',
      [
        ['#c', false],
        ['#f', false],
      ],
    ],
    [
      '? a # one\n: b # two\n',
      [
        ['# one', false],
        ['# two', false],
      ],
    ],
    [
      'a: b # one\r\n# two\r\nc: d\r\n',
      [
        ['# one', false],
        ['# two', true],
      ],
    ],
    ['\ufeff# one\na: 1', [['# one', true]]],
    ['a: 1\n#', [['#', true]]],
    ['{"a": "# b"}', []],
  ])('of %j', ([text, expected]) => {
    expect(comments(text)).toEqual(expected.map(([whole, ownLine]) => [whole.slice(1), whole, ownLine]));
  });

  test('stand in the order of the text, each once, in all documents that can be read', () => {
    const text = '# 1\na: 1 # 2\n---\nb: [ # no\n---\n# 3\n- # 4\n- x # 5\n';
    expect(comments(text).map(([said]) => said)).toEqual([' 1', ' 2', ' 3', ' 4', ' 5']);
  });
});

test('skipToToken passes white space and comments', () => {
  expect(skipToToken('  # a\n\t# b\r\n c', 0)).toBe(13);
  expect(skipToToken('a', 0)).toBe(0);
  expect(skipToToken(' # a', 0)).toBe(4);
});

test('columnOf counts from the line break', () => {
  expect([columnOf('ab\r\ncd', 5), columnOf('ab', 1), columnOf('', 0)]).toEqual([1, 1, 0]);
});
