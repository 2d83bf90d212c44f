/** The Action from its inputs to its exit code. */
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { type Io, UsageError } from '../commands/io.ts';
import { ConfigError } from '../config.ts';
import { MissingPathError } from '../discover.ts';
import { GitError } from '../git-program.ts';
import { type Report, atLeast } from '../report/report.ts';
import { count } from '../report/text.ts';
import { version } from '../version.ts';
import { type Api, ApiError } from './api.ts';
import { basisOf } from './basis.ts';
import { type Event, readEvent } from './event.ts';
import { type Environment, type Inputs, asInputs, readInputs } from './inputs.ts';
import { judgeChange } from './judging.ts';
import { type Runner, openRunner } from './output.ts';
import { publishOn } from './pull-request.ts';
import { withSettings } from './repository.ts';
import { noteText, writeReports } from './reports.ts';
import { temporaryFolder } from './trusted.ts';
import { type Workspace, inside, openWorkspace, writable } from './workspace.ts';

/** What the Action has of the world. */
export interface ActionWorld extends Pick<Io, 'today' | 'clock' | 'loadRules'> {
  readonly env: Environment;
  /** Sets variables for the programs that are started. */
  readonly export: (variables: Environment) => void;
  /** Standard output, which the runner reads. */
  readonly write: (text: string) => void;
}

/** All that the parts of a run share. */
export interface Run extends Pick<ActionWorld, 'today' | 'clock' | 'loadRules' | 'env'> {
  readonly inputs: Inputs;
  readonly event: Event;
  readonly workspace: Workspace;
  /** A folder for files that are not the user's. */
  readonly temporary: string;
  /** Opens the API; undefined where there is no token. */
  readonly api: (() => Promise<Api>) | undefined;
  /** The repository's address: `https://github.com/o/r`. */
  readonly home: string;
}

/** Runs the Action: 0 where nothing counts, 1 for findings that do, and for all that keeps it from running properly. */
export async function runAction(world: ActionWorld): Promise<number> {
  const runner = openRunner(world.env, world.write);
  try {
    return await run(readInputs(world.env), world, runner);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const expected = [UsageError, ConfigError, MissingPathError, GitError, ApiError].some(
      kind => error instanceof kind,
    );
    const token = world.env['INPUT_TOKEN']?.trim() ?? '';
    const hidden = (text: string) => (token === '' ? text : text.replaceAll(token, '***'));
    runner.error(hidden(expected ? asInputs(error.message) : `internal error: ${error.message}`));
    if (!expected) runner.log(hidden(error.stack ?? ''));
    return 1;
  }
}

async function run(inputs: Inputs, world: ActionWorld, runner: Runner): Promise<number> {
  const { env } = world;
  const workspace = openWorkspace(env, inputs.workingDirectory);
  if (readdirSync(workspace.top).length === 0)
    throw new UsageError('the workspace is empty: a step with actions/checkout must come before this one');
  for (const path of inputs.paths) inside(workspace.top, resolve(workspace.cwd, path), 'paths', path);
  const sarif = inputs.report.has('sarif')
    ? writable(workspace.top, resolve(workspace.cwd, inputs.sarifFile), 'sarif-file', inputs.sarifFile)
    : undefined;
  world.export(precautions(env, workspace));
  const run: Run = {
    ...world,
    inputs,
    event: readEvent(env),
    workspace,
    temporary: temporaryFolder(env['RUNNER_TEMP'] || tmpdir()),
    api: apiOf(inputs.token, env),
    home: `${env['GITHUB_SERVER_URL'] || 'https://github.com'}/${env['GITHUB_REPOSITORY'] ?? ''}`,
  };
  const basis = await basisOf(run);
  const judgement = await judgeChange(run, basis);
  const notes = [...basis.notes, ...judgement.notes];
  const { report } = judgement;
  const { json } = writeReports(run, basis, judgement, notes, sarif, runner);
  const of = (severity: string) => report.findings.filter(f => f.severity === severity).length;
  runner.outputs({
    errors: of('error'),
    warnings: of('warning'),
    infos: of('info'),
    findings: report.findings.length,
    new: judgement.fresh ?? '',
    fixable: report.findings.filter(f => f.fix !== undefined).length,
    report: json,
    sarif: sarif ?? '',
    skipped: judgement.skipped,
  });
  // Last, because it needs the network: whatever becomes of it, all else is said.
  const missed = await publishOn(run, basis, judgement);
  if (missed.length > 0) runner.summary(noteText(missed));
  if (notes.length + missed.length > 0) runner.notice([...notes, ...missed].join('\n'));
  return exitCode(report, inputs, runner);
}

/** Nothing of the checkout may make git run a program, wherever git is started, and nothing beside the checkout is a repository. */
function precautions(env: Environment, { top, root }: Workspace): Environment {
  return {
    ...withSettings(env, [
      // The checkout may belong to another user than the container runs as.
      ['safe.directory', root ?? top],
      ['safe.bareRepository', 'explicit'],
      ['core.fsmonitor', 'false'],
      ['core.hooksPath', '/dev/null'],
      ['submodule.recurse', 'false'],
    ]),
    INPUT_TOKEN: undefined,
    // Windows would look for programs in the checkout before anywhere else.
    NoDefaultCurrentDirectoryInExePath: '1',
  };
}

function apiOf(token: string | undefined, env: Environment): Run['api'] {
  const [owner, repo] = (env['GITHUB_REPOSITORY'] ?? '').split('/');
  if (token === undefined || !owner || !repo) return undefined;
  const url = env['GITHUB_API_URL'] || 'https://api.github.com';
  let opened: Promise<Api> | undefined;
  return () => {
    // Only who asks the API pays for loading what asks.
    opened ??= import('./octokit.ts').then(({ openApi }) =>
      openApi({
        url,
        token,
        owner,
        repo,
        userAgent: `tusklint/${version}`,
        error: (message, status) => new ApiError(message, status),
      }),
    );
    return opened;
  };
}

function exitCode({ findings, skipped }: Report, { failOn, failOnSkipped }: Inputs, runner: Runner): number {
  if (failOnSkipped && skipped.length > 0) {
    runner.error(`${count(skipped.length, 'path was', 'paths were')} skipped, and the input "fail-on-skipped" is true`);
    return 1;
  }
  return failOn !== 'never' && findings.some(f => atLeast(f.severity, failOn)) ? 1 : 0;
}
