import { describe, expect, test } from 'vitest';
import { addEntry, entryText, newConfiguration } from './pre-commit-entry.ts';

const rev = 'v1.2.3';
const add = (text: string) => addEntry({ path: '.pre-commit-config.yaml', text }, rev);
const hooks = `- repo: https://github.com/pre-commit/pre-commit-hooks
  rev: v5.0.0
  hooks:
    - id: check-yaml`;
const indented = hooks.replace(/^/gm, '  ');

describe('the entry goes to the end, in the style of the file', () => {
  test.for<readonly [string, string, string]>([
    ['an indented list', `repos:\n${indented}\n`, `repos:\n${indented}\n${entryText(rev)}`],
    [
      'a list below its key',
      `repos:\n${hooks.replace('    - id', '  - id')}\n`,
      `repos:\n${hooks.replace('    - id', '  - id')}\n- repo: https://github.com/tusklint/tusklint\n  rev: v1.2.3\n  hooks:\n  - id: tusklint\n`,
    ],
    [
      'comments, and keys around it',
      `# ours\nfail_fast: true # at once\nrepos: # all of them\n${indented} # valid\n  # the end\nci:\n  skip: []\n`,
      `# ours\nfail_fast: true # at once\nrepos: # all of them\n${indented} # valid\n${entryText(rev)}  # the end\nci:\n  skip: []\n`,
    ],
    ['no end of the last line', `repos:\n${indented}`, `repos:\n${indented}\n${entryText(rev).trimEnd()}`],
    [
      'line ends of Windows',
      `repos:\r\n${indented.replaceAll('\n', '\r\n')}\r\n`,
      `repos:\r\n${indented.replaceAll('\n', '\r\n')}\r\n${entryText(rev).replaceAll('\n', '\r\n')}`,
    ],
    ['no repositories yet', 'repos: []\n', newConfiguration(rev)],
    ['an empty key', 'repos:\n', newConfiguration(rev)],
    ['other keys only', 'fail_fast: true\n', `fail_fast: true\n${newConfiguration(rev)}`],
    ['comments only', '# ours\n', `# ours\n${newConfiguration(rev)}`],
    ['nothing', '', newConfiguration(rev)],
  ])('%s', ([, before, after]) => expect(add(before)).toEqual({ state: 'added', text: after }));

  test('flow style and JSON', () => {
    expect(add('{"repos": [{"repo": "meta", "hooks": [{"id": "identity"}]}]}\n')).toEqual({
      state: 'added',
      text: '{"repos": [{"repo": "meta", "hooks": [{"id": "identity"}]}, {"repo":"https://github.com/tusklint/tusklint","rev":"v1.2.3","hooks":[{"id":"tusklint"}]}]}\n',
    });
  });
});

describe('an entry that is there stays', () => {
  test.for<readonly [string, string | undefined]>([
    [newConfiguration('v0.9.0'), 'v0.9.0'],
    [newConfiguration('v0.9.0').replace('id: tusklint', 'id: tusklint-fix'), 'v0.9.0'],
    [newConfiguration('v0.9.0').replace('https://github.com/tusklint', 'git@git.example.org:mirrors'), 'v0.9.0'],
    [
      'repos:\n  - repo: local\n    hooks: [{ id: db, name: db, language: system, entry: npx tusklint hook }]\n',
      undefined,
    ],
    [
      'repos:\n  - repo: local\n    hooks: [{ id: db, name: db, language: system, entry: node_modules/.bin/tusklint }]\n',
      undefined,
    ],
  ])('%j', ([text, found]) => expect(add(text)).toEqual({ state: 'there', rev: found }));

  test.for([
    'repos:\n  - repo: local\n    hooks: [{ id: x, name: x, language: system, entry: echo tusklint-like }]\n',
    'repos:\n  - repo: https://github.com/other/not-tusklint\n    rev: v1\n    hooks: [{ id: x }]\n',
  ])('another one is none: %j', text => expect(add(text).state).toBe('added'));
});

describe('what cannot be added to is left alone', () => {
  test.for<readonly [string, RegExp]>([
    ['repos: [\n', /^\.pre-commit-config\.yaml:\d+:\d+: /],
    ['- repo: x\n', /^\.pre-commit-config\.yaml has no "repos"$/],
    ['repos: text\n', /^\.pre-commit-config\.yaml: "repos" cannot be added to$/],
    ['repos: { a: b }\n', /^\.pre-commit-config\.yaml: "repos" cannot be added to$/],
    ['repos: []\n---\nrepos: []\n', /^\.pre-commit-config\.yaml has several documents$/],
    [
      `x: &all\n${indented}\nrepos: *all\n`,
      /^\.pre-commit-config\.yaml: "repos" cannot be added to: "repos" is written through the alias "\*all"$/,
    ],
  ])('%j', ([text, reason]) => {
    const result = add(text);
    expect(result.state === 'refused' && result.reason).toMatch(reason);
  });
});
