/** The words every part of tusklint shares: places, facts, problems, findings, fixes and rules. */
import type { Environment } from './environment.ts';
import type { HbaFile } from './postgres/authentication.ts';
import type { Server } from './postgres/server.ts';
import type { SettingsFile } from './postgres/settings.ts';
import type { YamlProblem } from './yaml/problem.ts';

/** A text with a path: a file, standard input, a blob. Paths are relative to the working directory, with `/`. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** Half-open range of UTF-16 offsets into the source named `path`. Lines and columns exist only in reports. */
export interface Location {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** A value and the place that says it. */
export interface Located<T> {
  readonly value: T;
  readonly at: Location;
}

/**
 * What the model knows of one thing. Unknown is never taken for absent or for a default:
 * a rule that needs an unknown value stays silent.
 */
export type Fact<T> = Known<T> | Unknown | Absent;
export interface Known<T> extends Located<T> {
  readonly state: 'known';
}
export interface Unknown {
  readonly state: 'unknown';
  /** Why, for a person: "comes from the ConfigMap "settings", which is not here". */
  readonly reason: string;
  readonly at?: Location | undefined;
}
export interface Absent {
  readonly state: 'absent';
  /** Where a person would look for it: the key of what should hold it. */
  readonly at?: Location | undefined;
}

export const known = <T>(value: T, at: Location): Known<T> => ({ state: 'known', value, at });
export const unknown = (reason: string, at?: Location): Unknown => ({ state: 'unknown', reason, at });
export const absent = (at?: Location): Absent => ({ state: 'absent', at });
/** The value of a known fact, otherwise undefined. */
export const valueOf = <T>(fact: Fact<T> | undefined): T | undefined =>
  fact?.state === 'known' ? fact.value : undefined;

export type Severity = 'error' | 'warning' | 'info';
export type Preset = 'recommended' | 'strict';

/** Replaces one range; `start === end` inserts, `text === ''` deletes. */
export interface TextEdit extends Location {
  readonly text: string;
}

/**
 * `safe` keeps data, access and capacity as they are and follows from what the file says (`restarts`: the pods roll);
 * `unsafe` moves data, changes who may connect, chooses a number, or may keep the pod from starting.
 */
export interface Fix {
  /** What it does, in a few words: `requests.memory: "256Mi" → "1Gi"`. */
  readonly title: string;
  readonly applicability: 'safe' | 'unsafe';
  readonly restarts?: boolean | undefined;
  readonly edits: readonly TextEdit[];
}

/**
 * What keeps a fix from being written though the remedy is plain: an alias, a placeholder, a comment that would be lost.
 * The finding has no fix then, and its help says why.
 */
export interface Hindrance {
  /** Reads well behind "there is no fix, since": `"resources" is written through the alias *small`. */
  readonly hindrance: string;
}

/** Another place that bears on the problem. */
export interface Related {
  readonly at: Location;
  readonly message: string;
}

/** What a rule yields. */
export interface Problem {
  readonly at: Location;
  /** Lower case, no full stop; names the object and the value; ends with the consequence. */
  readonly message: string;
  /** A few words for the underline in the code frame: `less than 280 MiB`. */
  readonly label?: string | undefined;
  /** One imperative sentence. */
  readonly help?: string | undefined;
  readonly related?: readonly Related[] | undefined;
  readonly fix?: Fix | Hindrance | undefined;
  /** Where the rule knows that this case weighs less (or more) than its usual severity. */
  readonly severity?: Severity | undefined;
  /** Ids of merged rules that this problem is made of. Configuration that names a part takes away that part alone. */
  readonly parts?: readonly Part[] | undefined;
  /** How the problem reads when only these of its parts are left (see `composed`). */
  readonly recompose?: ((left: readonly Part[]) => Problem) | undefined;
  /** The server that the problem is about, where the subject is not the server itself. */
  readonly server?: Server | undefined;
}

/** One gap of a merged finding: its own id and what the message says of it. */
export interface Part {
  readonly id: string;
  readonly text: string;
}

/**
 * A problem made of several gaps of one object, at least one: `build` words it, and its fix, for those of them that
 * configuration and ignore comments leave. Each part's `id` is one of the rule's aliases.
 */
export function composed<P extends Part>(parts: readonly P[], build: (left: readonly P[]) => Problem): Problem {
  return {
    ...build(parts),
    parts,
    recompose: left =>
      composed(
        parts.filter(p => left.some(l => l.id === p.id)),
        build,
      ),
  };
}

export interface ResourceId {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly label?: string | undefined;
  readonly help?: string | undefined;
  readonly at: Location;
  readonly related: readonly Related[];
  readonly fix?: Fix | undefined;
  readonly parts: readonly string[];
  readonly resource?: ResourceId | undefined;
  /** Names of the builds that have it (one base finding in N builds is one finding). */
  readonly build: string;
  readonly server?: string | undefined;
  /** Survives edits elsewhere in the file and moves of the file. */
  readonly fingerprint: string;
}

/** What a rule may be about; `check` runs once for each. */
export interface Subjects {
  readonly server: Server;
  /** A file of PostgreSQL settings, once, however many servers load it. */
  readonly 'settings-file': SettingsFile;
  /** A pg_hba.conf, once, however many servers load it. */
  readonly 'hba-file': HbaFile;
  /** Everything that goes to one API server. */
  readonly environment: Environment;
  /** A YAML or JSON file, whether it could be read or not. */
  readonly 'yaml-file': YamlFile;
  /** An ignore comment or annotation, after every other rule ran. */
  readonly 'ignore-comment': IgnoreComment;
}

/** A YAML or JSON file that was parsed, and what kubectl refuses in it. */
export interface YamlFile {
  readonly path: string;
  readonly problems: readonly YamlProblem[];
}
/** `# tusklint-ignore id[, id] [until=YYYY-MM-DD] -- reason`, or the annotation `tusklint/ignore`. */
export interface IgnoreComment {
  /** The comment from its mark to its end; the value of the annotation. */
  readonly at: Location;
  readonly ids: readonly IgnoredId[];
  /** Empty where none is given. */
  readonly reason: string;
  /** The last day on which it holds, `YYYY-MM-DD`. */
  readonly until: string | undefined;
}
export interface IgnoredId {
  /** The id of a rule, a part or an alias, as written. */
  readonly id: string;
  readonly at: Location;
  /** `used`: it took a finding away; `ended`: it would have, but its day has passed; `off`: its rule did not run. */
  readonly state: 'used' | 'unused' | 'ended' | 'off' | 'unknown';
  /** The known id nearest to an unknown one. */
  readonly suggestion: string | undefined;
}

export type OptionValue = string | number | boolean | readonly string[];
export type Options = Readonly<Record<string, OptionValue>>;

export interface RuleContext<O extends Options> {
  readonly options: O;
  /** The day that end-of-life tables are judged against, `YYYY-MM-DD`. */
  readonly now: string;
  /** The text of a source, for the constructors of line edits. */
  readonly text: TextOf;
  /** The other servers that read a settings file of this one: what is changed there must suit them too. */
  readonly sharers: (server: Server) => readonly Server[];
}

/** The text of the source at a path, undefined where there is none. */
export type TextOf = (path: string) => string | undefined;

export interface Rule<S extends keyof Subjects = keyof Subjects, O extends Options = Options> {
  /** Equals the file name; stable for ever. */
  readonly id: string;
  /** One sentence for the README table, SARIF and `tusklint rules`. */
  readonly summary: string;
  readonly severity: Severity;
  readonly preset: Preset;
  /** The version of tusklint that first had it. */
  readonly since: string;
  /** The strongest kind of fix that it offers. */
  readonly fix?: Fix['applicability'] | undefined;
  /** Ids merged into this one. */
  readonly aliases?: readonly string[] | undefined;
  /** The defaults are the type, the documentation and the schema. */
  readonly options?: O | undefined;
  readonly on: S;
  check(subject: Subjects[S], context: RuleContext<O>): Iterable<Problem>;
}

export type AnyRule = { [S in keyof Subjects]: Rule<S> }[keyof Subjects];

/** Types a rule; returns it unchanged. */
export function defineRule<S extends keyof Subjects, O extends { [K in keyof O]: OptionValue } = Options>(
  rule: Rule<S, O & Options>,
): AnyRule {
  return rule as unknown as AnyRule;
}
