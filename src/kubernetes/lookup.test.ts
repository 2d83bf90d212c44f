import { expect, test } from 'vitest';
import { keyText } from '../yaml/node.ts';
import { emptyLookup, lookupIn } from './lookup.ts';
import { resourcesIn } from './testing.ts';

const lookup = lookupIn(
  resourcesIn(`{kind: ConfigMap, metadata: {name: c, namespace: a}, data: {k: v, template: "\${X}", list: [1]}, binaryData: {b: aGk=}}
---
{kind: ConfigMap, metadata: {name: twice}, data: {k: v}}
---
{kind: ConfigMap, metadata: {name: twice, namespace: a}, data: {k: w}}
---
{kind: ConfigMap, metadata: {name: broken}, data: oops}
---
{kind: Secret, metadata: {name: c}, data: {d: aGk=}, stringData: {s: hidden}}`),
);

test.for<['ConfigMap' | 'Secret', string, string, string | undefined, object]>([
  ['ConfigMap', 'c', 'k', 'a', { state: 'known', value: 'v' }],
  ['ConfigMap', 'c', 'k', undefined, { state: 'known', value: 'v' }],
  ['ConfigMap', 'c', 'k', 'b', { state: 'unknown', reason: 'comes from the ConfigMap "c", which is not here' }],
  ['ConfigMap', 'c', 'none', 'a', { state: 'absent' }],
  ['ConfigMap', 'c', 'template', 'a', { state: 'unknown' }],
  ['ConfigMap', 'c', 'list', 'a', { state: 'unknown' }],
  ['ConfigMap', 'c', 'b', 'a', { state: 'unknown' }],
  ['ConfigMap', 'twice', 'k', 'a', { state: 'unknown' }],
  ['ConfigMap', 'twice', 'k', 'b', { state: 'known', value: 'v' }],
  ['ConfigMap', 'broken', 'k', 'a', { state: 'absent' }],
  ['Secret', 'c', 's', 'a', { state: 'unknown', reason: 'comes from the Secret "c"' }],
  ['Secret', 'c', 'k', 'a', { state: 'absent' }],
])('%s %s, key %s, namespace %s', ([kind, name, key, namespace, expected]) => {
  expect(lookup.value(kind, name, key, namespace)).toMatchObject(expected);
});

test('keys', () => {
  const keys = (kind: 'ConfigMap' | 'Secret', name: string) => lookup.keys(kind, name, 'a')?.map(e => keyText(e.key));
  expect(keys('ConfigMap', 'c')).toEqual(['k', 'template', 'list', 'b']);
  expect(keys('Secret', 'c')).toEqual(['d', 's']);
  expect(keys('ConfigMap', 'twice')).toBeUndefined();
  expect(keys('ConfigMap', 'none')).toBeUndefined();
  expect(emptyLookup.keys('ConfigMap', 'c', 'a')).toBeUndefined();
});
