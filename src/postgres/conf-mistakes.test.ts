import { expect, test } from 'vitest';
import { parsePostgresqlConf } from '../formats/postgresql-conf.ts';
import { confMistakes } from './conf-mistakes.ts';

const mistakes = (text: string) => confMistakes(text, parsePostgresqlConf(text));

/** The text with everything mended that can be. */
function mended(text: string): string {
  return mistakes(text).reduceRight(
    (t, m) => (m.mended === undefined ? t : t.slice(0, m.start) + m.mended + t.slice(m.end)),
    text,
  );
}

test.for([
  ['-- memory', 'comment', '# memory'],
  ['// memory', 'comment', '# memory'],
  ['; memory', 'comment', '# memory'],
  ['work_mem = 4MB -- small', 'comment', 'work_mem = 4MB # small'],
  ['work_mem = 4MB // small', 'comment', 'work_mem = 4MB # small'],
  ['port = 5432;', 'semicolon', 'port = 5432'],
  ["timezone = 'UTC'; # here", 'semicolon', "timezone = 'UTC' # here"],
  ['shared_buffers = 128 MB', 'blank before the unit', 'shared_buffers = 128MB'],
  ['timezone = "Europe/Zurich"', 'double quotes', "timezone = 'Europe/Zurich'"],
  ['listen_addresses = *', 'unquoted', "listen_addresses = '*'"],
  ['listen_addresses = 0.0.0.0', 'unquoted', "listen_addresses = '0.0.0.0'"],
  ['log_directory = /var/log', 'unquoted', "log_directory = '/var/log'"],
  ['shared_preload_libraries = pgaudit,pg_cron', 'unquoted', "shared_preload_libraries = 'pgaudit,pg_cron'"],
  ['shared_buffers = 1.5GB # most', 'unquoted', "shared_buffers = '1.5GB' # most"],
  ['port: 5432', 'sign', 'port = 5432'],
  ['port == 5432', 'sign', 'port = 5432'],
  ['[mysqld]', 'section', '# [mysqld]'],
  ['\uFEFF# first', 'byte order mark', '# first'],
  ['archive_command =', 'no value', 'archive_command ='],
  ['port', 'no value', 'port'],
  ["log_directory = 'log", 'open quote', "log_directory = 'log"],
  ["ALTER SYSTEM SET work_mem = '4MB';", 'sql', "ALTER SYSTEM SET work_mem = '4MB';"],
  ['my-ext.level = 1', 'other', 'my-ext.level = 1'],
] as const)('%j is a mistake of the kind %j, meant as %j', ([text, cause, meant]) => {
  expect(mistakes(text).map(m => m.cause)).toEqual([cause]);
  expect(mended(text)).toBe(meant);
});

test.for([
  'work_mem = 4MB # -- fine',
  "archive_command = 'cp %p /a/%f; sync'",
  'port 5432',
  'shared_buffers = {{ size }}',
  'shared_buffers = ${SIZE};',
  '',
])('%j has none', text => {
  expect(mistakes(text)).toEqual([]);
});

test('places are those of the wrong text in the file, also with Windows line ends', () => {
  const text = 'port = 5432\r\nwork_mem = 4 MB\r\n';
  const [mistake] = mistakes(text);
  expect(mistake && text.slice(mistake.start, mistake.end)).toBe('4 MB');
  expect(mended(text)).toBe('port = 5432\r\nwork_mem = 4MB\r\n');
});
