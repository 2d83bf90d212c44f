/** The configuration of a run: the file that is in force, and what the flags change of it. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Config, type Level, defaultConfig } from '../config.ts';
import { displayPath } from '../discover.ts';
import { gitRoot } from '../git.ts';
import { nearest } from '../nearest.ts';
import { readText } from '../read.ts';
import type { AnyRule, Preset } from '../types.ts';
import { UsageError } from './io.ts';

/** Flags that bear on the configuration. */
export interface ConfigurationFlags {
  /** A path, `false` for none at all, undefined for the one that is found. */
  readonly config: string | false | undefined;
  readonly preset: Preset | undefined;
  readonly rule: readonly (readonly [id: string, level: Level])[];
  readonly pgVersion: number | undefined;
}

/** Names that a configuration may have; the first that is there counts. */
export const configurationNames = ['tusklint.yaml', 'tusklint.yml', '.tusklint.yaml', '.tusklint.yml'];

/** Finds and reads the configuration, and applies the flags: they win over every part of the file. */
export async function configuration(
  cwd: string,
  flags: ConfigurationFlags,
  rules: () => Promise<readonly AnyRule[]>,
): Promise<Config> {
  const path =
    flags.config === undefined ? findConfig(cwd) : flags.config === false ? undefined : resolve(cwd, flags.config);
  const fromFile = path === undefined ? defaultConfig : await fileConfig(cwd, path, await rules());
  if (flags.rule.length > 0) checkIds(flags.rule, await rules());
  return {
    ...fromFile,
    preset: flags.preset ?? fromFile.preset,
    pgVersion: flags.pgVersion ?? fromFile.pgVersion,
    rules: { ...fromFile.rules, ...levelsOf(flags.rule, fromFile) },
    // The last override wins; "." stands for every path.
    overrides:
      flags.rule.length === 0
        ? fromFile.overrides
        : [...fromFile.overrides, { files: ['.'], rules: levelsOf(flags.rule) }],
  };
}

function levelsOf(rule: ConfigurationFlags['rule'], config?: Config): Config['rules'] {
  return Object.fromEntries(rule.map(([id, severity]) => [id, { ...config?.rules[id], severity }]));
}

/** The nearest `tusklint.yaml`: in the working directory, or above it up to the top of the git repository. */
export function findConfig(cwd: string): string | undefined {
  const top = gitRoot(cwd) ?? cwd;
  for (let folder = cwd; ; folder = dirname(folder)) {
    const found = configurationNames.map(name => join(folder, name)).find(existsSync);
    if (found !== undefined || folder === top || folder === dirname(folder)) return found;
  }
}

async function fileConfig(cwd: string, path: string, rules: readonly AnyRule[]): Promise<Config> {
  const shown = displayPath(cwd, path);
  if (!existsSync(path)) throw new UsageError(`there is no configuration file "${shown}"`);
  const result = readText(path);
  if (result.text === undefined) throw new UsageError(`${shown} ${result.reason}`);
  const { readConfig } = await import('../config-file.ts');
  return readConfig({ path: shown, text: result.text }, rules);
}

function checkIds(levels: ConfigurationFlags['rule'], rules: readonly AnyRule[]): void {
  const known = new Set(rules.flatMap(rule => [rule.id, ...(rule.aliases ?? [])]));
  for (const [id] of levels) {
    if (known.has(id)) continue;
    const near = nearest(id, known);
    throw new UsageError(`--rule names no rule "${id}"${near === undefined ? '' : ` (did you mean ${near}?)`}`);
  }
}
