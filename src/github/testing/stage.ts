/** What tests of the Action stand on: one bundle for a file of tests, and for each test a repository and a GitHub of its own. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { bundled } from './runner.ts';
import { type Scene, closeScene, openScene } from './scene.ts';

export interface Stage {
  /** The folder of the bundle, once tests run. */
  readonly dist: () => string;
  /** Runs a test in a scene of its own, so that tests can wait at the same time. */
  readonly inScene: (work: (scene: Scene) => Promise<void>) => Promise<void>;
}

/** Opens a stage for the tests of a file, and takes it away after them. */
export function openStage(name: string): Stage {
  let all = '';
  let dist = '';
  beforeAll(() => {
    all = realpathSync(mkdtempSync(join(tmpdir(), `tusklint-${name}-`)));
    dist = bundled(all);
  }, 60_000);
  afterAll(() => rmSync(all, { recursive: true, force: true }));
  return {
    dist: () => dist,
    async inScene(work) {
      const scene = await openScene(all);
      try {
        await work(scene);
      } finally {
        expect(await closeScene(scene)).toEqual([]);
      }
    },
  };
}
