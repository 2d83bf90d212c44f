import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type Repository, application, scratch, server, settings, unsafeSettings } from '../git-testing.ts';
import { findingsOf, runMain } from './testing.ts';

const temporary = scratch('base');
afterAll(temporary.remove);

let repository: Repository;
beforeEach(() => {
  repository = temporary.repository();
});

const lint = (...args: readonly string[]) => runMain(repository.folder, ['lint', ...args]);
const findings = (...args: readonly string[]) => findingsOf(repository.folder, 'lint', ...args);
const clean = { 'server.yaml': server, 'settings.yaml': settings, 'web.yaml': application };
const dirty = { ...clean, 'settings.yaml': unsafeSettings };
/** The memory of the server, halved until its shared memory no longer fits. */
const smaller = server.replaceAll('memory: 2Gi', 'memory: 512Mi');

describe('--base reports what the revision has not', () => {
  test('nothing where nothing is worse', async () => {
    repository.commit(dirty);
    expect(await findings()).toEqual(['fsync-off settings.yaml:9']);
    expect(await findings('--base', 'HEAD')).toEqual([]);
    repository.edit('web.yaml', '1.0.0', '2.0.0');
    expect(await lint('--base', 'HEAD')).toMatchObject({ code: 0, err: '' });
    repository.commit();
    expect(await findings('--base', 'HEAD~1')).toEqual([]);
    expect(await findings('--base', 'HEAD')).toEqual([]);
  });

  test('what a change brings, and not what was there', async () => {
    repository.commit(dirty);
    repository.edit('settings.yaml', 'shared_buffers = 512MB', 'shared_buffers = 4GB');
    expect(await findings()).toContain('fsync-off settings.yaml:9');
    expect(await findings('--base', 'HEAD')).toEqual(['shared-buffers-exceeds-limit settings.yaml:10']);
  });

  test('a finding that only moved is no new one', async () => {
    repository.commit(dirty);
    repository.edit('settings.yaml', 'apiVersion', '# one\n# two\n# three\napiVersion');
    expect(await findings()).toEqual(['fsync-off settings.yaml:12']);
    expect(await findings('--base', 'HEAD')).toEqual([]);
  });

  test('what it does to a file that did not change', async () => {
    repository.commit(clean);
    repository.put('server.yaml', smaller);
    expect(await findings('--base', 'HEAD')).toContain('shared-buffers-exceeds-limit settings.yaml:9');
  });

  test('what is missing now', async () => {
    repository.commit(clean);
    rmSync(join(repository.folder, 'settings.yaml'));
    const missing = [expect.stringMatching(/^secret-ref-undefined server\.yaml:/)];
    expect(await findings('--base', 'HEAD')).toEqual(missing);
    // Not staged yet.
    expect(await findings('--base', 'HEAD', '--staged')).toEqual([]);
    repository.git('add', '--all');
    expect(await findings('--base', 'HEAD', '--staged')).toEqual(missing);
  });

  test('what a file brings that git does not know yet', async () => {
    repository.commit({ 'web.yaml': application });
    repository.put('server.yaml', server);
    repository.put('settings.yaml', unsafeSettings);
    expect(await findings('--base', 'HEAD')).toEqual(['fsync-off settings.yaml:9']);
    expect(await findings('--base', 'HEAD', '--staged')).toEqual([]);
  });

  test('the first server of settings that were there', async () => {
    const large = settings.replace('shared_buffers = 512MB', 'shared_buffers = 4GB');
    repository.commit({ 'settings.yaml': large, 'web.yaml': application });
    expect(await findings()).toEqual([]);
    repository.put('server.yaml', server);
    expect(await findings('--base', 'HEAD')).toEqual(['shared-buffers-exceeds-limit settings.yaml:9']);
  });

  test('a file that a generator leaves is compared as before', async () => {
    repository.commit({ ...dirty, 'kustomization.yaml': 'resources: [server.yaml, settings.yaml]\n' });
    rmSync(join(repository.folder, 'kustomization.yaml'));
    expect((await findings('--base', 'HEAD')).filter(f => f.startsWith('fsync-off'))).toEqual([]);
  });

  test('a renamed file is another place', async () => {
    repository.commit(dirty);
    repository.git('mv', 'settings.yaml', 'renamed.yaml');
    expect((await findings('--base', 'HEAD')).filter(f => !f.startsWith('fsync-off renamed.yaml'))).toEqual([]);
  });

  test('counts for the exit code, and goes with the baseline', async () => {
    repository.commit(clean);
    repository.put('settings.yaml', unsafeSettings);
    expect((await lint('--base', 'HEAD')).code).toBe(1);
    expect((await lint('--base', 'HEAD', '--baseline', 'b.json', '--update-baseline')).code).toBe(0);
    expect((await lint('--base', 'HEAD', '--baseline', 'b.json')).code).toBe(0);
    repository.commit();
    expect((await lint('--base', 'HEAD')).code).toBe(0);
  });

  test('within the paths given, from a folder below', async () => {
    repository.commit({ 'a/server.yaml': server, 'a/settings.yaml': settings, 'b/web.yaml': application });
    repository.put('a/settings.yaml', unsafeSettings);
    expect(await findings('--base', 'HEAD', 'b')).toEqual([]);
    expect(await findings('--base', 'HEAD', 'a')).toEqual(['fsync-off a/settings.yaml:9']);
    expect(await findingsOf(join(repository.folder, 'b'), 'lint', '--base', 'HEAD', '../a')).toEqual([
      'fsync-off ../a/settings.yaml:9',
    ]);
  });

  test('only those may be mended', async () => {
    repository.commit({ 'server.yaml': server, 'settings.yaml': unsafeSettings });
    repository.edit('settings.yaml', '= 60', '= 50');
    await lint('--base', 'HEAD', '--fix');
    expect(repository.read('settings.yaml')).toBe(unsafeSettings.replace('= 60', '= 50'));
  });
});

