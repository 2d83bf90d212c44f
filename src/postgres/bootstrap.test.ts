import { expect, test } from 'vitest';
import { defaultConfig } from '../config.ts';
import { buildModel } from '../model.ts';
import { bootstraps } from './bootstrap.ts';
import { loadCatalogue } from './catalogue.ts';

const catalogue = await loadCatalogue();

/** What an init container with this script does to the data directory, and whether it looks first. */
function found(script: string, place: 'initContainers' | 'main' = 'initContainers'): readonly string[] {
  const text = `apiVersion: v1
kind: Pod
metadata: { name: orders }
spec:
  ${place === 'main' ? 'unused' : place}:
    - name: prepare
      image: postgres:17.6
      command: ["sh", "-c", ${JSON.stringify(script)}]
  containers:
    - name: postgres
      image: postgres:17.6
`;
  const { servers } = buildModel({
    sources: [{ path: 'pod.yaml', text }],
    complete: true,
    rules: [],
    config: defaultConfig,
    catalogue,
    now: '2026-06-01',
    pgVersion: undefined,
  });
  return servers.flatMap(bootstraps).map(b => `${b.kind}${b.guarded ? ' guarded' : ''}`);
}

test.for<[script: string, expected: readonly string[]]>([
  ['initdb -D /data', ['initdb']],
  ['/usr/lib/postgresql/17/bin/initdb -D /data', ['initdb']],
  ['gosu postgres initdb -D /data', ['initdb']],
  ['pg_ctl -D /data initdb', ['initdb']],
  ['pg_ctl init -D /data', ['initdb']],
  ['pg_basebackup -h db -D /data', ['pg_basebackup']],
  ['if [ "$(hostname)" = db-0 ]; then initdb; else pg_basebackup -h db; fi', ['initdb', 'pg_basebackup']],
  ['[ -s "$PGDATA/PG_VERSION" ] || initdb', ['initdb guarded']],
  ['if [ -z "$(ls -A "$PGDATA")" ]; then initdb; fi', ['initdb guarded']],
  ['rm -rf /data/*; pg_basebackup -h db -D /data', ['pg_basebackup guarded']],
  ['[ -e /data/done ] && exit 0; initdb', ['initdb guarded']],
  ['initdb || true', ['initdb guarded']],
  ['pg_ctl -D /data start', []],
  ['echo initdb', []],
  ['chown -R 999 /data', []],
])('%s', ([script, expected]) => expect(found(script)).toEqual(expected));

test('other containers do not count', () => expect(found('initdb -D /data', 'main')).toEqual([]));
