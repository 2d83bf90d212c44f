import { describe, expect, test } from 'vitest';
import { valueOf } from '../types.ts';
import { limitRangesIn, readLimitRange } from './limit-range.ts';
import { effectiveResources, qualityOfService } from './quality-of-service.ts';
import { resourceIn, resourcesIn, workloadIn } from './testing.ts';

const podOf = (spec: string) => workloadIn(`{kind: Pod, spec: ${spec}}`).pod;
const values = (quantities: Readonly<Record<string, Parameters<typeof valueOf>[0]>>) =>
  Object.fromEntries(Object.entries(quantities).map(([name, fact]) => [name, valueOf(fact) ?? fact?.state]));
const range = (limits: string, namespace = '') =>
  `{apiVersion: v1, kind: LimitRange, metadata: {name: r, namespace: ${namespace}}, spec: {limits: ${limits}}}`;
const ranges = (...texts: string[]) => limitRangesIn(resourcesIn(texts.join('\n---\n')), undefined);

const whole = '{limits: {cpu: 1, memory: 1Gi}, requests: {cpu: 1, memory: 1Gi}}';

describe('the class', () => {
  test.for<[string, string, string[]]>([
    ['{containers: [{resources: {}}]}', 'BestEffort', ['cpu', 'memory']],
    ['{containers: [{}, {}]}', 'BestEffort', ['cpu', 'memory', 'cpu', 'memory']],
    [`{containers: [{resources: ${whole}}]}`, 'Guaranteed', []],
    ['{containers: [{resources: {limits: {cpu: 1, memory: 1Gi}}}]}', 'Guaranteed', []],
    [
      '{containers: [{resources: {limits: {cpu: 1000m, memory: 1024Mi}, requests: {cpu: 1, memory: 1Gi}}}]}',
      'Guaranteed',
      [],
    ],
    ['{containers: [{resources: {requests: {cpu: 1, memory: 1Gi}}}]}', 'Burstable', ['cpu', 'memory']],
    ['{containers: [{resources: {limits: {cpu: 1, memory: 2Gi}, requests: {memory: 1Gi}}}]}', 'Burstable', ['memory']],
    ['{containers: [{resources: {limits: {memory: 1Gi}}}]}', 'Burstable', ['cpu']],
    ['{containers: [{resources: {limits: {cpu: 0, memory: 0}}}]}', 'BestEffort', ['cpu', 'memory']],
    ['{containers: [{resources: {requests: {ephemeral-storage: 1Gi}}}]}', 'BestEffort', ['cpu', 'memory']],
    // Every container counts.
    [`{containers: [{resources: ${whole}}, {name: exporter}]}`, 'Burstable', ['cpu', 'memory']],
    [`{containers: [{resources: ${whole}}], initContainers: [{name: init}]}`, 'Burstable', ['cpu', 'memory']],
    [
      `{containers: [{resources: ${whole}}], initContainers: [{restartPolicy: Always, resources: ${whole}}]}`,
      'Guaranteed',
      [],
    ],
    // The pod's own resources decide alone.
    [`{resources: ${whole}, containers: [{}]}`, 'Guaranteed', []],
    [`{resources: {requests: {cpu: 1}}, containers: [{resources: ${whole}}]}`, 'Burstable', ['cpu', 'memory']],
    [`{resources: {limits: {cpu: 1, memory: 1Gi}}, containers: [{}]}`, 'Guaranteed', []],
    // Unknown quantities.
    ['{containers: [{resources: {limits: {cpu: 1, memory: "${M}"}}}]}', 'unknown', ['memory']],
    ['{containers: [{resources: {limits: {memory: "${M}"}}}]}', 'unknown', ['cpu', 'memory']],
    [
      '{containers: [{resources: {limits: {memory: "${M}"}}}, {resources: {requests: {cpu: 1}}}]}',
      'Burstable',
      ['cpu', 'memory', 'cpu', 'memory'],
    ],
    ['{containers: [{resources: {limits: {cpu: 1, memory: 1XB}}}]}', 'unknown', ['memory']],
    ['{containers: [{resources: {limits: {cpu: 1}, requests: {memory: "${M}"}}}]}', 'unknown', ['memory']],
    // Malformed.
    ['{containers: [{resources: oops}]}', 'BestEffort', ['cpu', 'memory']],
    ['{containers: [{resources: {limits: oops, requests: [1]}}]}', 'BestEffort', ['cpu', 'memory']],
    ['{}', 'BestEffort', []],
  ])('%s: %s', ([spec, name, gaps]) => {
    const found = qualityOfService(podOf(spec));
    expect(found.class).toBe(name);
    expect(found.gaps.map(g => g.resource)).toEqual(gaps);
  });

  test('a gap names the container and what falls short', () => {
    const text =
      '{kind: Pod, spec: {containers: [{name: pg, resources: {limits: {cpu: 1, memory: 2Gi}, requests: {memory: 1Gi}}}]}}';
    const [gap] = qualityOfService(workloadIn(text).pod).gaps;
    expect(gap).toMatchObject({
      container: { name: 'pg' },
      resource: 'memory',
      limit: { value: 2 ** 31 },
      request: { value: 2 ** 30 },
    });
    expect(text.slice(gap?.at.start, gap?.at.end)).toBe('1Gi');
  });

  test('defaults of the namespace make a pod Guaranteed', () => {
    const found = ranges(range('[{type: Container, default: {cpu: 1, memory: 1Gi}}]'));
    expect(qualityOfService(podOf('{containers: [{}]}'), found).class).toBe('Guaranteed');
    expect(qualityOfService(podOf('{containers: [{resources: {requests: {memory: 512Mi}}}]}'), found).class).toBe(
      'Burstable',
    );
  });
});

