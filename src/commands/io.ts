/** What a command has of the world, so that tests can give it another one. */
import type { AnyRule } from '../types.ts';
import { UserError } from '../user-error.ts';

export interface Io {
  /** The working directory, absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: AsyncIterable<Buffer | string>;
  /** Standard output: reports, and nothing else. */
  readonly write: (text: string) => void;
  /** Standard error. */
  readonly complain: (text: string) => void;
  /** Standard output, where it is a terminal. */
  readonly terminal: { readonly columns: number } | undefined;
  /** Whether standard error is a terminal. */
  readonly errorTerminal: boolean;
  /** `YYYY-MM-DD`. */
  readonly today: string;
  /** Seconds from some fixed moment. */
  readonly clock: () => number;
  readonly loadRules: () => Promise<RuleSet>;
}

/** The rules as the entry point loads them. */
export interface RuleSet {
  readonly rules: readonly AnyRule[];
  /** The folder of each rule. */
  readonly areas: Readonly<Record<string, string>>;
}

/** A wrong flag or a path that is not there: one line, and exit code 2. */
export class UsageError extends UserError {
  override readonly name = 'UsageError';
}
