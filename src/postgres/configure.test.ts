import { beforeAll, describe, expect, test } from 'vitest';
import { parsePostgresqlConf } from '../formats/postgresql-conf.ts';
import { wholeSource } from '../text-region.ts';
import type { Located } from '../types.ts';
import { type Catalogue, loadCatalogue } from './catalogue.ts';
import {
  type AssignmentLayer,
  type ConfFile,
  configure,
  type FileLayer,
  type IncludeResolver,
  type Layer,
  parseCommandLineSettings,
} from './configure.ts';
import { bytesOf, type Configuration, effective, isSet, millisecondsOf, settingOf } from './settings.ts';

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await loadCatalogue();
});

const at = { path: 'x', start: 0, end: 0 };

function file(text: string, path = '/etc/postgresql.conf'): ConfFile {
  return { region: wholeSource({ path, text }), parsed: parsePostgresqlConf(text), path };
}
function fileLayer(text: string, resolve?: IncludeResolver, loaded = true): FileLayer {
  return { kind: 'file', precedence: 'file', file: file(text), loaded, resolve };
}
function assignments(
  precedence: AssignmentLayer['precedence'],
  values: Readonly<Record<string, string>>,
): AssignmentLayer {
  const list = Object.entries(values).map(([name, value]) => ({ name, value, at, nameAt: at }));
  return { kind: 'assignments', precedence, origin: 'command line', assignments: list, loaded: true };
}
function settle(
  layers: readonly Layer[],
  more: Partial<Pick<Configuration, 'major' | 'defaults' | 'open'>> = {},
): Configuration {
  return configure({ catalogue, major: 16, defaults: 'initdb', open: undefined, layers, ...more });
}
function tree(files: Readonly<Record<string, string>>): IncludeResolver {
  return {
    file: path => {
      const text = files[path];
      return text === undefined ? undefined : file(text, path);
    },
    directory: path => {
      const inside = Object.keys(files).filter(f => f.startsWith(`${path}/`));
      return inside.length === 0
        ? undefined
        : inside.map(f => ({ name: f.slice(path.length + 1), file: file(files[f] ?? '', f) }));
    },
  };
}
const value = (configuration: Configuration, name: string) => configuration.settings.get(name)?.value;

describe('precedence', () => {
  test('environment < file < auto < command line, in whatever order they are given', () => {
    const layers = [
      assignments('command line', { port: '4' }),
      assignments('auto', { port: '3', work_mem: '3MB' }),
      fileLayer('port = 2\nwork_mem = 2MB\nfsync = off\n'),
      assignments('environment', { port: '1', fsync: 'on' }),
    ];
    const configuration = settle(layers);
    expect([value(configuration, 'port'), value(configuration, 'work_mem'), value(configuration, 'fsync')]).toEqual([
      '4',
      '3MB',
      'off',
    ]);
    expect(configuration.settings.get('port')?.overridden.map(s => s.value)).toEqual(['1', '2', '3']);
  });

  test('the last duplicate wins, whatever its case or former name', () => {
    const configuration = settle([fileLayer('Work_Mem = 1MB\nsort_mem = 2MB\nWORK_MEM = 3MB\n')]);
    const setting = configuration.settings.get('work_mem');
    expect([setting?.name, setting?.value, setting?.overridden.map(s => s.value)]).toEqual([
      'work_mem',
      '3MB',
      ['1MB', '2MB'],
    ]);
    expect(setting?.at).toEqual({ path: '/etc/postgresql.conf', start: 41, end: 44 });
  });

  test('names that no catalogue knows stay as written', () => {
    const configuration = settle([fileLayer("pgaudit.log = 'all'\nnonsense = 1\n")]);
    expect(configuration.settings.get('pgaudit.log')?.parameter).toBeUndefined();
    expect([effective(configuration, 'pgaudit.log'), effective(configuration, 'nonsense')]).toEqual(['all', undefined]);
  });
});

