/** Settings of a server with their provenance: every place that sets one, in PostgreSQL's own order, winner last. */
import type { ParsedConf } from '../formats/postgresql-conf.ts';
import type { TextRegion } from '../text-region.ts';
import { absent, type Fact, known, type Location, unknown } from '../types.ts';
import { type Catalogue, canonicalName, judgingMajor, type Parameter, parameterOf } from './catalogue.ts';
import type { Server } from './server.ts';
import { inBytes, inMilliseconds, type ParsedValue, parseValue, type Value } from './values.ts';

export interface Setting {
  /** PostgreSQL's own spelling; as written for names that the catalogue does not know. */
  readonly name: string;
  /** As written, unquoted: `256MB`. */
  readonly value: string;
  /** The value's place, and the name's. */
  readonly at: Location;
  readonly nameAt: Location;
  readonly origin: 'file' | 'command line' | 'environment' | 'operator';
  /** What the catalogue says of it for the server's major; undefined for names that it does not know. */
  readonly parameter: Parameter | undefined;
  /** False for a setting of a file that is meant for the server and not loaded. */
  readonly loaded: boolean;
  /** Why the value is not known though the setting is here: a placeholder, or an include that may override it. */
  readonly uncertain: string | undefined;
  /** The settings of the same name that it overrides, weakest first. */
  readonly overridden: readonly Setting[];
}

/** What a server runs with. */
export interface Configuration {
  readonly catalogue: Catalogue;
  /** The server's major; undefined where it is unknown: then the newest catalogue judges values, and a default counts only if all majors agree. */
  readonly major: number | undefined;
  /** The settings that something sets, by lower-case name (former names under today's: `sort_mem` is `work_mem`). */
  readonly settings: ReadonlyMap<string, Setting>;
  /** `initdb`: PGDATA's own postgresql.conf is the base; `boot`: another file replaces it, so initdb's values are lost. */
  readonly defaults: 'initdb' | 'boot';
  /** Why settings may be set where we do not see; undefined when all is seen. Then what is not set is unknown, not default. */
  readonly open: string | undefined;
  /** Includes that the server would stumble over. */
  readonly problems: readonly ConfigurationProblem[];
}

/** An include that keeps the server from starting. */
export interface ConfigurationProblem {
  readonly kind: 'missing' | 'empty' | 'depth' | 'recursion';
  readonly at: Location;
  /** As the server says it: `could not open configuration file "x.conf"`. */
  readonly message: string;
}

/** A settings file in the input, and the servers it is for. */
export interface SettingsFile {
  readonly region: TextRegion;
  readonly parsed: ParsedConf;
  /** The servers that load it, or that it is meant for. */
  readonly servers: readonly Server[];
  /** The majors of those servers, ascending; empty where none is known. */
  readonly majors: readonly number[];
  /** Some server really reads it. */
  readonly loaded: boolean;
  /** Has template placeholders: names and values that hold one are unknown. */
  readonly templated: boolean;
}

/** A settings file that a server reads, or is meant to read. */
export interface FileUse {
  readonly region: TextRegion;
  /** Its path in the container, where known. */
  readonly path: string | undefined;
  readonly loaded: boolean;
  /** The place that makes the server read it (or fails to): the `config_file` argument, the mount. */
  readonly via: Location | undefined;
}

export type SettingFact = Fact<Setting>;

/** The setting: known when something sets it, absent when the default applies, unknown where it may be set out of sight. */
export function settingOf(configuration: Configuration, name: string): SettingFact {
  const setting = find(configuration, name);
  if (setting === undefined) return configuration.open === undefined ? absent() : unknown(configuration.open);
  return setting.uncertain === undefined ? known(setting, setting.at) : unknown(setting.uncertain, setting.at);
}

/** Something that we see sets it, to a value that may or may not be known. */
export function isSet(configuration: Configuration, name: string): boolean {
  return find(configuration, name) !== undefined;
}

/** The setting's value as the server reads it; undefined for names that the catalogue does not know. */
export function parsedValue(configuration: Configuration, setting: Setting): ParsedValue | undefined {
  if (setting.parameter === undefined) return undefined;
  return parseValue(setting.parameter, setting.value, judgingMajor(configuration.catalogue, configuration.major));
}

/**
 * What the server runs with, in base units, default included; undefined where it is unknown, invalid, or has no default.
 * A name with a prefix that the catalogue does not know (`pgaudit.log`) is text, as it is to the server.
 */
export function effective(configuration: Configuration, name: string): Value | undefined {
  const fact = settingOf(configuration, name);
  if (fact.state === 'unknown') return undefined;
  if (fact.state === 'absent') return defaultValue(configuration, name);
  if (fact.value.parameter === undefined) return fact.value.name.includes('.') ? fact.value.value : undefined;
  const parsed = parsedValue(configuration, fact.value);
  return parsed?.ok === true ? parsed.value : undefined;
}

/** `effective` in bytes; undefined also where it counts no memory. -1 stays -1. */
export function bytesOf(configuration: Configuration, name: string): number | undefined {
  return convert(configuration, name, inBytes);
}

/** `effective` in milliseconds; undefined also where it counts no time. -1 stays -1. */
export function millisecondsOf(configuration: Configuration, name: string): number | undefined {
  return convert(configuration, name, inMilliseconds);
}

/** `effective` where it is a number. */
export function numberOf(configuration: Configuration, name: string): number | undefined {
  const value = effective(configuration, name);
  return typeof value === 'number' ? value : undefined;
}

/** What the catalogue says of a name for the server's major, or the newest one known. */
export function parameterIn(configuration: Configuration, name: string): Parameter | undefined {
  return parameterOf(configuration.catalogue, judgingMajor(configuration.catalogue, configuration.major), name);
}

/** The default in base units. Where the major is unknown: the one that all majors with this parameter share, otherwise undefined. */
export function defaultValue(configuration: Configuration, name: string): Value | undefined {
  const { catalogue, major } = configuration;
  const majors = major === undefined ? catalogue.majors : [judgingMajor(catalogue, major)];
  const values = new Set<Value | undefined>();
  for (const one of majors) {
    const parameter = parameterOf(catalogue, one, name);
    if (parameter !== undefined) values.add(defaultOf(parameter, configuration.defaults));
  }
  return values.size === 1 ? [...values][0] : undefined;
}

function defaultOf(parameter: Parameter, defaults: Configuration['defaults']): Value | undefined {
  const written = (defaults === 'initdb' ? parameter.initdbValue : undefined) ?? parameter.bootValue;
  if (written === undefined) return undefined;
  if (parameter.type === 'bool') return written === 'on';
  return parameter.type === 'integer' || parameter.type === 'real' ? Number(written) : written;
}

function find(configuration: Configuration, name: string): Setting | undefined {
  return configuration.settings.get(canonicalName(judgingMajor(configuration.catalogue, configuration.major), name));
}

function convert(
  configuration: Configuration,
  name: string,
  scale: (parameter: Parameter, value: Value) => number | undefined,
): number | undefined {
  const value = effective(configuration, name);
  const parameter = parameterIn(configuration, name);
  return value === undefined || parameter === undefined ? undefined : scale(parameter, value);
}
