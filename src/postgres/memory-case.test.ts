import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../config.ts';
import { buildModel } from '../model.ts';
import { loadCatalogue } from './catalogue.ts';
import { memoryCase, memoryLimitOf, premise, sharedNeed, strains } from './memory-case.ts';
import { memoryPlan } from './memory-plan.ts';
import type { Server } from './server.ts';

const catalogue = await loadCatalogue();

/** The server of a pod with these resources (flow style) and settings. */
function serverOf(resources: string, settings: readonly string[] = [], image = 'postgres:17.6'): Server {
  const args = JSON.stringify(settings.flatMap(s => ['-c', s]));
  const text = `apiVersion: v1
kind: Pod
metadata: { name: orders }
spec:
  containers:
    - name: postgres
      image: ${image}
      args: ${args}
      resources: ${resources}
`;
  const [server] = buildModel({
    sources: [{ path: 'pod.yaml', text }],
    complete: true,
    rules: [],
    config: defaultConfig,
    catalogue,
    now: '2026-06-01',
    pgVersion: undefined,
  }).servers;
  if (server === undefined) throw new Error('no server');
  return server;
}

const limited = (limit: string) => `{ limits: { memory: ${limit} } }`;
const heard = (limit: string, ...settings: string[]) =>
  strains(serverOf(limited(limit), settings)).map(s => `${s.severity} ${s.rule}`);

describe('at the defaults a server hears one hint at most', () => {
  test.for([
    ['128Mi', []],
    ['256Mi', ['info memory-static-exceeds-limit']],
    ['512Mi', ['info memory-worst-case-exceeds-limit']],
    ['1Gi', ['info memory-worst-case-exceeds-limit']],
    ['2Gi', ['info shared-buffers-below-recommended']],
    ['64Gi', ['info shared-buffers-below-recommended']],
  ] as const)('%s', ([limit, rules]) => {
    expect(heard(limit)).toEqual(rules);
  });
});

describe('a default that is written down is still one', () => {
  test.for([['max_connections=100'], ['work_mem=4096kB'], ['maintenance_work_mem=64MB']] as const)(
    '%s',
    ([setting]) => {
      expect(heard('512Mi', setting)).toEqual(['info memory-worst-case-exceeds-limit']);
    },
  );
});

describe('who chooses too much is warned', () => {
  test.for([
    ['4Gi', ['shared_buffers=1GB', 'work_mem=64MB'], ['warning memory-worst-case-exceeds-limit']],
    [
      '2Gi',
      ['shared_buffers=512MB', 'maintenance_work_mem=512MB'],
      ['warning memory-static-exceeds-limit', 'warning memory-worst-case-exceeds-limit'],
    ],
    ['8Gi', ['shared_buffers=2GB', 'maintenance_work_mem=1GB'], ['warning maintenance-work-mem-excessive']],
    ['8Gi', ['shared_buffers=2GB', 'effective_cache_size=12GB'], ['warning effective-cache-size-exceeds-memory']],
    ['8Gi', ['shared_buffers=2GB', 'effective_cache_size=7GB'], ['info effective-cache-size-exceeds-memory']],
  ] as const)('%s with %s', ([limit, settings, rules]) => {
    expect(heard(limit, ...settings).filter(r => rules.some(x => x === r))).toEqual(rules);
  });
});

test.for([
  ['4Gi', 'shared_buffers=1GB', 'effective_cache_size=3GB', 'max_connections=100', 'work_mem=8MB'],
  ['16Gi', 'shared_buffers=4GB', 'effective_cache_size=12GB', 'maintenance_work_mem=1GB', 'work_mem=16MB'],
])('settings that fit are silent: %s', ([limit = '', ...settings]) => {
  expect(heard(limit, ...settings)).toEqual([]);
});

describe('nothing is said where something is unknown', () => {
  test.for([
    ['no limit', '{ requests: { memory: 1Gi } }', ['shared_buffers=4GB'], 'postgres:17.6'],
    ['a limit that is filled in later', limited('"${LIMIT}"'), ['shared_buffers=4GB'], 'postgres:17.6'],
    ['a limit of a few bytes', limited('512m'), ['shared_buffers=4GB'], 'postgres:17.6'],
    ['an image that makes its own settings', limited('1Gi'), ['work_mem=64MB'], 'bitnamilegacy/postgresql:17.6.0'],
    ['an invalid value', limited('1Gi'), ['shared_buffers=4GiB'], 'postgres:17.6'],
  ] as const)('%s', ([, resources, settings, image]) => {
    expect(strains(serverOf(resources, settings, image))).toEqual([]);
  });
});

test('huge pages are not charged to the limit', () => {
  const pages = '{ limits: { memory: 1Gi, hugepages-2Mi: 4Gi } }';
  expect(sharedNeed(serverOf(pages, ['shared_buffers=3GB']))).toBeUndefined();
  expect(memoryCase(serverOf(pages, ['shared_buffers=3GB']))).toBeUndefined();
  expect(sharedNeed(serverOf(pages, ['shared_buffers=3GB', 'huge_pages=off']))?.sharedBuffers).toBe(3 * 1024 ** 3);
});

test('shared_buffers alone is a lower bound where the rest is unknown', () => {
  const need = sharedNeed(serverOf(limited('1Gi'), ['shared_buffers=2GB'], 'bitnamilegacy/postgresql:17.6.0'));
  expect(need).toMatchObject({ bytes: 2 * 1024 ** 3, estimate: undefined });
});

test('the plan keeps what is sound', () => {
  const plan = (settings: readonly string[]) => memoryPlan(serverOf(limited('4Gi'), settings));
  expect(plan(['shared_buffers=1200MB', 'max_connections=60'])?.values).toMatchObject({
    shared_buffers: 1200 * 1024 ** 2,
    effective_cache_size: 3 * 1024 ** 3,
    max_connections: 60,
  });
  expect(plan(['shared_buffers=3GB'])?.values.shared_buffers).toBe(1024 ** 3);
});

test('a limit of the pod is one of the container', () => {
  expect(memoryLimitOf(serverOf(limited('2Gi')))?.value).toBe(2 * 1024 ** 3);
  expect(memoryLimitOf(serverOf(limited('1M')))).toBeUndefined();
});

test('a message says when it holds only for a file that is not loaded', () => {
  const setting = serverOf(limited('2Gi'), ['work_mem=8MB']).intended.settings.get('work_mem');
  expect(premise([undefined, setting])).toBe('');
  expect(premise([setting && { ...setting, loaded: false }])).toBe('once the settings file is loaded, ');
});
