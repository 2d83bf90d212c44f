import { expect, test } from 'vitest';
import { canonicalPath } from './paths.ts';

test.for<readonly [path: string, old: string, current: string]>([
  ['', '', ''],
  ['/', '/', '/'],
  ['a//b/', 'a/b', 'a/b'],
  ['./a', './a', 'a'],
  ['a/./b', 'a/./b', 'a/b'],
  ['a/.', 'a', 'a'],
  ['/a/../b', '/a/../b', '/b'],
  ['a/b/..', 'a', 'a'],
  ['a/b/../..', '.', '.'],
  ['a/../..', '..', '..'],
  ['/..', '/', '/'],
  ['../a', '../a', '../a'],
])('%j is %j up to 14, %j since', ([path, old, current]) => {
  expect([canonicalPath(path, 14), canonicalPath(path, 15)]).toEqual([old, current]);
});