describe('--staged judges the index', () => {
  test('with and without a base', async () => {
    repository.commit(clean);
    repository.put('settings.yaml', unsafeSettings);
    expect(await findings('--staged')).toEqual([]);
    repository.git('add', '.');
    repository.put('settings.yaml', settings);
    expect(await findings('--staged')).toEqual(['fsync-off settings.yaml:9']);
    expect(await findings('--staged', '--base', 'HEAD')).toEqual(['fsync-off settings.yaml:9']);
    expect(await findings()).toEqual([]);
  });
});

describe('what cannot be compared is said in one line', () => {
  test.for<readonly [readonly string[], RegExp]>([
    [['--base', 'nowhere'], /^tusklint: there is no revision "nowhere" in this repository/],
    [['--base', '--staged'], /^tusklint: "--staged" is no revision\n$/],
    [['--base', 'HEAD', '-'], /^tusklint: standard input has no earlier revision: give paths of a git repository\n$/],
    [['--staged', '-'], /^tusklint: standard input has no earlier revision/],
  ])('%j', async ([args, message]) => {
    repository.commit(clean);
    const { code, out, err } = await lint(...args);
    expect({ code, out, lines: err.split('\n').length }).toEqual({ code: 2, out: '', lines: 2 });
    expect(err).toMatch(message);
  });

  test('outside of git, and in several repositories', async () => {
    const outside = temporary.empty();
    expect((await runMain(outside, ['lint', '--base', 'HEAD'])).err).toMatch(
      /^tusklint: \. is in no git repository\n$/,
    );
    repository.commit(clean);
    const other = temporary.repository();
    other.commit(clean);
    expect((await lint('--base', 'HEAD', '.', other.folder)).err).toBe(
      'tusklint: the paths given lie in several git repositories\n',
    );
  });

  test('a shallow clone', async () => {
    repository.commit(clean);
    repository.edit('web.yaml', '1.0.0', '2.0.0');
    repository.commit();
    const first = repository.git('rev-parse', 'HEAD~1').trim();
    const clone = temporary.empty();
    repository.git('clone', '--quiet', '--depth=1', `file://${repository.folder}`, clone);
    expect((await runMain(clone, ['lint', '--base', first])).err).toBe(
      `tusklint: there is no revision "${first}" in this repository (a shallow clone has few: git fetch origin ${first})\n`,
    );
    expect(await findingsOf(clone, 'lint', '--base', 'HEAD')).toEqual([]);
  });
});
