/** The Action as the runner runs it: the bundle, an empty environment, real clones, a GitHub that remembers. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { pullRequestEvent } from './testing/repository.ts';
import { type Step, type StepResult, nodeBinary, runStep } from './testing/runner.ts';
import {
  type Scene,
  before,
  proposed,
  pullRequest,
  serverFile,
  settingsFile,
  shopFile,
  worse,
} from './testing/scene.ts';
import { openStage } from './testing/stage.ts';

const settings = String(before[settingsFile]);

// Tests wait for each other's programs.
vi.setConfig({ testTimeout: 180_000 });
const { dist, inScene } = openStage('action');

const run = (step: Step, inputs: Readonly<Record<string, string>> = {}): Promise<StepResult> =>
  runStep(dist(), { ...step, inputs: { now: '2026-06-01', ...step.inputs, ...inputs } });

const annotations = (result: StepResult): string[] =>
  result.commands
    .filter(c => ['error', 'warning', 'notice'].includes(c.name) && c.properties['file'] !== undefined)
    .map(c => `${c.name} ${c.properties['file']}:${c.properties['line']} ${c.properties['title']}`);
const notices = (result: StepResult): string[] =>
  result.commands.filter(c => c.name === 'notice' && c.properties['file'] === undefined).map(c => c.text);
const writes = ({ api }: Scene): string[] =>
  api.seen.map(s => s.operation).filter(o => !/^(?:pulls\/(?:list|get)|issues\/list|repos)/.test(o));

test(`runs on ${nodeBinary === process.execPath ? 'this node' : nodeBinary}`, () =>
  expect(existsSync(nodeBinary)).toBe(true));

describe.concurrent('a pull request, checked out as its merge with depth 1', () => {
  test('gets annotations for what it brings, and only for that', () =>
    inScene(async scene => {
      const { step } = pullRequest(scene, { [settingsFile]: worse });
      const result = await run(step);
      expect(result.errors).toBe('');
      expect(result.code).toBe(1);
      expect(annotations(result)).toEqual([
        `error ${settingsFile}:9 shared-buffers-exceeds-limit`,
        `error ${settingsFile}:16 pgconf-removed-parameter`,
      ]);
      expect(notices(result)).toEqual([]);
      expect(result.outputs).toMatchObject({
        errors: '2',
        warnings: '0',
        findings: '2',
        new: '2',
        skipped: 'false',
        sarif: '',
      });
      expect(JSON.parse(readFileSync(result.outputs['report'] ?? '', 'utf8'))).toMatchObject({ summary: { error: 2 } });
      expect(result.summary).toContain('2 errors');
      expect(result.summary).toMatch(/other findings were there before/);
      expect(scene.api.seen).toEqual([]);
    }));

  test('is clean when it brings nothing', () =>
    inScene(async scene => {
      const { step } = pullRequest(scene, { [settingsFile]: settings.replace('200', '190') });
      const result = await run(step);
      expect(result).toMatchObject({ code: 0, errors: '' });
      expect(annotations(result)).toEqual([]);
    }));

  test('has the annotation on its own line when what it breaks stands elsewhere', () =>
    inScene(async scene => {
      const lowered = String(before[serverFile]).replace('memory: 1Gi', 'memory: 300Mi');
      const { step } = pullRequest(scene, { [serverFile]: lowered });
      const result = await run(step);
      expect(result.code).toBe(1);
      expect(annotations(result)).toEqual([
        `error ${serverFile}:51 resources-request-exceeds-limit`,
        `warning ${serverFile}:51 memory-static-exceeds-limit`,
        `warning ${serverFile}:51 shared-buffers-over-40-percent`,
      ]);
    }));

  test('that changes no file that is read is not judged', () =>
    inScene(async scene => {
      const { step } = pullRequest(scene, { 'README.md': '# shop\n' });
      const result = await run(step);
      expect(result).toMatchObject({ code: 0, outputs: { skipped: 'true', findings: '0', new: '0' } });
      expect(result.summary).toContain('nothing to judge');
    }));

  test('takes the base from the merge, not from the event, which may be old', () =>
    inScene(async scene => {
      const old = scene.origin.commit(undefined, before);
      const head = scene.origin.commit(old, {
        'k8s/other.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n',
      });
      const newer = scene.origin.commit(old, { [settingsFile]: worse });
      const { step } = proposed(scene, newer, head);
      const result = await run({ ...step, event: pullRequestEvent(head, old) });
      expect(annotations(result)).toEqual([]);
      expect(result.code).toBe(0);
    }));

  test.for([
    [
      'all',
      ['shared-buffers-exceeds-limit', 'pgconf-removed-parameter', 'secret-in-dsn', 'netpol-blocks-known-client'],
    ],
    ['diff', ['shared-buffers-exceeds-limit', 'pgconf-removed-parameter']],
    ['changed-files', ['shared-buffers-exceeds-limit', 'pgconf-removed-parameter']],
  ] as const)('report-on: %s', ([scope, rules]) =>
    inScene(async scene => {
      const { step } = pullRequest(scene, { [settingsFile]: worse });
      const titles = annotations(await run(step, { 'report-on': scope })).map(a => a.split(' ').at(-1));
      expect(titles).toEqual(expect.arrayContaining([...rules]));
      expect(titles.includes('secret-in-dsn')).toBe(scope === 'all');
    }),
  );
});

describe.concurrent('other checkouts and events', () => {
  test('the head alone: the merge base comes from the API', () =>
    inScene(async scene => {
      const { base, head, step } = pullRequest(scene, { [settingsFile]: worse });
      scene.api.state.mergeBase = base;
      const workspace = scene.origin.checkout(head, 'head');
      const result = await run({ ...step, workspace, env: { GITHUB_SHA: head } });
      expect(annotations(result)).toHaveLength(2);
      expect(scene.api.seen.map(s => s.operation)).toEqual([expect.stringContaining('repos/compare')]);
    }));

  test('a full clone needs no API, and stays a full clone', () =>
    inScene(async scene => {
      const { head, step } = pullRequest(scene, { [settingsFile]: worse });
      const workspace = scene.origin.clone(head);
      const result = await run({ ...step, workspace, apiUrl: 'http://127.0.0.1:9', env: { GITHUB_SHA: head } });
      expect(annotations(result)).toHaveLength(2);
      expect(existsSync(join(workspace, '.git/shallow'))).toBe(false);
    }));

  test('a base that cannot be had: the lines of the diff, and one notice', () =>
    inScene(async scene => {
      const { workspace, step } = pullRequest(scene, { [settingsFile]: worse });
      rmSync(scene.origin.folder, { recursive: true });
      const result = await run({ ...step, workspace });
      expect(annotations(result)).toHaveLength(2);
      expect(notices(result)).toEqual([
        expect.stringMatching(/is not in this clone: .*: what is on changed lines is reported/),
      ]);
    }));

  test('no base and no API: all findings, and one notice', () =>
    inScene(async scene => {
      const { workspace, step } = pullRequest(scene, { [settingsFile]: worse });
      rmSync(scene.origin.folder, { recursive: true });
      scene.api.state.faults.push({ method: 'GET', path: /files$/, status: 404, times: 9 });
      const result = await run({ ...step, workspace });
      expect(annotations(result).length).toBeGreaterThan(2);
      expect(notices(result)).toEqual([expect.stringContaining('all findings are reported')]);
    }));

  test('merge_group: what the group brings', () =>
    inScene(async scene => {
      const base = scene.origin.commit(undefined, before);
      const head = scene.origin.commit(base, { [settingsFile]: worse });
      const workspace = scene.origin.checkout(head);
      const event = { merge_group: { base_sha: base, head_sha: head } };
      const result = await run({
        temporary: scene.temporary,
        workspace,
        eventName: 'merge_group',
        event,
        env: { GITHUB_SHA: head },
      });
      expect(result.outputs).toMatchObject({ errors: '2', new: '2' });
    }));

  test('push: all, or what the push brings', () =>
    inScene(async scene => {
      const base = scene.origin.commit(undefined, before);
      const head = scene.origin.commit(base, { [settingsFile]: worse });
      const step: Step = {
        temporary: scene.temporary,
        workspace: scene.origin.checkout(head),
        eventName: 'push',
        event: { before: base, after: head },
        env: { GITHUB_SHA: head },
      };
      const all = await run(step);
      const fresh = await run(step, { 'report-on': 'new' });
      expect(Number(all.outputs['errors'])).toBeGreaterThan(2);
      expect(fresh.outputs).toMatchObject({ errors: '2', new: '2' });
      const first = await run({ ...step, event: { before: '0'.repeat(40) } }, { 'report-on': 'new' });
      expect(first.outputs['errors']).toBe(all.outputs['errors']);
      expect(notices(first)).toEqual([]);
    }));

  test('pull_request_target without a checkout of the head says so', () =>
    inScene(async scene => {
      const { base, head, step } = pullRequest(scene, { [settingsFile]: worse });
      const workspace = scene.origin.checkout(base);
      const result = await run(
        {
          ...step,
          workspace,
          eventName: 'pull_request_target',
          env: { GITHUB_SHA: base, GITHUB_REF: 'refs/heads/main' },
        },
        { report: 'annotations, summary, review' },
      );
      expect(head).not.toBe(base);
      expect(result.code).toBe(0);
      expect(notices(result)).toEqual([expect.stringContaining('the base of this pull request')]);
      expect(writes(scene)).toEqual([]);
    }));

  test('no git at all', () =>
    inScene(async scene => {
      const workspace = mkdtempSync(join(scene.temporary, 'plain-'));
      mkdirSync(join(workspace, 'k8s'));
      writeFileSync(join(workspace, 'k8s/server.yaml'), shopFile(serverFile));
      const result = await run({ temporary: scene.temporary, workspace, eventName: 'workflow_dispatch' });
      expect(result.errors).toBe('');
      expect(Number(result.outputs['findings'])).toBeGreaterThan(0);
    }));

  test('a working directory: paths count from it, reports from the top', () =>
    inScene(async scene => {
      const { step } = pullRequest(scene, { [settingsFile]: worse });
      const result = await run(step, { 'working-directory': 'k8s/postgres', 'sarif-file': 'out.sarif' });
      expect(annotations(result)).toContain(`error ${settingsFile}:9 shared-buffers-exceeds-limit`);
      expect(result.outputs['sarif']).toBe(join(step.workspace, 'k8s/postgres/out.sarif'));
      expect(result.summary).toContain(`/${settingsFile}#L9`);
    }));
});

describe.concurrent('SARIF', () => {
  test('holds all findings: code scanning compares by itself', () =>
    inScene(async scene => {
      const { step } = pullRequest(scene, { [settingsFile]: worse });
      const result = await run(step, { report: 'sarif' });
      const sarif = JSON.parse(readFileSync(result.outputs['sarif'] ?? '', 'utf8')) as {
        runs: { results: unknown[] }[];
      };
      expect(sarif.runs[0]?.results.length).toBeGreaterThan(2);
      expect(annotations(result)).toEqual([]);
      expect(result.summary).toBe('');
      expect(result.code).toBe(1);
    }));
});

describe.concurrent('what judges comes from the base', () => {
  const off = 'rules:\n  shared-buffers-exceeds-limit: off\n  pgconf-removed-parameter: off\n';

  test('a pull request that switches off rules is judged by the configuration before it', () =>
    inScene(async scene => {
      const base = { ...before, 'tusklint.yaml': 'preset: recommended\n' };
      const { step } = pullRequest(scene, { [settingsFile]: worse, 'tusklint.yaml': off }, { base });
      const result = await run(step);
      expect(annotations(result)).toHaveLength(2);
      expect(notices(result)).toEqual([
        'tusklint.yaml is changed by this change, which is judged by the tusklint.yaml before it',
      ]);
      expect(result.summary).toContain('judged by the tusklint.yaml before it');
    }));

  test('one that removes the configuration, too; and one that adds a nearer one', () =>
    inScene(async scene => {
      const base = { ...before, 'tusklint.yaml': off };
      const removed = await run(
        pullRequest(scene, { [settingsFile]: worse, 'tusklint.yaml': undefined }, { base }).step,
      );
      expect(annotations(removed)).toEqual([]);
      expect(notices(removed)).toEqual([expect.stringContaining('is removed by this change')]);
    }));

  test('the first configuration counts, and is said', () =>
    inScene(async scene => {
      const { step } = pullRequest(scene, { [settingsFile]: worse, 'tusklint.yaml': off });
      const result = await run(step);
      expect(result.code).toBe(0);
      expect(notices(result)).toEqual(['this change brings tusklint.yaml, and is judged by it']);
    }));

  test('an unchanged one is not worth a word', () =>
    inScene(async scene => {
      const base = { ...before, 'tusklint.yaml': 'preset: strict\n' };
      const result = await run(pullRequest(scene, { [settingsFile]: worse }, { base }).step);
      expect(notices(result)).toEqual([]);
    }));

  test('mistakes are told under its own name', () =>
    inScene(async scene => {
      const base = { ...before, 'tusklint.yaml': 'presets: strict\n' };
      const { step } = pullRequest(scene, { [settingsFile]: worse }, { base });
      const result = await run(step);
      expect(result.code).toBe(1);
      expect(result.commands.filter(c => c.name === 'error').map(c => c.text)).toEqual([
        expect.stringMatching(/^tusklint\.yaml:1:1: /),
      ]);
    }));

  test('the baseline', () =>
    inScene(async scene => {
      const { step, workspace } = pullRequest(scene, { [settingsFile]: worse });
      const all = await run(step, { 'report-on': 'all' });
      const report = JSON.parse(readFileSync(all.outputs['report'] ?? '', 'utf8')) as {
        findings: { fingerprint: string }[];
      };
      const accepted = JSON.stringify({
        version: 1,
        findings: report.findings.map(({ fingerprint }) => ({ fingerprint })),
      });
      writeFileSync(join(workspace, 'baseline.json'), accepted);
      const own = await run(step, { baseline: 'baseline.json', 'report-on': 'all' });
      expect(own.outputs['findings']).toBe('0');
      expect(notices(own)).toEqual(['this change brings baseline.json, and is judged by it']);
      const base = { ...before, 'baseline.json': '{"version":1,"findings":[]}' };
      const hostile = pullRequest(scene, { [settingsFile]: worse, 'baseline.json': accepted }, { base });
      const result = await run(hostile.step, { baseline: 'baseline.json' });
      expect(result.outputs['errors']).toBe('2');
      expect(notices(result)).toEqual([expect.stringContaining('baseline.json is changed by this change')]);
    }));
});

describe.concurrent('wrong inputs', () => {
  const cases: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
    [{ 'fail-on': 'fatal' }, /^the input "fail-on" takes error, warning, info or never, not "fatal"$/],
    [{ 'min-severity': 'all' }, /^the input "min-severity" takes error, warning or info, not "all"$/],
    [{ preset: 'lax' }, /^the input "preset" takes recommended or strict, not "lax"$/],
    [{ report: 'annotations, mail' }, /^the input "report" takes annotations, summary, .* not "mail"$/],
    [{ report: 'none, review' }, /^the input "report" takes none alone/],
    [{ 'report-on': 'old' }, /^the input "report-on" takes new, diff, changed-files or all, not "old"$/],
    [{ 'fail-on-skipped': 'yes' }, /^the input "fail-on-skipped" takes true or false, not "yes"$/],
    [{ 'no-config': '1' }, /^the input "no-config" takes true or false, not "1"$/],
    [{ 'pg-version': '9.6' }, /^the input "pg-version" takes a major version/],
    [{ now: 'today' }, /^the input "now" takes a day as YYYY-MM-DD, not "today"$/],
    [{ rule: 'secret-in-dsn' }, /^the input "rule" takes ID=LEVEL, not "secret-in-dsn"$/],
    [
      { rule: 'secret-in-dns=off' },
      /^the input "rule" names no rule "secret-in-dns" \(did you mean secret-in-dsn\?\)$/,
    ],
    [{ paths: 'nowhere' }, /^the input "paths" names what is not there: "nowhere"$/],
    [{ paths: '-' }, /^the input "paths" takes files and folders/],
    [{ paths: '../..' }, /^the input "paths" leads out of the workspace/],
    [{ paths: 'link' }, /^the input "paths" leads out of the workspace: "link"$/],
    [{ paths: '.git' }, /^the input "paths" leads into git's own folder/],
    [{ paths: 'dotgit' }, /^the input "paths" leads into git's own folder/],
    [{ 'working-directory': 'link' }, /^the input "working-directory" leads out of the workspace/],
    [{ 'working-directory': '/etc' }, /^the input "working-directory" leads out of the workspace/],
    [{ 'sarif-file': 'link/out.sarif' }, /^the input "sarif-file" leads out of the workspace/],
    [{ 'sarif-file': 'passwd' }, /^the input "sarif-file" names what is no regular file/],
    [{ 'sarif-file': '.git/config' }, /^the input "sarif-file" leads into git's own folder/],
    [{ config: 'passwd' }, /^the input "config" leads out of the workspace/],
    [{ config: 'none.yaml' }, /^the input "config" names what is not there/],
    [{ config: 'x.yaml', 'no-config': 'true' }, /^the inputs "config" and "no-config" contradict each other/],
    [{ baseline: 'passwd' }, /^the input "baseline" leads out of the workspace/],
    [{ baseline: 'none.json' }, /^the input "baseline" names what is not there/],
  ];
  const linked = ({ origin }: Scene): string => {
    const workspace = origin.checkout(origin.commit(undefined, before));
    symlinkSync('/etc', join(workspace, 'link'));
    symlinkSync('/etc/passwd', join(workspace, 'passwd'));
    symlinkSync('.git', join(workspace, 'dotgit'));
    return workspace;
  };

  test.for(cases)('%j', ([inputs, message]) =>
    inScene(async scene => {
      const result = await run({ temporary: scene.temporary, workspace: linked(scene) }, inputs);
      expect(result.code).toBe(1);
      expect(result.errors).toBe('');
      expect(result.commands).toEqual([
        { name: 'error', properties: { title: 'tusklint' }, text: expect.stringMatching(message) },
      ]);
      expect(result.output).not.toContain('root:');
    }),
  );

  test('a configuration that is found, but is a link to somewhere else', () =>
    inScene(async scene => {
      const workspace = linked(scene);
      symlinkSync('/etc/passwd', join(workspace, 'tusklint.yaml'));
      const result = await run({ temporary: scene.temporary, workspace });
      expect(result.code).toBe(1);
      expect(result.commands[0]?.text).toBe('the input "config" leads out of the workspace: "tusklint.yaml"');
    }));

  test('an empty workspace', () =>
    inScene(async scene => {
      const empty = mkdtempSync(join(scene.temporary, 'empty-'));
      const result = await run({ temporary: scene.temporary, workspace: empty });
      expect(result.code).toBe(1);
      expect(result.commands[0]?.text).toContain('actions/checkout');
    }));

  test('booleans as YAML 1.2 has them', () =>
    inScene(async scene => {
      const workspace = linked(scene);
      for (const value of ['true', 'True', 'TRUE', 'false', 'False', 'FALSE'])
        expect(
          (await run({ temporary: scene.temporary, workspace }, { 'no-config': value, 'fail-on': 'never' })).code,
        ).toBe(0);
    }));
});

describe.concurrent('git', () => {
  test('runs no program that the checkout or its settings name', () =>
    inScene(async scene => {
      const { step, workspace } = pullRequest(scene, {
        [settingsFile]: worse,
        '.gitattributes': '* diff=evil filter=evil\n',
      });
      const mark = join(scene.temporary, 'mark');
      const script = join(workspace, 'evil.sh');
      writeFileSync(script, `#!/bin/sh\ntouch ${mark}\ncat\n`, { mode: 0o755 });
      const set = (key: string, value = script) => execFileSync('git', ['config', key, value], { cwd: workspace });
      for (const key of ['core.fsmonitor', 'diff.external', 'diff.evil.command', 'diff.evil.textconv', 'core.pager'])
        set(key);
      mkdirSync(join(workspace, '.git/hooks'), { recursive: true });
      for (const hook of ['reference-transaction', 'post-index-change', 'post-checkout', 'fsmonitor-watchman'])
        writeFileSync(join(workspace, '.git/hooks', hook), `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
      const result = await run(step, { report: 'annotations, summary, review' });
      expect(result.outputs).toMatchObject({ errors: '2', new: '2' });
      expect(existsSync(mark)).toBe(false);
    }));

  const isRoot = process.getuid?.() === 0;
  test.skipIf(!isRoot)(
    `reads a checkout of another user, as in a container${isRoot ? '' : ' (skipped: only root can give files away)'}`,
    () =>
      inScene(async scene => {
        const { step, workspace } = pullRequest(scene, { [settingsFile]: worse });
        execFileSync('chown', ['-R', '65534:65534', workspace]);
        const result = await run(step);
        expect(result.outputs).toMatchObject({ errors: '2', new: '2' });
        expect(notices(result)).toEqual([]);
      }),
  );
});
