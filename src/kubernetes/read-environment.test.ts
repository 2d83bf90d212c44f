import { describe, expect, test } from 'vitest';
import type { Fact } from '../types.ts';
import { expandVariables, referencedVariables } from './expansion.ts';
import { environmentValue } from './read-environment.ts';
import { containerIn } from './testing.ts';

const say = (fact: Fact<string>) => (fact.state === 'known' ? fact.value : `(${fact.state})`);
const settings =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: db}\ndata: {A: one, B: "${B}", C: two}\n';
const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: secret}\nstringData: {PASSWORD: hidden}\n';
const here = `${settings}---\n${secret}`;

test.for<[string, string]>([
  ['$(A)', 'a'],
  ['x$(A)y$(A)', 'xaya'],
  ['$$(A)', '$(A)'],
  ['$$', '$'],
  ['$A ${A}', '$A ${A}'],
  ['$(NONE)', '$(NONE)'],
  ['$(', '$('],
  ['$(A', '$(A'],
  ['$()', '$()'],
  ['$(echo $(A))', '$(echo $(A))'],
  ['$', '$'],
])('%s expands to %s', ([text, expanded]) => {
  expect(expandVariables(text, name => (name === 'A' ? 'a' : undefined))).toBe(expanded);
});

test('referenced variables', () => {
  expect(referencedVariables('$(A) $$(B) ${C} $(D)')).toEqual(['A', 'D']);
});

describe('env', () => {
  test.for<[string, Record<string, string>, boolean]>([
    ['[{name: A, value: a}]', { A: 'a' }, false],
    ['[{name: A, value: 5}, {name: B, value: true}]', { A: '5', B: 'true' }, false],
    ['[{name: A}, {name: B, value: ""}, {name: C, value: }]', { A: '', B: '', C: '' }, false],
    ['[{name: A, value: a}, {name: B, value: "$(A)/b"}]', { A: 'a', B: 'a/b' }, false],
    ['[{name: B, value: "$(A)"}, {name: A, value: a}]', { B: '(unknown)', A: 'a' }, false],
    ['[{name: A, value: "$$(B)"}]', { A: '$(B)' }, false],
    ['[{name: A, value: "$(date +%s)"}]', { A: '$(date +%s)' }, false],
    ['[{name: A, value: "${A}"}]', { A: '(unknown)' }, false],
    ['[{name: A, value: "{{ .Values.a }}"}]', { A: '(unknown)' }, false],
    ['[{name: A, value: a}, {name: A, value: b}]', { A: 'b' }, false],
    ['[{name: A, value: [a]}]', { A: '(unknown)' }, false],
    // From elsewhere.
    ['[{name: A, valueFrom: {configMapKeyRef: {name: settings, key: A}}}]', { A: 'one' }, false],
    ['[{name: A, valueFrom: {configMapKeyRef: {name: settings, key: B}}}]', { A: '(unknown)' }, false],
    ['[{name: A, valueFrom: {configMapKeyRef: {name: settings, key: Z}}}]', { A: '(absent)' }, false],
    ['[{name: A, valueFrom: {configMapKeyRef: {name: other, key: A}}}]', { A: '(unknown)' }, false],
    ['[{name: A, valueFrom: {secretKeyRef: {name: secret, key: PASSWORD}}}]', { A: '(unknown)' }, false],
    ['[{name: A, valueFrom: {secretKeyRef: {name: secret, key: NONE}}}]', { A: '(absent)' }, false],
    ['[{name: A, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}]', { A: 'db' }, false],
    ['[{name: A, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]', { A: '(unknown)' }, false],
    ['[{name: A, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}]', { A: '(unknown)' }, false],
    ['[{name: A, valueFrom: oops}]', { A: '(unknown)' }, false],
    [
      '[{name: A, valueFrom: {configMapKeyRef: {name: settings, key: A}}}, {name: B, value: "x$(A)"}]',
      { A: 'one', B: 'xone' },
      false,
    ],
    [
      '[{name: A, valueFrom: {secretKeyRef: {name: secret, key: PASSWORD}}}, {name: B, value: "x$(A)"}]',
      { A: '(unknown)', B: '(unknown)' },
      false,
    ],
    // Malformed.
    ['oops', {}, true],
    ['{A: a}', {}, true],
    ['[A]', {}, true],
    ['[{value: a}]', {}, true],
    ['', {}, false],
    ['[{name: "${NAME}", value: a}]', {}, true],
  ])('%s', ([text, values, open]) => {
    const container = containerIn(`env: ${text}`, here);
    expect(Object.fromEntries(container.environment.map(v => [v.name, say(v.value)]))).toEqual(values);
    expect(container.environmentOpen).toBe(open);
  });
});

describe('envFrom', () => {
  test.for<[string, Record<string, string>, boolean]>([
    ['[{configMapRef: {name: settings}}]', { A: 'one', B: '(unknown)', C: 'two' }, false],
    ['[{prefix: X_, configMapRef: {name: settings}}]', { X_A: 'one', X_B: '(unknown)', X_C: 'two' }, false],
    ['[{secretRef: {name: secret}}]', { PASSWORD: '(unknown)' }, false],
    ['[{configMapRef: {name: other}}]', {}, true],
    ['[{configMapRef: {name: other, optional: true}}]', {}, true],
    ['[{secretRef: {name: "${SECRET}"}}]', {}, true],
    ['[{}]', {}, true],
    ['[oops]', {}, true],
    ['oops', {}, true],
    ['[]', {}, false],
  ])('%s', ([text, values, open]) => {
    const container = containerIn(`envFrom: ${text}`, here);
    expect(Object.fromEntries(container.environment.map(v => [v.name, say(v.value)]))).toEqual(values);
    expect(container.environmentOpen).toBe(open);
  });

  test('env wins, and stands where it is set', () => {
    const container = containerIn(
      'envFrom: [{configMapRef: {name: settings}}]\nenv: [{name: A, value: "$(C)!"}]',
      here,
    );
    expect(container.environment.map(v => `${v.name}=${say(v.value)}`)).toEqual(['B=(unknown)', 'C=two', 'A=two!']);
  });

  test('an object of another namespace is not here; one of several is unknown', () => {
    const elsewhere = settings.replace('namespace: db', 'namespace: other');
    expect(containerIn('envFrom: [{configMapRef: {name: settings}}]', elsewhere).environmentOpen).toBe(true);
    const twice = `${settings}---\n${settings}`;
    expect(containerIn('envFrom: [{configMapRef: {name: settings}}]', twice).environmentOpen).toBe(true);
  });
});

test('the value of a variable', () => {
  const closed = containerIn('env: [{name: A, value: a}]');
  expect(say(environmentValue(closed, 'A'))).toBe('a');
  expect(say(environmentValue(closed, 'B'))).toBe('(absent)');
  const open = containerIn('envFrom: [{secretRef: {name: s}}]');
  expect(say(environmentValue(open, 'B'))).toBe('(unknown)');
});

test('a variable remembers the object that it comes from', () => {
  const [variable] = containerIn(
    'env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k, optional: true}}}]',
  ).environment;
  expect(variable?.from).toMatchObject({ kind: 'Secret', name: 's', key: 'k', optional: true });
  expect(variable?.value).toMatchObject({ reason: 'comes from the Secret "s", which is not here' });
});
