import { expect, test } from 'vitest';
import { splitEnvironments } from './environments.ts';
import type { Resource } from './kubernetes/resource.ts';
import { resourcesIn } from './kubernetes/testing.ts';

const object = (path: string, name: string, namespace?: string): Resource => ({
  ...(resourcesIn(
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}${namespace === undefined ? '' : `, namespace: ${namespace}`} }\n`,
  )[0] as Resource),
  path,
});
const summary = (resources: readonly Resource[], named = {}) =>
  splitEnvironments(resources, named).map(p => [p.name, p.own.map(r => r.path), p.common.map(r => r.path)]);

test('without collisions everything is one part', () => {
  expect(summary([object('a/x.yaml', 'one'), object('b/y.yaml', 'two')])).toEqual([['', ['a/x.yaml', 'b/y.yaml'], []]]);
});

test('objects of one identity split where their paths part; the rest is common and judged once', () => {
  const resources = [object('staging/db.yaml', 'db'), object('prod/db.yaml', 'db'), object('shared/net.yaml', 'net')];
  expect(summary(resources)).toEqual([
    ['', ['shared/net.yaml'], []],
    ['prod', ['prod/db.yaml'], ['shared/net.yaml']],
    ['staging', ['staging/db.yaml'], ['shared/net.yaml']],
  ]);
});

test('two files of one folder split by file', () => {
  expect(summary([object('k8s/db.yaml', 'db'), object('k8s/db-old.yaml', 'db')]).map(([name]) => name)).toEqual([
    'k8s/db-old.yaml',
    'k8s/db.yaml',
  ]);
});

test('another namespace or kind is another object', () => {
  expect(summary([object('a.yaml', 'db', 'one'), object('b.yaml', 'db', 'two')])).toHaveLength(1);
});

test('two of one identity in one file do not split', () => {
  expect(summary([object('a.yaml', 'db'), object('a.yaml', 'db')])).toHaveLength(1);
});

test('a part inside a part has what stands around it', () => {
  const resources = [
    object('prod/db.yaml', 'db'),
    object('prod/eu/map.yaml', 'map'),
    object('prod/us/map.yaml', 'map'),
    object('staging/db.yaml', 'db'),
  ];
  expect(summary(resources)).toContainEqual(['prod/eu', ['prod/db.yaml', 'prod/eu/map.yaml'], []]);
});

test('parts that configuration names win', () => {
  const resources = [
    object('clusters/a/db.yaml', 'db'),
    object('clusters/b/db.yaml', 'db'),
    object('base/net.yaml', 'net'),
  ];
  expect(summary(resources, { east: ['clusters/a/'], west: ['clusters/b'] })).toEqual([
    ['east', ['clusters/a/db.yaml'], ['base/net.yaml']],
    ['west', ['clusters/b/db.yaml'], ['base/net.yaml']],
  ]);
});
