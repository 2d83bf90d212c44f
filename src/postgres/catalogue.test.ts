import { beforeAll, describe, expect, test } from 'vitest';
import {
  type Catalogue,
  judgingMajor,
  loadCatalogue,
  majorsOf,
  nearestName,
  newestMajor,
  parameterOf,
} from './catalogue.ts';

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await loadCatalogue();
});

test('it knows ten to eighteen, and says when it was made', () => {
  expect(catalogue.majors).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18]);
  expect(newestMajor(catalogue)).toBe(18);
  expect(catalogue.date).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(catalogue.releases['18']).toMatch(/^18\./);
});

test('as many parameters as pg_settings lists in each major, apart from those of a package or a minor release', () => {
  const listed = (major: number) =>
    [...catalogue.parameters.values()].filter(({ name }) => {
      const p = parameterOf(catalogue, major, name);
      return p !== undefined && p.name === name && !p.hidden && p.extension === undefined && p.onlyIn === undefined;
    }).length;
  expect(catalogue.majors.map(listed)).toEqual([271, 291, 316, 331, 346, 353, 362, 378, 398]);
});

describe('a parameter', () => {
  test('is found in any case, under former names too', () => {
    expect(parameterOf(catalogue, 15, 'TIMEZONE')?.name).toBe('TimeZone');
    expect(parameterOf(catalogue, 10, 'Sort_Mem')?.name).toBe('work_mem');
    expect(parameterOf(catalogue, 18, 'vacuum_mem')?.name).toBe('maintenance_work_mem');
    expect(parameterOf(catalogue, 18, 'ssl_ecdh_curve')?.name).toBe('ssl_groups');
    expect(parameterOf(catalogue, 17, 'ssl_ecdh_curve')?.name).toBe('ssl_ecdh_curve');
    expect(parameterOf(catalogue, 18, 'İo_method')).toBeUndefined();
    expect(parameterOf(catalogue, 18, 'constructor')).toBeUndefined();
  });

  test.for<readonly [name: string, majors: readonly number[]]>([
    ['wal_keep_segments', [10, 11, 12]],
    ['force_parallel_mode', [10, 11, 12, 13, 14, 15]],
    ['io_method', [18]],
    ['work_mem', [10, 11, 12, 13, 14, 15, 16, 17, 18]],
    ['standby_mode', []],
    ['default_with_oids', [10, 11, 12, 13, 14, 15, 16, 17, 18]],
    ['extension_destdir', [10, 11, 12, 13, 14, 15, 16, 17, 18]],
    ['auto_explain.log_wal', [13, 14, 15, 16, 17, 18]],
  ])('%s is known to %j', ([name, majors]) => {
    expect(majorsOf(catalogue, name)).toEqual(majors);
  });

  test('changes from major to major', () => {
    expect(parameterOf(catalogue, 14, 'shared_buffers')).toMatchObject({ bootValue: '1024', initdbValue: '16384' });
    expect(parameterOf(catalogue, 15, 'shared_buffers')).toMatchObject({ bootValue: '16384', initdbValue: undefined });
    expect(parameterOf(catalogue, 17, 'autovacuum_max_workers')?.context).toBe('postmaster');
    expect(parameterOf(catalogue, 18, 'autovacuum_max_workers')?.context).toBe('sighup');
    expect(parameterOf(catalogue, 17, 'log_connections')?.type).toBe('bool');
    expect(parameterOf(catalogue, 18, 'log_connections')?.type).toBe('string');
  });

  test('of an extension or a package says so', () => {
    expect(parameterOf(catalogue, 18, 'pg_stat_statements.max')?.extension).toBe('pg_stat_statements');
    expect(parameterOf(catalogue, 18, 'extension_destdir')?.onlyIn).toBe("Debian's packages");
    expect(parameterOf(catalogue, 18, 'io_method')?.buildDependentWords).toEqual(['io_uring']);
  });
});

test('a major beyond the catalogue is judged by the nearest one', () => {
  expect([9, 10, 18, 19, undefined].map(major => judgingMajor(catalogue, major))).toEqual([10, 10, 18, 18, 18]);
  expect(parameterOf(catalogue, 19, 'io_method')?.major).toBe(18);
});

test.for<readonly [name: string, near: string | undefined]>([
  ['max_conections', 'max_connections'],
  ['shared_bufers', 'shared_buffers'],
  ['share_buffers', 'shared_buffers'],
  ['work-mem', 'work_mem'],
  ['wrok_mem', 'work_mem'],
  ['timezome', 'TimeZone'],
  ['effective_cache', undefined],
  ['max_fsm_pages', undefined],
  ['x', undefined],
  ['password', undefined],
])('%s most likely means %s', ([name, near]) => {
  expect(nearestName(catalogue, 18, name)).toBe(near);
});
