import { expect, test } from 'vitest';
import { type Config, defaultConfig } from '../config.ts';
import type { Resource } from '../kubernetes/resource.ts';
import type { Server } from '../postgres/server.ts';
import { type AnyRule, type Location, type Problem, type Source, composed, defineRule } from '../types.ts';
import { type MapNode, getText } from '../yaml/node.ts';
import { parseYaml } from '../yaml/parse.ts';
import { type SubjectLists, check } from './run.ts';

const now = '2026-06-01';

/** The input that these texts are, with a server for every document that has `server: true`. */
function inputOf(sources: readonly Source[], build: readonly string[] = ['']) {
  const resources = sources.flatMap(source =>
    parseYaml(source).documents.flatMap(({ root }) => (root?.kind === 'map' ? [resourceOf(root)] : [])),
  );
  const servers = resources.filter(r => getText(r.root, 'server') === 'true').map(serverOf);
  const environment = build.map(name => ({ name, resources, servers }));
  const subjects = {
    server: servers,
    'settings-file': [],
    'hba-file': [],
    environment,
    'yaml-file': sources.filter(s => s.path.endsWith('.yaml')).map(parseYaml),
  };
  // Rules of these tests look at nothing else of their subjects.
  return { sources, subjects: subjects as unknown as SubjectLists };
}

function resourceOf(root: MapNode): Resource {
  const name = getText(root, 'metadata', 'name') ?? 'none';
  const kind = getText(root, 'kind') ?? 'Thing';
  return {
    apiVersion: 'v1',
    kind,
    namespace: undefined,
    name,
    labels: {},
    annotations: {},
    root,
    path: root.path,
    at: root,
  };
}

function serverOf(resource: Resource): Server {
  return { name: resource.name, resource, at: resource.at, platform: 'kubernetes' } as unknown as Server;
}

/** Where a word stands in a text, for its `count`th time. */
function place({ path, text }: Source, word: string, count = 1): Location {
  let start = -1;
  for (let i = 0; i < count; i++) start = text.indexOf(word, start + 1);
  if (start < 0) throw new Error(`no ${word} in ${path}`);
  return { path, start, end: start + word.length };
}

/** A rule that finds each `bad` of its server's document. */
const badWord = defineRule({
  id: 'word-found',
  summary: 'A word is bad.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  aliases: ['old-word'],
  options: { word: 'bad' },
  on: 'server',
  *check({ name, resource }, { options, text }) {
    const root = resource?.root;
    const source = text(root?.path ?? '');
    if (root === undefined || source === undefined) return;
    for (
      let at = source.indexOf(options.word, root.start);
      at >= 0 && at < root.end;
      at = source.indexOf(options.word, at + 1)
    ) {
      yield {
        at: { path: root.path, start: at, end: at + options.word.length },
        message: `"${name}" has a bad word, so it is bad`,
      };
    }
  },
});

const gaps = defineRule({
  id: 'gaps',
  summary: 'Something is missing.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  aliases: ['gap-a', 'gap-b', 'gap-c'],
  on: 'server',
  *check({ name, at }) {
    const all = ['a', 'b', 'c'].map(letter => ({ id: `gap-${letter}`, text: letter }));
    yield composed(all, left => ({
      at: { path: at.path, start: at.start, end: at.start },
      message: `"${name}" lacks ${left.map(g => g.text).join(' and ')}`,
      fix: {
        title: 'add',
        applicability: 'safe',
        edits: [{ path: at.path, start: 0, end: 0, text: left.map(g => g.text).join('') }],
      },
    }));
  },
});

const ignoreStates = defineRule({
  id: 'ignore-states',
  summary: 'Tells what became of ignore comments.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  on: 'ignore-comment',
  *check({ ids, reason }) {
    for (const { id, at, state, suggestion } of ids)
      yield { at, message: [id, state, suggestion ?? '', reason].join('|') };
  },
});

