/** Files that a run writes because a flag names them. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorCode } from '../discover.ts';
import { UsageError } from './io.ts';

/** Writes a file; throws a UsageError where that cannot be. */
export function writeOutput(cwd: string, file: string, text: string): void {
  try {
    writeFileSync(resolve(cwd, file), text);
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${errorCode(error)}`);
  }
}
