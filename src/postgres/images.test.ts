import { describe, expect, test } from 'vitest';
import { absent, known, unknown, valueOf } from '../types.ts';
import { parseImage } from './image-reference.ts';
import { type ImageFamily, isPoolerOrTool, isServerImage, mayBeServerImage, serverImage } from './images.ts';

const at = { path: 'x.yaml', start: 3, end: 9 };
const image = (reference: string, configured = {}) => serverImage(known(reference, at), at, configured);

test.for<[string, string | undefined, string | undefined, string | undefined, string | undefined]>([
  ['postgres', undefined, 'postgres', undefined, undefined],
  ['postgres:15.4', undefined, 'postgres', '15.4', undefined],
  ['docker.io/library/postgres:15', 'docker.io', 'postgres', '15', undefined],
  ['harbor.example/hub/library/postgres:15', 'harbor.example', 'postgres', '15', undefined],
  ['localhost:5000/postgres', 'localhost:5000', 'postgres', undefined, undefined],
  ['localhost/a/b:c', 'localhost', 'a/b', 'c', undefined],
  ['registry.example/x/y/bitnami/postgresql:16', 'registry.example', 'bitnami/postgresql', '16', undefined],
  ['postgres:16@sha256:abc', undefined, 'postgres', '16', 'sha256:abc'],
  ['postgres@sha256:abc', undefined, 'postgres', undefined, 'sha256:abc'],
  ['postgres:${TAG:-1/5}', undefined, 'postgres', undefined, undefined],
  ['${REGISTRY}/library/postgres:15', undefined, 'postgres', '15', undefined],
  ['{{ .Values.image }}', undefined, undefined, undefined, undefined],
  ['postgres:{{', undefined, 'postgres', undefined, undefined],
  ['', undefined, undefined, undefined, undefined],
])('reference %s', ([reference, registry, repository, tag, digest]) => {
  expect(parseImage(reference)).toMatchObject({ registry, repository, tag, digest });
});

test.for<[string, ImageFamily, number | undefined, number | undefined, number | undefined]>([
  ['postgres', 'official', undefined, undefined, 999],
  ['postgres:latest', 'official', undefined, undefined, 999],
  ['postgres:alpine', 'official', undefined, undefined, 70],
  ['postgres:15', 'official', 15, undefined, 999],
  ['postgres:15.4-bookworm', 'official', 15, 4, 999],
  ['postgres:15.4-alpine3.18', 'official', 15, 4, 70],
  ['postgres:18beta1', 'official', 18, undefined, 999],
  ['postgres:9.6.24-alpine', 'official', 9.6, 24, 70],
  ['postgres:9', 'official', 9, undefined, 999],
  ['postgres@sha256:abc', 'official', undefined, undefined, undefined],
  ['arm64v8/postgres:14', 'official', 14, undefined, 999],
  ['public.ecr.aws/docker/library/postgres:16', 'official', 16, undefined, 999],
  ['mirror.gcr.io/library/postgres:16', 'official', 16, undefined, 999],
  ['postgis/postgis:15-3.3', 'official', 15, undefined, 999],
  ['postgis/postgis:16-3.4-alpine', 'official', 16, undefined, 70],
  ['pgvector/pgvector:pg16', 'official', 16, undefined, 999],
  ['pgvector/pgvector:0.8.0-pg17-trixie', 'official', 17, undefined, 999],
  ['timescale/timescaledb:2.11.0-pg14', 'official', 14, undefined, 70],
  ['timescale/timescaledb:latest-pg15-oss', 'official', 15, undefined, 70],
  ['timescale/timescaledb-ha:pg14.6-ts2.9.1-p1', 'timescaledb-ha', 14, 6, 1000],
  ['timescale/timescaledb-ha:pg16', 'timescaledb-ha', 16, undefined, 1000],
  ['citusdata/citus:14.1.0', 'official', undefined, undefined, 999],
  ['bitnami/postgresql:15.4.0-debian-11-r10', 'bitnami', 15, 4, 1001],
  ['docker.io/bitnamilegacy/postgresql-repmgr:16', 'bitnami', 16, undefined, 1001],
  ['registry.opensource.zalan.do/acid/spilo-15:3.0-p1', 'spilo', 15, undefined, 101],
  ['ghcr.io/zalando/spilo-17:4.0-p2', 'spilo', 17, undefined, 101],
  ['ghcr.io/cloudnative-pg/postgresql:17.5-system-trixie', 'cloudnative-pg', 17, 5, 26],
  ['ghcr.io/cloudnative-pg/postgresql:16.2-7', 'cloudnative-pg', 16, 2, 26],
  ['ghcr.io/cloudnative-pg/postgis:15-3.3', 'cloudnative-pg', 15, undefined, 26],
  ['registry.developers.crunchydata.com/crunchydata/crunchy-postgres:ubi8-15.2-0', 'crunchy', 15, 2, 26],
  ['crunchydata/crunchy-postgres-gis:centos8-13.3-3.1-4.7.0', 'crunchy', 13, 3, 26],
  ['$PREFIX/crunchy-postgres:$TAG', 'crunchy', undefined, undefined, 26],
  ['percona/percona-distribution-postgresql:16.3-1', 'percona', 16, 3, undefined],
  ['percona/percona-postgresql-operator:2.4.0-ppg16.3-postgres', 'percona', 16, 3, undefined],
  ['quay.io/sclorg/postgresql-13-c9s:latest', 'sclorg', 13, undefined, 26],
  ['quay.io/centos7/postgresql-96-centos7', 'sclorg', 9.6, undefined, 26],
  ['registry.redhat.io/rhel9/postgresql-16:1', 'sclorg', 16, undefined, 26],
  ['supabase/postgres:15.8.1.060', 'supabase', 15, 8, undefined],
  ['tensorchord/pgvecto-rs:pg14-v0.2.0', 'unknown', 14, undefined, undefined],
  ['ghcr.io/immich-app/postgres:14-vectorchord0.3.0', 'unknown', 14, undefined, undefined],
  ['registry.example/team/postgres:15', 'unknown', undefined, undefined, undefined],
  ['myorg/postgres:15', 'unknown', undefined, undefined, undefined],
])('%s is %s %s.%s, uid %s', ([reference, family, major, minor, uid]) => {
  const found = image(reference);
  expect([found.family, valueOf(found.major), found.minor, found.uid]).toEqual([family, major, minor, uid]);
});

