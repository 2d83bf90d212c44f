import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import type { Finding } from '../types.ts';
import { jsonReport } from './json.ts';
import { linesOf } from './lines.ts';
import type { Report } from './report.ts';

const schema = JSON.parse(readFileSync(new URL('../../schemas/report.schema.json', import.meta.url), 'utf8')) as object;
const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

const bare: Finding = {
  rule: 'a-rule',
  severity: 'warning',
  message: 'm',
  at: { path: 'a.yaml', start: 3, end: 8 },
  related: [],
  parts: [],
  build: '',
  fingerprint: '0123456789abcdef',
};
const full: Finding = {
  ...bare,
  severity: 'error',
  help: 'h',
  label: 'l',
  related: [{ at: { path: 'a.yaml', start: 0, end: 1 }, message: 'r' }],
  parts: ['p'],
  resource: { apiVersion: 'v1', kind: 'Pod', namespace: undefined, name: 'n' },
  build: 'x, y',
  server: 's',
  fix: { title: 't', applicability: 'safe', restarts: true, edits: [{ path: 'a.yaml', start: 3, end: 4, text: '2' }] },
};
const report: Report = {
  version: '0.1.0',
  findings: [full, bare],
  files: 2,
  parsed: 1,
  servers: 1,
  skipped: [{ path: 'b', reason: 'binary' }],
  masks: [],
  text: () => 'a: 1\r\nb: 😀x\n',
  url: rule => `https://example.org/${rule}`,
  rule: () => undefined,
  seconds: 1,
};

test('the report keeps to its schema', () => {
  const value: unknown = JSON.parse(jsonReport(report));
  validate(value);
  expect(validate.errors).toBe(null);
  expect(value).toEqual({
    version: '0.1.0',
    summary: { files: 2, parsed: 1, servers: 1, error: 1, warning: 1, info: 0, fixable: 1 },
    findings: [
      {
        rule: 'a-rule',
        severity: 'error',
        message: 'm',
        help: 'h',
        path: 'a.yaml',
        line: 1,
        column: 4,
        endLine: 2,
        endColumn: 3,
        build: 'x, y',
        server: 's',
        parts: ['p'],
        resource: { apiVersion: 'v1', kind: 'Pod', namespace: null, name: 'n' },
        related: [{ path: 'a.yaml', line: 1, column: 1, message: 'r' }],
        fix: {
          title: 't',
          applicability: 'safe',
          restarts: true,
          edits: [{ path: 'a.yaml', start: 3, end: 4, text: '2' }],
        },
        fingerprint: '0123456789abcdef',
        url: 'https://example.org/a-rule',
      },
      expect.objectContaining({ help: null, server: null, resource: null, fix: null, related: [], parts: [] }),
    ],
    skipped: [{ path: 'b', reason: 'binary' }],
  });
});

test('an empty report and one whose texts are gone keep to it too', () => {
  expect(validate(JSON.parse(jsonReport({ ...report, findings: [], skipped: [] })))).toBe(true);
  expect(validate(JSON.parse(jsonReport({ ...report, text: () => undefined })))).toBe(true);
});

test.for<[string, number, number, number]>([
  ['', 0, 1, 1],
  ['abc', 3, 1, 4],
  ['abc', 99, 1, 4],
  ['a\nb', 1, 1, 2],
  ['a\nb', 2, 2, 1],
  ['a\r\nb', 3, 2, 1],
  ['a\n', 2, 2, 1],
  ['😀x', 2, 1, 3],
])('the position in %j of %i', ([text, offset, line, column]) => {
  expect(linesOf(text).position(offset)).toEqual({ line, column });
});
