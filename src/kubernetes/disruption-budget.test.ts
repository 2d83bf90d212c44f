import { expect, test } from 'vitest';
import { valueOf } from '../types.ts';
import { disruptionsAllowed, guards, readDisruptionBudget } from './disruption-budget.ts';
import { resourceIn, workloadIn } from './testing.ts';

const budget = (spec: string, apiVersion = 'policy/v1', namespace = 'db') => {
  const found = readDisruptionBudget(
    resourceIn(
      `{apiVersion: ${apiVersion}, kind: PodDisruptionBudget, metadata: {name: b, namespace: ${namespace}}, spec: ${spec}}`,
    ),
  );
  if (found === undefined) throw new Error(spec);
  return found;
};
const workload = workloadIn(
  '{kind: StatefulSet, metadata: {name: pg, namespace: db}, spec: {template: {metadata: {labels: {app: pg}}}}}',
);

test.for<[string, string, string, boolean | 'unknown']>([
  ['{selector: {matchLabels: {app: pg}}}', 'policy/v1', 'db', true],
  ['{selector: {matchLabels: {app: other}}}', 'policy/v1', 'db', false],
  ['{selector: {matchLabels: {app: pg}}}', 'policy/v1', 'other', false],
  ['{selector: {matchLabels: {app: pg}}}', 'policy/v1', '', true],
  ['{selector: {}}', 'policy/v1', 'db', true],
  ['{selector: {}}', 'policy/v1beta1', 'db', false],
  ['{}', 'policy/v1', 'db', false],
  ['oops', 'policy/v1', 'db', false],
  ['{selector: oops}', 'policy/v1', 'db', 'unknown'],
])('%s of %s in %j guards: %s', ([spec, apiVersion, namespace, answer]) => {
  expect(guards(budget(spec, apiVersion, namespace), workload)).toBe(answer);
});

test.for<[string, number, number | 'absent' | 'unknown']>([
  ['{minAvailable: 1}', 1, 0],
  ['{minAvailable: 1}', 3, 2],
  ['{minAvailable: 5}', 3, 0],
  ['{minAvailable: 0}', 3, 3],
  ['{minAvailable: 100%}', 3, 0],
  ['{minAvailable: 50%}', 3, 1],
  ['{maxUnavailable: 0}', 3, 0],
  ['{maxUnavailable: 1}', 3, 1],
  ['{maxUnavailable: 5}', 3, 3],
  ['{maxUnavailable: "30%"}', 3, 1],
  ['{maxUnavailable: 0%}', 3, 0],
  ['{}', 3, 'absent'],
  ['{minAvailable: 1, maxUnavailable: 1}', 3, 'absent'],
  ['{minAvailable: "${N}"}', 3, 'unknown'],
  ['{minAvailable: one}', 3, 'unknown'],
  ['{minAvailable: [1]}', 3, 'absent'],
])('%s of %d pods allows %s', ([spec, pods, allowed]) => {
  const fact = disruptionsAllowed(budget(spec), pods);
  expect(valueOf(fact) ?? fact.state).toBe(allowed);
});

test('other kinds are none', () => {
  expect(readDisruptionBudget(resourceIn('{kind: Pod}'))).toBeUndefined();
});
