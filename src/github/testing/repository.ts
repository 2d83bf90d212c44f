/** Repositories on the server and their clones, made as actions/checkout makes them: for tests. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FakeFile } from './fake-api.ts';

/** Texts by path; undefined takes a file away. */
export type Files = Readonly<Record<string, string | undefined>>;

/** A repository on the server, with one pull request, number 7. */
export interface Origin {
  readonly folder: string;
  /** Commits files on top of a commit; gives the new commit. */
  readonly commit: (parent: string | undefined, files: Files) => string;
  /** Merges a head into a base, as GitHub does for refs/pull/7/merge. */
  readonly merge: (base: string, head: string) => string;
  /** The files of the pull request as the API tells them. */
  readonly changes: (base: string, head: string) => FakeFile[];
  /** Clones one commit alone, as `ref` of the pull request: `merge` or `head`. */
  readonly checkout: (commit: string, ref?: string) => string;
  /** Clones all. */
  readonly clone: (commit: string) => string;
  readonly git: (...args: readonly string[]) => string;
}

const settings = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];

/** Makes an empty repository below `parent`, where its clones go as well. */
export function createOrigin(parent: string): Origin {
  const folder = mkdtempSync(join(parent, 'origin-'));
  const run = (cwd: string, args: readonly string[]): string =>
    execFileSync('git', [...settings, ...args], {
      cwd,
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
    }).trimEnd();
  const git = (...args: readonly string[]) => run(folder, args);
  git('init', '--quiet', '--initial-branch=main');
  // GitHub gives every commit that somebody asks for by name.
  git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  const apply = (files: Files) => {
    for (const [path, text] of Object.entries(files)) {
      const file = join(folder, path);
      if (text === undefined) rmSync(file);
      else {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
    }
    git('add', '--all');
  };
  const cloned = (fetch: readonly string[], commit: string): string => {
    const clone = mkdtempSync(join(parent, 'clone-'));
    run(clone, ['init', '--quiet']);
    run(clone, ['remote', 'add', 'origin', `file://${folder}`]);
    run(clone, ['fetch', '--quiet', ...fetch]);
    run(clone, ['checkout', '--quiet', '--force', commit]);
    return clone;
  };
  return {
    folder,
    git,
    commit(parent, files) {
      if (parent !== undefined) git('checkout', '--quiet', '--force', '--detach', parent);
      apply(files);
      git('commit', '--quiet', '--allow-empty', '--message', 'change');
      return git('rev-parse', 'HEAD');
    },
    merge(base, head) {
      git('checkout', '--quiet', '--force', '--detach', base);
      git('merge', '--quiet', '--no-ff', '--message', 'Merge', head);
      return git('rev-parse', 'HEAD');
    },
    changes(base, head) {
      const from = git('merge-base', base, head);
      const words = git('diff', '--no-renames', '--name-status', '-z', from, head).split('\0');
      const names = words.flatMap((status, i) =>
        i % 2 === 0 && status !== '' ? [[status, words[i + 1] ?? ''] as const] : [],
      );
      return names.map(([status, filename]) => {
        const diff = git('diff', '--no-renames', from, head, '--', `:(literal)${filename}`);
        const at = diff.indexOf('\n@@ ');
        return {
          filename,
          status: { A: 'added', D: 'removed' }[status] ?? 'modified',
          sha: git('rev-parse', status === 'D' ? `${from}:${filename}` : `${head}:${filename}`),
          ...(at < 0 ? {} : { patch: diff.slice(at + 1) }),
        };
      });
    },
    checkout(commit, ref = 'merge') {
      return cloned(
        [
          '--no-tags',
          '--prune',
          '--no-recurse-submodules',
          '--depth=1',
          'origin',
          `+${commit}:refs/remotes/pull/7/${ref}`,
        ],
        `refs/remotes/pull/7/${ref}`,
      );
    },
    clone(commit) {
      git('update-ref', 'refs/heads/all', commit);
      return cloned(['origin', '+refs/heads/*:refs/remotes/origin/*'], commit);
    },
  };
}

/** The event of the pull request. */
export function pullRequestEvent(head: string, base: string, more: { readonly headRepo?: string | null } = {}): object {
  const { headRepo = 'acme/shop' } = more;
  return {
    action: 'synchronize',
    number: 7,
    repository: { full_name: 'acme/shop', private: false },
    pull_request: {
      number: 7,
      head: { sha: head, ref: 'feature', repo: headRepo === null ? null : { full_name: headRepo } },
      base: { sha: base, ref: 'main', repo: { full_name: 'acme/shop' } },
    },
  };
}
