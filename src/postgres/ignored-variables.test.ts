import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../config.ts';
import { buildModel } from '../model.ts';
import { loadCatalogue } from './catalogue.ts';
import { ignoredVariables } from './ignored-variables.ts';

const catalogue = await loadCatalogue();

function ignored(container: string, rest = ''): readonly string[] {
  const text = `apiVersion: v1
kind: Pod
metadata: { name: db }
spec:
  containers:
    - ${container}
${rest}`;
  const { servers } = buildModel({
    sources: [{ path: 'pod.yaml', text }],
    complete: true,
    rules: [],
    config: defaultConfig,
    catalogue,
    now: '2026-06-01',
    pgVersion: undefined,
  });
  return servers
    .flatMap(ignoredVariables)
    .map(i => `${i.kind} ${i.variable.name}${i.valid ? '' : ' (no valid value)'}`);
}

const one = (name: string, value: string, image = 'postgres:17.6') =>
  ignored(`{ name: postgres, image: "${image}", env: [{ name: ${name}, value: "${value}" }] }`);

describe('what looks like a setting and is not read', () => {
  test.for([
    ['POSTGRES_SHARED_BUFFERS', '256MB', 'parameter POSTGRES_SHARED_BUFFERS'],
    ['POSTGRES_WORK_MEM', '8 Mi', 'parameter POSTGRES_WORK_MEM (no valid value)'],
    ['POSTGRESQL_MAX_CONNECTIONS', '200', 'parameter POSTGRESQL_MAX_CONNECTIONS'],
    ['POSTGRES_PORT', '5433', 'parameter POSTGRES_PORT'],
    ['POSTGRES_SSL_MODE', 'require', 'tls POSTGRES_SSL_MODE (no valid value)'],
    ['POSTGRES_REPLICATION_MODE', 'master', 'replication POSTGRES_REPLICATION_MODE (no valid value)'],
    ['POSTGRES_DATABASE', 'orders', 'name POSTGRES_DATABASE (no valid value)'],
    ['POSTGRESQL_PASSWORD', 'x', 'name POSTGRESQL_PASSWORD (no valid value)'],
  ] as const)('%s=%s', ([name, value, expected]) => {
    expect(one(name, value)).toEqual([expected]);
  });
});

describe('what is read, holds anyhow, or means something else', () => {
  test.for([
    ['POSTGRES_DB', 'orders', 'postgres:17.6'],
    ['POSTGRES_PASSWORD_FILE', '/run/secrets/x', 'postgres:17.6'],
    ['POSTGRES_INITDB_ARGS', '--data-checksums', 'postgres:17.6'],
    ['POSTGRES_HOST_AUTH_METHOD', 'scram-sha-256', 'postgres:17.6'],
    ['POSTGRES_PORT', '5432', 'postgres:17.6'],
    ['POSTGRES_MAX_CONNECTIONS', '100', 'postgres:17.6'],
    ['POSTGRES_HOST', 'db', 'postgres:17.6'],
    ['POSTGRES_SOMETHING', 'else', 'postgres:17.6'],
    ['MAX_CONNECTIONS', '200', 'postgres:17.6'],
    ['POSTGRESQL_MAX_CONNECTIONS', '200', 'bitnamilegacy/postgresql:17'],
    ['POSTGRES_MAX_CONNECTIONS', '200', 'registry.example/db/postgres:17'],
  ] as const)('%s=%s in %s', ([name, value, image]) => {
    expect(one(name, value, image)).toEqual([]);
  });
});

describe('what something uses', () => {
  const buffers = '{ name: POSTGRES_SHARED_BUFFERS, value: 256MB }';
  test.for([
    [
      'an argument',
      `{ name: db, image: "postgres:17.6", env: [${buffers}], args: [-c, "shared_buffers=$(POSTGRES_SHARED_BUFFERS)"] }`,
    ],
    [
      'another variable',
      `{ name: db, image: "postgres:17.6", env: [${buffers}, { name: B, value: "$(POSTGRES_SHARED_BUFFERS)" }] }`,
    ],
    [
      'a probe',
      `{ name: db, image: "postgres:17.6", env: [${buffers}], livenessProbe: { exec: { command: [sh, -c, 'test "$POSTGRES_SHARED_BUFFERS"'] } } }`,
    ],
    [
      'a script as command',
      `{ name: db, image: "postgres:17.6", env: [${buffers}], command: [sh, -c, "exec docker-entrypoint.sh postgres"] }`,
    ],
  ] as const)('%s', ([, container]) => {
    expect(ignored(container)).toEqual([]);
  });

  test('scripts of the first start that are not here', () => {
    const container = `{ name: db, image: "postgres:17.6", env: [${buffers}], volumeMounts: [{ name: init, mountPath: /docker-entrypoint-initdb.d }] }`;
    expect(ignored(container, '  volumes: [{ name: init, configMap: { name: elsewhere } }]\n')).toEqual([]);
  });
});

test('the other name of what is set, too, is harmless', () => {
  const env = '[{ name: POSTGRES_DB, value: a }, { name: POSTGRES_DATABASE, value: a }]';
  expect(ignored(`{ name: db, image: "postgres:17.6", env: ${env} }`)).toEqual([]);
});