const document = (body: string, name = 'a'): string => `kind: Thing\nmetadata:\n  name: ${name}\nserver: true\n${body}`;
const yaml = (text: string, path = 'a.yaml'): Source => ({ path, text });

function run(
  sources: Source | readonly Source[],
  rules: readonly AnyRule[] = [badWord],
  config: Partial<Config> = {},
  build?: readonly string[],
) {
  const list = 'path' in sources ? [sources] : sources;
  return check({ ...inputOf(list, build), rules, config: { ...defaultConfig, ...config }, now }).findings;
}

test('a problem becomes a finding with its object, server and fingerprint', () => {
  const source = yaml(document('x: bad\n'));
  expect(run(source)).toEqual([
    {
      rule: 'word-found',
      severity: 'warning',
      message: '"a" has a bad word, so it is bad',
      label: undefined,
      help: undefined,
      at: place(source, 'bad'),
      related: [],
      fix: undefined,
      parts: [],
      resource: { apiVersion: 'v1', kind: 'Thing', namespace: undefined, name: 'a' },
      build: '',
      server: 'a',
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
    },
  ]);
});

test('files in order, the worst first within each', () => {
  const worse = defineRule({ ...(badWord as object), id: 'worse', severity: 'error', aliases: [] } as never);
  const found = run(
    [yaml(document('x: bad\ny: bad\n'), 'b.yaml'), yaml(document('x: bad\n'), 'a.yaml')],
    [badWord, worse],
  );
  expect(found.map(f => [f.at.path, f.rule])).toEqual([
    ['a.yaml', 'worse'],
    ['a.yaml', 'word-found'],
    ['b.yaml', 'worse'],
    ['b.yaml', 'worse'],
    ['b.yaml', 'word-found'],
    ['b.yaml', 'word-found'],
  ]);
});

test.for<[string, Partial<Config>, string[]]>([
  ['off', { rules: { 'word-found': { severity: 'off' } } }, []],
  ['off by its former name', { rules: { 'old-word': { severity: 'off' } } }, []],
  ['error', { rules: { 'word-found': { severity: 'error' } } }, ['error']],
  ['another option', { rules: { 'word-found': { options: { word: 'x:' } } } }, ['warning']],
  ['off elsewhere', { overrides: [{ files: ['b'], rules: { 'word-found': { severity: 'off' } } }] }, ['warning']],
  ['off here', { overrides: [{ files: ['*.yaml'], rules: { 'word-found': { severity: 'off' } } }] }, []],
])('configuration: %s', ([, config, severities]) => {
  expect(run(yaml(document('x: bad\n')), [badWord], config).map(f => f.severity)).toEqual(severities);
});

test('equal findings of several servers are one that lists them', () => {
  const shared = yaml('word: bad\n', 'shared.yaml');
  const rule = defineRule({
    ...(badWord as object),
    *check({ name }: Server) {
      yield { at: place(shared, 'bad'), message: `"${name}" reads a bad word` };
    },
  } as never);
  const found = run([yaml(document('', 'a'), 'a.yaml'), yaml(document('', 'b'), 'b.yaml'), shared], [rule], {}, [
    'prod',
    'stage',
  ]);
  expect(found.map(f => [f.message, f.server, f.build])).toEqual([['"a" reads a bad word', 'a, b', 'prod, stage']]);
});

test('a rule that throws is named with its subject', () => {
  const broken = defineRule({
    ...(badWord as object),
    check: () => {
      throw new Error('oops');
    },
  } as never);
  expect(() => run(yaml(document('')), [broken])).toThrow('rule word-found failed on Thing/a (a.yaml): oops');
});