describe('includes', () => {
  test('stand where they are written, relative to the including file', () => {
    const resolve = tree({
      '/etc/a/b.conf': 'port = 2\nwork_mem = 2MB\ninclude ../c.conf_\n',
      '/etc/c.conf_': 'fsync = off\n',
    });
    const configuration = settle([fileLayer("port = 1\ninclude 'a/b.conf'\nwork_mem = 3MB\n", resolve)]);
    expect(configuration.problems).toEqual([]);
    expect(value(configuration, 'port')).toBe('2');
    expect(value(configuration, 'work_mem')).toBe('3MB');
    expect(
      settle([fileLayer("include 'a/b.conf'\ninclude '/etc/c.conf_'", resolve)]).settings.get('fsync')?.at.path,
    ).toBe('/etc/c.conf_');
  });

  test('a directory gives its *.conf in the order of their bytes', () => {
    const resolve = tree({
      '/etc/d/b.conf': 'port = 2',
      '/etc/d/Z.conf': 'port = 1',
      '/etc/d/.hidden.conf': 'port = 9',
      '/etc/d/.conf': 'port = 8',
      '/etc/d/c.conf.bak': 'port = 7',
    });
    const setting = settle([fileLayer("include_dir 'd'", resolve)]).settings.get('port');
    expect([setting?.value, setting?.overridden.map(s => s.value)]).toEqual(['2', ['1']]);
  });

  test('what is missing is an error, if_exists is not', () => {
    const text = "include 'x'\ninclude_if_exists 'y'\ninclude_dir 'z'\ninclude ''\ninclude_dir ' '\n";
    const { problems, open } = settle([fileLayer(text, tree({}))]);
    expect(problems.map(p => p.message)).toEqual([
      'could not open configuration file "x"',
      'could not open configuration directory "z"',
      'empty configuration file name: ""',
      'empty configuration directory name: " "',
    ]);
    expect(open).toBeUndefined();
  });

  test('a file that includes itself, and eleven levels', () => {
    const self = settle([fileLayer("include 'postgresql.conf'", tree({ '/etc/postgresql.conf': '' }))]);
    expect(self.problems.map(p => p.kind)).toEqual(['recursion']);
    const deep = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [`/etc/${i}`, `include '${i + 1}'\nport = ${i + 1}\n`]),
    );
    const chain = settle([fileLayer("include '0'", tree(deep))]);
    expect(chain.problems.map(p => p.kind)).toEqual(['depth']);
    expect(chain.settings.get('port')?.overridden).toHaveLength(9);
  });

  test('one that cannot be seen makes what stands before it unknown, and what is not set', () => {
    const configuration = settle([fileLayer("port = 1\ninclude 'x'\nwork_mem = 1MB\n")]);
    expect(settingOf(configuration, 'port').state).toBe('unknown');
    expect(settingOf(configuration, 'work_mem').state).toBe('known');
    expect(settingOf(configuration, 'fsync')).toEqual({
      state: 'unknown',
      reason: 'includes "x", which is not here',
      at: undefined,
    });
    expect([effective(configuration, 'port'), effective(configuration, 'fsync')]).toEqual([undefined, undefined]);
    expect([isSet(configuration, 'port'), isSet(configuration, 'fsync')]).toEqual([true, false]);
    expect(bytesOf(configuration, 'work_mem')).toBe(1024 ** 2);
  });
});

