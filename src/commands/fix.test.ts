import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runMain } from './testing.ts';

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tusklint-fix-')));
  cpSync(resolve('fixtures/repos/shop'), folder, { recursive: true, filter: p => !p.endsWith('expected.txt') });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const statefulSet = 'k8s/postgres/statefulset.yaml';
const configMap = 'k8s/postgres/configmap.yaml';
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

const runIn = (cwd: string, ...args: readonly string[]) => runMain(cwd, args);
const run = (...args: readonly string[]) => runIn(folder, ...args);
const json = async (...args: readonly string[]) => JSON.parse((await run(...args, '--format', 'json')).out);

test('--fix applies the safe fixes, says which, and finds nothing more to fix', async () => {
  const before = read(statefulSet);
  const { out, code } = await run('lint', '--fix');
  expect(out).toContain(`fixed ${statefulSet}\n  probe-startup-missing: add a startupProbe`);
  expect(out).toMatch(/fixable with --fix --unsafe-fixes\)/);
  expect(code).toBe(1);
  expect(read(statefulSet)).toContain('startupProbe:');
  expect(read(statefulSet).length).toBeGreaterThan(before.length);
  const again = [read(statefulSet), read(configMap)];
  expect((await run('lint', '--fix')).out).not.toContain('fixed ');
  expect([read(statefulSet), read(configMap)]).toEqual(again);
});

test('--unsafe-fixes applies both, and a second run changes nothing', async () => {
  await run('lint', '--fix', '--unsafe-fixes');
  const texts = [read(statefulSet), read(configMap)];
  expect((await json('lint')).findings.filter((f: { fix: unknown }) => f.fix !== null)).toEqual([]);
  await run('lint', '--fix', '--unsafe-fixes');
  expect([read(statefulSet), read(configMap)]).toEqual(texts);
});

test('--diff prints a patch that git applies, changes nothing, and comes to the same as --fix', async () => {
  const before = read(statefulSet);
  const { out, err } = await run('lint', '--diff', '--unsafe-fixes');
  expect(read(statefulSet)).toBe(before);
  expect(err).toMatch(/^would fix [^]*\d+ findings would remain/);
  const copy = mkdtempSync(join(tmpdir(), 'tusklint-fix-copy-'));
  try {
    cpSync(folder, copy, { recursive: true });
    execFileSync('git', ['apply', '-'], { cwd: copy, input: out });
    await run('lint', '--fix', '--unsafe-fixes');
    for (const path of [statefulSet, configMap]) expect(readFileSync(join(copy, path), 'utf8')).toBe(read(path));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});

test('in a folder of a git repository the patch applies from there, and from the top', async () => {
  execFileSync('git', ['init', '-q'], { cwd: folder });
  const before = read(statefulSet);
  const { out } = await runIn(join(folder, 'k8s'), 'lint', '--diff');
  for (const place of ['k8s', '.']) {
    execFileSync('git', ['apply', '-'], { cwd: join(folder, place), input: out });
    expect(read(statefulSet)).not.toBe(before);
    execFileSync('git', ['apply', '-R', '-'], { cwd: join(folder, place), input: out });
    expect(read(statefulSet)).toBe(before);
  }
});

test('line ends and a byte order mark stay as they are', async () => {
  const windows = `\uFEFF${read(statefulSet).replaceAll('\n', '\r\n')}`;
  writeFileSync(join(folder, statefulSet), windows);
  await run('lint', '--fix');
  const after = read(statefulSet);
  expect(after).not.toBe(windows);
  expect(after.startsWith('\uFEFF')).toBe(true);
  expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
});

test('a file with conflict markers, and a link, stay as they are, and the report says so', async () => {
  const conflict = `${read(configMap)}<<<<<<< HEAD\n# a\n=======\n# b\n>>>>>>> other\n`;
  writeFileSync(join(folder, configMap), conflict);
  const { out } = await run('lint', '--fix', configMap);
  expect(out).not.toContain('fixed k8s');
  expect(read(configMap)).toBe(conflict);
  symlinkSync('statefulset.yaml', join(folder, 'k8s/postgres/link.yaml'));
  const linked = read(statefulSet);
  expect((await run('lint', '--fix', 'k8s/postgres/link.yaml')).out).toContain(
    'not fixed k8s/postgres/link.yaml: is a symbolic link',
  );
  expect(read(statefulSet)).toBe(linked);
});

test('only the paths given are changed, also by a fix that would touch others', async () => {
  const before = read(statefulSet);
  await run('lint', configMap, '--fix', '--unsafe-fixes');
  expect(read(statefulSet)).toBe(before);
});

test('flags that make no sense together', async () => {
  expect(await run('lint', '--unsafe-fixes')).toMatchObject({
    code: 2,
    err: 'tusklint: --unsafe-fixes goes with --fix or --diff\n',
  });
  expect(await run('lint', '--fix', '--diff')).toMatchObject({ code: 2 });
  expect(await run('lint', '-', '--fix')).toMatchObject({
    code: 2,
    err: 'tusklint: standard input cannot be fixed: give a path\n',
  });
});

test('the JSON report says what was fixed', async () => {
  const { fixed } = await json('lint', '--fix');
  expect(fixed).toContainEqual({
    path: statefulSet,
    rule: 'probe-startup-missing',
    title: 'add a startupProbe of 10 minutes',
    restarts: true,
  });
});
