import { expect, test } from 'vitest';
import { groupOf, sameNamespace } from './resource.ts';
import { resourceIn, resourcesIn } from './testing.ts';

test('reads the identity and points at the name', () => {
  const text =
    'apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: pg\n  namespace: db\n  labels: {app: pg, version: 15}\n  annotations: {a: "b"}\n';
  const resource = resourceIn(text);
  expect(resource).toMatchObject({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    name: 'pg',
    namespace: 'db',
    labels: { app: 'pg', version: '15' },
    annotations: { a: 'b' },
    path: 'test.yaml',
  });
  expect(text.slice(resource.at.start, resource.at.end)).toBe('pg');
  expect(groupOf(resource)).toBe('apps');
});

test.for<[string, string[]]>([
  // Lists.
  [
    '{apiVersion: v1, kind: List, items: [{kind: A, metadata: {name: a}}, {kind: B, metadata: {name: b}}]}',
    ['A/a', 'B/b'],
  ],
  ['{apiVersion: v1, kind: List}', []],
  ['{apiVersion: v1, kind: List, items: }', []],
  ['{apiVersion: v1, kind: List, items: oops}', []],
  ['{apiVersion: apps/v1, kind: StatefulSetList, items: [{metadata: {name: a}}]}', ['StatefulSet/a']],
  ['{kind: List, items: [{kind: List, items: [{kind: A, metadata: {name: a}}]}]}', ['A/a']],
  ['{kind: List, items: [1, [], {kind: A}, {metadata: {name: a}}]}', ['A/']],
  // No lists in spite of their name.
  ['{kind: AllowList, metadata: {name: a}, items: [1]}', ['AllowList/a']],
  ['{kind: AllowList, spec: {}}', ['AllowList/']],
  // Names.
  ['{kind: Job, metadata: {generateName: backup-}}', ['Job/backup-']],
  ['{kind: Kustomization}', ['Kustomization/']],
  ['{kind: A, metadata: oops}', ['A/']],
  ['{kind: A, metadata: {name: [a]}}', ['A/']],
  ['{kind: A, metadata: {name: 5}}', ['A/5']],
  // No objects.
  ['{metadata: {name: a}}', []],
  ['{kind: {a: b}}', []],
  ['{kind: ""}', []],
  ['[1, 2]', []],
  ['text', []],
  ['', []],
])('%s', ([text, names]) => {
  expect(resourcesIn(text).map(r => `${r.kind}/${r.name}`)).toEqual(names);
});

test.for<[string, string | undefined]>([
  ['db', 'db'],
  ['""', undefined],
  ['"${NAMESPACE}"', undefined],
  ['[db]', undefined],
])('the namespace %s is %s', ([text, namespace]) => {
  expect(resourceIn(`{kind: A, metadata: {name: a, namespace: ${text}}}`).namespace).toBe(namespace);
});

test('an item of a typed list takes its version', () => {
  expect(resourceIn('{apiVersion: apps/v1, kind: DeploymentList, items: [{metadata: {name: a}}]}').apiVersion).toBe(
    'apps/v1',
  );
});

test('labels that are no texts are left out', () => {
  expect(resourceIn('{kind: A, metadata: {labels: {a: b, c: [d], e: {f: g}}}}').labels).toEqual({ a: 'b' });
  expect(resourceIn('{kind: A, metadata: {labels: oops}}').labels).toEqual({});
});

test('an absent namespace matches any', () => {
  expect(sameNamespace(undefined, 'a')).toBe(true);
  expect(sameNamespace('a', undefined)).toBe(true);
  expect(sameNamespace('a', 'b')).toBe(false);
});
