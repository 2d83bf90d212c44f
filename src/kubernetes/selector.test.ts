import { describe, expect, test } from 'vitest';
import { every, matches, nearMiss, readEqualities, readSelector, some } from './selector.ts';
import { mapIn } from './testing.ts';
import { get } from '../yaml/node.ts';

const select = (text: string) => readSelector(get(mapIn(`selector: ${text}`), 'selector'));
const labels = { app: 'postgres', tier: 'db', version: '15' };

describe('matches', () => {
  test.for<[string, boolean | 'unknown']>([
    ['{}', true],
    ['{matchLabels: {}}', true],
    ['{matchLabels: }', true],
    ['{matchExpressions: []}', true],
    ['{matchLabels: {app: postgres}}', true],
    ['{matchLabels: {app: postgres, tier: db}}', true],
    ['{matchLabels: {app: postgres, tier: web}}', false],
    ['{matchLabels: {role: primary}}', false],
    ['{matchLabels: {version: 15}}', true],
    ['{matchLabels: {constructor: x}}', false],
    ['{matchExpressions: [{key: app, operator: In, values: [postgres, redis]}]}', true],
    ['{matchExpressions: [{key: app, operator: In, values: [redis]}]}', false],
    ['{matchExpressions: [{key: app, operator: NotIn, values: [redis]}]}', true],
    ['{matchExpressions: [{key: app, operator: NotIn, values: [postgres]}]}', false],
    ['{matchExpressions: [{key: none, operator: NotIn, values: [x]}]}', true],
    ['{matchExpressions: [{key: none, operator: In, values: [x]}]}', false],
    ['{matchExpressions: [{key: app, operator: Exists}]}', true],
    ['{matchExpressions: [{key: none, operator: Exists}]}', false],
    ['{matchExpressions: [{key: none, operator: DoesNotExist}]}', true],
    ['{matchExpressions: [{key: app, operator: DoesNotExist}]}', false],
    ['{matchLabels: {app: postgres}, matchExpressions: [{key: tier, operator: In, values: [web]}]}', false],
    // Filled in later.
    ['{matchLabels: {app: "${APP}"}}', 'unknown'],
    ['{matchLabels: {"${KEY}": a}}', 'unknown'],
    ['{matchLabels: {app: "${APP}", tier: web}}', false],
    ['{matchExpressions: [{key: app, operator: In, values: [postgres, "${APP}"]}]}', true],
    ['{matchExpressions: [{key: app, operator: NotIn, values: ["${APP}"]}]}', 'unknown'],
    // Malformed.
    ['postgres', 'unknown'],
    ['[app]', 'unknown'],
    ['{matchLabels: postgres}', 'unknown'],
    ['{matchLabels: {app: [postgres]}}', 'unknown'],
    ['{matchLabels: {app: postgres}, matchExpressions: x}', 'unknown'],
    ['{app: postgres}', 'unknown'],
    ['{matchExpressions: [{key: app, operator: Equals, values: [a]}]}', 'unknown'],
    ['{matchExpressions: [{key: app, operator: In}]}', 'unknown'],
    ['{matchExpressions: [app]}', 'unknown'],
    ['{matchExpressions: [app], matchLabels: {app: redis}}', false],
  ])('%s: %s', ([text, answer]) => {
    expect(matches(select(text), labels)).toBe(answer);
  });

  test('an absent selector matches nothing', () => {
    expect(select('')).toBeUndefined();
    expect(matches(undefined, labels)).toBe(false);
  });

  test('labels of the running pod and labels filled in later are unknown', () => {
    const selector = select('{matchLabels: {role: primary}}');
    expect(matches(selector, labels, new Set(['role']))).toBe('unknown');
    expect(matches(selector, { role: 'replica' }, new Set(['role']))).toBe(false);
    expect(matches(selector, { role: '${ROLE}' })).toBe('unknown');
    expect(matches(selector, { '${KEY}': 'x' })).toBe('unknown');
  });
});

test('equalities are a plain map', () => {
  expect(matches(readEqualities(mapIn('{app: postgres}')), labels)).toBe(true);
  expect(matches(readEqualities(mapIn('{matchLabels: {app: postgres}}')), labels)).toBe('unknown');
  expect(readEqualities(get(mapIn('selector:'), 'selector'))).toBeUndefined();
});

describe('nearMiss', () => {
  test.for<[string, object | undefined]>([
    ['{matchLabels: {app: postgresql}}', { actual: 'postgres', met: 0 }],
    ['{matchLabels: {app: postgres, tier: web}}', { actual: 'db', met: 1 }],
    ['{matchLabels: {app: postgres, role: primary}}', { actual: undefined, otherKey: undefined, met: 1 }],
    ['{matchLabels: {app.kubernetes.io/name: postgres}}', { actual: undefined, otherKey: 'app', met: 0 }],
    [
      '{matchLabels: {app: postgres}, matchExpressions: [{key: tier, operator: DoesNotExist}]}',
      { actual: 'db', met: 1 },
    ],
    ['{matchLabels: {app: postgres}}', undefined],
    ['{}', undefined],
    ['{matchLabels: {role: primary}}', undefined],
    ['{matchLabels: {app: redis, tier: web}}', undefined],
    ['{matchLabels: {app: redis, tier: "${TIER}"}}', undefined],
    ['postgres', undefined],
  ])('%s', ([text, miss]) => {
    const found = nearMiss(select(text), labels);
    expect(found === undefined).toBe(miss === undefined);
    expect(found ?? {}).toMatchObject(miss ?? {});
  });

  test('points at the value that fails', () => {
    const at = nearMiss(select('{matchLabels: {app: redis}}'), labels)?.requirement.at;
    expect(at).toMatchObject({
      start: 'selector: {matchLabels: {app: '.length,
      end: 'selector: {matchLabels: {app: redis'.length,
    });
  });
});

test('three answers combine', () => {
  expect(every([])).toBe(true);
  expect(every([true, 'unknown'])).toBe('unknown');
  expect(every(['unknown', false])).toBe(false);
  expect(some([])).toBe(false);
  expect(some([false, 'unknown'])).toBe('unknown');
  expect(some(['unknown', true])).toBe(true);
});
