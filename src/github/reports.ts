/** What a run leaves behind by itself: the log, annotations, the summary, files. None of it needs the network. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { neutral } from '../report/display.ts';
import { githubReport } from '../report/github.ts';
import { jsonReport } from '../report/json.ts';
import { markdownReport, summaryBytes } from '../report/markdown.ts';
import { markdownText } from '../report/markdown-text.ts';
import { sarifReport } from '../report/sarif.ts';
import { count, plainText, textReport } from '../report/text.ts';
import type { Basis } from './basis.ts';
import { isChanged } from './changes.ts';
import { isSha } from './event.ts';
import type { Judgement } from './judging.ts';
import type { Runner } from './output.ts';
import type { Run } from './run.ts';

/** Writes all reports but those that go to the pull request itself; `sarif` is where that goes. */
export function writeReports(
  run: Run,
  basis: Basis,
  judgement: Judgement,
  notes: readonly string[],
  sarif: string | undefined,
  runner: Runner,
): { readonly json: string } {
  const { inputs, workspace } = run;
  const { report, whole, skipped } = judgement;
  const { minSeverity } = inputs;
  const { directory } = workspace;
  const { changes } = basis;
  const before = beforeText(basis, judgement);
  runner.log(
    skipped
      ? 'no file that tusklint reads has changed\n'
      : `${textReport(report, { ...plainText, minSeverity })}${before === '' ? '' : `${before}\n`}`,
  );
  if (inputs.report.has('annotations')) {
    const inDiff =
      changes &&
      ((at: { path: string; line: number; endLine: number }) => isChanged(changes.get(at.path), at.line, at.endLine));
    const more = inputs.report.has('summary')
      ? 'the summary of this run lists them all'
      : 'the log of this step lists them all';
    // The log has told them all already.
    runner.commands(githubReport(report, { minSeverity, directory, inDiff, stopToken: undefined, more }));
  }
  if (inputs.report.has('summary')) {
    const more = 'the log of the step lists them all';
    const blob = blobOf(run, basis);
    const text = skipped
      ? '## tusklint: nothing to judge\n\nNo file that tusklint reads has changed.\n'
      : markdownReport(report, { minSeverity, blob, directory, mostBytes: summaryBytes, more });
    runner.summary(`${text}${before === '' ? '' : `\n${before}\n`}${noteText(notes)}`);
  }
  const json = join(run.temporary, 'report.json');
  writeFileSync(json, jsonReport(report));
  // Code scanning compares by itself: what is left out would count as mended.
  if (sarif !== undefined) writeFileSync(sarif, sarifReport(whole, { directory, category: undefined }));
  return { json };
}

/** How much was there before, so that nobody takes "no problems" for more than it says. */
export function beforeText({ scope }: Basis, { report, whole, skipped }: Judgement): string {
  const left = whole.findings.length - report.findings.length;
  if (left <= 0 || skipped || scope === 'all') return '';
  const where = { new: 'were there before', diff: 'are on other lines', 'changed-files': 'are in other files' }[scope];
  return `${count(left, 'other finding')} ${left === 1 ? where.replace(/^were/, 'was').replace(/^are/, 'is') : where}: "report-on: all" lists them.`;
}

/** The address of the files that were read, for links; undefined where the commit is not known. */
export function blobOf({ event, home, env }: Run, { head, isPullRequest }: Basis): string | undefined {
  // The merge of a pull request is gone some day; its head stays.
  const sha = event.kind === 'pull-request' && isPullRequest ? event.headSha : (head?.sha ?? env['GITHUB_SHA'] ?? '');
  return isSha(sha) ? `${home}/blob/${sha}` : undefined;
}

/** Notes as a block that stands out in Markdown. */
export function noteText(notes: readonly string[]): string {
  if (notes.length === 0) return '';
  return `\n> [!NOTE]\n${notes.map(note => `> - ${markdownText(neutral(note.trim()).replaceAll('\n', ' '))}\n`).join('')}\n`;
}
