/** The shop of fixtures/repos as a pull request: for tests. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type FakeApi, pushTo, startFakeApi } from './fake-api.ts';
import { type Files, type Origin, createOrigin, pullRequestEvent } from './repository.ts';
import type { Step } from './runner.ts';

const shop = join(import.meta.dirname, '../../../fixtures/repos/shop');
/** A file of the shop as it is. */
export const shopFile = (path: string): string => readFileSync(join(shop, path), 'utf8');

export const settingsFile = 'k8s/postgres/configmap.yaml';
export const serverFile = 'k8s/postgres/statefulset.yaml';
const others = ['k8s/postgres/service.yaml', 'k8s/postgres/network-policy.yaml', 'k8s/api/deployment.yaml'];

/** The shop with its usual defects, but for those of its settings. */
export const before: Files = Object.fromEntries(
  [settingsFile, serverFile, ...others].map(path => [
    path,
    shopFile(path)
      .replace('shared_buffers = 1GB', 'shared_buffers = 256MB')
      .replace('    # moved from the old server\n    wal_keep_segments = 64\n', ''),
  ]),
);
/** The settings with two errors: too large buffers in line 9, a parameter of old in line 16. */
export const worse = String(before[settingsFile])
  .replace('shared_buffers = 256MB', 'shared_buffers = 1GB')
  .replace('log_min_duration', 'wal_keep_segments = 64\n    log_min_duration');

/** Where a pull request is made. */
export interface Scene {
  readonly origin: Origin;
  readonly api: FakeApi;
  /** A folder for what the test makes. */
  readonly temporary: string;
}

/** Makes a repository and a GitHub in a folder of their own below `parent`. */
export async function openScene(parent: string): Promise<Scene> {
  const temporary = mkdtempSync(join(parent, 'test-'));
  return { temporary, origin: createOrigin(temporary), api: await startFakeApi() };
}

/** Ends a scene; gives what GitHub's own description of its API has against the requests that were made. */
export async function closeScene({ api, temporary }: Scene): Promise<readonly string[]> {
  await api.close();
  rmSync(temporary, { recursive: true, force: true });
  return api.complaints;
}

/** A pull request, checked out as actions/checkout does by itself. */
export interface PullRequest {
  readonly base: string;
  readonly head: string;
  readonly workspace: string;
  readonly step: Step;
}

/** A pull request that makes these changes to the shop. */
export function pullRequest(
  scene: Scene,
  changes: Files,
  options: { readonly base?: Files; readonly headRepo?: string | null } = {},
): PullRequest {
  const base = scene.origin.commit(undefined, options.base ?? before);
  return proposed(scene, base, scene.origin.commit(base, changes), options);
}

/** The pull request of a commit; the API knows it from then on. */
export function proposed(
  { origin, api, temporary }: Scene,
  base: string,
  head: string,
  options: { readonly headRepo?: string | null } = {},
): PullRequest {
  const merge = origin.merge(base, head);
  pushTo(api.state, head, origin.changes(base, head));
  const workspace = origin.checkout(merge);
  const step: Step = {
    temporary,
    workspace,
    eventName: 'pull_request',
    event: pullRequestEvent(head, base, options),
    apiUrl: api.url,
    env: { GITHUB_SHA: merge, GITHUB_REF: 'refs/pull/7/merge' },
  };
  return { base, head, workspace, step };
}
