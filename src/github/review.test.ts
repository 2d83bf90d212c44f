import { describe, expect, test } from 'vitest';
import { fingerprintsOf, isOwn, marker, sameText } from './review.ts';

describe('marks of our texts', () => {
  test('are read back', () => {
    expect(fingerprintsOf(`text\n\n${marker('findings', 'ab12', ['0f', '1e'])}`, 'findings', 'ab12')).toEqual([
      '0f',
      '1e',
    ]);
    expect(fingerprintsOf(marker('summary', 'ab12', []), 'summary', 'ab12')).toEqual([]);
    expect(fingerprintsOf(`text\r\n${marker('review', 'ab12', [])}\r\n`, 'review', 'ab12')).toEqual([]);
  });

  test.for([
    ['another step', marker('findings', 'ff', ['0f'])],
    ['another kind', marker('review', 'ab12', ['0f'])],
    ['above other text', `${marker('findings', 'ab12', ['0f'])}\nmore`],
    ['inside a line', `x ${marker('findings', 'ab12', ['0f'])}`],
    ['nothing', ''],
  ])('of %s are none', ([, body]) => expect(fingerprintsOf(body ?? '', 'findings', 'ab12')).toBeUndefined());

  test('in what a file says do not count beside our own', () => {
    const body = `\`\`\`suggestion\n${marker('findings', 'ab12', ['0f'])}\n\`\`\`\n\n${marker('findings', 'ab12', ['1e'])}`;
    expect(fingerprintsOf(body, 'findings', 'ab12')).toEqual(['1e']);
  });
});

test('accounts', () => {
  expect(isOwn('GitHub-Actions[bot]', 'github-actions[bot]')).toBe(true);
  expect(isOwn('github-actions', 'github-actions[bot]')).toBe(false);
  expect(isOwn(undefined, 'github-actions[bot]')).toBe(false);
});

test('texts that need not be written again', () => {
  const text = (sha: string, run: number, end: string) =>
    [`see https://github.com/o/r/blob/${sha.repeat(40)}/x#L1`, `https://github.com/o/r/actions/runs/${run}`].join(end);
  expect(sameText(text('a', 1, '\n'), text('b', 2, '\r\n'))).toBe(true);
  expect(sameText('one', 'two')).toBe(false);
});
