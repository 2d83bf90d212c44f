/** What `tusklint.yaml` says: which rules run where and how strictly, and what the files cannot tell. */
import picomatch from 'picomatch';
import type { ImageFamily } from './postgres/images.ts';
import type { AnyRule, Options, Preset, Severity } from './types.ts';
import { UserError } from './user-error.ts';

export type Level = 'off' | Severity;

export interface RuleConfig {
  readonly severity?: Level | undefined;
  readonly options?: Options | undefined;
}

export interface Override {
  /** Globs of paths; a folder stands for all below it. */
  readonly files: readonly string[];
  readonly rules: Readonly<Record<string, RuleConfig>>;
}

/** What a private image is: as if its name had told. */
export interface ImageConfig {
  readonly family?: ImageFamily | undefined;
  readonly major?: number | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  readonly dataDirectory?: string | undefined;
}

export interface Config {
  readonly preset: Preset;
  /** By id of a rule, an alias or a part. */
  readonly rules: Readonly<Record<string, RuleConfig>>;
  /** Later ones win. */
  readonly overrides: readonly Override[];
  /** Globs of the paths to read; empty for all. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Objects that exist elsewhere: `Secret/postgres-password`, `NetworkPolicy/*`. */
  readonly external: readonly string[];
  /** By image name without its tag, with `*`: `registry.example/db/*`. */
  readonly images: Readonly<Record<string, ImageConfig>>;
  /** The major to judge by where no image tells. */
  readonly pgVersion: number | undefined;
  /** Paths that go to one API server, by the environment's name. */
  readonly environments: Readonly<Record<string, readonly string[]>>;
}

/** What holds without a configuration file. */
export const defaultConfig: Config = {
  preset: 'recommended',
  rules: {},
  overrides: [],
  include: [],
  exclude: [],
  external: [],
  images: {},
  pgVersion: undefined,
  environments: {},
};

/** A wrong flag, configuration or baseline: one line for a person, `file:line:column: message` where it has a place. */
export class ConfigError extends UserError {
  override readonly name = 'ConfigError';
}

/** What a configuration makes of rules. */
export interface Levels {
  /** Whether the rule can have a finding anywhere. */
  runs(rule: AnyRule): boolean;
  /** The rule's options for a subject that stands at `path`. */
  options(rule: AnyRule, path: string): Options;
  /**
   * How a problem of the rule at `path` weighs: `off`, a severity that was configured, or undefined for its own.
   * With `part`: the same for one gap of a merged problem.
   */
  level(rule: AnyRule, path: string, part?: string): Level | undefined;
}

/** Prepares a configuration for many questions; globs are compiled once. */
export function levels(config: Config): Levels {
  const layers = [
    { applies: () => true, rules: config.rules },
    ...config.overrides.map(o => ({ applies: pathMatcher(o.files), rules: o.rules })),
  ];
  const find = <T>(path: string, ids: readonly string[], pick: (rule: RuleConfig) => T | undefined): T | undefined => {
    let found: T | undefined;
    for (const layer of layers) {
      if (!ids.some(id => Object.hasOwn(layer.rules, id)) || !layer.applies(path)) continue;
      for (const id of ids) found = pick(layer.rules[id] ?? {}) ?? found;
    }
    return found;
  };
  const inPreset = (rule: AnyRule): boolean => rule.preset === 'recommended' || config.preset === 'strict';
  return {
    runs(rule) {
      const named = layers.flatMap(l => idsOf(rule).map(id => l.rules[id]?.severity)).filter(s => s !== undefined);
      if (named.some(s => s !== 'off')) return true;
      return inPreset(rule) && config.rules[rule.id]?.severity !== 'off';
    },
    options(rule, path) {
      let options: Options = rule.options ?? {};
      for (const layer of layers) {
        const own = layer.rules[rule.id]?.options;
        if (own !== undefined && layer.applies(path)) options = { ...options, ...own };
      }
      return options;
    },
    level(rule, path, part) {
      const severity = (ids: readonly string[]) => find(path, ids, r => r.severity);
      const configured = part === undefined ? severity(idsOf(rule)) : (severity([part]) ?? severity([rule.id]));
      return configured ?? (inPreset(rule) ? undefined : 'off');
    },
  };
}

/** Ids under which a rule may be named, its own last. */
function idsOf(rule: AnyRule): readonly string[] {
  return [...(rule.aliases ?? []), rule.id];
}

/** Whether a path is meant by some of the patterns; a pattern without wildcards also means all below it. */
export function pathMatcher(patterns: readonly string[]): (path: string) => boolean {
  const tests = patterns.map(pattern => {
    const plain = pattern.replace(/^\.\//, '').replace(/\/+$/, '');
    if (picomatch.scan(plain).isGlob) return picomatch(plain, { dot: true });
    return (path: string) => path === plain || path.startsWith(`${plain}/`) || plain === '.';
  });
  return path => tests.some(test => test(path));
}
