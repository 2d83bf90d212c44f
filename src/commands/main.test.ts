import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AnyRule, defineRule } from '../types.ts';
import type { Io } from './io.ts';
import { type Outcome, runMain } from './testing.ts';

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tusklint-main-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const server = `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
        - name: postgres
          image: postgres:17.2
`;

const rule = (
  id: string,
  severity: 'error' | 'warning' | 'info',
  preset: 'recommended' | 'strict' = 'recommended',
): AnyRule =>
  defineRule({
    id,
    summary: `Finds every server (${id}).`,
    severity,
    preset,
    since: '0.1.0',
    on: 'server',
    *check(subject) {
      yield { at: subject.at, message: `the server "${subject.name}" is there` };
    },
  });
const throwing = defineRule({
  id: 'image-broken-rule',
  summary: 'Throws.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'server',
  *check() {
    throw new Error('no such thing');
  },
});
const warns = [rule('image-warns', 'warning')];

function run(args: readonly string[], rules: readonly AnyRule[] = warns, io: Partial<Io> = {}): Promise<Outcome> {
  let seconds = 0;
  return runMain(folder, args, {
    today: '2026-11-22',
    clock: () => (seconds += 0.25),
    loadRules: async () => ({ rules, areas: Object.fromEntries(rules.map(r => [r.id, 'images'])) }),
    ...io,
  });
}
/** One line of complaint, nothing printed, and exit code 2. */
const refused = (outcome: Outcome): string => {
  expect(outcome).toMatchObject({ code: 2, out: '' });
  expect(outcome.err).toMatch(/^tusklint: [^\n]+\n$/);
  return outcome.err.slice('tusklint: '.length, -1);
};

describe('what is wrong with a command line is said in one line', () => {
  test.for<readonly [readonly string[], string]>([
    [['lint', '--frmat', 'json'], "unknown option '--frmat' (did you mean --format?)"],
    [
      ['lint', '--format', 'xml'],
      '--format takes text, json, sarif, github, gitlab, junit, checkstyle, rdjson or markdown, not "xml"',
    ],
    [['lint', '--format', 'json='], '--format json= names no file'],
    [
      ['lint', '--format', 'json', '--format', 'text'],
      '--format text needs a file (--format text=FILE): one report goes to standard output',
    ],
    [['lint', '--format'], "option '--format <format[=file]>' argument missing"],
    [['lint', '--preset', 'all'], '--preset takes recommended or strict, not "all"'],
    [['lint', '--min-severity', 'hint'], '--min-severity takes error, warning or info, not "hint"'],
    [['lint', '--fail-on', 'x'], '--fail-on takes error, warning, info or never, not "x"'],
    [['lint', '--color', 'red'], '--color takes auto, always or never, not "red"'],
    [['lint', '--rule', 'image-warns'], '--rule takes ID=LEVEL, not "image-warns"'],
    [['lint', '--rule', 'image-warns=loud'], '--rule image-warns takes off, error, warning or info, not "loud"'],
    [['lint', '--rule', 'image-warn=off'], '--rule names no rule "image-warn" (did you mean image-warns?)'],
    [['lint', '--pg-version', '9.6'], '--pg-version takes a major version from 10 on, such as 17, not "9.6"'],
    [['lint', '--now', '2026-02-30'], '--now takes a day as YYYY-MM-DD, not "2026-02-30"'],
    [['lint', '--update-baseline'], '--update-baseline needs --baseline FILE, the file to write'],
    [['lint', '--baseline', 'b.json'], 'there is no baseline "b.json": --update-baseline writes it'],
    [['lint', '--config', 'c.yaml'], 'there is no configuration file "c.yaml"'],
    [['lint', 'nowhere'], 'there is no file or folder "nowhere"'],
    [['lint', '--format', 'json=no/such/folder.json'], 'cannot write no/such/folder.json: ENOENT'],
    [['lint', '--mend'], "unknown option '--mend'"],
    [['explain', 'image-warn'], 'there is no rule "image-warn": did you mean "image-warns"?'],
    [['explain'], "missing required argument 'rule'"],
    [['rules', '--format', 'xml'], '--format takes text, json or markdown, not "xml"'],
    [['inspect', '--format', 'xml'], '--format takes text or json, not "xml"'],
    [
      ['k8s'],
      'there is no command "k8s": lint, hook, audit, inspect, rules, explain or init (to lint a path: tusklint lint k8s)',
    ],
  ])('%j', async ([args, message]) => {
    const outcome = await run(args);
    // The text report comes first where a file cannot be written.
    expect(refused({ ...outcome, out: args.some(a => a.startsWith('json=no')) ? '' : outcome.out })).toMatch(message);
  });

  test('a mistake in the configuration has a place', async () => {
    put('tusklint.yaml', 'preset: most\n');
    expect(refused(await run(['lint']))).toMatch(/^tusklint\.yaml:1:9: /);
    expect((await run(['lint', '--no-config'])).code).toBe(0);
  });
});