test.for<[string, Partial<Config>, string, string | undefined]>([
  ['all', {}, '', '"a" lacks a and b and c'],
  ['without one that is off', { rules: { 'gap-b': { severity: 'off' } } }, '', '"a" lacks a and c'],
  ['without one that a comment names', {}, '# tusklint-ignore gap-a -- why\n', '"a" lacks b and c'],
  ['none', {}, '# tusklint-ignore gap-a, gap-b, gap-c -- why\n', undefined],
  ['none by the rule', {}, '# tusklint-ignore gaps -- why\n', undefined],
  [
    'one although the rule is off',
    { rules: { gaps: { severity: 'off' }, 'gap-c': { severity: 'error' } } },
    '',
    '"a" lacks c',
  ],
])('parts: %s', ([, config, comment, message]) => {
  const [found] = run(yaml(comment + document('')), [gaps], config);
  expect(found?.message).toBe(message);
  if (found === undefined) return;
  expect(found.fix?.edits[0]?.text).toBe(found.parts.map(p => p.slice(-1)).join(''));
  expect(found.severity).toBe(config.rules?.['gap-c'] === undefined ? 'warning' : 'error');
});

test('a part that cannot be worded alone keeps the words and loses the fix', () => {
  const rigid = defineRule({
    ...(gaps as object),
    *check({ at }: Server) {
      yield {
        at,
        message: 'lacks a and b',
        parts: [
          { id: 'gap-a', text: 'a' },
          { id: 'gap-b', text: 'b' },
        ],
        fix: { title: 'add', applicability: 'safe', edits: [{ path: at.path, start: 0, end: 0, text: 'ab' }] },
      };
    },
  } as never);
  const [found] = run(yaml(document('')), [rigid], { rules: { 'gap-a': { severity: 'off' } } });
  expect(found).toMatchObject({ message: 'lacks a and b', parts: ['gap-b'], fix: undefined });
});

test.for<[string, string, number]>([
  ['behind the value', 'x: bad # tusklint-ignore word-found -- why\ny: bad\n', 1],
  ['on the line above', '# tusklint-ignore word-found -- why\nx: bad\ny: bad\n', 1],
  ['above other comments', '# tusklint-ignore word-found -- why\n# more\nx: bad\n', 0],
  ['not two lines above', '# tusklint-ignore word-found -- why\nw: 1\nx: bad\n', 1],
  ['by a former name', 'x: bad # tusklint-ignore old-word -- why\n', 0],
  ['among several', 'x: bad # tusklint-ignore other, word-found -- why\n', 0],
  ['without a reason', 'x: bad # tusklint-ignore word-found\n', 0],
  ['until a day to come', 'x: bad # tusklint-ignore word-found until=2026-06-01 -- why\n', 0],
  ['until a day that has passed', 'x: bad # tusklint-ignore word-found until=2026-05-31 -- why\n', 1],
  ['another rule', 'x: bad # tusklint-ignore other -- why\n', 1],
  ['no comment', 'x: bad tusklint-ignore word-found\n', 1],
  ['inside a text, above', 'x: |\n  # tusklint-ignore word-found -- why\n  bad = 1\n  bad = 2\n', 1],
  ['with windows line ends', 'x: bad # tusklint-ignore word-found -- why\r\ny: 1\r\n', 0],
])('an ignore comment %s', ([, body, left]) => {
  expect(run(yaml(document(body)))).toHaveLength(left);
});

test('before the first key of a document it is for the whole of it', () => {
  const body = document('x: bad\ny: bad\n');
  const comment = '# tusklint-ignore word-found -- why\n';
  expect(run(yaml(comment + body))).toHaveLength(0);
  expect(run(yaml(`---\n\n${comment}# more\n\n${body}`))).toHaveLength(0);
  expect(run(yaml(`${comment}---\n${body}`))).toHaveLength(0);
  expect(run(yaml(`${comment}${body}---\n${document('x: bad\n', 'b')}`)).map(f => f.server)).toEqual(['b']);
  expect(run(yaml(`${body}---\n${comment}${document('x: bad\n', 'b')}`)).map(f => f.server)).toEqual(['a', 'a']);
});

