import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { load } from 'js-yaml';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FakeCluster, type FakeObject, fakeCluster } from '../cluster/testing.ts';
import type { Io } from './io.ts';
import { type Outcome, runMain } from './testing.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/exports');
const shop = readFileSync(join(fixtures, 'shop.yaml'), 'utf8');
const list = load(shop) as { readonly items: readonly FakeObject[] };

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tusklint-audit-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (args: readonly string[], io: Partial<Io> = {}): Promise<Outcome> =>
  runMain(folder, ['audit', ...args], { today: '2026-11-22', ...io });

interface JsonFinding {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly resource: { readonly kind: string; readonly namespace: string | null; readonly name: string } | null;
  readonly related: readonly { readonly message: string; readonly line: number }[];
  readonly fix: unknown;
}
const findingsOf = ({ out }: Outcome): readonly JsonFinding[] =>
  (JSON.parse(out) as { readonly findings: readonly JsonFinding[] }).findings;
const skippedOf = ({ out }: Outcome): readonly { readonly path: string; readonly reason: string }[] =>
  (JSON.parse(out) as { readonly skipped: readonly { readonly path: string; readonly reason: string }[] }).skipped;
const told = (findings: readonly JsonFinding[]): readonly string[] =>
  findings.map(f => `${f.severity} ${f.rule}: ${f.message} | ${f.related.map(r => r.message).join(' | ')}`).sort();

const stdin = (text: string | Buffer): Partial<Io> => ({ stdin: Readable.from([Buffer.from(text)]) });
const json = ['--format', 'json', '--stdin-filename', 'export'];

