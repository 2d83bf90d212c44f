import { beforeAll, describe, expect, test } from 'vitest';
import { parsePostgresqlConf } from '../formats/postgresql-conf.ts';
import { wholeSource } from '../text-region.ts';
import { type Catalogue, loadCatalogue } from './catalogue.ts';
import type { ConfFile, IncludeResolver } from './includes.ts';
import { inspectConf, judgeConf } from './inspect-conf.ts';

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await loadCatalogue();
});

const file = (text: string, path = 'a.conf'): ConfFile => ({
  region: wholeSource({ path, text }),
  parsed: parsePostgresqlConf(text),
  path,
});
const judged = (text: string, major = 16, resolve?: IncludeResolver) =>
  judgeConf(file(text), major, catalogue, { resolve }).map(
    f => `${f.line} ${f.kind} ${f.file.region.text.slice(f.start, f.end)}`,
  );

describe('what the server refuses', () => {
  test.for<readonly [text: string, faults: readonly string[]]>([
    ['work_mem = 64MB\n# fine\n', []],
    ['work_mem = 64 MB\nfoo = 1\nfsync = maybe\n', ['1 syntax MB', '2 unknown foo', '3 value maybe']],
    ['foo.bar = 1\nauto_explain.log_analyze = nonsense\n', []],
    ['server_version = 1\n', ['1 internal server_version']],
    // An earlier duplicate is passed over if it is spelt alike, otherwise it is read.
    ['work_mem = bad\nwork_mem = 4MB\n', []],
    ['Work_Mem = bad\nwork_mem = 4MB\n', ['1 value bad']],
    ['sort_mem = bad\nwork_mem = 4MB\n', ['1 value bad']],
    ['log_parser_stats = on\nlog_statement_stats = on\n', ['2 conflict on']],
    ['log_parser_stats = off\nlog_statement_stats = on\n', []],
    ["recovery_target = immediate\nrecovery_target_xid = '5'\n", ["2 conflict '5'"]],
    ["recovery_target = ''\nrecovery_target_xid = '5'\n", []],
    ['max_connections = 262143\n', ['1 conflict 262143']],
    ["include 'nope.conf'\n", []],
  ])('%j', ([text, faults]) => {
    expect(judged(text)).toEqual(faults);
  });

  test('a missing include, and what an included file holds', () => {
    const resolve: IncludeResolver = {
      file: path => (path === 'b.conf' ? file('fsync = maybe\nwork_mem = bad\n', 'b.conf') : undefined),
      directory: () => undefined,
    };
    expect(judged("include 'nope.conf'\ninclude 'b.conf'\nwork_mem = 4MB\n", 16, resolve)).toEqual([
      "1 include 'nope.conf'",
      '1 value maybe',
    ]);
  });
});

describe('the report', () => {
  test('shows settings as pg_settings does, with unit and place', () => {
    const text =
      "work_mem = 64MB\n  log_timezone = 'UTC' # x\nwal_level = archive\nlog_file_mode = 0640\nmy.own = 'x'\nwork_mem = 8MB\n";
    const { settings, errors } = inspectConf(text, 'conf/a.conf', 16, catalogue);
    expect(errors).toEqual([]);
    expect(settings.map(s => [s.name, s.value, s.unit, s.origin.line, s.origin.column])).toEqual([
      ['log_timezone', 'UTC', null, 2, 18],
      ['wal_level', 'replica', null, 3, 13],
      ['log_file_mode', '0640', null, 4, 17],
      ['my.own', 'x', null, 5, 10],
      ['work_mem', '8192', 'kB', 6, 12],
    ]);
    expect(settings[0]?.origin.path).toBe('conf/a.conf');
  });

  test('an extension counts once its library is loaded', () => {
    const text = (libraries: string) =>
      `shared_preload_libraries = '${libraries}'\nauto_explain.log_min_duration = 1s\n`;
    const shown = (libraries: string) => inspectConf(text(libraries), 'a', 16, catalogue).settings.at(-1)?.value;
    expect([shown(''), shown('pg_stat_statements, auto_explain')]).toEqual(['1s', '1000']);
  });

  test('memory is that of the whole file, null where it cannot be told', () => {
    const mebibytes = (inspectConf('shared_buffers = 256MB\n', 'a', 16, catalogue).memory.sharedBytes ?? 0) / 1024 ** 2;
    expect(Math.abs(mebibytes - 279)).toBeLessThan(4);
    expect(inspectConf('shared_buffers = 256Mi\n', 'a', 16, catalogue)).toMatchObject({
      settings: [],
      memory: { sharedBytes: null },
      errors: [{ line: 1, message: expect.stringContaining('invalid value for parameter "shared_buffers"') }],
    });
  });
});