describe('exit codes', () => {
  test.for<readonly [readonly string[], 'error' | 'warning' | 'info', number]>([
    [[], 'error', 1],
    [[], 'warning', 0],
    [['--fail-on', 'warning'], 'warning', 1],
    [['--fail-on', 'warning'], 'info', 0],
    [['--fail-on', 'info', '--min-severity', 'error'], 'info', 1],
    [['--fail-on', 'never'], 'error', 0],
    [['--rule', 'image-warns=off'], 'error', 0],
    [['--rule', 'image-warns=error'], 'warning', 1],
  ])('%j with a finding of severity %s: %i', async ([flags, severity, code]) => {
    put('db.yaml', server);
    expect(await run(['lint', ...flags], [rule('image-warns', severity)])).toMatchObject({ code, err: '' });
  });

  test('nothing to judge is no failure, and is said', async () => {
    put('web.yaml', 'kind: Service\nmetadata: {}\n');
    expect(await run(['lint'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^no PostgreSQL found in 1 file/),
      err: '',
    });
    expect((await run(['lint', '.', 'web.yaml', '--fail-on', 'info'])).code).toBe(0);
  });

  test('what is skipped fails only where that is asked for', async () => {
    put('a.yaml', '\0');
    expect((await run(['lint'])).code).toBe(0);
    expect(await run(['lint', '--fail-on-skipped'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('1 path was skipped'),
    });
  });

  test('a rule that throws is our bug, and is named with what it threw', async () => {
    put('db.yaml', server);
    const { code, out, err } = await run(['lint'], [throwing]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/image-broken-rule[^]*db[^]*no such thing/);
  });
});

describe('reports', () => {
  beforeEach(() => put('db.yaml', server));

  test('text goes to standard output unless another one does', async () => {
    expect((await run(['lint'])).out).toContain('the server "db" is there');
    const { out } = await run(['lint', '--format', 'json']);
    expect(JSON.parse(out)).toMatchObject({
      findings: [{ rule: 'image-warns', path: 'db.yaml', line: 4 }],
      skipped: [],
    });
    const both = await run(['lint', '--format', 'json=r.json']);
    expect(both.out).toContain('the server "db" is there');
    expect(readFileSync(join(folder, 'r.json'), 'utf8')).toBe(out);
    const swapped = await run(['lint', '--format', 'text=r.txt', '--format', 'json']);
    expect(JSON.parse(swapped.out)).toMatchObject({ findings: [{ rule: 'image-warns' }], skipped: [] });
    expect(readFileSync(join(folder, 'r.txt'), 'utf8')).toContain('the server "db" is there');
  });

  test.for<readonly [readonly string[], Partial<Io>, boolean]>([
    [[], {}, false],
    [['--color', 'always'], {}, true],
    [[], { terminal: { columns: 80 } }, true],
    [['--color', 'never'], { terminal: { columns: 80 } }, false],
    [[], { terminal: { columns: 80 }, env: { NO_COLOR: '1' } }, false],
    [[], { terminal: { columns: 80 }, env: { TERM: 'dumb' } }, false],
    [[], { env: { FORCE_COLOR: '1' } }, true],
  ])('colours: %j %j: %s', async ([flags, io, colored]) => {
    expect((await run(['lint', ...flags], warns, io)).out.includes('\u001b[')).toBe(colored);
  });

  test('the preset decides which rules run', async () => {
    const strict = [rule('image-strict', 'warning', 'strict')];
    expect((await run(['lint'], strict)).out).not.toContain('is there');
    expect((await run(['lint', '--preset', 'strict'], strict)).out).toContain('is there');
  });

  test('standard input is reported under its name', async () => {
    const { out } = await run(['lint', '-', '--stdin-filename', 'k8s/x.yaml'], warns, {
      stdin: Readable.from([Buffer.from(server)]),
    });
    expect(out).toContain('k8s/x.yaml:4:9');
  });

  test('a file is explained instead of judged', async () => {
    expect(await run(['lint', '--explain-file', 'db.yaml'])).toEqual({
      code: 0,
      out: 'db.yaml: read as kubernetes (has Kubernetes kinds), and judged: names PostgreSQL\n',
      err: '',
    });
  });

  test('a baseline accepts what it lists, and says what it lists in vain', async () => {
    const update = await run(['lint', '--fail-on', 'warning', '--baseline', 'b.json', '--update-baseline']);
    expect(update.code).toBe(0);
    expect(await run(['lint', '--fail-on', 'warning', '--baseline', 'b.json'])).toMatchObject({ code: 0, err: '' });
    put('other.yaml', server.replaceAll('db', 'other'));
    expect((await run(['lint', '--fail-on', 'warning', '--baseline', 'b.json'])).code).toBe(1);
    rmSync(join(folder, 'db.yaml'));
    rmSync(join(folder, 'other.yaml'));
    expect((await run(['lint', '--baseline', 'b.json'])).err).toMatch(
      /^tusklint: 1 entry is no longer needed in b\.json/,
    );
  });

  test('progress is shown on a terminal only, after a second, and taken away', async () => {
    for (let i = 0; i < 2000; i += 1) put(`many/${i}.yaml`, '');
    expect((await run(['lint'])).err).toBe('');
    const { err } = await run(['lint'], warns, { errorTerminal: true });
    expect(err).toMatch(/\rtusklint|\r\u001b\[Ktusklint: \d+ files read/);
    expect(err.endsWith('\r\u001b[K')).toBe(true);
  });
});

describe('the other commands', () => {
  test('inspect prints servers, and nothing but JSON as JSON', async () => {
    put('db.yaml', server);
    put('x.yaml', '\0');
    expect((await run(['inspect'])).out).toMatch(/^db\n/);
    const { out, err, code } = await run(['inspect', '--format', 'json']);
    expect(JSON.parse(out)).toMatchObject({ servers: [{ name: 'db' }] });
    expect({ code, err }).toEqual({ code: 0, err: 'skipped x.yaml: is binary\n' });
  });

  test('rules lists them in every form', async () => {
    expect((await run(['rules'])).out).toMatch(/^image-warns +warning +recommended/);
    expect(JSON.parse((await run(['rules', '--format', 'json'])).out)).toMatchObject({
      rules: [{ id: 'image-warns' }],
    });
    expect((await run(['rules', '--format', 'markdown'])).out).toContain('image-warns.md)');
  });

  test('explain prints the facts of a rule', async () => {
    expect((await run(['explain', 'image-warns'])).out).toMatch(/^# image-warns\n\nFinds every server/);
  });

  test.for([[['--help']], [['lint', '--help']], [[]]] as const)('help: %j', async ([args]) => {
    const { code, out, err } = await run(args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^Usage: tusklint/);
  });
});