describe('an export', () => {
  test('gives the report that was read and found right', async () => {
    const { out, err } = await run([join(fixtures, 'shop.yaml'), '--min-severity', 'info'], { cwd: fixtures });
    await expect(out + err).toMatchFileSnapshot(join(fixtures, 'shop.expected.txt'));
  });

  const asJson = JSON.stringify(list, null, 4);
  test.for<readonly [string, string | Buffer]>([
    ['JSON as kubectl prints it', asJson],
    ['JSON on one line', JSON.stringify(list)],
    ['JSON objects one after the other', list.items.map(o => JSON.stringify(o, null, 2)).join('\n')],
    ['a bare array, as jq makes it', JSON.stringify(list.items, null, 2)],
    ['JSON with a byte order mark', `\ufeff${asJson}`],
    ['JSON in UTF-16, as PowerShell redirects it', Buffer.from(`\ufeff${asJson}`, 'utf16le')],
    ['YAML with Windows line ends', shop.replaceAll('\n', '\r\n')],
    [
      'YAML with its list indented',
      shop.replace(
        /items:\n([\s\S]*)kind: List\n/,
        (_, items: string) => `kind: List\nitems:\n${items.replace(/^(?=.)/gm, '  ')}`,
      ),
    ],
  ])('in %s says the same', async ([name, text]) => {
    const expected = findingsOf(await run(json, stdin(shop)).then(async () => run(['-', ...json], stdin(shop))));
    const outcome = await run(['-', ...json], stdin(text));
    const found = findingsOf(outcome);
    // Only a list says that a kind was asked for.
    const isBare = name === 'JSON objects one after the other';
    const needsAll = /^(?:netpol-missing|secret-ref-undefined)$/;
    expect(told(found)).toEqual(told(isBare ? expected.filter(f => !needsAll.test(f.rule)) : expected));
    expect(found.length).toBeGreaterThan(15);
    const lines = (Buffer.isBuffer(text) ? text.toString('utf16le').slice(1) : text.replace(/^\ufeff/, '')).split('\n');
    for (const { line, column, rule } of found) {
      const rest = lines[line - 1]?.slice(column - 1) ?? '';
      if (rule === 'image-latest') expect(rest).toMatch(/^"?postgres"?\s*(?:,|$)/);
      if (rule === 'secret-plaintext-env') expect(rest).toMatch(/^"?reports-in-clear-9f/);
      if (rule === 'replicas-without-replication') expect(rest).toMatch(/^2/);
    }
  });

  test.for(['text', 'json', 'sarif', 'github', 'gitlab', 'junit', 'checkstyle', 'rdjson', 'markdown'])(
    'as %s shows no secret',
    async format => {
      const { out } = await run(['-', '--format', format, '--min-severity', 'info', '--preset', 'strict'], stdin(shop));
      expect(out).not.toMatch(/super-secret|c3VwZXItc2|reports-in-clear|left-in-the-annotation/);
    },
  );

  test('has nothing to fix, and no Secret is called committed', async () => {
    const found = findingsOf(await run(['-', ...json, '--preset', 'strict'], stdin(shop)));
    expect(found.filter(f => f.fix !== null)).toEqual([]);
    expect(
      found.filter(f => f.rule === 'secret-committed' || f.rule === 'secret-weak-password').map(f => f.message),
    ).toEqual([]);
  });

  test('that never says a kind says nothing of its absence', async () => {
    const without = { ...list, items: list.items.filter(o => o.kind !== 'NetworkPolicy' && o.kind !== 'Secret') };
    const rulesOf = findingsOf(await run(['-', ...json], stdin(JSON.stringify(without)))).map(f => f.rule);
    expect(rulesOf).not.toContain('netpol-missing');
    expect(rulesOf).not.toContain('secret-ref-undefined');
    expect(rulesOf).toContain('shm-volume-missing');
  });

  test('that is cut off says so', async () => {
    const outcome = await run(['-', ...json], stdin(asJson.slice(0, -2000)));
    expect(skippedOf(outcome).map(s => s.reason)).toContainEqual(
      expect.stringMatching(/^breaks off in the middle of an object \(line \d+\): the rest is not judged$/),
    );
    expect((await run(['-', '--fail-on-skipped', '--fail-on', 'never'], stdin(asJson.slice(0, -2000)))).code).toBe(2);
  });

  test.for([
    ['', 'is empty'],
    ['<html>503</html>\n', 'holds no object of Kubernetes'],
    ['error: You must be logged in\n', 'holds no object of Kubernetes'],
  ])('of %j is none', async ([text = '', reason]) => {
    const outcome = await run(['-', ...json], stdin(text));
    expect(skippedOf(outcome)).toEqual([{ path: 'export', reason }]);
  });

  test('a template inside a ConfigMap is no template of the export', async () => {
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'alerts', namespace: 'shop' },
      data: { 'a.tmpl': '{{ .Labels.postgres }}' },
    };
    const outcome = await run(['-', ...json], stdin(JSON.stringify({ ...list, items: [map, ...list.items] })));
    expect(findingsOf(outcome).length).toBeGreaterThan(15);
  });

  test('an annotation takes a finding away, and a baseline accepts it wherever it stands', async () => {
    const ignored = shop.replace(
      '    annotations:\n      deployment.kubernetes.io/revision: "2"',
      '    annotations:\n      tusklint/ignore: image-latest -- we know\n      deployment.kubernetes.io/revision: "2"',
    );
    expect(findingsOf(await run(['-', ...json], stdin(ignored))).map(f => f.rule)).not.toContain('image-latest');
    await run(['-', '--baseline', 'b.json', '--update-baseline'], stdin(shop));
    expect(findingsOf(await run(['-', ...json, '--baseline', 'b.json'], stdin(JSON.stringify(list))))).toEqual([]);
  });
});

