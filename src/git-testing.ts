/** Git repositories for tests, with a PostgreSQL in them that nothing is to be said about. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The environment without what a git that runs this test as a hook tells its programs, and without the user's settings. */
export const gitEnvironment: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || (name.startsWith('GIT_') && name !== 'GIT_SSL_CAINFO') ? [] : [[name, value]],
    ),
  ),
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_COUNT: '4',
  GIT_CONFIG_KEY_0: 'user.name',
  GIT_CONFIG_VALUE_0: 'A',
  GIT_CONFIG_KEY_1: 'user.email',
  GIT_CONFIG_VALUE_1: 'a@example.org',
  GIT_CONFIG_KEY_2: 'init.defaultBranch',
  GIT_CONFIG_VALUE_2: 'main',
  // For submodules that are cloned from a folder.
  GIT_CONFIG_KEY_3: 'protocol.file.allow',
  GIT_CONFIG_VALUE_3: 'always',
};

/** How a program ended. */
export interface Ended {
  readonly code: number;
  /** What it printed, standard error behind standard output. */
  readonly output: string;
}

/** A folder with a repository in it. */
export interface Repository {
  /** Absolute, links resolved. */
  readonly folder: string;
  /** Runs git there, or in a folder below; throws with what it printed where it fails. */
  readonly git: (...args: readonly string[]) => string;
  /** Writes a file, and the folders that lead to it. */
  readonly put: (path: string, text: string) => void;
  readonly read: (path: string) => string;
  /** Replaces a text that is there. */
  readonly edit: (path: string, from: string, to: string) => void;
  /** Writes files, and commits everything. */
  readonly commit: (files?: Readonly<Record<string, string>>) => void;
}

/** Runs a program; `env` is added to the environment above. */
export function runProgram(
  folder: string,
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Ended {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: folder,
    env: { ...gitEnvironment, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 2 ** 26,
  });
  if (error !== undefined) throw error;
  return { code: status ?? -1, output: stdout + stderr };
}

/** What works in a folder that is a repository already. */
export function repositoryAt(folder: string): Repository {
  const at = (path: string): string => join(folder, path);
  const git = (...args: readonly string[]): string => {
    const { code, output } = runProgram(folder, 'git', args);
    if (code !== 0) throw new Error(`git ${args.join(' ')} ended with ${code}: ${output}`);
    return output;
  };
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  };
  const read = (path: string): string => readFileSync(at(path), 'utf8');
  return {
    folder,
    git,
    put,
    read,
    edit(path, from, to) {
      const text = read(path);
      if (!text.includes(from)) throw new Error(`${path} does not hold ${JSON.stringify(from)}`);
      put(
        path,
        text.replace(from, () => to),
      );
    },
    commit(files = {}) {
      for (const [path, text] of Object.entries(files)) put(path, text);
      git('add', '--all');
      git('commit', '--quiet', '--no-verify', '--message', 'A change');
    },
  };
}

/** A folder of one test file, for what its tests write. */
export interface Scratch {
  /** Absolute, links resolved. */
  readonly folder: string;
  /** A new repository in a new folder of it. */
  readonly repository: () => Repository;
  /** A new empty folder. */
  readonly empty: () => string;
  readonly remove: () => void;
}

/** Makes such a folder among the temporary files. */
export function scratch(name: string): Scratch {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `tusklint-${name}-`)));
  let count = 0;
  const empty = (): string => {
    count += 1;
    const path = join(folder, String(count));
    mkdirSync(path);
    return path;
  };
  return {
    folder,
    empty,
    repository() {
      const repository = repositoryAt(empty());
      repository.git('init', '--quiet');
      return repository;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const careful = readFileSync(new URL('../fixtures/clean/careful/statefulset.yaml', import.meta.url), 'utf8');

function replaced(text: string, pattern: RegExp, by: string): string {
  if (!pattern.test(text)) throw new Error(`the careful StatefulSet has changed: it does not match ${String(pattern)}`);
  return text.replace(pattern, by);
}

/** A careful PostgreSQL that reads its settings from the ConfigMap below. */
export const server: string = [
  [/ {10}args:\n(?: {12}.*\n)+/, '          args: ["-c", "config_file=/etc/postgresql/postgresql.conf"]\n'] as const,
  [
    /volumeMounts:\n/,
    'volumeMounts:\n            - name: settings\n              mountPath: /etc/postgresql\n',
  ] as const,
  [
    / volumes:\n/,
    ' volumes:\n        - name: settings\n          configMap:\n            name: ledger-settings\n',
  ] as const,
].reduce((text, [pattern, by]) => replaced(text, pattern, by), careful);

/** Its settings, in a file of their own. */
export const settings = `apiVersion: v1
kind: ConfigMap
metadata:
  name: ledger-settings
  namespace: bank
data:
  postgresql.conf: |
    listen_addresses = '*'
    shared_buffers = 512MB
    effective_cache_size = 1536MB
    maintenance_work_mem = 128MB
    autovacuum_work_mem = 64MB
    max_connections = 60
`;

/** The settings with a mistake that a safe fix mends: `fsync-off`. */
export const unsafeSettings: string = settings.replace('    shared_buffers', '    fsync = off\n    shared_buffers');

/** An application that has no database. */
export const application = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: site
spec:
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    spec:
      containers:
        - name: web
          image: registry.example/web:1.0.0
`;

/** Whether a program can be run. */
export const hasProgram = (program: string): boolean =>
  program.startsWith('/')
    ? existsSync(program)
    : spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
