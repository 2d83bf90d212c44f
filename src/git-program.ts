/** Asks the user's git. Nothing of the repository can make it run another program. */
import { spawn } from 'node:child_process';
import { UserError } from './user-error.ts';

/** git is not there, or says that it cannot. */
export class GitError extends UserError {
  override readonly name = 'GitError';
}

/** Settings by which a repository could have programs of its own run. */
const harmless = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'diff.external=', 'core.pager=cat'];

/** What git prints for these arguments in the folder; `input` is its standard input. Throws a GitError. */
export function git(folder: string, args: readonly string[], input?: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const program = spawn('git', [...harmless.flatMap(setting => ['-c', setting]), ...args], {
      cwd: folder,
      env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const errors: Buffer[] = [];
    program.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    program.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    program.on('error', (error: NodeJS.ErrnoException) =>
      reject(new GitError(error.code === 'ENOENT' ? 'git is not installed' : `git cannot be run: ${error.message}`)),
    );
    program.on('close', code => {
      if (code === 0) resolve(Buffer.concat(out));
      else reject(new GitError(firstLine(Buffer.concat(errors).toString('utf8')) || `git ended with ${code}`));
    });
    // A git that ends early closes the pipe; its exit code says why.
    program.stdin.on('error', () => {});
    program.stdin.end(input);
  });
}

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').replace(/^(?:fatal|error): /, '').trim();