test.for<[string, object, object]>([
  ['[{type: Container, default: {memory: 1Gi}}]', { memory: 2 ** 30 }, { memory: 2 ** 30 }],
  [
    '[{type: Container, default: {memory: 1Gi}, defaultRequest: {memory: 1Mi}}]',
    { memory: 2 ** 30 },
    { memory: 2 ** 20 },
  ],
  ['[{type: Container, max: {cpu: 2}}]', { cpu: 2 }, { cpu: 2 }],
  ['[{type: Container, min: {cpu: 1}}]', {}, { cpu: 1 }],
  ['[{type: Container, max: {cpu: 2}, min: {cpu: 1}}]', { cpu: 2 }, { cpu: 2 }],
  ['[{type: Pod, max: {cpu: 2}}, {type: PersistentVolumeClaim, max: {storage: 1Gi}}]', {}, {}],
  ['[{type: Container, default: {cpu: 1}}, {type: Container, default: {cpu: 2}}]', { cpu: 2 }, { cpu: 2 }],
  ['oops', {}, {}],
  ['[oops, {type: Container, default: oops}]', {}, {}],
])('LimitRange %s', ([limits, expectedLimits, expectedRequests]) => {
  const found = readLimitRange(resourceIn(range(limits)));
  expect(values(found?.limits ?? {})).toEqual(expectedLimits);
  expect(values(found?.requests ?? {})).toEqual(expectedRequests);
});

test('a LimitRange bears on its namespace', () => {
  const resources = resourcesIn(`${range('[]', 'a')}\n---\n${range('[]', 'b')}\n---\n{kind: Other}`);
  expect(limitRangesIn(resources, 'a')).toHaveLength(1);
  expect(limitRangesIn(resources, undefined)).toHaveLength(2);
});

describe('effectiveResources', () => {
  const effective = (container: string, pod = '', ...texts: string[]) => {
    const found = podOf(`{${pod}containers: [{resources: ${container}}]}`);
    const [first] = found.containers;
    if (first === undefined) throw new Error(container);
    const { limits, requests } = effectiveResources(first, found, ranges(...texts));
    return { limits: values(limits), requests: values(requests) };
  };

  test('a request defaults to the limit before a LimitRange can give another', () => {
    const defaults = range('[{type: Container, default: {memory: 2Gi}, defaultRequest: {memory: 1Mi}}]');
    expect(effective('{limits: {memory: 1Gi}}', '', defaults)).toEqual({
      limits: { memory: 2 ** 30 },
      requests: { memory: 2 ** 30 },
    });
    expect(effective('{requests: {memory: 1Gi}}', '', defaults)).toEqual({
      limits: { memory: 2 ** 31 },
      requests: { memory: 2 ** 30 },
    });
    expect(effective('{}', '', defaults)).toEqual({ limits: { memory: 2 ** 31 }, requests: { memory: 2 ** 20 } });
  });

  test('several LimitRanges that differ leave it unknown', () => {
    const one = range('[{type: Container, default: {memory: 1Gi, cpu: 1}}]');
    const other = range('[{type: Container, default: {memory: 2Gi, cpu: 1}}]');
    expect(effective('{}', '', one, other).limits).toEqual({ memory: 'unknown', cpu: 1 });
  });

  test('the pod bounds what the container leaves open', () => {
    expect(effective('{requests: {cpu: 1}}', 'resources: {limits: {memory: 1Gi}}, ')).toEqual({
      limits: { memory: 2 ** 30 },
      requests: { cpu: 1, memory: 2 ** 30 },
    });
    expect(effective('{limits: {memory: 512Mi}}', 'resources: {limits: {memory: 1Gi}}, ').limits).toEqual({
      memory: 2 ** 29,
    });
  });
});