describe('lookups', () => {
  test('defaults: of initdb or compiled in, by major', () => {
    const shared = (major: number | undefined, defaults: Configuration['defaults']) =>
      bytesOf(settle([], { major, defaults }), 'shared_buffers');
    expect([shared(14, 'initdb'), shared(14, 'boot'), shared(15, 'boot')]).toEqual(
      [128, 8, 128].map(n => n * 1024 ** 2),
    );
    expect(shared(undefined, 'initdb')).toBe(128 * 1024 ** 2);
    expect(shared(undefined, 'boot')).toBeUndefined();
    expect(effective(settle([], { major: undefined }), 'hash_mem_multiplier')).toBeUndefined();
    expect(effective(settle([], { major: undefined }), 'fsync')).toBe(true);
    expect(effective(settle([], { major: 19 }), 'io_method')).toBe('worker');
  });

  test('values in base units, bytes and milliseconds; undefined for invalid ones', () => {
    const configuration = settle([
      fileLayer("work_mem = '1.5GB'\ncheckpoint_timeout = 15min\nwal_level = archive\nmax_wal_size = 4Gi\n"),
    ]);
    expect(effective(configuration, 'work_mem')).toBe(1_572_864);
    expect(bytesOf(configuration, 'Work_Mem')).toBe(1.5 * 1024 ** 3);
    expect(millisecondsOf(configuration, 'checkpoint_timeout')).toBe(900_000);
    expect(effective(configuration, 'wal_level')).toBe('replica');
    expect(bytesOf(configuration, 'max_wal_size')).toBeUndefined();
    expect(bytesOf(configuration, 'checkpoint_timeout')).toBeUndefined();
  });

  test('placeholders are unknown', () => {
    const text = "work_mem = '${WORK_MEM}'\nport = 5432\n";
    const layer: FileLayer = { ...fileLayer(text), file: { ...file(text), templated: true } };
    expect(settingOf(settle([layer]), 'work_mem').state).toBe('unknown');
    expect(effective(settle([layer]), 'port')).toBe(5432);
  });
});

describe('the command line of postgres', () => {
  const words = (texts: readonly string[]): readonly Located<string>[] =>
    texts.map((text, i) => ({ value: text, at: { path: 'x', start: 100 * i, end: 100 * i + text.length } }));
  const read = (...texts: string[]) => {
    const { assignments: list, dataDirectory, unknown } = parseCommandLineSettings(words(texts));
    return {
      set: list.map(a => `${a.name}=${a.value}`),
      data: dataDirectory?.value,
      unknown: unknown.map(w => w.value),
    };
  };

  test.for<
    readonly [words: readonly string[], set: readonly string[], data?: string | undefined, unknown?: readonly string[]]
  >([
    [['-c', 'work_mem=64MB'], ['work_mem=64MB']],
    [['-cwork_mem=64MB'], ['work_mem=64MB']],
    [
      ['--work-mem=64MB', '--log_line_prefix=%m = '],
      ['work_mem=64MB', 'log_line_prefix=%m = '],
    ],
    [['-c', 'config-file=/etc/x'], ['config_file=/etc/x']],
    [
      ['-p', '5433', '-B64MB', '-N', '20', '-S', '1MB'],
      ['port=5433', 'shared_buffers=64MB', 'max_connections=20', 'work_mem=1MB'],
    ],
    [['-D', '/data', '-D/other'], [], '/other'],
    [
      ['-i', '-F', '-h', '*', '-k', '/tmp'],
      ['listen_addresses=*', 'fsync=false', 'listen_addresses=*', 'unix_socket_directories=/tmp'],
    ],
    [['-iF'], ['listen_addresses=*', 'fsync=false']],
    [['-c', 'work_mem'], [], undefined, ['work_mem']],
    [['-c'], [], undefined, ['-c']],
    [['-x', 'foo'], [], undefined, ['-x', 'foo']],
    [[], []],
  ])('%j', ([texts, set, data, unknownWords]) => {
    expect(read(...texts)).toEqual({ set, data, unknown: unknownWords ?? [] });
  });

  test('places are those of name and value', () => {
    const { assignments: list } = parseCommandLineSettings(words(['-c', 'work_mem=64MB', '-cport=1', '-p', '2']));
    expect(list.map(a => [a.nameAt.start, a.nameAt.end, a.at.start, a.at.end])).toEqual([
      [100, 108, 109, 113],
      [202, 206, 207, 208],
      [300, 302, 400, 401],
    ]);
  });
});
