/** Which files of a small repository a server reads, and what comes of that. */
import { expect, test } from 'vitest';
import { defaultConfig } from '../config.ts';
import { buildModel, type Model } from '../model.ts';
import { bypassOf } from './bypass.ts';
import { loadCatalogue } from './catalogue.ts';
import { hbaSource } from './hba-sources.ts';
import { preloaded } from './preload.ts';
import { isPrivate, publishedPorts } from './published-ports.ts';
import { settingFaults } from './setting-faults.ts';
import { unreadHba, unreadSettings } from './unread-files.ts';

const catalogue = await loadCatalogue();

function model(files: Readonly<Record<string, string>>): Model {
  const sources = Object.entries(files).map(([path, text]) => ({ path, text }));
  return buildModel({
    sources,
    complete: true,
    rules: [],
    config: defaultConfig,
    catalogue,
    now: '2026-06-01',
    pgVersion: undefined,
  });
}

const serverOf = (files: Readonly<Record<string, string>>) => {
  const server = model(files).servers.find(s => s.platform !== 'file');
  if (server === undefined) throw new Error('the files have no server');
  return server;
};

const compose = (lines: string, image = 'postgres:17.6') =>
  `services:\n  db:\n    image: ${image}\n${lines.replace(/^(?=.)/gm, '    ')}\n`;
const SETTINGS = "listen_addresses = '*'\nwork_mem = 8MB\n";
const LOADS = 'command: postgres -c config_file=/etc/postgresql/postgresql.conf\n';
const DIRECTORY = 'volumes: ["./config:/etc/postgresql"]';

test.for([
  ['not named', DIRECTORY, ['/etc/postgresql/postgresql.conf']],
  ['named by config_file', `${LOADS}${DIRECTORY}`, []],
  [
    'named by a script',
    `entrypoint: [sh, -c, "cp /etc/postgresql/* $$PGDATA; exec docker-entrypoint.sh postgres"]\n${DIRECTORY}`,
    [],
  ],
  ['behind a program of its own', `command: /opt/cluster/entrypoint.sh\n${DIRECTORY}`, []],
  ['over the sample', 'volumes: ["./config/postgresql.conf:/usr/share/postgresql/postgresql.conf.sample"]', []],
  ['in PGDATA', 'volumes: ["./config/postgresql.conf:/var/lib/postgresql/data/postgresql.conf"]', []],
] as const)('a settings file %s', ([, lines, expected]) => {
  const server = serverOf({ 'compose.yaml': compose(lines), 'config/postgresql.conf': SETTINGS });
  expect(unreadSettings(server).map(f => f.path)).toEqual(expected);
});

test.for([
  ['a bind mount of the usual directory', DIRECTORY, ['/etc/postgresql']],
  ['which config_file names', `${LOADS}${DIRECTORY}`, []],
  ['a volume that may hold anything', 'volumes: ["etc:/etc/postgresql"]', []],
  ['certificates', 'volumes: ["./tls:/etc/postgresql/tls"]', []],
] as const)('what is not in the input: %s', ([, lines, expected]) => {
  expect(unreadSettings(serverOf({ 'compose.yaml': compose(lines) })).map(f => f.path)).toEqual(expected);
});

test('an unknown image may read what it likes', () => {
  const files = {
    'compose.yaml': compose(DIRECTORY, 'registry.example/team/postgres:17'),
    'config/postgresql.conf': SETTINGS,
  };
  expect(
    model(files)
      .servers.filter(s => s.platform !== 'file')
      .flatMap(unreadSettings),
  ).toEqual([]);
});

test('a file that a loaded one includes is loaded', () => {
  const server = serverOf({
    'compose.yaml': compose(`${LOADS}${DIRECTORY}`),
    'config/postgresql.conf': "listen_addresses = '*'\ninclude_dir = 'conf.d'\n",
    'config/conf.d/10-memory.conf': 'work_mem = 8MB\n',
    'config/other.conf': 'work_mem = 9MB\n',
  });
  expect(server.settingsFiles.map(f => [f.path, f.loaded])).toEqual([
    ['/etc/postgresql/postgresql.conf', true],
    ['/etc/postgresql/conf.d/10-memory.conf', true],
    ['/etc/postgresql/other.conf', false],
  ]);
});

