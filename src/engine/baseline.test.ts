import { expect, test } from 'vitest';
import type { Finding } from '../types.ts';
import { compare, readBaseline, writeBaseline } from './baseline.ts';

const finding = (rule: string, path: string, fingerprint: string): Finding => ({
  rule,
  severity: 'warning',
  message: `${rule} here`,
  at: { path, start: 0, end: 1 },
  related: [],
  parts: [],
  build: '',
  fingerprint: fingerprint.padStart(16, '0'),
});
const [a, b, c] = [finding('r', 'b.yaml', '1'), finding('r', 'a.yaml', '2'), finding('q', 'a.yaml', '3')];
const read = (text: string) => readBaseline({ path: 'baseline.json', text });

test('what is written is sorted and read again', () => {
  const text = writeBaseline([a, b, c]);
  expect(writeBaseline([c, a, b])).toBe(text);
  expect(read(text).entries.map(e => [e.path, e.rule, e.fingerprint.slice(-1)])).toEqual([
    ['a.yaml', 'q', '3'],
    ['a.yaml', 'r', '2'],
    ['b.yaml', 'r', '1'],
  ]);
  expect(read(writeBaseline([]))).toEqual({ entries: [] });
});

test('findings are new or known, entries needed or stale', () => {
  const baseline = read(writeBaseline([a, b]));
  const { fresh, known, stale } = compare([b, c], baseline);
  expect(fresh).toEqual([c]);
  expect(known).toEqual([b]);
  expect(stale.map(e => e.path)).toEqual(['b.yaml']);
});

test('an entry with nothing but its fingerprint will do', () => {
  const text = '{ "version": 1, "findings": [ { "fingerprint": "0000000000000001" } ] }';
  expect(compare([a], read(text)).known).toEqual([a]);
});

test.for<[string, string]>([
  ['', '1:1: a baseline is a map'],
  ['[]', '1:1: a baseline is a map'],
  ['{"findings": []}', '1:1: this version of tusklint reads baselines of version 1'],
  ['{"version": 2, "findings": []}', '1:13: this version'],
  ['{"version": 1}', '1:1: "findings" is missing here'],
  ['{"version": 1, "findings": 3}', '1:28: "findings" must be a list'],
  ['{\n"version": 1,\n"findings": [\n{"rule": "r"}\n]\n}', '4:1: an entry needs a "fingerprint"'],
  ['{"version": 1, "findings": [{"fingerprint": "x"}]}', '1:45: an entry needs a "fingerprint"'],
])('%j says where it is wrong', ([text, message]) => {
  expect(() => read(text)).toThrow(`baseline.json:${message}`);
});

test('a merge conflict left in it is an error with a place', () => {
  expect(() => read('{"version": 1,\n<<<<<<< HEAD\n"findings": []}')).toThrow(/^baseline\.json:2:\d+: /);
});
