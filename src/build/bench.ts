/**
 * `npm run bench [RUNS [SIZES]]` (SIZES: `10000,30000`, or `0` for none of the large trees): how long the bundle takes, as ratios to bare `node -e 0` on the same machine (minima of
 * several runs), and its peak memory. Other numbers than ratios do not survive a change of machine.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { database, writeTree } from './bench-tree.ts';

const runs = Number(process.argv[2] ?? 15);
const cli = join(process.cwd(), 'dist/cli.js');
const folder = mkdtempSync(join(tmpdir(), 'tusklint-bench-'));
const large = (process.argv[3] ?? '10000,30000,100000')
  .split(',')
  .map(Number)
  .filter(size => size > 0);

if (!existsSync(cli)) throw new Error('dist/cli.js is not built: npm run build');
try {
  const one = join(folder, 'one');
  mkdirSync(one);
  writeFileSync(join(one, 'database.yaml'), database('orders'));
  const repository = join(folder, '3000');
  writeTree(repository, 3000, 20);

  const bare = seconds(runs, ['-e', '0']);
  print('bare node', bare, bare, '');
  print('--version', seconds(runs, [cli, '--version']), bare, 'at most 1.3');
  print('--help', seconds(runs, [cli, '--help']), bare, '');
  print('lint, 1 file', seconds(runs, [cli, 'lint', join(one, 'database.yaml')]), bare, 'at most 2');
  print('lint, 3,000 files, 20 of PostgreSQL', seconds(runs, [cli, 'lint', repository]), bare, 'at most 1 s');
  console.log(`  peak memory ${memory(['lint', repository])} MB (at most 150), of bare node ${memory()} MB`);
  const changes = commit(repository);
  for (const [name, path, from, to] of [
    ['an application', changes.application, 'replicas: 2', 'replicas: 3'],
    ['a database', changes.database, 'work_mem = 4MB', 'work_mem = 5MB'],
  ] as const) {
    stage(repository, path, from, to);
    const best = seconds(runs, [cli, 'hook', path], repository);
    print(`hook, ${name} of 3,000 files changed`, best, bare, `at most ${(4 + 0.15 / bare).toFixed(2)}`);
    git(repository, 'reset', '--quiet', '--hard');
  }
  stage(repository, 'main.go', '', 'package main\n');
  print('hook, a source changed', seconds(runs, [cli, 'hook'], repository), bare, '');
  for (const files of large) {
    const tree = join(folder, String(files));
    writeTree(tree, files, Math.round(files / 150));
    const best = seconds(3, [cli, 'lint', tree]);
    print(
      `lint, ${files} files`,
      best,
      bare,
      `${((best / files) * 1e6).toFixed(0)} µs a file, ${memory(['lint', tree])} MB`,
    );
    rmSync(tree, { recursive: true });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function print(name: string, best: number, bare: number, note: string): void {
  console.log(
    `${name.padEnd(38)} ${(best * 1000).toFixed(0).padStart(6)} ms  ${(best / bare).toFixed(2).padStart(6)}  ${note}`,
  );
}

/** Commits a tree, and gives a file of each kind. */
function commit(folder: string): { readonly application: string; readonly database: string } {
  git(folder, 'init', '--quiet');
  git(folder, 'add', '.');
  git(folder, '-c', 'user.name=a', '-c', 'user.email=a@example.org', 'commit', '--quiet', '--message', 'All');
  const files = git(folder, 'ls-files').split('\n');
  const first = (name: string): string => {
    const found = files.find(file => file.endsWith(`/${name}`));
    if (found === undefined) throw new Error(`the tree has no ${name}`);
    return found;
  };
  return { application: first('deployment.yaml'), database: first('database.yaml') };
}

/** Changes a file, or writes a new one, and adds it to the index. */
function stage(folder: string, path: string, from: string, to: string): void {
  const file = join(folder, path);
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (!text.includes(from)) throw new Error(`${path} does not hold "${from}"`);
  writeFileSync(file, text.replace(from, to));
  git(folder, 'add', path);
}

function git(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 });
}

/** The least of so many runs. */
function seconds(times: number, args: readonly string[], cwd = process.cwd()): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i += 1) {
    const started = performance.now();
    node(args, cwd);
    best = Math.min(best, (performance.now() - started) / 1000);
  }
  return best;
}

function node(args: readonly string[], cwd = process.cwd()): string {
  const { status, stderr, error } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (error !== undefined) throw error;
  if (status !== 0 && status !== 1) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  return stderr;
}

/** The largest resident set of a run, in MB, as the operating system counts it; of bare node without arguments. */
function memory(args?: readonly string[]): number {
  const tell = "process.on('exit',()=>console.error('\\n'+process.resourceUsage().maxRSS))";
  const script =
    args === undefined
      ? ''
      : `process.argv.splice(1,0,${JSON.stringify(cli)});import(${JSON.stringify(`file://${cli}`)})`;
  const kilobytes = Number(
    node(['-e', `${tell};${script}`, ...(args ?? [])])
      .trim()
      .split('\n')
      .at(-1),
  );
  return Math.round(kilobytes / 1024);
}