const HBA = 'local all all peer\nhost all app 10.0.0.0/8 scram-sha-256\n';

test.for([
  ['beside config_file', `${LOADS}${DIRECTORY}`, SETTINGS, ['/etc/postgresql/pg_hba.conf']],
  ['named by hba_file', `${LOADS}${DIRECTORY}`, `${SETTINGS}hba_file = '/etc/postgresql/pg_hba.conf'\n`, []],
  [
    'beside an include that is not here',
    `${LOADS}volumes: ["./config:/etc/postgresql", "./more:/more"]`,
    `${SETTINGS}include '/more/a.conf'\n`,
    [],
  ],
] as const)('a pg_hba.conf %s', ([, lines, settings, expected]) => {
  const files = { 'config/postgresql.conf': settings, 'config/pg_hba.conf': HBA };
  expect(unreadHba(serverOf({ 'compose.yaml': compose(lines), ...files })).map(f => f.path)).toEqual(expected);
});

test.for([
  ['the image', '', {}, 'image', 2],
  [
    'a first-start script that adds a line',
    'volumes: ["./a.sh:/docker-entrypoint-initdb.d/a.sh"]',
    { 'a.sh': '#!/bin/sh\necho "host replication r all md5" >> "$PGDATA/pg_hba.conf"\n' },
    'image',
    3,
  ],
  [
    'a first-start script that does more',
    'volumes: ["./a.sh:/docker-entrypoint-initdb.d/a.sh"]',
    { 'a.sh': '#!/bin/sh\nsed -i s/md5/trust/ "$PGDATA/pg_hba.conf"\n' },
    undefined,
    0,
  ],
  ['scripts that are not here', 'volumes: ["./init:/docker-entrypoint-initdb.d"]', {}, undefined, 0],
  ['a file', 'command: postgres -c hba_file=/h/pg_hba.conf\nvolumes: ["./h:/h"]', { 'h/pg_hba.conf': HBA }, 'file', 2],
  [
    'a file with a mistake',
    'command: postgres -c hba_file=/h/pg_hba.conf\nvolumes: ["./h:/h"]',
    { 'h/pg_hba.conf': `${HBA}host all\n` },
    undefined,
    0,
  ],
  ['a file that is not here', 'command: postgres -c hba_file=/h/pg_hba.conf\nvolumes: ["./h:/h"]', {}, undefined, 0],
] as const)('who may connect is told by %s', ([, lines, files, kind, records]) => {
  const source = hbaSource(serverOf({ 'compose.yaml': compose(lines), ...files }));
  expect([source?.kind, source?.records.length ?? 0]).toEqual([kind, records]);
});

test('lines of pg_hba.conf in a script are a file of their own', () => {
  const files = model({
    'compose.yaml': compose('volumes: ["./a.sh:/docker-entrypoint-initdb.d/a.sh"]'),
    'a.sh': '#!/bin/sh\necho "host all all all trust" >> "$PGDATA/pg_hba.conf"\n',
  }).hbaFiles;
  expect(files.map(f => [f.fragment, f.loaded, f.parsed.records.map(r => r.authMethod)])).toEqual([
    [true, true, ['trust']],
  ]);
});

test.for([
  ['entrypoint: [postgres]', true],
  ['entrypoint: [sh, -c, "exec postgres -c work_mem=8MB"]', true],
  ['user: "999"\nentrypoint: [postgres]', false],
  ['entrypoint: [gosu, postgres, postgres]', undefined],
  ['entrypoint: [docker-entrypoint.sh, postgres]', undefined],
  ['entrypoint: [sh, -c, "exec docker-entrypoint.sh postgres"]', undefined],
  ['user: "${UID}"\nentrypoint: [postgres]', undefined],
  ['entrypoint: [sh, -c, "gosu postgres initdb; exec gosu postgres postgres"]', undefined],
  ['command: [postgres]', undefined],
] as const)('%j goes past the entrypoint, as root: %s', ([lines, asRoot]) => {
  const [server] = model({ 'compose.yaml': compose(`${lines}\nports: ["5432:5432"]`) }).servers;
  expect(server && bypassOf(server)?.asRoot).toBe(asRoot);
});

