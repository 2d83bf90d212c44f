/** The GitHub Action: action.yml runs this. */
import { fileURLToPath } from 'node:url';
import type * as Program from './github/program.ts';

/** Filled in when the bundle is built. */
declare const CATALOGUE_DATE: string | undefined;

/** The bundle has the program in a file beside this one. */
async function program(): Promise<typeof Program> {
  if (typeof CATALOGUE_DATE !== 'string') return import('./github/program.ts');
  const { loadProgram } = await import('./load-program.ts');
  return loadProgram(fileURLToPath(new URL('program.cjs', import.meta.url))) as typeof Program;
}

const { action, rules, areas } = await program();
const env = { ...process.env };
// Programs that are started have no use for it.
delete process.env['INPUT_TOKEN'];
process.exitCode = await action({
  env,
  export: variables => Object.assign(process.env, variables),
  write: text => void process.stdout.write(text),
  today: new Date().toISOString().slice(0, 10),
  clock: () => performance.now() / 1000,
  loadRules: async () => ({ rules, areas }),
});