describe('habits', () => {
  test('the official image moved its data in 18', () => {
    expect(image('postgres:17').dataDirectory).toBe('/var/lib/postgresql/data');
    expect(image('postgres:18.1-alpine').dataDirectory).toBe('/var/lib/postgresql/18/docker');
    expect(image('postgres').dataDirectory).toBeUndefined();
  });

  test('only postgres itself is exact, under any mirror', () => {
    const exact = [
      'postgres:15',
      'harbor.example/hub/library/postgres:15',
      'postgis/postgis:15-3.3',
      'citusdata/citus:13',
    ];
    expect(exact.map(reference => image(reference).exact)).toEqual([true, true, false, false]);
  });

  test('who starts as root', () => {
    const references = [
      'postgres:15',
      'bitnami/postgresql:15',
      'acid/spilo-15:3',
      'quay.io/sclorg/postgresql-13-c9s',
      'x/postgres',
    ];
    expect(references.map(reference => image(reference).rootEntrypoint)).toEqual([true, false, true, false, false]);
  });
});

test('a reference that is filled in later is of unknown make', () => {
  expect(serverImage(unknown('later', at), at)).toMatchObject({
    family: 'unknown',
    major: { state: 'unknown', reason: 'later' },
    at,
  });
  expect(serverImage(absent(at), at)).toMatchObject({
    family: 'unknown',
    major: { state: 'absent' },
    repository: undefined,
  });
  expect(image('postgres:${TAG}')).toMatchObject({
    family: 'official',
    major: { state: 'unknown' },
    alpine: undefined,
    uid: undefined,
  });
});

test('configuration says what a private image is', () => {
  const configured = {
    'registry.example/db/*': { family: 'official', major: 16, uid: 5000 },
    'other/*': { family: 'bitnami' },
  } as const;
  expect(image('registry.example/db/pg:v3', configured)).toMatchObject({
    family: 'official',
    exact: false,
    major: { value: 16 },
    uid: 5000,
    gid: 5000,
    dataDirectory: '/var/lib/postgresql/data',
    rootEntrypoint: true,
  });
  expect(image('other/x:14.2.0-r1', configured)).toMatchObject({ family: 'bitnami', major: { value: 14 }, minor: 2 });
  expect(image('registry.example/dbx/pg:v3', configured).family).toBe('unknown');
  expect(isServerImage('registry.example/db/pg', configured)).toBe(true);
});

test.for<[string, boolean, boolean, boolean]>([
  ['postgres:15', true, false, true],
  ['percona/percona-postgresql-operator:2.4.0-ppg16.3-postgres', true, false, true],
  ['percona/percona-postgresql-operator:2.4.0-ppg16-pgbouncer', false, true, false],
  ['percona/percona-postgresql-operator:2.4.0', false, true, false],
  ['registry.example/team/postgres:15', false, false, true],
  ['sorintlab/stolon:master-pg10', true, false, false],
  ['edoburu/pgbouncer:1.18', false, true, false],
  ['ghcr.io/cloudnative-pg/pgbouncer:1.22', false, true, false],
  ['ghcr.io/cloudnative-pg/cloudnative-pg:1.24', false, true, false],
  ['quay.io/prometheuscommunity/postgres-exporter', false, true, false],
  ['bitnami/postgres-exporter:0.15', false, true, false],
  ['dpage/pgadmin4', false, true, false],
  ['bitnami/pgpool', false, true, false],
  ['adminer', false, true, false],
  ['gcr.io/cloudsql-docker/gce-proxy:1.33', false, true, false],
  ['gcr.io/cloud-sql-connectors/cloud-sql-proxy:2', false, true, false],
  ['ghcr.io/postgresml/pgcat', false, true, false],
  ['prodrigestivill/postgres-backup-local:15', false, true, false],
  ['ghcr.io/onedr0p/postgres-init:16', false, true, false],
  ['registry.opensource.zalan.do/acid/postgres-operator:v1.10', false, true, false],
  ['postgrest/postgrest', false, true, false],
  ['supabase/postgres-meta:v0.6', false, true, false],
  ['nginx:1.25', false, false, false],
  ['mongo', false, false, false],
])('%s: server %s, tool %s, perhaps %s', ([reference, server, tool, perhaps]) => {
  expect([isServerImage(reference), isPoolerOrTool(reference), mayBeServerImage(reference)]).toEqual([
    server,
    tool,
    perhaps,
  ]);
});
