#!/usr/bin/env node
/** The command: answers `--version` at once, and loads the rest only when it is needed. */
import { fileURLToPath } from 'node:url';
import type * as Program from './program.ts';
import { inert } from './report/workflow.ts';
import { version } from './version.ts';

/** The day of the catalogue of parameters, filled in when the bundle is built. */
declare const CATALOGUE_DATE: string | undefined;

/** The bundle has the program in a file beside this one. */
async function program(): Promise<typeof Program> {
  if (typeof CATALOGUE_DATE !== 'string') return import('./program.ts');
  const { loadProgram } = await import('./load-program.ts');
  return loadProgram(fileURLToPath(new URL('program.cjs', import.meta.url))) as typeof Program;
}

async function run(): Promise<number> {
  const { argv, stdout, env } = process;
  const args = argv.slice(2);
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    const date =
      typeof CATALOGUE_DATE === 'string'
        ? CATALOGUE_DATE
        : (await (await import('./postgres/catalogue.ts')).loadCatalogue()).date;
    stdout.write(`tusklint ${version} (PostgreSQL parameters of ${date})\n`);
    return 0;
  }
  const { main, ...ruleSet } = await program();
  return main(args, {
    cwd: process.cwd(),
    env,
    // Streams are made when they are first asked for, which takes a while.
    get stdin() {
      return process.stdin;
    },
    write: text => void stdout.write(text),
    // What is said of a file may hold its name: a log of GitHub's must not take it for a command.
    complain: text => void process.stderr.write(inert(text)),
    terminal: stdout.isTTY ? { columns: stdout.columns } : undefined,
    get errorTerminal() {
      return process.stderr.isTTY;
    },
    today: new Date().toISOString().slice(0, 10),
    clock: () => performance.now() / 1000,
    loadRules: async () => ruleSet,
  });
}

/** Who reads the report may stop early (`| head`): that is no error. Anything else is. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await run();
