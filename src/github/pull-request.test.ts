/** Reviews and comments: the bundled Action against a GitHub that remembers, through several pushes. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { Fault } from './testing/fake-api.ts';
import { type Files, pullRequestEvent } from './testing/repository.ts';
import { type Step, type StepResult, runStep } from './testing/runner.ts';
import { type Scene, before, proposed, pullRequest, serverFile, settingsFile, worse } from './testing/scene.ts';
import { openStage } from './testing/stage.ts';

const settings = String(before[settingsFile]);
// Tests wait for each other's programs.
vi.setConfig({ testTimeout: 180_000 });
const { dist, inScene } = openStage('review');

const run = (step: Step, inputs: Readonly<Record<string, string>> = {}): Promise<StepResult> =>
  runStep(dist(), { ...step, inputs: { now: '2026-06-01', report: 'annotations, summary, review', ...inputs } });
const notices = (result: StepResult): string[] =>
  result.commands.filter(c => c.name === 'notice' && c.properties['file'] === undefined).map(c => c.text);
const annotated = (result: StepResult): number =>
  result.commands.filter(c => c.properties['file'] !== undefined).length;
/** What was written since this was last asked. */
const writes = ({ api }: Scene): string[] =>
  api.seen
    .splice(0)
    .flatMap(s => (/^(?:pulls\/(?:list|get)|issues\/list|repos)/.test(s.operation) ? [] : [s.operation]));
const places = ({ api }: Scene): string[] => api.state.comments.map(c => `${c.path}:${c.start_line ?? ''}-${c.line}`);

/** Pushes on top of a pull request, and runs again. */
async function push(
  scene: Scene,
  base: string,
  head: string,
  changes: Files,
  inputs: Readonly<Record<string, string>> = {},
) {
  const next = proposed(scene, base, scene.origin.commit(head, changes));
  return { ...next, result: await run(next.step, inputs) };
}

