/** Whole repositories, from discovery to the report: what a user sees, and silence where all is well. */
import { cpSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { areas, rules } from '../rules/index.ts';
import { main } from './commands/main.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures');
const repositories = readdirSync(join(fixtures, 'repos'));
const clean = readdirSync(join(fixtures, 'clean'));

let folder = '';
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tusklint-repos-')));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command in a copy of a fixture that is no part of this repository, so that it is a whole one. */
async function run(
  fixture: string,
  ...args: readonly string[]
): Promise<{ code: number; output: string; errors: string }> {
  const cwd = join(folder, fixture);
  cpSync(join(fixtures, fixture), cwd, { recursive: true, filter: path => !path.endsWith('expected.txt') });
  let output = '';
  let errors = '';
  const code = await main(args, {
    cwd,
    env: {},
    stdin: Readable.from([]),
    write: text => {
      output += text;
    },
    complain: text => {
      errors += text;
    },
    terminal: undefined,
    errorTerminal: false,
    today: '2026-06-01',
    clock: () => 0,
    loadRules: async () => ({ rules, areas }),
  });
  return { code, output, errors };
}

test('there are fixtures', () => {
  expect(repositories.length).toBeGreaterThan(0);
  expect(clean.length).toBeGreaterThan(0);
});

describe.for(repositories)('the repository %s', name => {
  test('gives the report that was read and found right', async () => {
    const { output, errors } = await run(join('repos', name), 'lint');
    await expect(output + errors).toMatchFileSnapshot(join(fixtures, 'repos', name, 'expected.txt'));
  });
});

test('the README shows what the tool says', () => {
  const screen = /```text\n([\s\S]*?)\n```/.exec(readFileSync(join(fixtures, '..', 'README.md'), 'utf8'))?.[1] ?? '';
  const report = readFileSync(join(fixtures, 'repos', 'shop', 'expected.txt'), 'utf8');
  for (const finding of screen.split(/\n\n(?=\S)/)) expect(report).toContain(finding);
});

describe.for(clean)('the repository %s', name => {
  test('has nothing that is worth a word', async () => {
    const { code, output } = await run(join('clean', name), 'lint');
    expect(output).toMatch(/no problems/);
    expect(code).toBe(0);
  });
});
