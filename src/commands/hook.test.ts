import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type Repository, application, scratch, server, settings, unsafeSettings } from '../git-testing.ts';
import { findingsOf, runMain } from './testing.ts';

const temporary = scratch('hook');
afterAll(temporary.remove);

let repository: Repository;
beforeEach(() => {
  repository = temporary.repository();
});

const hook = (...args: readonly string[]) => runMain(repository.folder, ['hook', ...args]);
const findings = (...args: readonly string[]) => findingsOf(repository.folder, 'hook', ...args);
const clean = { 'server.yaml': server, 'settings.yaml': settings, 'web.yaml': application };
const nothingThere = 'nothing that changed bears on a PostgreSQL, 0.00 s\n';

describe('what is reported', () => {
  test('nothing of a change that breaks nothing', async () => {
    repository.commit(clean);
    repository.edit('settings.yaml', 'max_connections = 60', 'max_connections = 50');
    repository.git('add', '.');
    expect(await hook()).toMatchObject({ code: 0, err: '' });
    expect(await findings()).toEqual([]);
  });

  test('what the commit brings, with its place', async () => {
    repository.commit(clean);
    repository.put('settings.yaml', unsafeSettings);
    repository.git('add', '.');
    expect(await findings()).toEqual(['fsync-off settings.yaml:9']);
    expect(await hook()).toMatchObject({ code: 1, out: expect.stringContaining('settings.yaml:9:13') });
    expect(await findings('settings.yaml')).toEqual(['fsync-off settings.yaml:9']);
  });

  test('what it does to a file that it does not change', async () => {
    repository.commit(clean);
    repository.edit(
      'server.yaml',
      'limits:\n              cpu: "1"\n              memory: 2Gi',
      'limits: { memory: 512Mi }',
    );
    repository.edit('server.yaml', 'memory: 2Gi', 'memory: 512Mi');
    repository.git('add', '.');
    expect(await findings('server.yaml')).toContain('shared-buffers-exceeds-limit settings.yaml:9');
  });

  test('what was there before only where it bears on a file of the commit', async () => {
    repository.commit({ ...clean, 'settings.yaml': unsafeSettings, 'other.yaml': application });
    repository.edit('server.yaml', 'Seconds: 120', 'Seconds: 150');
    repository.edit('other.yaml', '1.0.0', '1.0.1');
    repository.git('add', 'other.yaml');
    expect(await findings()).toEqual([]);
    expect(await findings('other.yaml')).toEqual([]);
    // fsync-off stands in settings.yaml alone.
    expect(await findings('settings.yaml')).toEqual(['fsync-off settings.yaml:9']);
  });

  test('a manifest that goes breaks one that stays', async () => {
    repository.commit(clean);
    repository.git('rm', '--quiet', 'settings.yaml');
    expect(await findings()).toEqual([expect.stringMatching(/^secret-ref-undefined server\.yaml:/)]);
    // pre-commit names the other files only.
    repository.edit('web.yaml', '1.0.0', '1.0.1');
    repository.git('add', '.');
    expect(await findings('web.yaml')).toEqual([expect.stringMatching(/^secret-ref-undefined server\.yaml:/)]);
  });

  test('a renamed file is a file of the commit, and nothing is new because of it', async () => {
    repository.commit(clean);
    repository.git('mv', 'settings.yaml', 'renamed.yaml');
    expect(await findings()).toEqual([]);
    repository.put('renamed.yaml', unsafeSettings);
    repository.git('add', '.');
    expect(await findings()).toEqual(['fsync-off renamed.yaml:9']);
  });

  test('before the first commit everything is new', async () => {
    repository.put('server.yaml', server);
    repository.put('settings.yaml', unsafeSettings);
    repository.git('add', '.');
    expect(await findings()).toEqual(['fsync-off settings.yaml:9']);
  });
});

describe('a change that bears on no PostgreSQL', () => {
  test.for<readonly [string, string]>([
    ['an application', 'web.yaml'],
    ['a source', 'main.go'],
    ['a picture', 'docs/picture.png'],
    ['a package', 'node_modules/p/server.yaml'],
  ])('%s', async ([, path]) => {
    repository.commit({ ...clean, 'settings.yaml': unsafeSettings });
    repository.put(path, path.endsWith('.yaml') ? application.replace('1.0.0', '2.0.0') : 'x\n');
    repository.git('add', '--force', '.');
    expect(await hook()).toEqual({ code: 0, out: nothingThere, err: '' });
  });

  test('no change at all', async () => {
    repository.commit({ ...clean, 'settings.yaml': unsafeSettings });
    expect(await hook()).toEqual({ code: 0, out: nothingThere, err: '' });
    // pre-commit run --all-files
    expect(await findings('server.yaml', 'settings.yaml', 'web.yaml')).toEqual(['fsync-off settings.yaml:9']);
  });

  test('nor a word of other files that cannot be judged', async () => {
    repository.commit({ ...clean, 'a.yaml': '\0binary' });
    repository.edit('web.yaml', '1.0.0', '2.0.0');
    repository.git('add', '.');
    expect(await hook()).toEqual({ code: 0, out: nothingThere, err: '' });
    repository.put('a.yaml', 'also\0binary');
    repository.git('add', '.');
    expect((await hook()).out).toContain('skipped a.yaml: is binary\n');
  });
});

