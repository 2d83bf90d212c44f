import { describe, expect, test } from 'vitest';
import { rules } from '../../rules/index.ts';
import { defaultConfig } from '../config.ts';
import { converge } from '../fix/apply.ts';
import { lint } from '../lint.ts';
import type { Source } from '../types.ts';
import { loadCatalogue } from './catalogue.ts';

const catalogue = await loadCatalogue();
const memoryRules = rules.filter(r =>
  /^(?:shared-|memory-|max-conn|maintenance-|effective-|work-mem-|resources-)/.test(r.id),
);

function judge(sources: readonly Source[]) {
  const config = { ...defaultConfig, preset: 'strict' } as const;
  return lint({
    sources,
    complete: true,
    rules: memoryRules,
    config,
    catalogue,
    now: '2026-06-01',
    pgVersion: undefined,
  }).findings;
}

interface Made {
  readonly name: string;
  readonly resources?: string;
  readonly args?: string;
  readonly more?: string;
}

const pod = ({ name, resources, args, more = '' }: Made): Source => ({
  path: `${name}.yaml`,
  text: `apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  containers:
    - name: postgres
      image: postgres:17.6
${args === undefined ? '' : `      args: ${args}\n`}${resources === undefined ? '' : `      resources: ${resources}\n`}${more}`,
});

const file = ['-c', 'config_file=/etc/postgresql/postgresql.conf'];
const reader = (name: string, memory: string): Source =>
  pod({
    name,
    args: JSON.stringify(file),
    resources: `{ requests: { memory: ${memory} }, limits: { memory: ${memory} } }`,
    more: `      volumeMounts:
        - { name: settings, mountPath: /etc/postgresql }
  volumes:
    - { name: settings, configMap: { name: settings } }
`,
  });
const configMap = (lines: readonly string[]): Source => ({
  path: 'settings.yaml',
  text: `apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data:
  postgresql.conf: |
    listen_addresses = '*'
${lines.map(l => `    ${l}\n`).join('')}`,
});

const fixesOf = (...sources: readonly Source[]) => judge(sources).map(f => `${f.rule}: ${f.fix?.title ?? f.help}`);

describe('the limit and what does not fit into it are one fix', () => {
  test.for<[string, Made, string]>([
    [
      'settings that fit',
      { name: 'a', resources: '{ requests: { memory: 2Gi } }', args: '[-c, shared_buffers=512MB]' },
      'limits.memory: 2Gi',
    ],
    [
      'a work_mem that does not',
      { name: 'a', resources: '{ requests: { memory: 2Gi } }', args: '[-c, shared_buffers=512MB, -c, work_mem=64MB]' },
      'limits.memory: 2Gi, work_mem: 64MB → 4MB',
    ],
    [
      'shared_buffers for much more than is requested',
      { name: 'a', resources: '{ requests: { memory: 1Gi } }', args: '[-c, shared_buffers=2GB]' },
      'memory request and limit of 8Gi',
    ],
    [
      'nothing at all',
      { name: 'a', args: '[-c, shared_buffers=1GB, -c, max_connections=2000]' },
      'memory request and limit of 4Gi, max_connections: 2000 → 340',
    ],
  ])('%s', ([, made, title]) => {
    const all = fixesOf(pod(made)).filter(t => /^resources-(?:memory-limit-missing|best-effort)/.test(t));
    expect(all.map(t => t.replace(/^[\w-]+: | \(the restart.*/g, ''))).toEqual([title]);
  });
});

describe('a file that two servers read', () => {
  test('is not changed for the one against the other', () => {
    const small = [reader('small', '1Gi'), reader('large', '16Gi')];
    const sources = [configMap(['shared_buffers = 256MB']), ...small];
    const { sources: end } = converge(sources, judge, 'unsafe');
    expect(end[0]?.text).toContain('shared_buffers = 256MB');
    expect(fixesOf(...end).find(t => t.startsWith('shared-buffers-below-recommended'))).toMatch(
      /there is no fix, since the server "small" reads the same file, and its memory does not suit them$/,
    );
  });

  test('is changed where that suits both', () => {
    const sources = [configMap(['shared_buffers = 900MB']), reader('small', '1Gi'), reader('large', '2Gi')];
    const { sources: end } = converge(sources, judge, 'unsafe');
    expect(end[0]?.text).toContain('shared_buffers = 256MB');
  });
});

test('connections are not lowered where standbys replicate', () => {
  const source = {
    path: 'db.yaml',
    text: `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  replicas: 3
  serviceName: db
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec:
      containers:
        - name: postgres
          image: postgres:17.6
          args: [-c, max_connections=1000]
          resources: { limits: { memory: 2Gi } }
`,
  };
  const all = judge([source]).filter(f => f.rule === 'max-connections-memory');
  expect(all.map(f => f.fix)).toEqual([undefined]);
});
