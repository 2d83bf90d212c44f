import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatCores,
  formatMebibytes,
  isMilli,
  parseBytes,
  parseQuantity,
  quantityFact,
} from './quantity.ts';
import { mapIn } from './testing.ts';

describe('parseQuantity', () => {
  test.for<[string, number]>([
    ['0', 0],
    ['-0', 0],
    ['1', 1],
    ['+1', 1],
    ['-1Gi', -(2 ** 30)],
    ['1.', 1],
    ['.5', 0.5],
    ['500m', 0.5],
    ['100n', 1e-7],
    ['1u', 1e-6],
    ['1k', 1000],
    ['4.35k', 4350],
    ['1M', 1e6],
    ['1G', 1e9],
    ['1T', 1e12],
    ['1P', 1e15],
    ['1E', 1e18],
    ['1Ki', 1024],
    ['256Mi', 268435456],
    ['1.5Gi', 1610612736],
    ['.1Gi', 107374182.4],
    ['1Ti', 2 ** 40],
    ['1Pi', 2 ** 50],
    ['1Ei', 2 ** 60],
    ['1e3', 1000],
    ['1E3', 1000],
    ['1e-3', 0.001],
    ['1e+2', 100],
    ['129e6', 129e6],
    ['1000000000000000000000000000000', 1e30],
  ])('%s is %d', ([text, value]) => {
    expect(parseQuantity(text)).toEqual({ ok: true, value });
  });

  test.for<[string, string | undefined]>([
    ['256MB', '256Mi'],
    ['256mb', '256Mi'],
    ['1GB', '1Gi'],
    ['1gb', '1Gi'],
    ['1g', '1Gi'],
    ['1gi', '1Gi'],
    ['1GiB', '1Gi'],
    ['512 Mi', '512Mi'],
    ['1K', '1Ki'],
    ['1KB', '1Ki'],
    ['10b', '10'],
    ['10 bytes', '10'],
    [' 5 ', '5'],
    ['', undefined],
    ['.', undefined],
    ['Gi', undefined],
    ['1Mi5', undefined],
    ['1e', undefined],
    ['1e3Mi', undefined],
    ['1 core', undefined],
    ['--1', undefined],
    ['0x10', undefined],
    ['one', undefined],
    ['1\n', '1'],
  ])('%j is none, suggests %s', ([text, suggestion]) => {
    expect(parseQuantity(text)).toEqual({ ok: false, message: `"${text}" is no quantity`, suggestion });
  });
});

test.for<[string, number]>([
  ['512m', 1],
  ['.1Gi', 107374183],
  ['1k', 1000],
])('%s is %d whole bytes', ([text, value]) => {
  expect(parseBytes(text)).toEqual({ ok: true, value });
});

test.for<[string, boolean]>([
  ['512m', true],
  ['512M', false],
  ['512Mi', false],
  ['m', false],
  ['1Gm', false],
])('%s counts thousandths: %s', ([text, answer]) => {
  expect(isMilli(text)).toBe(answer);
});

test.for<[number, string]>([
  [0, '0'],
  [1, '1'],
  [1024, '1Ki'],
  [268435456, '256Mi'],
  [1610612736, '1536Mi'],
  [2 ** 40, '1Ti'],
  [1e9, '1G'],
  [1500, '1500'],
  [2e6, '2M'],
  [1024000, '1000Ki'],
  [1001, '1001'],
  [0.5, '1'],
])('%d bytes are written %s', ([bytes, text]) => {
  expect(formatBytes(bytes)).toBe(text);
  expect(parseBytes(text)).toEqual({ ok: true, value: Math.ceil(bytes) });
});

test.for<[number, string]>([
  [280 * 2 ** 20, '280 MiB'],
  [7.52 * 2 ** 20, '7.5 MiB'],
  [8 * 2 ** 20, '8 MiB'],
  [300.7 * 2 ** 20, '301 MiB'],
  [0, '0 MiB'],
])('%d bytes read %s', ([bytes, text]) => {
  expect(formatMebibytes(bytes)).toBe(text);
});

test.for<[number, string]>([
  [0.5, '500m'],
  [2, '2'],
  [1.1, '1100m'],
  [0.0001, '1m'],
  [0, '0'],
])('%d cores are written %s', ([cores, text]) => {
  expect(formatCores(cores)).toBe(text);
});

describe('quantityFact', () => {
  test.for<[string, object]>([
    ['memory: 1Gi', { state: 'known', value: 2 ** 30 }],
    ['memory: 1_000', { state: 'known', value: 1000 }],
    ['memory: 1e3', { state: 'known', value: 1000 }],
    ['memory: 0x10', { state: 'known', value: 16 }],
    ['memory: .5', { state: 'known', value: 1 }],
    ['memory: "0x10"', { state: 'unknown' }],
    ['memory: ${MEMORY}', { state: 'unknown' }],
    ['memory: true', { state: 'unknown' }],
    ['memory: [1]', { state: 'unknown' }],
    ['memory: {a: 1}', { state: 'unknown' }],
    ['memory:', { state: 'absent' }],
    ['cpu: 1', { state: 'absent' }],
  ])('%s', ([text, fact]) => {
    expect(quantityFact(mapIn(text), ['memory'], 'bytes')).toMatchObject(fact);
  });
});