describe('the command line', () => {
  test.for<readonly [readonly string[], RegExp]>([
    [[], /^name an export, - for standard input, or --context NAME/],
    [['export.json'], /^there is no file "export\.json"$/],
    [['.'], /^"\." is a folder: audit takes one export \(to judge files: tusklint lint \.\)$/],
    [['-', '--context', 'prod'], /^give an export or --context, not both$/],
    [['-', '-A'], /^-n and -A go with --context NAME/],
    [['--context', 'prod', '-A', '-n', 'shop'], /^-n takes one namespace, -A takes all/],
    [['--context', 'prod'], /^there is no program "kubectl" on the PATH$/],
    [['-', '--update-baseline'], /^--update-baseline needs --baseline FILE/],
  ])('%j', async ([args, message]) => {
    const outcome = await run(args, { env: { PATH: folder } });
    expect(outcome).toMatchObject({ code: 2, out: '' });
    expect(outcome.err).toMatch(/^tusklint: [^\n]+\n$/);
    expect(outcome.err.slice('tusklint: '.length, -1)).toMatch(message);
  });

  test('a terminal sees how far it is', async () => {
    writeFileSync(join(folder, 'export.yaml'), shop);
    let seconds = 0;
    const { err } = await run(['export.yaml'], { errorTerminal: true, clock: () => (seconds += 2) });
    expect(err).toMatch(/\r\u001b\[Ktusklint: \[#{30}\] 100% of 0 MB/);
    expect(err).toMatch(/\r\u001b\[K$/);
  });
});

/** A kubectl that answers from files and writes down what it was asked. */
function fakeKubectl(
  answers: Readonly<Record<string, { readonly out?: string; readonly err?: string; readonly code?: number }>>,
): {
  readonly path: string;
  readonly calls: () => readonly (readonly string[])[];
} {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const log = join(folder, 'calls');
  writeFileSync(log, '');
  writeFileSync(
    join(bin, 'kubectl'),
    `#!${process.execPath}
const { appendFileSync } = require('node:fs');
const args = process.argv.slice(2);
appendFileSync(${JSON.stringify(log)}, JSON.stringify(args) + '\\n');
const answers = ${JSON.stringify(answers)};
const answer = answers[args[args.indexOf('get') + 1]] ?? answers['*'];
process.stdout.write(answer.out ?? '');
process.stderr.write(answer.err ?? '');
process.exitCode = answer.code ?? 0;
`,
  );
  chmodSync(join(bin, 'kubectl'), 0o755);
  return {
    path: `${bin}:/usr/bin:/bin`,
    calls: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter(l => l !== '')
        .map(l => JSON.parse(l) as string[]),
  };
}

const nothing = { out: '{"apiVersion":"v1","items":[],"kind":"List","metadata":{"resourceVersion":""}}\n' };
const listOf = (kinds: readonly string[]) => ({
  out: `${JSON.stringify({ apiVersion: 'v1', items: list.items.filter(o => kinds.includes(o.kind)), kind: 'List' }, null, 4)}\n`,
});
const missing = { err: `error: the server doesn't have a resource type "x"\n`, code: 1 };
const forbidden = {
  err: 'Error from server (Forbidden): secrets is forbidden: User "eve" cannot list resource "secrets"\n',
  code: 1,
};
const shopAnswers = {
  '*': nothing,
  'statefulsets.apps': listOf(['StatefulSet']),
  'deployments.apps': listOf(['Deployment']),
  pods: listOf(['Pod']),
  services: listOf(['Service']),
  persistentvolumeclaims: listOf(['PersistentVolumeClaim']),
  secrets: {
    out: '{"apiVersion":"v1","kind":"List","items":[\n{"apiVersion":"v1","kind":"Secret","metadata":{"name":"orders-db","namespace":"shop"},"type":"Opaque","data":{"password":""}}\n]}\n',
  },
};

describe.skipIf(process.platform === 'win32')('through kubectl', () => {
  test('every kind is asked for once, by reading alone, and no value of a Secret', async () => {
    const { path, calls } = fakeKubectl({
      ...shopAnswers,
      'clusters.postgresql.cnpg.io': missing,
      'scaledobjects.keda.sh': missing,
    });
    const outcome = await run(['--context', 'prod', '-A', ...json], { env: { PATH: path } });
    expect(outcome.err).toBe('');
    for (const args of calls()) {
      expect(args.slice(0, 3)).toEqual(['--context', 'prod', 'get']);
      expect(args.slice(-2, -1)).toEqual(['-o']);
      const isSecret = args[3] === 'secrets';
      expect(args.at(-1)).toMatch(isSecret ? /^go-template=/ : /^json$/);
    }
    const resources = calls().map(a => a[3]);
    expect(new Set(resources).size).toBe(resources.length);
    expect(
      calls()
        .filter(a => !a.includes('-A'))
        .map(a => a[3]),
    ).toEqual([
      'clusterrolebindings.rbac.authorization.k8s.io',
      'namespaces',
      'storageclasses.storage.k8s.io',
      'ciliumclusterwidenetworkpolicies.cilium.io',
    ]);
    const found = findingsOf(outcome);
    const paths = new Set(found.map(f => f.path));
    expect([...paths].sort()).toEqual([
      'kubectl/deployments.apps.json',
      'kubectl/pods.json',
      'kubectl/statefulsets.apps.json',
    ]);
    // It knows what it asked for: there is no NetworkPolicy in the whole cluster.
    expect(found.filter(f => f.rule === 'netpol-missing').map(f => f.resource?.name)).toEqual([
      'reports-db',
      'metrics-db-0',
      'orders-db',
    ]);
    expect(found.find(f => f.rule === 'secret-ref-undefined')?.message).toMatch(
      /needs the Secret "metrics-db", which the cluster does not have/,
    );
    expect(skippedOf(outcome)).toEqual([
      { path: 'kubectl/clusters.postgresql.cnpg.io.json', reason: 'the cluster does not have this kind' },
      { path: 'kubectl/scaledobjects.keda.sh.json', reason: 'the cluster does not have this kind' },
      {
        path: 'kubectl/pods.json',
        reason: 'holds a workload that runs PostgreSQL for an operator, which is not judged (Cluster "billing")',
      },
    ]);
  });

  test('what the user may not read is said, and nothing is concluded from it', async () => {
    const { path, calls } = fakeKubectl({
      ...shopAnswers,
      secrets: forbidden,
      'networkpolicies.networking.k8s.io': forbidden,
    });
    const outcome = await run(['--context', 'prod', '-n', 'shop', ...json], { env: { PATH: path } });
    expect(
      calls()
        .filter(a => a.includes('-n'))
        .every(a => a[a.indexOf('-n') + 1] === 'shop'),
    ).toBe(true);
    const found = findingsOf(outcome).map(f => f.rule);
    expect(found).not.toContain('netpol-missing');
    expect(found).not.toContain('secret-ref-undefined');
    expect(skippedOf(outcome).slice(0, 2)).toEqual([
      { path: 'kubectl/secrets.json', reason: 'the user may not list objects of the kind Secret' },
      {
        path: 'kubectl/networkpolicies.networking.k8s.io.json',
        reason: 'the user may not list objects of the kind NetworkPolicy',
      },
    ]);
  });

  test('a cluster without the kinds of operators is complete, one that hides Secrets is not', async () => {
    const noPods = { ...shopAnswers, pods: nothing, 'clusters.postgresql.cnpg.io': missing };
    const flags = ['--context', 'prod', '-A', '--fail-on', 'never', '--fail-on-skipped'];
    const { path } = fakeKubectl(noPods);
    expect((await run(flags, { env: { PATH: path } })).code).toBe(0);
    rmSync(join(folder, 'bin'), { recursive: true });
    expect((await run(flags, { env: { PATH: fakeKubectl({ ...noPods, secrets: forbidden }).path } })).code).toBe(2);
  });

  test.for<readonly [{ readonly err: string; readonly code: number }, string]>([
    [
      { err: 'error: context "prod" does not exist\n', code: 1 },
      'kubectl gets no answer: context "prod" does not exist',
    ],
    [
      {
        err: "E1123 03:00:00.000000  1 memcache.go:265] couldn't get current server API group list\nUnable to connect to the server: dial tcp: lookup prod: no such host\n",
        code: 1,
      },
      'kubectl gets no answer: Unable to connect to the server: dial tcp: lookup prod: no such host',
    ],
    [
      { err: 'error: You must be logged in to the server (Unauthorized)\n', code: 1 },
      'kubectl gets no answer: You must be logged in to the server (Unauthorized)',
    ],
    [forbidden, 'kubectl could read nothing: the user may not list objects of the kind StatefulSet'],
  ])('%j ends the run', async ([answer, message]) => {
    const { path } = fakeKubectl({ '*': answer });
    const outcome = await run(['--context', 'prod', '-A'], { env: { PATH: path } });
    expect(outcome).toMatchObject({ code: 2, out: '', err: `tusklint: ${message}\n` });
  });

  test.for<readonly string[]>([
    [],
    ['-n', 'shop'],
    ['--context', "it's prod", '-n', 'shop'],
    ['--context', 'a@b:c/d', '-A'],
  ])('the command that %j prints makes an export', async flags => {
    const { path, calls } = fakeKubectl({ ...shopAnswers, 'clusters.postgresql.cnpg.io': missing });
    const { out: command, code } = await run(['--print-export-command', ...flags]);
    expect(code).toBe(0);
    execFileSync('sh', ['-n', '-c', command]);
    const exported = execFileSync('sh', ['-c', command], {
      cwd: folder,
      env: { PATH: path },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const direct = await run(['--context', 'prod', ...(flags.includes('-n') ? ['-n', 'shop'] : ['-A']), ...json], {
      env: { PATH: path },
    });
    const half = calls().length / 2;
    const asked = (list: readonly (readonly string[])[]) =>
      new Set(list.map(a => `${a[a.indexOf('get') + 1]} ${a.at(-1)}`));
    expect(asked(calls().slice(0, half))).toEqual(asked(calls().slice(half)));
    const context = flags[flags.indexOf('--context') + 1];
    if (flags.includes('--context')) expect(calls()[0]?.slice(0, 2)).toEqual(['--context', context]);
    const read = await run(['-', ...json], { stdin: Readable.from([exported]) });
    expect(told(findingsOf(read))).toEqual(told(findingsOf(direct)));
    expect(findingsOf(read).map(f => f.rule)).toContain('netpol-missing');
  });
});

const kubectl = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'].find(bin => {
  try {
    return readdirSync(bin).includes('kubectl');
  } catch {
    return false;
  }
});

describe.skipIf(kubectl === undefined)(
  'with the real kubectl (skipped where there is none) and a cluster of ours',
  () => {
    let cluster: FakeCluster | undefined;
    afterAll(async () => cluster?.close());

    test('the same is found as in the export, and no value of a Secret arrives', { timeout: 120_000 }, async () => {
      cluster = await fakeCluster(list.items, ['poddisruptionbudgets']);
      const config = `apiVersion: v1\nkind: Config\nclusters: [{name: c, cluster: {server: '${cluster.url}'}}]\ncontexts: [{name: prod, context: {cluster: c, user: u}}]\nusers: [{name: u, user: {token: t}}]\ncurrent-context: prod\n`;
      writeFileSync(join(folder, 'config'), config);
      const env = { PATH: `${kubectl}:/usr/bin:/bin`, HOME: folder, KUBECONFIG: join(folder, 'config') };
      const outcome = await run(['--context', 'prod', '-A', ...json], { env });
      expect(outcome.err).toBe('');
      expect(cluster.requests.filter(r => !r.startsWith('GET '))).toEqual([]);
      const expected = findingsOf(await run(['-', ...json], stdin(shop)));
      expect(told(findingsOf(outcome))).toEqual(told(expected));
      const skipped = new Map(skippedOf(outcome).map(s => [s.path, s.reason]));
      expect(skipped.get('kubectl/poddisruptionbudgets.policy.json')).toBe(
        'the user may not list objects of the kind PodDisruptionBudget',
      );
      expect(skipped.get('kubectl/sgclusters.stackgres.io.json')).toBe('the cluster does not have this kind');
      const { out: command } = await run(['--print-export-command']);
      const { stdout: text } = await promisify(execFile)('sh', ['-c', command], { env });
      expect(text).toMatch(
        /"kind":"Secret","metadata":\{"name":"orders-db","namespace":"shop"\},"type":"Opaque","data":\{"password":""\}/,
      );
      expect(text).not.toMatch(/super-secret|c3VwZXItc2/);
      expect(told(findingsOf(await run(['-', ...json], stdin(text))))).toEqual(told(expected));
      const lost = await run(['--context', 'nowhere', '-A'], { env });
      expect(lost).toMatchObject({ code: 2, out: '' });
      expect(lost.err).toMatch(/^tusklint: kubectl gets no answer: [^\n]*nowhere[^\n]*\n$/);
    });
  },
);