describe('the index counts, not the disk', () => {
  test.for<readonly [string, string, string, readonly string[]]>([
    ['a mistake that is staged, and mended on the disk', unsafeSettings, settings, ['fsync-off settings.yaml:9']],
    ['a mistake that is only on the disk', settings.replace('= 60', '= 50'), unsafeSettings, []],
  ])('%s', async ([, staged, onDisk, expected]) => {
    repository.commit(clean);
    repository.put('settings.yaml', staged);
    repository.git('add', '.');
    repository.put('settings.yaml', onDisk);
    expect(await findings()).toEqual(expected);
    expect(await findings('settings.yaml')).toEqual(expected);
  });

  test('what is not added is not there', async () => {
    repository.commit({ 'server.yaml': server });
    repository.put('settings.yaml', settings);
    repository.edit('server.yaml', 'Seconds: 120', 'Seconds: 150');
    repository.git('add', 'server.yaml');
    expect(await findings()).toEqual([expect.stringMatching(/^secret-ref-undefined server\.yaml:/)]);
  });
});

describe('paths', () => {
  test('from a folder below, as that folder sees them', async () => {
    repository.commit({ 'k8s/db/server.yaml': server, 'k8s/settings.yaml': settings });
    repository.put('k8s/settings.yaml', unsafeSettings);
    repository.git('add', '.');
    const below = join(repository.folder, 'k8s/db');
    for (const files of [[], ['../settings.yaml'], ['..'], ['../..']])
      expect(await findingsOf(below, 'hook', ...files)).toEqual(['fsync-off ../settings.yaml:9']);
  });

  test('a folder stands for what is below it', async () => {
    repository.commit({ 'a/server.yaml': server, 'b/settings.yaml': unsafeSettings });
    expect(await findings('b')).toEqual(['fsync-off b/settings.yaml:9']);
    expect(await findings('.')).toEqual(['fsync-off b/settings.yaml:9']);
    expect((await findings('a')).filter(f => f.startsWith('fsync-off'))).toEqual([]);
  });

  test.for(['-settings.yaml', '--fix.yaml', 'a b/it\'s "quoted".yaml', 'ünïcode-☃.yaml', 'tab\there.yaml'])(
    'the name %j',
    async name => {
      repository.commit({ 'server.yaml': server, [name]: settings });
      repository.put(name, unsafeSettings);
      repository.git('add', '.');
      expect(await findings()).toEqual([`fsync-off ${name}:9`]);
      expect(await findings('--', name)).toEqual([`fsync-off ${name}:9`]);
    },
  );

  test('a path that never was is a mistake, one that is deleted is none', async () => {
    repository.commit(clean);
    expect(await hook('nowhere.yaml')).toEqual({
      code: 2,
      out: '',
      err: 'tusklint: there is no file "nowhere.yaml"\n',
    });
    repository.git('rm', '--quiet', 'web.yaml');
    expect((await hook('web.yaml')).code).toBe(0);
  });

  test('outside of git', async () => {
    expect(await runMain(temporary.empty(), ['hook'])).toMatchObject({ code: 2, out: '' });
  });
});

