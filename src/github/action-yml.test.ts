/** action.yml says what the Action reads and writes, and nothing else. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { readInputs } from './inputs.ts';

const root = join(import.meta.dirname, '../..');
const action = load(readFileSync(join(root, 'action.yml'), 'utf8')) as {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: { readonly using: string; readonly main: string };
};

test('every input is read, and no other', () => {
  const asked = new Set<string>();
  const env = new Proxy<Record<string, string>>({}, { get: (_, name) => void asked.add(String(name)) });
  readInputs(env);
  const declared = Object.keys(action.inputs).map(name => `INPUT_${name.toUpperCase()}`);
  expect([...asked].sort()).toEqual(declared.sort());
});

test('the defaults mean what no input means', () => {
  const given = Object.entries(action.inputs).map(([name, input]) => [`INPUT_${name.toUpperCase()}`, input.default]);
  const { token, ...inputs } = readInputs(Object.fromEntries(given) as Record<string, string>);
  const { token: none, ...without } = readInputs({});
  expect(inputs).toEqual(without);
  expect([token, none]).toEqual(['${{ github.token }}', undefined]);
});

test('every output is written, and no other', () => {
  const source = readFileSync(join(import.meta.dirname, 'run.ts'), 'utf8');
  const [, block = ''] = /runner\.outputs\(\{\n([^]*?)\n {2}\}\);/.exec(source) ?? [];
  const written = [...block.matchAll(/^ {4}(\w+)/gm)].map(m => m[1]);
  expect(new Set(written)).toEqual(new Set(Object.keys(action.outputs)));
});

test('it runs what the build makes', () => {
  expect(action.runs).toEqual({ using: 'node24', main: 'dist/action.js' });
  expect(readFileSync(join(root, 'src/build/bundle.ts'), 'utf8')).toContain("action: 'src/action.ts'");
});

const readme = existsSync(join(root, 'README.md')) ? readFileSync(join(root, 'README.md'), 'utf8') : '';
const section = /^## On pull requests\n([^]*?)(?=^## |$(?![^]))/m.exec(readme)?.[1];

test.skipIf(section === undefined)(
  `the README has a row for every input and output${section === undefined ? ' (skipped: it has no such section)' : ''}`,
  () => {
    for (const name of [...Object.keys(action.inputs), ...Object.keys(action.outputs)])
      expect(section).toContain(`| \`${name}\` |`);
  },
);
