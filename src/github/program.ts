/** The program and what the Action needs of it, in one module: both of dist's entries load the same file. */
import type { ActionWorld } from './run.ts';

export * from '../program.ts';

/** Runs the Action and gives the exit code; loaded only when asked for. */
export async function action(world: ActionWorld): Promise<number> {
  const { runAction } = await import('./run.ts');
  return runAction(world);
}