describe('fixes', () => {
  test('mend what is staged, and refuse the commit, which does not have them yet', async () => {
    repository.commit(clean);
    repository.put('settings.yaml', unsafeSettings);
    repository.git('add', '.');
    const { code, out, err } = await hook('--fix');
    expect(code).toBe(1);
    expect(out).toContain('fixed settings.yaml\n  fsync-off: ');
    expect(err).toBe('tusklint: 1 file was changed: add and commit again\n');
    expect(repository.read('settings.yaml')).toContain('fsync = on');
    expect(repository.git('diff', '--name-only')).toBe('settings.yaml\n');
    repository.git('add', '.');
    expect(await hook('--fix')).toMatchObject({ code: 0, err: '' });
  });

  test('leave a file alone that is staged in part, and files that are not of the commit', async () => {
    repository.commit({ ...clean, 'settings.yaml': unsafeSettings });
    repository.edit('server.yaml', 'Seconds: 120', 'Seconds: 150');
    repository.git('add', '.');
    expect((await hook('--fix')).code).toBe(0);
    repository.edit('settings.yaml', '= 60', '= 50');
    repository.git('add', '.');
    repository.edit('settings.yaml', '= 50', '= 40');
    const { code, out } = await hook('--fix');
    expect(code).toBe(1);
    expect(out).toContain('not fixed settings.yaml: on the disk is not what was judged');
    expect(repository.read('settings.yaml')).toBe(unsafeSettings.replace('= 60', '= 40'));
  });

  test('go well with a file that the commit deletes', async () => {
    repository.commit({ ...clean, 'settings.yaml': unsafeSettings });
    repository.git('rm', '--quiet', 'web.yaml');
    repository.edit('settings.yaml', '= 60', '= 50');
    repository.git('add', '.');
    expect(await hook('--fix')).toMatchObject({ code: 1, out: expect.stringContaining('fixed settings.yaml') });
  });

  test('do not go through a link to a file that is not of the commit', async () => {
    repository.commit({ ...clean, 'settings.yaml': unsafeSettings });
    symlinkSync('settings.yaml', join(repository.folder, 'link.yaml'));
    repository.edit('server.yaml', 'Seconds: 120', 'Seconds: 150');
    repository.git('add', '.');
    await hook('--fix');
    expect(repository.read('settings.yaml')).toBe(unsafeSettings);
  });

  test('are shown with --diff, and nothing changes', async () => {
    repository.commit(clean);
    repository.put('settings.yaml', unsafeSettings);
    repository.git('add', '.');
    expect((await hook('--diff')).out).toContain('+    fsync = on');
    expect(repository.read('settings.yaml')).toBe(unsafeSettings);
  });
});

describe('states of a repository', () => {
  test('conflicts are an error of one line', async () => {
    repository.commit(clean);
    repository.git('checkout', '--quiet', '-b', 'side');
    repository.edit('settings.yaml', '= 60', '= 50');
    repository.commit();
    repository.git('checkout', '--quiet', 'main');
    repository.edit('settings.yaml', '= 60', '= 70');
    repository.commit();
    expect(() => repository.git('merge', 'side')).toThrow('CONFLICT');
    expect(await hook()).toEqual({
      code: 2,
      out: '',
      err: 'tusklint: settings.yaml has conflicts that are not resolved\n',
    });
  });

  test('a merge brings what its other side has', async () => {
    repository.commit(clean);
    repository.git('checkout', '--quiet', '-b', 'side');
    repository.put('settings.yaml', unsafeSettings);
    repository.commit();
    repository.git('checkout', '--quiet', 'main');
    repository.edit('web.yaml', '1.0.0', '2.0.0');
    repository.commit();
    repository.git('merge', '--no-commit', '--no-ff', '--quiet', 'side');
    expect(await findings()).toEqual(['fsync-off settings.yaml:9']);
  });

  test('a worktree has its own index', async () => {
    repository.commit(clean);
    const path = join(temporary.empty(), 'w');
    repository.git('worktree', 'add', '--quiet', path);
    writeFileSync(join(path, 'settings.yaml'), unsafeSettings);
    repository.git('-C', path, 'add', '.');
    expect(await findingsOf(path, 'hook')).toEqual(['fsync-off settings.yaml:9']);
    expect(await findings()).toEqual([]);
  });

  test('a submodule is a repository of its own', async () => {
    const inner = temporary.repository();
    inner.commit({ 'server.yaml': server, 'settings.yaml': settings });
    repository.commit(clean);
    repository.git('submodule', '--quiet', 'add', inner.folder, 'sub');
    expect(await hook()).toMatchObject({ code: 0 });
    repository.commit();
    writeFileSync(join(repository.folder, 'sub/settings.yaml'), unsafeSettings);
    repository.git('-C', 'sub', 'add', '.');
    expect(await findingsOf(join(repository.folder, 'sub'), 'hook')).toEqual(['fsync-off settings.yaml:9']);
    repository.git('-C', 'sub', 'commit', '--quiet', '--message', 'x');
    repository.git('add', '.');
    expect(await findings()).toEqual([]);
  });

  test('the configuration is in force, and a change of it is a change', async () => {
    repository.commit({ ...clean, 'settings.yaml': unsafeSettings, 'tusklint.yaml': 'rules: { fsync-off: off }\n' });
    repository.edit('settings.yaml', '= 60', '= 50');
    repository.git('add', '.');
    expect(await findings()).toEqual([]);
    mkdirSync(join(repository.folder, 'below'));
    expect(await findingsOf(join(repository.folder, 'below'), 'hook')).toEqual([]);
    rmSync(join(repository.folder, 'tusklint.yaml'));
    expect(await findings()).toEqual(['fsync-off settings.yaml:9']);
  });
});

test('reports in every format, and nothing else on standard output', async () => {
  repository.commit(clean);
  repository.put('settings.yaml', unsafeSettings);
  repository.git('add', '.');
  const { out, code } = await hook('--format', 'json', '--format', 'text=report.txt');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ findings: [{ rule: 'fsync-off' }] });
  expect(readFileSync(join(repository.folder, 'report.txt'), 'utf8')).toContain('fsync-off');
});
