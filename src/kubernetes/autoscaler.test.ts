import { expect, test } from 'vitest';
import { readScaleTarget, scales } from './autoscaler.ts';
import { resourceIn } from './testing.ts';

test.for<[string, object | undefined]>([
  [
    '{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: pg}, minReplicas: 1, maxReplicas: 3}}',
    { kind: 'StatefulSet', name: 'pg', apiVersion: 'apps/v1', minimum: { value: 1 }, maximum: { value: 3 } },
  ],
  [
    '{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, spec: {scaleTargetRef: {name: web}, maxReplicaCount: 5}}',
    { kind: 'Deployment', name: 'web', minimum: { state: 'absent' }, maximum: { value: 5 } },
  ],
  [
    '{apiVersion: autoscaling.k8s.io/v1, kind: VerticalPodAutoscaler, spec: {targetRef: {kind: StatefulSet, name: pg}, updatePolicy: {updateMode: Auto}}}',
    { scaler: 'VerticalPodAutoscaler', updateMode: { value: 'Auto' }, minimum: { state: 'absent' } },
  ],
  [
    '{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, spec: {scaleTargetRef: {kind: StatefulSet, name: "${NAME}"}}}',
    undefined,
  ],
  ['{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, spec: {scaleTargetRef: oops}}', undefined],
  ['{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, spec: oops}', undefined],
  ['{apiVersion: example.org/v1, kind: ScaledObject, spec: {scaleTargetRef: {name: a}}}', undefined],
  ['{kind: Pod}', undefined],
])('%s', ([text, expected]) => {
  const target = readScaleTarget(resourceIn(text));
  expect(target === undefined).toBe(expected === undefined);
  expect(target ?? {}).toMatchObject(expected ?? {});
});

test.for<[string, boolean]>([
  ['{kind: StatefulSet, metadata: {name: pg, namespace: db}}', true],
  ['{kind: StatefulSet, metadata: {name: pg}}', true],
  ['{kind: StatefulSet, metadata: {name: pg, namespace: other}}', false],
  ['{kind: Deployment, metadata: {name: pg, namespace: db}}', false],
  ['{kind: StatefulSet, metadata: {name: pg2, namespace: db}}', false],
])('scales %s: %s', ([text, answer]) => {
  const target = readScaleTarget(
    resourceIn(
      '{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {namespace: db}, spec: {scaleTargetRef: {kind: StatefulSet, name: pg}}}',
    ),
  );
  expect(target && scales(target, resourceIn(text))).toBe(answer);
});
