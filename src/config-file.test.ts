import { expect, test } from 'vitest';
import { rules } from '../rules/index.ts';
import { readConfig } from './config-file.ts';
import { defaultConfig, levels, pathMatcher } from './config.ts';
import type { AnyRule } from './types.ts';

const read = (text: string) => readConfig({ path: 'tusklint.yaml', text }, rules);
const ruleOf = (id: string): AnyRule => {
  const found = rules.find(r => r.id === id);
  if (found === undefined) throw new Error(id);
  return found;
};
const grace = ruleOf('termination-grace-short');
const syntax = ruleOf('yaml-syntax');

test.for(['', '\n', '# nothing yet\n', '---\n', '{}\n'])('an empty file is the default: %j', text => {
  expect(read(text)).toEqual(defaultConfig);
});

test('everything at once', () => {
  const config = read(`preset: strict
rules:
  yaml-syntax: off
  termination-grace-short:
    severity: error
    options: { minimum: 90 }
overrides:
  - files: [staging/**]
    rules: { termination-grace-short: info, termination-grace-zero: "off" }
exclude: [vendor]
external: [Secret/postgres-password, NetworkPolicy/*]
images:
  registry.example/db/*: { family: official, major: 17, uid: 999 }
pgVersion: 16
environments:
  production: [clusters/prod]
`);
  expect(config).toEqual({
    ...defaultConfig,
    preset: 'strict',
    rules: {
      'yaml-syntax': { severity: 'off' },
      'termination-grace-short': { severity: 'error', options: { minimum: 90 } },
    },
    overrides: [
      {
        files: ['staging/**'],
        rules: { 'termination-grace-short': { severity: 'info' }, 'termination-grace-zero': { severity: 'off' } },
      },
    ],
    exclude: ['vendor'],
    external: ['Secret/postgres-password', 'NetworkPolicy/*'],
    images: { 'registry.example/db/*': { family: 'official', major: 17, uid: 999 } },
    pgVersion: 16,
    environments: { production: ['clusters/prod'] },
  });
});

test.for<[string, string]>([
  ['rules:\n  yaml-sintax: off\n', '2:3: there is no rule "yaml-sintax": did you mean "yaml-syntax"?'],
  ['rules:\n  zzzzzzzzzz: off\n', '2:3: there is no rule "zzzzzzzzzz": list the rules with `tusklint rules`'],
  ['rules:\n  yaml-syntax: eror\n', '2:16: "eror" is none of off, error, warning, info: did you mean "error"?'],
  ['rules:\n  yaml-syntax: 3\n', '2:16: "3" is none of off, error, warning, info'],
  ['rules:\n  yaml-syntax: { severty: off }\n', '2:18: there is no key "severty" here: did you mean "severity"?'],
  ['rules:\n  yaml-syntax: { severity: fatal }\n', '2:28: "fatal" is none of off, error, warning, info'],
  [
    'rules:\n  termination-grace-short:\n    options:\n      minimun: 3\n',
    '4:7: there is no key "minimun" here: did you mean "minimum"?',
  ],
  ['rules:\n  termination-grace-short:\n    options:\n      minimum: "3"\n', '4:16: "minimum" must be a number'],
  ['ruls: {}\n', '1:1: there is no key "ruls" here: did you mean "rules"?'],
  ['preset: strickt\n', '1:9: "strickt" is none of recommended, strict: did you mean "strict"?'],
  ['overrides:\n  - rules: {}\n', '2:5: "files" is missing here'],
  ['exclude: vendor\n', '1:10: "exclude" must be a list'],
  ['external: [postgres-password]\n', '1:12: "postgres-password" is not of the form Kind/name'],
  ['- a\n', '1:1: "the configuration" must be a map'],
  ['preset: strict\n---\npreset: strict\n', '3:1: a configuration is one document'],
  [
    'preset: strict\npreset: strict\n',
    '2:1: the key "preset" stands twice in this map, and kubectl keeps only the last',
  ],
])('points at the mistake in %j', ([text, message]) => {
  expect(() => read(text)).toThrow(`tusklint.yaml:${message}`);
});

test('a configuration that is no YAML says where', () => {
  expect(() => read('rules: [\n')).toThrow(/^tusklint\.yaml:\d+:\d+: /);
});

test('levels: presets, ids, aliases, parts and paths', () => {
  const strict: AnyRule = { ...syntax, preset: 'strict' };
  expect(levels(defaultConfig).level(strict, 'a')).toBe('off');
  expect(levels(defaultConfig).runs(strict)).toBe(false);
  expect(levels({ ...defaultConfig, preset: 'strict' }).level(strict, 'a')).toBe(undefined);
  expect(levels({ ...defaultConfig, rules: { 'yaml-syntax': { severity: 'info' } } }).level(strict, 'a')).toBe('info');

  const config = read('overrides: [{ files: [prod], rules: { termination-grace-zero: off } }]\n');
  expect(levels(config).level(grace, 'prod/a.yaml', 'termination-grace-zero')).toBe('off');
  expect(levels(config).level(grace, 'prod/a.yaml', 'other-part')).toBe(undefined);
  expect(levels(config).level(grace, 'stage/a.yaml', 'termination-grace-zero')).toBe(undefined);
  expect(levels(config).runs(grace)).toBe(true);
});

test('options of overrides go over those of the file, and those over the defaults', () => {
  const config = read(`rules: { termination-grace-short: { options: { minimum: 90 } } }
overrides: [{ files: [prod], rules: { termination-grace-short: { options: { recommended: 300 } } } }]
`);
  expect(levels(config).options(grace, 'a')).toEqual({ minimum: 90, recommended: 120 });
  expect(levels(config).options(grace, 'prod/a')).toEqual({ minimum: 90, recommended: 300 });
});

test.for<[string, string, boolean]>([
  ['vendor', 'vendor/a/b.yaml', true],
  ['vendor/', 'vendor/a.yaml', true],
  ['./vendor', 'vendor/a.yaml', true],
  ['vendor', 'vendored/a.yaml', false],
  ['a.yaml', 'a.yaml', true],
  ['**/test/**', 'x/test/.y/a.yaml', true],
  ['*.yaml', 'x/a.yaml', false],
  ['.', 'x/a.yaml', true],
])('the pattern %j and the path %j: %j', ([pattern, path, expected]) => {
  expect(pathMatcher([pattern])(path)).toBe(expected);
});
