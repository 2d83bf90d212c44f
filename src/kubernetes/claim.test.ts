import { expect, test } from 'vitest';
import { valueOf } from '../types.ts';
import { claimOf, claimSize, readClaim } from './claim.ts';
import { mapIn, resourcesIn, workloadIn } from './testing.ts';

test.for<[string, object]>([
  [
    '{metadata: {name: p}, spec: {accessModes: [ReadWriteOnce], storageClassName: "", volumeMode: Block, resources: {requests: {storage: 8Gi}}}}',
    {
      storage: { value: 8 * 2 ** 30 },
      accessModes: [{ value: 'ReadWriteOnce' }],
      storageClass: { value: '' },
      volumeMode: { value: 'Block' },
      at: { text: 'p' },
    },
  ],
  [
    '{spec: {}}',
    { storage: { state: 'absent' }, accessModes: [], storageClass: { state: 'absent' }, at: { text: 'spec' } },
  ],
  [
    '{spec: {accessModes: ReadWriteOnce, resources: {requests: {storage: "${SIZE}"}}}}',
    { storage: { state: 'unknown' }, accessModes: [] },
  ],
  ['{spec: oops}', { storage: { state: 'absent' }, accessModes: [] }],
])('%s', ([text, expected]) => {
  expect(readClaim(mapIn(text))).toMatchObject(expected);
});

test('the claim behind a volume', () => {
  const workload = workloadIn(`{kind: StatefulSet, metadata: {name: pg, namespace: db}, spec: {
    volumeClaimTemplates: [{metadata: {name: template}, spec: {resources: {requests: {storage: 1Gi}}}}],
    template: {spec: {volumes: [{name: template, emptyDir: {}}, {name: named, persistentVolumeClaim: {claimName: p}},
      {name: missing, persistentVolumeClaim: {claimName: q}}, {name: twice, persistentVolumeClaim: {claimName: r}},
      {name: own, ephemeral: {volumeClaimTemplate: {spec: {resources: {requests: {storage: 3Gi}}}}}},
      {name: broken, ephemeral: oops}, {name: none, emptyDir: {}}]}}}}`);
  const claim = (name: string, namespace: string, storage: string) =>
    `{kind: PersistentVolumeClaim, metadata: {name: ${name}, namespace: ${namespace}}, spec: {resources: {requests: {storage: ${storage}}}}}`;
  const resources = resourcesIn(
    [
      claim('p', 'db', '2Gi'),
      claim('p', 'other', '9Gi'),
      claim('q', 'other', '9Gi'),
      claim('r', '', '1Gi'),
      claim('r', 'db', '2Gi'),
    ].join('\n---\n'),
  );
  const sizes = workload.pod.volumes.map(v => [v.name, valueOf(claimSize(workload, v, resources))]);
  expect(Object.fromEntries(sizes)).toEqual({
    template: 2 ** 30,
    named: 2 ** 31,
    missing: undefined,
    twice: undefined,
    own: 3 * 2 ** 30,
    broken: undefined,
    none: undefined,
  });
  expect(workload.pod.volumes.map(v => claimOf(workload, v, []) !== undefined)).toEqual([
    true,
    false,
    false,
    false,
    true,
    false,
    false,
  ]);
});
