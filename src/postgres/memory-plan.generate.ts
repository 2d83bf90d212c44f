/** Servers for the tests of memory plans: one pod, its settings in arguments, a ConfigMap or nowhere, sound or absurd. */
import { type Random, random } from '../../fixtures/oracles/generate.ts';
import type { Source } from '../types.ts';

export interface PlannedServer {
  readonly title: string;
  readonly major: number;
  /** Mebibytes; undefined where the pod has no limit. */
  readonly limit: number | undefined;
  readonly sources: readonly Source[];
}

const SIZES = ['64kB', '1MB', '4MB', '16MB', '100MB', '512MB', '1GB', '3GB', '10GB', '40GB', '200GB'];
const VALUES: Readonly<Record<string, readonly string[]>> = {
  shared_buffers: ['128kB', '16384', ...SIZES.slice(2)],
  work_mem: SIZES.slice(0, 9),
  maintenance_work_mem: SIZES.slice(1, 10),
  autovacuum_work_mem: ['-1', ...SIZES.slice(1, 9)],
  autovacuum_max_workers: ['1', '3', '6', '20', '300'],
  effective_cache_size: SIZES.slice(2),
  max_connections: ['5', '20', '50', '100', '150', '500', '2000', '20000'],
  wal_buffers: ['-1', '64kB', '16MB', '256MB', '2GB'],
};

/** The same servers for the same seed. */
export function plannedServers(count: number, seed: number): readonly PlannedServer[] {
  const rnd = random(seed);
  return Array.from({ length: count }, (_, i) => plannedServer(rnd, i));
}

function plannedServer(rnd: Random, index: number): PlannedServer {
  const major = rnd.pick([13, 14, 15, 16, 17, 18]);
  const power = rnd.pick([8, 9, 10, 10, 11, 12, 13, 14, 15, 16, 17, 18]);
  // 256 MiB to 256 GiB, round and odd sizes.
  const size = rnd.once(3) && power < 18 ? Math.round(2 ** power * 1.37) : 2 ** power;
  const resources = rnd.pick(['limit', 'both', 'less', 'request', 'none', 'limit', 'both']);
  const place = rnd.pick(['args', 'file', 'unloaded', 'both', 'none']);
  const chosen = Object.entries(VALUES).flatMap(([name, values]) =>
    place !== 'none' && rnd.once(2) ? [{ name, value: rnd.pick(values) }] : [],
  );
  const inFile = chosen.filter(() => place === 'file' || place === 'unloaded' || (place === 'both' && rnd.once(2)));
  const inArguments = chosen.filter(c => !inFile.includes(c));
  const hasFile = place === 'file' || place === 'unloaded' || place === 'both';
  const words = [
    ...(hasFile && place !== 'unloaded' ? ['config_file=/etc/postgresql/postgresql.conf'] : []),
    ...inArguments.map(c => `${c.name}=${c.value}`),
  ].flatMap(word => ['-c', word]);
  const style = rnd.pick(['block', 'flow']);
  const lines = [
    'apiVersion: v1',
    'kind: Pod',
    `metadata: { name: db${index} }`,
    'spec:',
    '  containers:',
    '    - name: postgres',
    `      image: postgres:${major}`,
    ...(words.length === 0
      ? []
      : style === 'flow'
        ? [`      args: ${JSON.stringify(words)}`]
        : ['      args:', ...words.map(w => `        - ${JSON.stringify(w)}`)]),
    ...resourceLines(resources, size),
    ...(hasFile
      ? [
          '      volumeMounts:',
          '        - { name: settings, mountPath: /etc/postgresql }',
          '  volumes:',
          '    - { name: settings, configMap: { name: settings } }',
        ]
      : []),
  ];
  const pod = { path: 'pod.yaml', text: `${lines.join('\n')}\n` };
  const settings = [
    'apiVersion: v1',
    'kind: ConfigMap',
    'metadata: { name: settings }',
    'data:',
    '  postgresql.conf: |',
    "    listen_addresses = '*' # all of them",
    ...inFile.map(c => `    ${c.name} = ${c.value}`),
  ];
  return {
    title: `${index}: PostgreSQL ${major}, ${resources} ${size}Mi, ${chosen.map(c => `${c.name}=${c.value}`).join(' ')} in ${place}`,
    major,
    limit: resources === 'request' || resources === 'none' ? undefined : size,
    sources: hasFile ? [{ path: 'conf.yaml', text: `${settings.join('\n')}\n` }, pod] : [pod],
  };
}

function resourceLines(resources: string, size: number): readonly string[] {
  const memory = (mebibytes: number) => `{ memory: ${mebibytes}Mi }`;
  switch (resources) {
    case 'limit':
      return ['      resources:', `        limits: ${memory(size)}`];
    case 'both':
      return ['      resources:', `        requests: ${memory(size)}`, `        limits: ${memory(size)}`];
    case 'less':
      return [
        '      resources:',
        `        requests: ${memory(Math.ceil(size / 4))}`,
        `        limits: ${memory(size)}`,
      ];
    case 'request':
      return ['      resources:', '        requests:', '          cpu: 500m', `          memory: ${size}Mi`];
    default:
      return [];
  }
}
