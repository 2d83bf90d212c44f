import { expect, test } from 'vitest';
import { claimNames, isProvided, referencesOf } from './references.ts';
import { workloadIn } from './testing.ts';

const say = (text: string) =>
  referencesOf(workloadIn(text)).map(
    r => `${r.kind}/${r.name}${r.key === undefined ? '' : `:${r.key}`}${r.optional ? '?' : ''}`,
  );

test.for<[string, string[]]>([
  ['{containers: [{env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]}]}', ['Secret/s:k']],
  [
    '{containers: [{env: [{name: A, valueFrom: {configMapKeyRef: {name: c, key: k, optional: true}}}]}]}',
    ['ConfigMap/c:k?'],
  ],
  [
    '{containers: [{envFrom: [{configMapRef: {name: c}}, {secretRef: {name: s, optional: true}}]}]}',
    ['ConfigMap/c', 'Secret/s?'],
  ],
  ['{initContainers: [{envFrom: [{secretRef: {name: s}}]}]}', ['Secret/s']],
  [
    '{containers: [{env: [{name: A, valueFrom: {secretKeyRef: {name: a, key: k}}}, {name: A, valueFrom: {secretKeyRef: {name: b, key: k}}}]}]}',
    ['Secret/a:k', 'Secret/b:k'],
  ],
  [
    '{volumes: [{name: v, configMap: {name: c}}, {name: w, secret: {secretName: s, optional: true}}]}',
    ['ConfigMap/c', 'Secret/s?'],
  ],
  [
    '{volumes: [{name: v, configMap: {name: c, items: [{key: a, path: a}, {key: b, path: b}]}}]}',
    ['ConfigMap/c:a', 'ConfigMap/c:b'],
  ],
  [
    '{volumes: [{name: v, projected: {sources: [{secret: {name: s}}, {configMap: {name: c}}, {configMap: {name: kube-root-ca.crt}}, {downwardAPI: {}}]}}]}',
    ['Secret/s', 'ConfigMap/c'],
  ],
  ['{volumes: [{name: v, persistentVolumeClaim: {claimName: p}}]}', ['PersistentVolumeClaim/p']],
  ['{volumes: [{name: v, csi: {driver: d, nodePublishSecretRef: {name: s}}}]}', ['Secret/s']],
  ['{imagePullSecrets: [{name: s}, {}, oops], serviceAccountName: a}', ['Secret/s', 'ServiceAccount/a']],
  ['{serviceAccount: a}', ['ServiceAccount/a']],
  ['{serviceAccount: a, serviceAccountName: b}', ['ServiceAccount/b']],
  ['{serviceAccountName: default}', []],
  ['{volumes: [{name: v, secret: {secretName: "${SECRET}"}}]}', []],
  [
    '{volumes: [{name: v, secret: oops}, {name: w, configMap: {name: [x]}}, oops], containers: [{env: [{name: A, valueFrom: {secretKeyRef: oops}}], envFrom: [oops]}]}',
    [],
  ],
  ['{volumes: [{name: v, secret: {secretName: ""}}]}', []],
])('%s', ([spec, expected]) => {
  expect(say(`{kind: Pod, spec: ${spec}}`)).toEqual(expected);
});

test('a reference lies at its name', () => {
  const text = '{kind: Pod, spec: {volumes: [{name: v, secret: {secretName: pg-secret}}]}}';
  const at = referencesOf(workloadIn(text))[0]?.at;
  expect(text.slice(at?.start, at?.end)).toBe('pg-secret');
});

test('objects of every namespace', () => {
  expect(isProvided({ kind: 'ConfigMap', name: 'kube-root-ca.crt' })).toBe(true);
  expect(isProvided({ kind: 'Secret', name: 'kube-root-ca.crt' })).toBe(false);
});

test.for<[string, string[]]>([
  [
    '{kind: StatefulSet, metadata: {name: pg}, spec: {replicas: 2, volumeClaimTemplates: [{metadata: {name: data}}]}}',
    ['data-pg-0', 'data-pg-1'],
  ],
  [
    '{kind: StatefulSet, metadata: {name: pg}, spec: {ordinals: {start: 3}, volumeClaimTemplates: [{metadata: {name: data}}]}}',
    ['data-pg-3'],
  ],
  [
    '{kind: StatefulSet, metadata: {name: pg}, spec: {replicas: "${N}", volumeClaimTemplates: [{metadata: {name: data}}]}}',
    [],
  ],
  [
    '{kind: StatefulSet, metadata: {name: pg}, spec: {replicas: -1, volumeClaimTemplates: [{metadata: {name: data}}]}}',
    [],
  ],
  [
    '{kind: Deployment, spec: {template: {spec: {volumes: [{name: v, persistentVolumeClaim: {claimName: p}}, {name: w, emptyDir: {}}]}}}}',
    ['p'],
  ],
])('claims of %s', ([text, names]) => {
  expect(claimNames(workloadIn(text)).map(n => n.value)).toEqual(names);
});
