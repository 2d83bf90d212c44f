/** Runs the command line inside of a test, with the real rules. */
import { Readable } from 'node:stream';
import { areas, rules } from '../../rules/index.ts';
import { main } from './main.ts';
import type { Io } from './io.ts';

/** How a run ended, and what it wrote. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in a folder, on a day that does not change. */
export async function runMain(cwd: string, args: readonly string[], io: Partial<Io> = {}): Promise<Outcome> {
  let out = '';
  let err = '';
  const code = await main(args, {
    cwd,
    env: {},
    stdin: Readable.from([]),
    write: text => void (out += text),
    complain: text => void (err += text),
    terminal: undefined,
    errorTerminal: false,
    today: '2026-06-01',
    clock: () => 0,
    loadRules: async () => ({ rules, areas }),
    ...io,
  });
  return { code, out, err };
}

/** A finding of the JSON report, as far as tests look. */
interface Reported {
  readonly rule: string;
  readonly path: string;
  readonly line: number;
}

/** The findings of errors and warnings that a command line reports, as `rule path:line`. */
export async function findingsOf(cwd: string, command: string, ...args: readonly string[]): Promise<readonly string[]> {
  const { code, out, err } = await runMain(cwd, [command, '--format', 'json', ...args]);
  if (code === 2) throw new Error(err);
  const { findings } = JSON.parse(out) as { findings: readonly (Reported & { severity: string })[] };
  return findings.filter(f => f.severity !== 'info').map(({ rule, path, line }) => `${rule} ${path}:${line}`);
}
