/** What the step tells the runner: outputs, its summary, commands in its log. */
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { command, quoted } from '../report/workflow.ts';
import type { Environment } from './inputs.ts';

/** Writes to the runner. */
export interface Runner {
  /** Text for the log: the runner takes no command from it. */
  readonly log: (text: string) => void;
  /** Commands, one a line, made by `command`. */
  readonly commands: (text: string) => void;
  readonly notice: (text: string) => void;
  readonly error: (text: string) => void;
  /** Adds to the summary of the step. */
  readonly summary: (markdown: string) => void;
  readonly outputs: (values: Readonly<Record<string, string | number | boolean>>) => void;
}

/** The runner that the environment tells of; without its files, outputs and summary go nowhere. */
export function openRunner(env: Environment, write: (text: string) => void): Runner {
  const append = (file: string | undefined, text: string) => {
    if (file !== undefined && file !== '') appendFileSync(file, text);
  };
  return {
    log: text => write(quoted(text, randomUUID())),
    commands: write,
    notice: text => write(`${command('notice', { title: 'tusklint' }, text)}\n`),
    error: text => write(`${command('error', { title: 'tusklint' }, text)}\n`),
    summary: markdown => append(env['GITHUB_STEP_SUMMARY'], markdown),
    outputs(values) {
      const lines = Object.entries(values).map(([name, value]) => {
        const delimiter = `ghadelimiter_${randomUUID()}`;
        return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
      });
      append(env['GITHUB_OUTPUT'], lines.join(''));
    },
  };
}
