import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../config.ts';
import { buildModel } from '../model.ts';
import { loadCatalogue } from '../postgres/catalogue.ts';
import type { Source } from '../types.ts';
import { applyEdits } from './apply.ts';
import { settingFix } from './setting-fix.ts';

const catalogue = await loadCatalogue();

/** The texts after shared_buffers and work_mem were set on their only server; undefined where there is no fix. */
function set(sources: readonly Source[]): Readonly<Record<string, string>> | undefined {
  const [server] = buildModel({
    sources,
    complete: true,
    rules: [],
    config: defaultConfig,
    catalogue,
    now: '2026-06-01',
    pgVersion: undefined,
  }).servers;
  if (server === undefined) throw new Error('no server');
  const text = (path: string) => sources.find(s => s.path === path)?.text;
  const found = settingFix(server, { shared_buffers: '1GB', work_mem: '8MB' }, text);
  if (found === undefined || 'hindrance' in found) return undefined;
  const after = (s: Source) => found.edits.filter(e => e.path === s.path);
  return Object.fromEntries(sources.map(s => [s.path, applyEdits(s.text, after(s))]));
}

const pod = (rest: string) => `kind: Pod
apiVersion: v1
metadata: { name: db }
spec:
  containers:
    - name: db
      image: postgres:17.6
${rest}`;

describe('a parameter is set where the server takes it from', () => {
  test.for([
    [
      'nowhere yet',
      '',
      '      args:\n        - -c\n        - shared_buffers=1GB\n        - -c\n        - work_mem=8MB\n',
    ],
    [
      'behind other arguments',
      '      args:\n        - -c\n        - port=5433\n',
      '      args:\n        - -c\n        - port=5433\n        - -c\n        - shared_buffers=1GB\n        - -c\n        - work_mem=8MB\n',
    ],
    [
      'in an argument in quotes',
      '      args: ["-c", "work_mem=4MB", "-c", \'shared_buffers=2GB\']\n',
      '      args: ["-c", "work_mem=8MB", "-c", \'shared_buffers=1GB\']\n',
    ],
  ])('%s', ([, before = '', after = '']) => {
    expect(set([{ path: 'pod.yaml', text: pod(before) }])?.['pod.yaml']?.trimEnd()).toBe(pod(after).trimEnd());
  });
});

test('in a command of a compose file, each word has its place', () => {
  const text =
    'services:\n  db:\n    image: postgres:17.6\n    command: postgres -c work_mem=4MB -c "shared_buffers=2GB"\n';
  expect(set([{ path: 'compose.yaml', text }])?.['compose.yaml']).toBe(
    text.replace('work_mem=4MB', 'work_mem=8MB').replace('=2GB', '=1GB'),
  );
});

test('in the file that the server loads', () => {
  const conf = `apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data:
  postgresql.conf: |
    listen_addresses = '*'
    work_mem = 4MB # small
`;
  const mounts = `      args: ["-c", "config_file=/etc/postgresql/postgresql.conf"]
      volumeMounts:
        - { name: settings, mountPath: /etc/postgresql }
  volumes:
    - { name: settings, configMap: { name: settings } }
`;
  expect(
    set([
      { path: 'conf.yaml', text: conf },
      { path: 'pod.yaml', text: pod(mounts) },
    ])?.['conf.yaml'],
  ).toBe(conf.replace('4MB # small\n', '8MB # small\n    shared_buffers = 1GB\n'));
});

test.for([
  ['a command replaces the entrypoint', '      command: [sh, -c, exec postgres]\n'],
  ['a variable holds the value', '      args: [-c, shared_buffers=$(X)]\n      env: [{ name: X, value: 1GB }]\n'],
])('there is no fix where %s', ([, rest = '']) => {
  expect(set([{ path: 'pod.yaml', text: pod(rest) }])).toBeUndefined();
});

test('there is no fix for an image that makes its own settings', () => {
  expect(
    set([{ path: 'pod.yaml', text: pod('').replace('postgres:17.6', 'bitnamilegacy/postgresql:17') }]),
  ).toBeUndefined();
});
