import { describe, expect, test } from 'vitest';
import { ABANDONED, parsePostgresqlConf } from './postgresql-conf.ts';

describe('an assignment', () => {
  test.for<readonly [text: string, name: string, value: string]>([
    ['work_mem = 64MB', 'work_mem', '64MB'],
    ['work_mem 64MB', 'work_mem', '64MB'],
    ['work_mem=64MB', 'work_mem', '64MB'],
    ['  WORK_MEM\t=\t64MB\r', 'WORK_MEM', '64MB'],
    ['shared_buffers = 128MB#c', 'shared_buffers', '128MB'],
    ["listen_addresses = '*' # all", 'listen_addresses', '*'],
    ['listen_addresses = localhost', 'listen_addresses', 'localhost'],
    ['log_directory = log/pg', 'log_directory', 'log/pg'],
    ['TimeZone = Asia/Shanghai', 'TimeZone', 'Asia/Shanghai'],
    ['x = conf.d:a-b', 'x', 'conf.d:a-b'],
    ['random_page_cost = 1.1', 'random_page_cost', '1.1'],
    ['random_page_cost = .5', 'random_page_cost', '.5'],
    ['random_page_cost = -1.5e-3', 'random_page_cost', '-1.5e-3'],
    ['work_mem = 0x10000', 'work_mem', '0x10000'],
    ['work_mem = +64MB', 'work_mem', '+64MB'],
    ["pgaudit.log = 'all'", 'pgaudit.log', 'all'],
    ['\ufeffwork_mem = 8MB', '\ufeffwork_mem', '8MB'],
    ['work_mem\u00a0= 8MB', 'work_mem\u00a0', '8MB'],
    ['work_mem = ‘64MB’', 'work_mem', '‘64MB’'],
    ["x = ''", 'x', ''],
    ["x = 'it''s'", 'x', "it's"],
    ["x = 'it\\'s'", 'x', "it's"],
    ["x = 'a\\tb\\n\\q\\\\'", 'x', 'a\tb\nq\\'],
    ["x = '\\101\\102\\60'", 'x', 'AB0'],
    ["x = '\\303\\251\\u00e9ü'", 'x', 'éu00e9ü'],
    ["x = 'a\\000b'", 'x', 'a'],
    ["x = 'a # b'", 'x', 'a # b'],
    ['x = on', 'x', 'on'],
  ])('%j', ([text, name, value]) => {
    const { entries, errors } = parsePostgresqlConf(text);
    expect(errors).toEqual([]);
    expect(entries.map(e => [e.kind, e.name, e.value])).toEqual([['setting', name, value]]);
  });
});

describe('a line that the server refuses', () => {
  test.for<readonly [text: string, near: string | undefined]>([
    ['work_mem = 64 MB', 'MB'],
    ['work_mem = 1.5GB', 'GB'],
    ['work_mem = 1e5', '5'],
    // Two words with a dot are a name, never a value.
    ['include_dir conf.d', 'conf.d'],
    ['shared_buffers = "128MB"', '"'],
    ['shared_buffers = 128MB; ', ';'],
    ['shared_buffers: 128MB', 'shared_buffers:'],
    ['shared_buffers =', undefined],
    ['shared_buffers', undefined],
    ['; comment', ';'],
    ['// x', '/'],
    ['-- x', '-'],
    ['[section]', '['],
    ['listen_addresses = *', '*'],
    ['listen_addresses = 0.0.0.0', '.0'],
    ["x = 'unterminated", "'"],
    ["x = 'a'b'", 'b'],
    ['log_line_prefix = %m', '%'],
    ['libraries = a,b', ','],
    ['x = 25%', '%'],
    ['x == 5', '='],
    ['my-ext.x = 1', 'my-ext.x'],
    ['a.b.c = 1', 'a.b.c'],
    ['my.$c = 1', 'my.'],
    ['data_directory = /x', '/'],
    ['x = {{ y }}', '{'],
    ['x = ${Y}', '$'],
    ['x = a.b.c d', 'd'],
    ['\ufeff# note', undefined],
    ['x = 12MBé', 'é'],
    ['x\f= 5', '\f'],
  ])('%j', ([text, near]) => {
    const { entries, errors } = parsePostgresqlConf(`# first\n${text}\n`);
    expect(entries).toEqual([]);
    expect(errors.map(e => [e.line, e.near])).toEqual([[2, near]]);
    expect(errors[0]?.message).toBe(`syntax error near ${near === undefined ? 'end of line' : `token "${near}"`}`);
  });
});

test('places are exact', () => {
  const text = "# head\n  Work_Mem = '64MB' # note\r\ninclude_dir conf/d\n";
  const { entries } = parsePostgresqlConf(text);
  const [first, second] = entries;
  const cut = (start = 0, end = 0) => text.slice(start, end);
  expect(cut(first?.nameStart, first?.nameEnd)).toBe('Work_Mem');
  expect(cut(first?.valueStart, first?.valueEnd)).toBe("'64MB'");
  expect(cut(first?.lineStart, first?.lineEnd)).toBe("  Work_Mem = '64MB' # note");
  expect(cut(first?.commentStart, first?.lineEnd)).toBe('# note');
  expect([first?.line, first?.quoted, second?.line, second?.quoted]).toEqual([2, true, 3, false]);
  expect([second?.kind, second?.value, second?.commentStart]).toEqual(['include_dir', 'conf/d', undefined]);
});

test('includes are known in any case, with and without an equals sign', () => {
  const { entries } = parsePostgresqlConf("include 'a'\nINCLUDE_IF_EXISTS = b\nInclude_Dir='c'\nincluded = d\n");
  expect(entries.map(e => e.kind)).toEqual(['include', 'include_if_exists', 'include_dir', 'setting']);
});

test('blank lines, comments and carriage returns alone are nothing', () => {
  expect(parsePostgresqlConf('\n\r\n  # x\n\t\n#')).toEqual({ entries: [], errors: [] });
  expect(parsePostgresqlConf('')).toEqual({ entries: [], errors: [] });
});

test('one bad line does not hide the others', () => {
  const { entries, errors } = parsePostgresqlConf('a = 1\nb b b\nc = 3');
  expect(entries.map(e => e.name)).toEqual(['a', 'c']);
  expect(errors.map(e => e.line)).toEqual([2]);
});

test('the file is abandoned after 100 errors', () => {
  const { entries, errors } = parsePostgresqlConf(`${'a b c\n'.repeat(100)}x = 1\n`);
  expect(errors).toHaveLength(101);
  expect(errors.at(-1)?.message).toBe(ABANDONED);
  expect(entries).toEqual([]);
  expect(parsePostgresqlConf(`${'a b c\n'.repeat(99)}x = 1\n`).entries).toHaveLength(1);
});