test('an annotation is for its object, each line on its own', () => {
  const annotated = (value: string) =>
    yaml(`metadata:\n  name: a\n  annotations:\n    tusklint/ignore: ${value}\nserver: true\nx: bad\n`);
  expect(run(annotated('word-found -- why'))).toHaveLength(0);
  expect(run(annotated('"other -- why\\nword-found -- why"'))).toHaveLength(0);
  expect(run(annotated('other -- why'))).toHaveLength(1);
  expect(
    run(
      yaml(
        '{"metadata": {"name": "a", "annotations": {"tusklint/ignore": "word-found -- why"}}, "server": true, "x": "bad"}',
      ),
    ),
  ).toHaveLength(0);
});

test('what became of each comment is told', () => {
  const text = document(`w: bad # tusklint-ignore word-found -- why
x: 1 # tusklint-ignore word-found -- why
y: bad # tusklint-ignore word-found until=2025-01-01 -- why
z: 1 # tusklint-ignore word-fuond, gaps
`);
  const states = run(yaml(text), [badWord, gaps, ignoreStates], { rules: { gaps: { severity: 'off' } } })
    .filter(f => f.rule === 'ignore-states')
    .map(f => [f.message, text.slice(f.at.start, f.at.end)]);
  expect(states).toEqual([
    ['word-found|used||why', 'word-found'],
    ['word-found|unused||why', 'word-found'],
    ['word-found|ended||why', 'word-found'],
    ['word-fuond|unknown|word-found|', 'word-fuond'],
    ['gaps|off||', 'gaps'],
  ]);
});

test('fingerprints stay when lines, values of others and files move, and tell equal findings apart', () => {
  const prints = (text: string, path = 'a.yaml') => run(yaml(text, path)).map(f => f.fingerprint);
  const body = 'list:\n  - name: one\n    x: bad\n  - name: two\n    x: bad\nconf: |\n  bad = 1\n  other = bad\n';
  const before = prints(document(body));
  expect(new Set(before).size).toBe(4);
  expect(prints(`# a comment\n${document(`first: 1\n${body}`)}`)).toEqual(before);
  expect(prints(document(body), 'moved/b.yaml')).toEqual(before);
  expect(prints(document(body.replace('bad = 1', 'bad = 2')))).toEqual(before);
  expect(prints(document('list:\n  - name: two\n    x: bad\n  - name: one\n    x: bad\n'))).toEqual([
    before[1],
    before[0],
  ]);
  expect(prints(document(body.replace('x: bad', 'z: bad')))[0]).not.toBe(before[0]);
  expect(prints(document(body, 'other'))).not.toContain(before[0]);
  expect(new Set(prints(document('x: bad bad bad\n'))).size).toBe(3);
});

test('what is in the way of a fix stands in the help, and equal findings with unlike fixes have none', () => {
  const rule = (help: string | undefined, fix: (server: Server) => Problem['fix']) =>
    defineRule({
      id: 'r',
      summary: 's',
      severity: 'error',
      preset: 'recommended',
      since: '0.1.0',
      on: 'server',
      *check(server) {
        const at = { path: 'a.yaml', start: 0, end: 1 };
        yield { at, message: `"${server.name}" is bad`, help, fix: fix(server) };
      },
    });
  const shown = (one: AnyRule, ...names: string[]) =>
    run(yaml(names.map(n => document('x: 1\n', n)).join('---\n')), [one]).map(f => [f.help, f.fix]);
  const hindrance = () => ({ hindrance: 'an alias is in the way' });
  expect(shown(rule('mend it', hindrance), 'a')).toEqual([
    ['mend it; there is no fix, since an alias is in the way', undefined],
  ]);
  expect(shown(rule(undefined, hindrance), 'a')).toEqual([['mend it by hand: an alias is in the way', undefined]]);
  const edit = ({ name }: Server) => ({
    title: 't',
    applicability: 'safe' as const,
    edits: [{ path: 'a.yaml', start: 0, end: 1, text: name }],
  });
  expect(shown(rule('mend it', edit), 'a', 'b')).toEqual([
    ['mend it; there is no fix, since "a" and "b" need different edits', undefined],
  ]);
});
