import { expect, test } from 'vitest';
import { isWithin, mountFor, mountsOpen, normalisePath, volumeOf } from './mounts.ts';
import { containerIn, workloadIn } from './testing.ts';

test.for<[string, string]>([
  ['/', '/'],
  ['', '/'],
  ['/a/', '/a'],
  ['//a//b/./c/../d/', '/a/b/d'],
  ['a', '/a'],
  ['/../..', '/'],
])('%s is %s', ([path, normal]) => {
  expect(normalisePath(path)).toBe(normal);
});

test.for<[string, string, boolean]>([
  ['/a/b', '/a', true],
  ['/a', '/a/', true],
  ['/ab', '/a', false],
  ['/a', '/a/b', false],
  ['/a', '/', true],
  ['/a/../b', '/a', false],
])('%s within %s: %s', ([path, directory, answer]) => {
  expect(isWithin(path, directory)).toBe(answer);
});

test('the deepest mount covers a path', () => {
  const container = containerIn(
    'volumeMounts: [{name: deep, mountPath: /var/lib/postgresql/data}, {name: high, mountPath: /var/lib/postgresql/}, {name: open, mountPath: "${X}"}]',
  );
  const at = (path: string) => mountFor(container, path)?.volume;
  expect(at('/var/lib/postgresql/data/pgdata')).toBe('deep');
  expect(at('/var/lib/postgresql/data/')).toBe('deep');
  expect(at('/var/lib/postgresql/18/docker')).toBe('high');
  expect(at('/var/lib/postgresql/database')).toBe('high');
  expect(at('/var/lib')).toBeUndefined();
  expect(mountsOpen(container)).toBe(true);
  expect(mountsOpen(containerIn('volumeMounts: [{name: a, mountPath: /a}]'))).toBe(false);
});

test('of two mounts at one place the later counts; a mount at the root covers all', () => {
  const container = containerIn('volumeMounts: [{name: a, mountPath: /}, {name: b, mountPath: /}]');
  expect(mountFor(container, '/x')?.volume).toBe('b');
});

test('a claim template hides a volume of its name', () => {
  const workload = workloadIn(`{kind: StatefulSet, spec: {
    volumeClaimTemplates: [{metadata: {name: data}}],
    template: {spec: {volumes: [{name: data, emptyDir: {}}, {name: other, emptyDir: {}}],
      containers: [{name: a, volumeMounts: [{name: data, mountPath: /d}, {name: other, mountPath: /o}, {name: none, mountPath: /n}]}]}}}}`);
  const kinds = workload.pod.containers[0]?.mounts.map(m => volumeOf(workload, m)?.source.kind);
  expect(kinds).toEqual(['claimTemplate', 'emptyDir', undefined]);
});
