import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type FileKind, classify } from './classify.ts';

const kind = (path: string, text: string): FileKind => classify(path, text).kind;
const hba = 'local all all peer\nhost all all 10.0.0.0/8 scram-sha-256\n';
const service = 'services:\n  db:\n    image: postgres\n';
const object = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: db\n';

test.for<readonly [FileKind, string, string]>([
  ['kubernetes', 'a.yaml', object],
  ['kubernetes', 'a.yml', `# head\n---\n${object}`],
  ['kubernetes', 'a.yaml', object.replace(/^/gm, '  ')],
  ['kubernetes', 'a.yaml', '- apiVersion: v1\n  kind: Service\n'],
  ['kubernetes', 'a.yaml', '\uFEFFkind: Service\r\napiVersion: v1\r\n'],
  ['kubernetes', 'a.yaml', '"kind": Service\n"apiVersion": v1\n'],
  ['kubernetes', 'a.json', '{"kind":"Service","apiVersion":"v1"}'],
  ['kubernetes', 'a.json', '[{"kind":"Service","apiVersion":"v1"}]'],
  ['kubernetes', 'a.json', '{ "apiVersion": "v1", "kind": "List", "items": [] }'],
  ['kubernetes', 'a.yaml', '---\n{kind: Service, apiVersion: v1}\n'],
  ['kubernetes', 'a.json', '{"a":{"x":[1,{}]}}\n{"kind":"Service","apiVersion":"v1","port":$PORT}'],
  ['other', 'report.json', '{"findings":[{"resource":{"kind":"Service","apiVersion":"v1"}}]}'],
  ['kubernetes', 'no-extension', object],
  ['kubernetes', 'a.yaml.sample', object],
  ['kubernetes', 'a.yaml', 'kind: Deployment\nmetadata:\n  name: forgot-the-version\n'],
  ['kubernetes', 'values.yaml', object],
  ['kubernetes', 'rule.yaml', `${object}  note: pod {{ $labels.pod }} is down\n`],
  ['kubernetes', 'a.yaml', `${object}data:\n  x: |\n    {{ define "slack" }}\n`],
  ['kubernetes', 'a.yaml', `${object}  host: "{{ .Release.Name }}.example"\n`],
  ['other', 'a.yaml', 'openapi: 3.0.0\ninfo:\n  kind: x\n'],
  ['other', 'Chart.yaml', 'apiVersion: v2\nname: x\nversion: 1.0.0\n'],
  ['other', '.gitlab-ci.yml', 'test:\n  services:\n    - postgres:16\n'],
  ['other', '.github/workflows/ci.yaml', 'jobs:\n  a:\n    services:\n      postgres:\n        image: postgres\n'],
  ['other', 'services.yaml', 'services:\n  _defaults:\n    autowire: true\n'],
  ['kustomization', 'kustomization.yaml', 'resources:\n  - a.yaml\n'],
  ['kustomization', 'x/kustomization.yml', 'kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\n'],
  ['kustomization', 'component.yaml', 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n'],
  ['kubernetes', 'flux.yaml', 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {}\n'],
  ['compose', 'docker-compose.yml', service],
  ['compose', 'compose.override.yaml', 'services:\n  db:\n    ports: ["5432:5432"]\n'],
  ['compose', 'stack.yaml', `version: "3"\n${service}`],
  ['compose', 'stack.yml', 'services: # all of them\n\n  # the database\n  db:\n    build: .\n'],
  ['dockerfile', 'Dockerfile', 'FROM postgres\n'],
  ['dockerfile', 'db/Dockerfile.prod', '# syntax=x\nARG V=1\nFROM postgres:$V\n'],
  ['dockerfile', 'postgres.dockerfile', 'from postgres\n'],
  ['dockerfile', 'image', '# ours\n\nFROM postgres:16\nRUN true\n'],
  ['other', 'Dockerfile.md', 'FROM postgres\n'],
  ['other', 'notes', 'FROM here on\n'],
  ['postgresql.conf', 'postgresql.conf', 'port = 5432 # default\n'],
  ['postgresql.conf', 'postgresql.conf.sample', '#shared_buffers = 128MB\n'],
  ['postgresql.conf', 'foo.conf', '# tuned\nshared_buffers = 1GB\n'],
  ['postgresql.conf', 'conf.d/10-memory.conf', "work_mem '64MB'\r\n"],
  ['postgresql.conf', 'postgresql.conf', '-- postgresql.conf\nshared_buffers = 1GB\nwork_mem = 4MB\n'],
  ['postgresql.conf', 'my-postgresql.conf.j2', 'shared_buffers = {{ buffers }}\nmax_connections = 10\n'],
  ['other', 'settings.txt', 'shared_buffers is a parameter\n'],
  ['other', 'nginx.conf', 'worker_processes 4;\nhttp {\n  access_log off;\n}\n'],
  ['other', 'odyssey.conf', 'log_format "%p"\nlisten {\n  port 6432\n}\n'],
  ['other', 'pgbouncer.ini', '[pgbouncer]\nlisten_addr = *\nmax_client_conn = 100\n'],
  ['other', 'my.cnf', '[mysqld]\nmax_connections = 100\n'],
  ['other', 'pgpool.conf', "listen_addresses = '*'\nnum_init_children = 32\n"],
  ['other', 'sysctl.conf', 'kernel.shmmax = 1\nvm.overcommit_memory = 2\n'],
  ['other', 'recovery.conf', "standby_mode = on\nprimary_conninfo = 'host=a'\n"],
  ['other', 'app.conf', 'max_connections = 10\nport = 80\n'],
  ['pg_hba.conf', 'pg_hba.conf', hba],
  ['pg_hba.conf', 'access.conf', `# TYPE DATABASE USER ADDRESS METHOD\n${hba}`],
  ['pg_hba.conf', 'pg_hba.conf.sample', hba],
  ['pg_hba.conf', 'pg_hba.conf', ''],
  ['other', 'pool_hba.conf', hba],
  ['other', 'hosts', '127.0.0.1 localhost\n'],
  ['other', 'ssh_config', 'Host all\n  User md5\n'],
  ['chart-template', 'x/templates/a.yaml', 'kind: Service\nport: "{{ .Values.port }}"\n'],
  ['chart-template', 'a.yaml', `{{- if .Values.on }}\n${object}{{- end }}\n`],
  ['chart-template', 'a.yaml', `${object}  port: {{ .Values.port }}\n`],
  ['chart-template', 'a.yaml', `${object}  label: x-{{ .Release.Name }}\n`],
  [
    'kubernetes',
    'settings.txt',
    'apiVersion: v1\nkind: ConfigMap\ndata:\n  postgresql.conf: |\n    shared_buffers = 1GB\n    work_mem = 8MB\n    max_connections = 50\n    wal_level = replica\n',
  ],
  ['chart-template', 'ReplicaStatefulSetTemplate.yaml', object],
  ['kubernetes', 'k8s/pvc-template.yml', object],
  ['chart-template', 'database.tmpl.yaml', object],
  ['chart-template', 'database.yaml.j2', object],
  ['kubernetes', 'templates.yaml', object],
  ['kubernetes', 'template.yaml', object],
  ['chart-template', 'a.yaml', `{% if on %}\n${object}{% endif %}\n`],
  ['helm-values', 'values.yaml', 'postgresql:\n  enabled: true\n'],
  ['helm-values', 'values-prod.yaml', 'kind: StatefulSet\nimage: x\n'],
  ['config', 'tusklint.yaml', 'rules: {}\n'],
  ['vendored', 'gotk-components.yaml', object],
  ['vendored', 'a.yaml', `# Generated by x v1. DO NOT EDIT.\n${object}`],
  ['vendored', 'a.yaml', `${object}---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n`],
  ['kubernetes', 'a.yaml', 'kind: CustomResourceDefinition\nmetadata: {}\n---\nkind: StatefulSet\nmetadata: {}\n'],
  ['kubernetes', 'a.yaml', `${object}# Generated by hand\n`],
])('%s: %s %j', ([expected, path, text]) => {
  expect(kind(path, text)).toBe(expected);
});

const corpus = new URL('../../shared/corpus/', import.meta.url);
describe.skipIf(!existsSync(corpus))('real files (skipped where ../shared is absent)', () => {
  const rows = existsSync(corpus)
    ? readFileSync(new URL('INDEX.tsv', corpus), 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map(line => line.split('\t'))
        .map(([file = '', , , , , category = '', what = '']) => ({ file, category, what }))
    : [];
  const kindOf = (file: string) => kind(file, readFileSync(new URL(encodeURI(file), corpus), 'utf8'));
  const tally = (category: string) => {
    const counts: Partial<Record<FileKind, number>> = {};
    for (const { file } of rows.filter(r => r.category === category)) {
      const found = kindOf(file);
      counts[found] = (counts[found] ?? 0) + 1;
    }
    return counts;
  };

  test('resources are Kubernetes, but for the templates that an operator fills in', () => {
    for (const { file } of rows.filter(r => ['A', 'B', 'C', 'G'].includes(r.category)))
      expect([file, kindOf(file)]).toEqual([file, file.endsWith('Template.yaml') ? 'chart-template' : 'kubernetes']);
  });

  test('files of PostgreSQL are what they are; those of its neighbours are not', () => {
    const expected: Readonly<Record<string, FileKind>> = {
      'postgresql.conf': 'postgresql.conf',
      pg_hba: 'pg_hba.conf',
      'pgbouncer.ini': 'other',
      'patroni config': 'other',
    };
    for (const { file, what } of rows.filter(r => r.category === 'E')) {
      const named = Object.entries(expected).find(([start]) => what.startsWith(start) || file.includes(start))?.[1];
      expect([file, kindOf(file)]).toEqual([file, named]);
    }
  });

  test('compose files and Dockerfiles', () => {
    for (const { file } of rows.filter(r => r.category === 'F'))
      expect([file, kindOf(file)]).toEqual([file, /compose[^/]*\.ya?ml$/.test(file) ? 'compose' : 'dockerfile']);
  });

  test('nothing of category H is a file of PostgreSQL, and its templates are templates', () => {
    for (const { file, what } of rows.filter(r => r.category === 'H')) {
      const found = kindOf(file);
      expect([file, found]).not.toEqual([file, expect.stringMatching(/^p/)]);
      if (what.startsWith('helm/Go template'))
        expect([file, found]).toEqual([file, expect.stringMatching(/^chart-template|^helm-values/)]);
    }
  });

  test('definitions of custom resources are the bundles of others', () => {
    expect(tally('I')).toEqual({ vendored: rows.filter(r => r.category === 'I').length });
    expect(tally('V')).toEqual({ 'helm-values': rows.filter(r => r.category === 'V').length });
  });
});