test.for([
  ['ports: ["5432:5432"]', [['5432', 5432, undefined]]],
  ['ports: ["127.0.0.1:5433:5432/tcp"]', [['5433', 5432, '127.0.0.1']]],
  ['ports: ["[::1]:5433:5432"]', [['5433', 5432, '[::1]']]],
  ['ports: ["${IP}:5433:5432"]', [['5433', 5432, '${IP}']]],
  ['ports: ["${PORT:-5432}:5432"]', [['${PORT:-5432}', 5432, undefined]]],
  ['ports: [5432, "5432-5440:5432-5440", "5432:5432/udp"]', []],
  ['ports: [{ target: 5432, published: 5432, host_ip: 127.0.0.1 }]', [['5432', 5432, '127.0.0.1']]],
  ['ports: [{ target: 5432 }]', []],
] as const)('%j publishes %j', ([lines, expected]) => {
  const server = serverOf({ 'compose.yaml': compose(lines) });
  expect(publishedPorts(server).map(p => [p.host, p.target, p.address])).toEqual(expected);
});

test.for([
  ['', true],
  ['ports: ["127.0.0.1:5432:5432"]', true],
  ['ports: [{ target: 5432, published: 5432, host_ip: 127.0.0.1 }]', true],
  ['ports: ["5432:5432"]', false],
  ['ports: ["0.0.0.0:5432:5432"]', false],
  ['ports: ["127.0.0.1:5432:5432", "5432"]', false],
  ['network_mode: host', false],
] as const)('with %j, the host keeps the service to itself: %j', ([lines, expected]) => {
  expect(isPrivate(serverOf({ 'compose.yaml': compose(lines) }))).toBe(expected);
});

test.for([
  ['command: postgres -c work_mem=8MB', 'postgres:17.6', []],
  ['command: postgres -c worc_mem=8MB', 'postgres:17.6', [['unknown', 'worc_mem', 'work_mem']]],
  ['command: postgres -c wal_keep_segments=3', 'postgres:17.6', [['removed', 'wal_keep_segments', undefined]]],
  ['command: postgres -c wal_keep_segments=3', 'postgres:12.22', []],
  ['command: postgres -c wal_keep_segments=3', 'postgres', []],
  ['command: postgres -c checkpoint_segments=3', 'postgres', [['removed', 'checkpoint_segments', undefined]]],
  ['command: postgres -c checkpoint_segments=3', 'postgres:9.4', []],
  ['command: postgres -c io_method=worker', 'postgres:15', [['too-new', 'io_method', undefined]]],
  ['command: postgres -c io_method=worker', 'postgres', []],
  ['command: postgres -c io_method=fast', 'postgres', [['value', 'io_method', undefined]]],
  ['command: postgres -c work_mem=8mb', 'postgres', [['unit', 'work_mem', '8MB']]],
  ['command: postgres -c work_mem=1kB', 'postgres:17', [['range', 'work_mem', undefined]]],
  ['command: postgres -c block_size=8192', 'postgres:17', [['internal', 'block_size', undefined]]],
  ['command: postgres -c app.tenant=x', 'postgres:17', []],
] as const)('%s with %s has the faults %j', ([lines, image, expected]) => {
  const server = serverOf({ 'compose.yaml': compose(lines, image) });
  expect(settingFaults(server).map(f => [f.kind, f.name, f.suggestion])).toEqual(expected);
});

test('a name may be newer than the catalogue', () => {
  const doubtful = (image: string) =>
    settingFaults(serverOf({ 'compose.yaml': compose('command: postgres -c brand_new=1', image) })).map(
      f => f.doubtful,
    );
  expect(doubtful('postgres:17.1')).toEqual([false]);
  expect(doubtful('postgres:17.99')).toEqual([true]);
  expect(doubtful('postgres:19')).toEqual([true]);
});

test.for([
  ['', 'postgres:17', []],
  [
    'command: postgres -c shared_preload_libraries=$$libdir/pgaudit.so,auto_explain',
    'postgres:17',
    ['pgaudit', 'auto_explain'],
  ],
  ['', 'citusdata/citus:13.0-pg17', undefined],
  ['', 'timescale/timescaledb:2.22.1-pg17', undefined],
] as const)('%j of %s loads %j', ([lines, image, expected]) => {
  const server = serverOf({ 'compose.yaml': compose(lines, image) });
  expect(preloaded(server, server.effective)?.libraries).toEqual(expected);
});
