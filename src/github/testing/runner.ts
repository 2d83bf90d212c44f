/** Runs the bundled Action as GitHub's runner does: for tests. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a step leaves behind. */
export interface StepResult {
  readonly code: number | null;
  /** What it printed. */
  readonly output: string;
  readonly errors: string;
  /** The commands that the runner would obey: those between stop-commands are none. */
  readonly commands: readonly RunnerCommand[];
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
}
export interface RunnerCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A step: its inputs by name, and what the runner sets. */
export interface Step {
  /** Where files of the runner may go. */
  readonly temporary: string;
  readonly workspace: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly eventName?: string;
  readonly event?: unknown;
  readonly apiUrl?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The node that runs the Action: TUSKLINT_NODE names another one than ours. */
export const nodeBinary = process.env['TUSKLINT_NODE'] || process.execPath;

/** Bundles the sources into a folder of their own below `parent`, and gives it. */
export function bundled(parent: string): string {
  const folder = join(parent, 'dist');
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  execFileSync(process.execPath, [join(root, 'node_modules/tsx/dist/cli.mjs'), 'src/build/bundle.ts', folder], {
    cwd: root,
    stdio: 'pipe',
  });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  return folder;
}

/** Runs a step to its end. Nothing but what the runner sets is in its environment. */
export async function runStep(dist: string, step: Step): Promise<StepResult> {
  const temporary = mkdtempSync(join(step.temporary, 'runner-'));
  const [event, output, summary] = ['event.json', 'output', 'summary'].map(name => join(temporary, name));
  mkdirSync(join(temporary, '_temp'));
  writeFileSync(event ?? '', JSON.stringify(step.event ?? {}));
  writeFileSync(output ?? '', '');
  writeFileSync(summary ?? '', '');
  const inputs = Object.entries({ token: 'a-secret-token', ...step.inputs });
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: temporary,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: step.workspace,
    GITHUB_EVENT_NAME: step.eventName ?? 'workflow_dispatch',
    GITHUB_EVENT_PATH: event ?? '',
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_API_URL: step.apiUrl ?? 'http://127.0.0.1:9',
    GITHUB_OUTPUT: output ?? '',
    GITHUB_STEP_SUMMARY: summary ?? '',
    GITHUB_RUN_ID: '4711',
    GITHUB_WORKFLOW: 'databases',
    GITHUB_JOB: 'tusklint',
    RUNNER_TEMP: join(temporary, '_temp'),
    NODE_DISABLE_COMPILE_CACHE: '1',
    // The runner puts names in upper case, and blanks to underscores; hyphens stay.
    ...Object.fromEntries(inputs.map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value])),
    ...step.env,
  };
  const child = spawn(nodeBinary, [join(dist, 'action.js')], {
    cwd: step.workspace,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [printed, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
  const code = await new Promise<number | null>(resolve => child.on('close', resolve));
  return {
    code,
    output: printed,
    errors,
    commands: commandsIn(printed),
    summary: readFileSync(summary ?? '', 'utf8'),
    outputs: outputsIn(readFileSync(output ?? '', 'utf8')),
  };
}

/** Reads what a step prints as the runner does. */
export function commandsIn(output: string): readonly RunnerCommand[] {
  const commands: RunnerCommand[] = [];
  let stopped: string | undefined;
  for (const line of output.split(/\r\n|\r|\n/)) {
    const [, name = '', given = '', text = ''] = /^\s*::([\w-]+)(?: ([^\n]*?))?::(.*)$/.exec(line) ?? [];
    if (name === '') continue;
    if (stopped !== undefined) {
      if (name === stopped) stopped = undefined;
    } else if (name === 'stop-commands') stopped = text;
    else {
      const properties = given
        .split(',')
        .filter(p => p.includes('='))
        .map(p => [p.slice(0, p.indexOf('=')), unescape(p.slice(p.indexOf('=') + 1))]);
      commands.push({ name, properties: Object.fromEntries(properties), text: unescape(text) });
    }
  }
  return commands;
}

function unescape(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');
}

function outputsIn(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [, name = '', , value = ''] of text.matchAll(/^([^\n]+?)<<(.+)\n([^]*?)\n\2\n/gm)) outputs[name] = value;
  return outputs;
}
