import { expect, test } from 'vitest';
import type { Finding, Fix, TextEdit } from '../types.ts';
import { applyEdits, applyFixes, converge } from './apply.ts';

const edit = (start: number, end: number, text: string, path = 'a'): TextEdit => ({ path, start, end, text });
const finding = (applicability: Fix['applicability'], ...edits: TextEdit[]): Finding => ({
  rule: 'r',
  severity: 'warning',
  message: 'm',
  at: { path: 'a', start: 0, end: 0 },
  related: [],
  parts: [],
  build: '',
  fingerprint: '',
  fix: { title: 't', applicability, edits },
});
const source = { path: 'a', text: '0123456789' };
const apply = (findings: Finding[], allowed: Fix['applicability'] = 'unsafe') => {
  const { sources, applied } = applyFixes([source, { path: 'b', text: 'b' }], findings, allowed);
  return [sources.map(s => s.text).join('|'), applied.length];
};

test('edits go in by place, insertions at one place in order', () => {
  expect(applyEdits('abc', [edit(3, 3, 'z'), edit(0, 1, 'A'), edit(1, 1, '1'), edit(1, 1, '2')])).toBe('A12bcz');
  expect(applyEdits('abc', [])).toBe('abc');
  expect(() => applyEdits('abc', [edit(0, 2, ''), edit(1, 3, '')])).toThrow('overlap');
  expect(() => applyEdits('abc', [edit(2, 9, '')])).toThrow(RangeError);
});

test('unsafe fixes only where they are allowed', () => {
  const both = [finding('safe', edit(0, 1, 'x')), finding('unsafe', edit(5, 6, 'y'))];
  expect(apply(both, 'safe')).toEqual(['x123456789|b', 1]);
  expect(apply(both)).toEqual(['x1234y6789|b', 2]);
});

test('a fix that overlaps an earlier one waits, as a whole', () => {
  const first = finding('safe', edit(0, 3, 'x'));
  expect(apply([first, finding('safe', edit(2, 5, 'y'), edit(8, 9, 'z'))])).toEqual(['x3456789|b', 1]);
  expect(apply([first, finding('safe', edit(0, 0, 'y'))])).toEqual(['x3456789|b', 1]);
  expect(apply([first, finding('safe', edit(3, 3, 'y'))])).toEqual(['xy3456789|b', 2]);
});

test('the same fix of two findings goes in once and counts for both', () => {
  expect(apply([finding('safe', edit(1, 1, 'x')), finding('safe', edit(1, 1, 'x'))])).toEqual(['0x123456789|b', 2]);
});

test('a fix across files is all or nothing', () => {
  expect(apply([finding('safe', edit(0, 1, 'x'), edit(0, 1, 'B', 'b'))])).toEqual(['x123456789|B', 1]);
  expect(apply([finding('safe', edit(0, 1, 'x'), edit(0, 1, 'c', 'c'))])).toEqual(['0123456789|b', 0]);
});

test('converges, and gives up on fixes that undo each other', () => {
  const until = (limit: number) =>
    converge(
      [{ path: 'a', text: '' }],
      ([s]) => ((s?.text.length ?? 0) < limit ? [finding('safe', edit(0, 0, 'x'))] : []),
      'safe',
    );
  expect(until(3)).toMatchObject({ sources: [{ text: 'xxx' }], passes: 3 });
  expect(until(99)).toMatchObject({ passes: 10 });
  expect(until(0)).toMatchObject({ passes: 0, applied: [] });
});
