import { describe, expect, test } from 'vitest';
import { changedFile, followLine, isChanged, isShown, parseDiff, parsePatch } from './changes.ts';

const patch = `@@ -6,6 +6,7 @@ metadata:
 a
-b
+B
+C
 d
 e
 f
-+++ b/x
+--- a/x
@@ -40,2 +41,0 @@
-x
-y
\\ No newline at end of file`;

test('lines of a patch', () => {
  expect(parsePatch(patch).map(({ added, newStart, newCount }) => ({ added, newStart, newCount }))).toEqual([
    {
      added: [
        { start: 7, end: 8 },
        { start: 12, end: 12 },
      ],
      newStart: 6,
      newCount: 7,
    },
    { added: [], newStart: 41, newCount: 0 },
  ]);
});

test('what is changed, and what is shown', () => {
  const file = changedFile(parsePatch(patch));
  expect(file.hunks).toEqual([{ start: 6, end: 12 }]);
  expect([isChanged(file, 6, 6), isChanged(file, 5, 7), isChanged(file, 9, 11)]).toEqual([false, true, false]);
  expect([isShown(file, 6, 12), isShown(file, 5, 6), isShown(file, 12, 13)]).toEqual([true, false, false]);
  expect([isChanged(undefined, 1, 9), isShown(undefined, 1, 1)]).toEqual([false, false]);
  expect(isChanged({ ...file, known: false }, 9, 9)).toBe(true);
});

describe('the output of git diff', () => {
  test('names files, also odd ones, and takes no line of theirs for its own', () => {
    const diff = [
      'diff --git a/plain b/plain',
      '--- a/plain',
      '+++ b/plain',
      '@@ -1 +1,2 @@',
      '--- a/other',
      '+++ b/other',
      '+@@ -1 +1 @@',
      'diff --git "a/\\303\\244\\"\\t" "b/\\303\\244\\"\\t"',
      '--- /dev/null',
      '+++ "b/\\303\\244\\"\\t"',
      '@@ -0,0 +1 @@',
      '+x',
      'diff --git a/with blank b/with blank',
      '--- a/with blank\t',
      '+++ b/with blank\t',
      '@@ -3 +3 @@',
      '-x',
      '+y',
      'diff --git a/gone b/gone',
      '--- a/gone',
      '+++ /dev/null',
      '@@ -1 +0,0 @@',
      '-x',
      '',
    ].join('\n');
    expect([...parseDiff(diff)].map(([path, hunks]) => [path, hunks.flatMap(h => h.added)])).toEqual([
      ['plain', [{ start: 1, end: 2 }]],
      ['ä"\t', [{ start: 1, end: 1 }]],
      ['with blank', [{ start: 3, end: 3 }]],
    ]);
  });
});

describe('a line is followed', () => {
  const hunks = parsePatch('@@ -3,0 +4,2 @@\n+a\n+b\n@@ -10,2 +13 @@\n-c\n-d\n+e\n@@ -20 +21,0 @@\n-f');
  test.for([
    [1, 1],
    [3, 3],
    [4, 6],
    [9, 11],
    [10, undefined],
    [11, undefined],
    [12, 13],
    [20, undefined],
    [21, 21],
  ] as const)('from %s to %s', ([line, there]) => expect(followLine(hunks, line)).toBe(there));
});