describe.concurrent('a review', () => {
  test('says on the lines what they would break, with what a click would change', () =>
    inScene(async scene => {
      const { step } = pullRequest(scene, { [settingsFile]: worse });
      const result = await run(step);
      expect(result).toMatchObject({ code: 1, errors: '' });
      expect(writes(scene)).toEqual(['pulls/create-review']);
      expect(places(scene)).toEqual([`${settingsFile}:-9`, `${settingsFile}:-16`]);
      const [buffers, removed] = scene.api.state.comments.map(c => c.body);
      expect(buffers).toMatch(/^❌ \*\*.*\*\* · \[`shared-buffers-exceeds-limit`\]\(https:/);
      expect(buffers).toContain('```suggestion\n    shared_buffers = 256MB\n```');
      expect(buffers).toContain(`${serverFile}:51`);
      expect(removed).toContain('```suggestion\n    wal_keep_size = 1024MB\n```');
      expect(scene.api.state.reviews[0]?.body).toMatch(
        /^\*\*tusklint\*\* found 2 errors in this change\. The \[summary of the run\]/,
      );
      expect(annotated(result)).toBe(2);
      expect(notices(result)).toEqual([]);
    }));

  test('is not made when there is nothing to say', () =>
    inScene(async scene => {
      const { step } = pullRequest(scene, { [settingsFile]: settings.replace('200', '190') });
      const result = await run(step, { report: 'review, comment' });
      expect(result.code).toBe(0);
      expect(writes(scene)).toEqual([]);
    }));

  test('stands on the changed line that bears on what is elsewhere', () =>
    inScene(async scene => {
      const lowered = String(before[serverFile]).replace('memory: 1Gi', 'memory: 300Mi');
      await run(pullRequest(scene, { [serverFile]: lowered }).step);
      expect(places(scene)).toContain(`${serverFile}:-51`);
      expect(scene.api.state.comments.map(c => c.body).join('\n')).toContain(`Found at [\`${settingsFile}:9\`]`);
    }));

  test('names in its text what no line of the diff bears on', () =>
    inScene(async scene => {
      const { step } = pullRequest(scene, { 'k8s/other.yaml': 'a: b\n' });
      await run(step, { 'report-on': 'all' });
      expect(places(scene)).toEqual([]);
      expect(scene.api.state.reviews[0]?.body).toContain('`k8s/api/deployment.yaml:21`');
    }));

  test('counts lines as the pull request does, though its base has moved them', () =>
    inScene(async scene => {
      const base = scene.origin.commit(undefined, before);
      const head = scene.origin.commit(base, { [settingsFile]: worse });
      const moved = String(before[settingsFile]).replace(
        '  namespace: shop\n',
        '  namespace: shop\n  labels:\n    a: b\n',
      );
      const newer = scene.origin.commit(base, { [settingsFile]: moved });
      const { step } = proposed(scene, newer, head);
      const result = await run(step);
      expect(result.commands.filter(c => c.name === 'error').map(c => c.properties['line'])).toEqual(['11', '18']);
      expect(places(scene)).toEqual([`${settingsFile}:-9`, `${settingsFile}:-16`]);
    }));

  test('finds its lines on the second page of files', () =>
    inScene(async scene => {
      const many = Object.fromEntries(
        Array.from({ length: 130 }, (_, i) => [`a/${String(i).padStart(3, '0')}.yaml`, `a: ${i}\n`]),
      );
      await run(pullRequest(scene, { ...many, [settingsFile]: worse }).step);
      expect(scene.api.seen.filter(s => s.operation === 'pulls/list-files')).toHaveLength(2);
      expect(places(scene)).toHaveLength(2);
    }));

  test('has at most 30 comments; its text names the others', () =>
    inScene(async scene => {
      const copies = Object.fromEntries(
        Array.from({ length: 20 }, (_, i) => [`${i}/configmap.yaml`, worse.replaceAll('orders-db', `db${i}`)]),
      );
      const servers = Object.fromEntries(
        Array.from({ length: 20 }, (_, i) => [
          `${i}/server.yaml`,
          String(before[serverFile]).replaceAll('orders-db', `db${i}`),
        ]),
      );
      await run(pullRequest(scene, { ...copies, ...servers }).step);
      expect(places(scene)).toHaveLength(30);
      expect(scene.api.state.comments.every(c => c.body.startsWith('❌'))).toBe(true);
      expect(scene.api.state.reviews[0]?.body).toMatch(/30 are said on the lines below\. The \d+ others:/);
    }));

  test('keeps the line ends of a file, and what stands around', () =>
    inScene(async scene => {
      const crlf = (text: string) => text.replaceAll('\n', '\r\n');
      const base = { ...before, [settingsFile]: crlf(settings) };
      await run(pullRequest(scene, { [settingsFile]: crlf(worse) }, { base }).step);
      expect(scene.api.state.comments[0]?.body).toContain('```suggestion\n    shared_buffers = 256MB\r\n```');
    }));
});

describe.concurrent('the next push', () => {
  test('repeats nothing', () =>
    inScene(async scene => {
      const first = pullRequest(scene, { [settingsFile]: worse });
      await run(first.step);
      writes(scene);
      await push(scene, first.base, first.head, { 'README.txt': 'more\n', 'k8s/other.yaml': 'a: b\n' });
      expect(writes(scene)).toEqual([]);
    }));

  test('takes away what is mended, adds what is new, and leaves the rest', () =>
    inScene(async scene => {
      const first = pullRequest(scene, { [settingsFile]: worse });
      await run(first.step);
      writes(scene);
      const mended = worse.replace('    wal_keep_segments = 64\n', '').replace('work_mem = 16MB', 'work_mem = 16 MB');
      const { result } = await push(scene, first.base, first.head, { [settingsFile]: mended });
      expect(result.code).toBe(1);
      expect(places(scene)).toEqual([`${settingsFile}:-9`, `${settingsFile}:-10`]);
      expect(writes(scene)).toEqual(['pulls/create-review', 'pulls/delete-review-comment', 'pulls/update-review']);
      expect(scene.api.state.reviews.map(r => r.body.split(/[.:]/)[0])).toEqual([
        'What was found earlier',
        '**tusklint** found 2 errors in this change',
      ]);
    }));

  test('that mends all ends all', () =>
    inScene(async scene => {
      const first = pullRequest(scene, { [settingsFile]: worse });
      await run(first.step, { report: 'review, comment' });
      expect(scene.api.state.remarks[0]?.body).toContain('## tusklint: 2 errors');
      writes(scene);
      const second = await push(
        scene,
        first.base,
        first.head,
        { [settingsFile]: settings },
        { report: 'review, comment' },
      );
      expect(second.result.code).toBe(0);
      expect(places(scene)).toEqual([]);
      expect(scene.api.state.reviews.map(r => r.body)).toEqual([expect.stringContaining('finds nothing any more')]);
      expect(scene.api.state.remarks.map(r => r.body)).toEqual([expect.stringContaining('## tusklint: resolved')]);
      writes(scene);
      await push(scene, first.base, second.head, { 'k8s/other.yaml': 'a: b\n' }, { report: 'review, comment' });
      expect(writes(scene)).toEqual([]);
    }));

  test('keeps what people have answered, and marks it resolved', () =>
    inScene(async scene => {
      const first = pullRequest(scene, { [settingsFile]: worse });
      await run(first.step);
      const [buffers] = scene.api.state.comments;
      scene.api.state.comments.push({
        id: 99_999,
        user: { login: 'maria' },
        body: 'why?',
        path: settingsFile,
        line: 9,
        start_line: null,
        in_reply_to_id: buffers?.id,
      });
      await push(scene, first.base, first.head, { [settingsFile]: settings });
      expect(scene.api.state.comments.map(c => c.user?.login)).toEqual(['github-actions[bot]', 'maria']);
      expect(scene.api.state.comments[0]?.body).toMatch(/^~~❌ [^\n]*~~\n\nResolved in [0-9a-f]{12}\./);
      expect(scene.api.state.comments[0]?.body).not.toContain('```suggestion');
      writes(scene);
      await push(scene, first.base, scene.origin.git('rev-parse', 'HEAD'), { 'k8s/other.yaml': 'a: b\n' });
      expect(writes(scene)).toEqual([]);
    }));

  test('edits a comment whose message has changed', () =>
    inScene(async scene => {
      const first = pullRequest(scene, { [settingsFile]: worse });
      await run(first.step);
      writes(scene);
      const server = String(before[serverFile]).replace('memory: 1Gi', 'memory: 900Mi').replace('512Mi', '900Mi');
      await push(scene, first.base, first.head, { [serverFile]: server });
      expect(writes(scene)).toContain('pulls/update-review-comment');
      expect(scene.api.state.comments[0]?.body).toContain('900Mi');
    }));

  test('says again what has lost its lines', () =>
    inScene(async scene => {
      const first = pullRequest(scene, { [settingsFile]: worse });
      await run(first.step);
      const [old] = scene.api.state.comments;
      await push(scene, first.base, first.head, {
        [settingsFile]: worse.replace('shared_buffers = 1GB', 'shared_buffers = 2GB'),
      });
      expect(scene.api.state.comments.some(c => c.id === old?.id)).toBe(false);
      expect(places(scene).sort()).toEqual([`${settingsFile}:-16`, `${settingsFile}:-9`]);
      expect(scene.api.state.comments.map(c => c.body).join('\n')).toContain('2GB');
    }));

  test('never touches what others wrote, whatever marks it has', () =>
    inScene(async scene => {
      const first = pullRequest(scene, { [settingsFile]: worse });
      await run(first.step, { report: 'review, comment' });
      const forged = [...scene.api.state.comments].map((c, i) => ({ ...c, id: 500 + i, user: { login: 'mallory' } }));
      const gone = [...scene.api.state.comments].map((c, i) => ({ ...c, id: 600 + i, user: null }));
      const remark = { id: 700, user: { login: 'mallory' }, body: scene.api.state.remarks[0]?.body ?? '' };
      const review = { id: 701, user: { login: 'mallory' }, body: scene.api.state.reviews[0]?.body ?? '' };
      scene.api.state.comments.push(...forged, ...gone);
      scene.api.state.remarks.unshift(remark);
      scene.api.state.reviews.push(review);
      await push(scene, first.base, first.head, { [settingsFile]: settings }, { report: 'review, comment' });
      expect(scene.api.state.comments.map(c => c.id)).toEqual([...forged, ...gone].map(c => c.id));
      expect(scene.api.state.remarks.map(r => r.body.includes('resolved'))).toEqual([false, true]);
      expect(scene.api.state.reviews.find(r => r.id === 701)?.body).toBe(review.body);
    }));

  test('of another step leaves the comments of this one alone', () =>
    inScene(async scene => {
      const first = pullRequest(scene, { [settingsFile]: worse });
      await run(first.step, { report: 'review, comment' });
      writes(scene);
      await run(first.step, { report: 'review, comment', paths: 'k8s/api' });
      expect(writes(scene)).toEqual([]);
    }));

  test('a run that is late leaves all to the newer one', () =>
    inScene(async scene => {
      const { step } = pullRequest(scene, { [settingsFile]: worse });
      scene.api.state.head = 'f'.repeat(40);
      const result = await run(step);
      expect(writes(scene)).toEqual([]);
      expect(notices(result)).toEqual([expect.stringContaining('has moved on to ffffffffffff')]);
      expect(result.code).toBe(1);
    }));
});

describe.concurrent('the comment that stays', () => {
  test('is one, and is kept up to date', () =>
    inScene(async scene => {
      const first = pullRequest(scene, { [settingsFile]: worse });
      const result = await run(first.step, { report: 'comment' });
      expect(annotated(result)).toBe(0);
      await push(scene, first.base, first.head, { [settingsFile]: worse.replace('1GB', '2GB') }, { report: 'comment' });
      expect(scene.api.state.remarks).toHaveLength(1);
      expect(scene.api.state.remarks[0]?.body).toContain('2GB');
      expect(writes(scene)).toEqual(['issues/create-comment', 'issues/update-comment']);
    }));

  test('is found behind a hundred others, and by a token of an app or a person', () =>
    inScene(async scene => {
      scene.api.state.remarks.push(
        ...Array.from({ length: 150 }, (_, i) => ({ id: i + 1, user: { login: 'maria' }, body: 'nice' })),
      );
      scene.api.state.login = 'our-linter[bot]';
      const first = pullRequest(scene, { [settingsFile]: worse });
      await run(first.step, { report: 'comment' });
      await push(scene, first.base, first.head, { [settingsFile]: worse.replace('1GB', '2GB') }, { report: 'comment' });
      expect(writes(scene)).toEqual(['issues/create-comment', 'issues/update-comment']);
      expect(scene.api.state.remarks.at(-1)?.user?.login).toBe('our-linter[bot]');
    }));
});

describe.concurrent('a token that may not write', () => {
  test.for([
    ['a fork', 'mallory/shop', /^the pull request comes from a fork, and its token can only read/],
    ['a fork that is gone', null, /^the pull request comes from a fork/],
  ] as const)('%s: one notice, and nothing is asked', ([, headRepo, notice]) =>
    inScene(async scene => {
      const { step } = pullRequest(scene, { [settingsFile]: worse }, { headRepo });
      const result = await run(step, { report: 'annotations, summary, review, comment' });
      expect(result).toMatchObject({ code: 1, errors: '' });
      expect(annotated(result)).toBe(2);
      expect(notices(result)).toEqual([expect.stringMatching(notice)]);
      expect(result.summary).toContain('comes from a fork');
      expect(scene.api.seen).toEqual([]);
    }),
  );

  test('403, as for Dependabot or without permissions: one notice, all else as ever', () =>
    inScene(async scene => {
      scene.api.state.readOnly = true;
      const { step } = pullRequest(scene, { [settingsFile]: worse });
      const result = await run(
        { ...step, env: { ...step.env, GITHUB_ACTOR: 'dependabot[bot]' } },
        { report: 'annotations, summary, review, comment' },
      );
      expect(result).toMatchObject({ code: 1, errors: '' });
      expect(annotated(result)).toBe(2);
      expect(notices(result)).toEqual([
        expect.stringMatching(/permissions: pull-requests: write.*Resource not accessible/),
      ]);
      expect(writes(scene)).toEqual(['pulls/create-review']);
    }));

  test.for([401, 404, 422, 500] as const)('%i on everything: one notice', status =>
    inScene(async scene => {
      const fault = (method: string): Fault => ({ method, path: /./, status, times: 99 });
      scene.api.state.faults.push(fault('GET'), fault('POST'));
      const result = await run(pullRequest(scene, { [settingsFile]: worse }).step, {
        report: 'annotations, summary, review',
      });
      expect(result).toMatchObject({ code: 1, errors: '' });
      expect(notices(result)).toHaveLength(1);
      expect(result.output).not.toContain('a-secret-token');
    }),
  );

  test('a wrong token, or none', () =>
    inScene(async scene => {
      const { step } = pullRequest(scene, { [settingsFile]: worse });
      const wrong = await run(step, { token: 'another-token' });
      expect(notices(wrong)).toEqual([expect.stringContaining('Bad credentials')]);
      expect(wrong.output).not.toContain('another-token');
      const none = await run(step, { token: '' });
      expect(notices(none)).toEqual([expect.stringMatching(/^the input "token" is empty/)]);
    }));

  test('one that may not even say whose it is belongs to the workflow', () =>
    inScene(async scene => {
      scene.api.state.login = '';
      const first = pullRequest(scene, { [settingsFile]: worse });
      await run(first.step);
      writes(scene);
      await push(scene, first.base, first.head, { 'k8s/other.yaml': 'a: b\n' });
      expect(writes(scene)).toEqual([]);
    }));
});

describe.concurrent('a server that is not well', () => {
  test('502 and then an answer', () =>
    inScene(async scene => {
      scene.api.state.faults.push({ method: 'GET', path: /files$/, status: 502, times: 1 });
      const result = await run(pullRequest(scene, { [settingsFile]: worse }).step);
      expect(notices(result)).toEqual([]);
      expect(places(scene)).toHaveLength(2);
    }));

  test('a rate limit that ends soon', () =>
    inScene(async scene => {
      const reset = String(Math.floor(Date.now() / 1000));
      const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
      scene.api.state.faults.push({
        method: 'GET',
        path: /comments$/,
        status: 403,
        message: 'API rate limit exceeded',
        headers,
        times: 1,
      });
      scene.api.state.faults.push({
        method: 'POST',
        path: /reviews$/,
        status: 429,
        message: 'You have exceeded a secondary rate limit',
        headers: { 'retry-after': '1' },
        times: 1,
      });
      const result = await run(pullRequest(scene, { [settingsFile]: worse }).step);
      expect(notices(result)).toEqual([]);
      expect(places(scene)).toHaveLength(2);
    }));

  test('a rate limit that lasts an hour is not waited for', () =>
    inScene(async scene => {
      const reset = String(Math.floor(Date.now() / 1000) + 3600);
      const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
      scene.api.state.faults.push({
        method: 'GET',
        path: /comments$/,
        status: 403,
        message: 'API rate limit exceeded',
        headers,
        times: 9,
      });
      const result = await run(pullRequest(scene, { [settingsFile]: worse }).step);
      expect(result.code).toBe(1);
      expect(notices(result)).toEqual([expect.stringContaining('API rate limit exceeded')]);
    }));

  test('no server', () =>
    inScene(async scene => {
      const { step } = pullRequest(scene, { [settingsFile]: worse });
      const result = await run({ ...step, apiUrl: 'http://127.0.0.1:9' });
      expect(result.code).toBe(1);
      expect(notices(result)).toEqual([expect.stringContaining("GitHub's API did not answer as it should")]);
    }));

  test('422 for a line: the review names all in its text', () =>
    inScene(async scene => {
      scene.api.state.refusesLines = true;
      const result = await run(pullRequest(scene, { [settingsFile]: worse }).step);
      expect(writes(scene)).toEqual(['pulls/create-review', 'pulls/create-review']);
      expect(places(scene)).toEqual([]);
      expect(scene.api.state.reviews[0]?.body).toContain(`\`${settingsFile}:9\``);
      expect(notices(result)).toEqual([expect.stringContaining('names them in its text')]);
    }));
});

describe.concurrent('what nobody may see', () => {
  test('neither the token nor secrets of the files are shown anywhere', () =>
    inScene(async scene => {
      const secret = 'kw7PqZ-4mTn';
      const compose = `services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD: ${secret}\n`;
      const { step } = pullRequest(scene, { 'compose.yaml': compose, [settingsFile]: worse });
      const result = await run(step, {
        report: 'annotations, summary, review, comment, sarif',
        'min-severity': 'info',
      });
      expect(result.errors).toBe('');
      const written = [
        result.output,
        result.summary,
        readFileSync(result.outputs['report'] ?? '', 'utf8'),
        readFileSync(result.outputs['sarif'] ?? '', 'utf8'),
        JSON.stringify(scene.api.seen),
      ].join('\n');
      expect(written.includes(secret)).toBe(false);
      expect(written.includes('secret-in-compose')).toBe(true);
      expect(written.includes('a-secret-token')).toBe(false);
    }));

  test('git gets the token by its environment, only where the checkout left none', () =>
    inScene(async scene => {
      const { head, base } = pullRequest(scene, { [settingsFile]: worse });
      const workspace = scene.origin.checkout(head, 'head');
      const trace = join(scene.temporary, 'trace');
      const step: Step = {
        temporary: scene.temporary,
        workspace,
        eventName: 'pull_request',
        event: pullRequestEvent(head, base),
        apiUrl: scene.api.url,
        env: { GITHUB_SHA: head, GIT_TRACE: trace, GIT_TRACE_SETUP: trace },
      };
      scene.api.state.mergeBase = base;
      await run(step, { report: 'annotations' });
      expect(readFileSync(trace, 'utf8')).toContain('fetch');
      expect(readFileSync(trace, 'utf8')).not.toMatch(/extraheader=|a-secret-token|basic /i);
      execFileSync('git', ['config', 'http.https://github.com/.extraheader', 'AUTHORIZATION: basic eA=='], {
        cwd: workspace,
      });
      expect((await run(step, { report: 'annotations' })).code).toBe(1);
    }));
});

describe.concurrent('names and texts that try to be more than that', () => {
  const evil = '::error::pwned @octocat #1 <b>x</b> </details> ![x](https://evil.example/x) `';
  test('are text in the log, in annotations, in the summary, in the review and in the comment', () =>
    inScene(async scene => {
      const server = String(before[serverFile]).replaceAll('orders-db', 'evil').replace('memory: 1Gi', 'memory: 100Mi');
      const compose = (value: string) =>
        `services:\n  ${JSON.stringify(value)}:\n    image: postgres:9.6\n    ports: ["5432:5432"]\n`;
      const { step } = pullRequest(scene, {
        [`k8s/\n${evil.replaceAll('/', '|')}/a.yaml`]: server,
        [`a%0A::add-mask::x,line=1::/compose.yaml`]: compose(evil),
        'b/docker-compose.yml': compose('x\n::set-output name=errors::0\n##[error]pwned'),
        'c/compose.yaml': compose('<!-- tusklint:findings 62b30a21 0f -->'),
      });
      const result = await run(step, { report: 'annotations, summary, review, comment', 'min-severity': 'info' });
      expect(result.errors).toBe('');
      const bodies = [...scene.api.state.comments, ...scene.api.state.reviews, ...scene.api.state.remarks].map(
        c => c.body,
      );
      expect(bodies.length).toBeGreaterThan(3);
      expect(new Set(result.commands.map(c => c.name))).toEqual(new Set(['error', 'warning', 'notice']));
      expect(result.commands.filter(c => c.text.startsWith('pwned'))).toEqual([]);
      for (const text of [...bodies, result.summary]) {
        const prose = text
          .replace(/^(`{3,})[^\n]*\n[^]*?^\1$/gm, '')
          .replace(/(?<!\\)(`+)[^]*?[^`]\1(?!`)/g, '')
          .replace(/<code>[^]*?<\/code>/g, '');
        expect(prose).not.toMatch(/@octocat|<b>x|!\[x\]|https:\/\/evil|^::|(?<![\w\\/])#1\b/m);
        expect(prose.split('<details').length).toBe(prose.split('</details>').length);
        expect(prose.match(/<!--/g)?.length ?? 0).toBeLessThanOrEqual(1);
      }
    }));
});
