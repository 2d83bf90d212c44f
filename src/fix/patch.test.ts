import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { patchOf } from './patch.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tusklint-patch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lines = (...numbers: readonly (number | string)[]): string => numbers.map(n => `line ${n}\n`).join('');
const tenth = (replacement: string): string =>
  lines(...Array.from({ length: 30 }, (_, i) => (i === 9 ? replacement : i)));

/** The text that git makes of `before` with our patch. */
function applied(path: string, before: string, after: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, before);
  const { text } = patchOf({
    before: { path, text: before },
    after: { path, text: after },
    name: path,
    masks: { before: [], after: [] },
  });
  execFileSync('git', ['apply', '-'], { cwd: folder, input: text, stdio: ['pipe', 'pipe', 'inherit'] });
  return readFileSync(file, 'utf8');
}

test.for<[name: string, path: string, before: string, after: string]>([
  ['a changed line', 'k8s/db.yaml', tenth('a'), tenth('b')],
  ['an added line at the end', 'db.yaml', lines(1, 2), lines(1, 2, 3)],
  ['no line break at the end', 'db.yaml', 'a: 1', 'a: 2'],
  ['a line break that goes', 'db.yaml', 'a: 1\n', 'a: 2'],
  ['lines that end with CR LF', 'db.yaml', 'a: 1\r\nb: 2\r\n', 'a: 1\r\nb: 3\r\n'],
  ['a byte order mark', 'db.yaml', '\uFEFFa: 1\n', '\uFEFFa: 2\n'],
  ['a file that becomes empty', 'db.yaml', 'a: 1\n', ''],
  ['blanks in the path', 'a b/c d.yaml', 'a: 1\n', 'a: 2\n'],
  ['quotes and a line break in the path', 'a"b\n\tc\\d.yaml', 'a: 1\n', 'a: 2\n'],
  ['letters beyond ASCII in the path', 'größe/東京.yaml', 'a: 1\n', 'a: 2\n'],
  ['a line that looks like a header', 'db.yaml', '--- a/x\n+++ b/x\n- a\n', '--- a/x\n+++ b/x\n- b\n'],
])('git applies %s', ([, path, before, after]) => {
  expect(applied(path, before, after)).toBe(after);
});

test('a hunk that shows a secret is left out and counted; the others still apply', () => {
  const before = `${tenth('password: s3cret')}${tenth('x')}`;
  const after = before.replace('line x', 'line y').replace('line 8\n', 'line 8\nline 8b\n');
  const start = before.indexOf('s3cret');
  const at = { path: 'a.yaml', start, end: start + 6 };
  const { text, hidden } = patchOf({
    before: { path: 'a.yaml', text: before },
    after: { path: 'a.yaml', text: after },
    name: 'a.yaml',
    masks: { before: [at], after: [] },
  });
  expect(hidden).toBe(1);
  expect(text).not.toContain('s3cret');
  expect(text).toContain('+line y');
  writeFileSync(join(folder, 'a.yaml'), before);
  execFileSync('git', ['apply', '-'], { cwd: folder, input: text });
  expect(readFileSync(join(folder, 'a.yaml'), 'utf8')).toBe(before.replace('line x', 'line y'));
});

test('a secret that a fix would bring into view hides the hunk too; nothing is left then', () => {
  const after = 'password: s3cret\n';
  expect(
    patchOf({
      before: { path: 'a.yaml', text: 'a: 1\n' },
      after: { path: 'a.yaml', text: after },
      name: 'a.yaml',
      masks: { before: [], after: [{ path: 'a.yaml', start: 10, end: 16 }] },
    }),
  ).toEqual({ text: '', hidden: 1 });
});
