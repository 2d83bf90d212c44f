/** What PostgreSQL's parameters are: names, types, units, ranges, words and defaults of every major, as real servers say. */
import { editDistance } from '../nearest.ts';

export type ParameterType = 'bool' | 'integer' | 'real' | 'string' | 'enum';
/** What a number without a unit counts, as in `pg_settings.unit`. */
export type BaseUnit = 'B' | 'kB' | '8kB' | 'MB' | 'ms' | 's' | 'min';
/** When a change takes effect, weakest first; `internal` parameters cannot be set at all, `postmaster` ones need a restart. */
export type ParameterContext =
  | 'user'
  | 'superuser'
  | 'backend'
  | 'superuser-backend'
  | 'sighup'
  | 'postmaster'
  | 'internal';

/** What a range of majors says of a parameter: an entry of `schemas/settings.json`. */
export interface Variant {
  /** First and last major, both included. */
  readonly majors: readonly [number, number];
  readonly type: ParameterType;
  readonly unit?: BaseUnit;
  readonly min?: number;
  readonly max?: number;
  readonly enum?: readonly string[];
  readonly aliases?: Readonly<Record<string, string>>;
  readonly buildWords?: readonly string[];
  readonly boot?: string;
  readonly initdb?: string;
  readonly context: ParameterContext;
  readonly extension?: string;
  readonly hidden?: boolean;
  readonly onlyIn?: string;
}

/** The shape of `schemas/settings.json`. */
export interface CatalogueData {
  readonly date: string;
  readonly releases: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, readonly Variant[]>>;
}

/** One parameter in one major. */
export interface Parameter {
  /** PostgreSQL's own spelling: `TimeZone`, `work_mem`. */
  readonly name: string;
  readonly major: number;
  readonly type: ParameterType;
  readonly unit: BaseUnit | undefined;
  /** The allowed range in base units; undefined for what has none. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** The words that `pg_settings` lists. */
  readonly enumValues: readonly string[];
  /** Accepted words that are shown as another one: `archive` as `replica`. Most are unlisted. */
  readonly hiddenEnumValues: Readonly<Record<string, string>>;
  /** Words that servers built without a library refuse: lz4, zstd, io_uring. The official images have them. */
  readonly buildDependentWords: readonly string[];
  /** The compiled-in default as `pg_settings.boot_val` shows it, in base units; undefined for none. */
  readonly bootValue: string | undefined;
  /** What initdb writes into the new postgresql.conf where that differs from `bootValue`, in base units. */
  readonly initdbValue: string | undefined;
  readonly context: ParameterContext;
  /** The contrib module that defines it; until that is loaded the server takes any text for it. */
  readonly extension: string | undefined;
  /** Known to the server and absent from `pg_settings`. */
  readonly hidden: boolean;
  /** Where a server must come from to know it ("Debian's packages"); undefined when all servers of the major do. */
  readonly onlyIn: string | undefined;
}

/** All parameters of all majors. */
export interface Catalogue {
  /** The day of the dumps, `YYYY-MM-DD`. */
  readonly date: string;
  /** Ascending. */
  readonly majors: readonly number[];
  /** The minor release of each major that was asked: `18.4`. */
  readonly releases: Readonly<Record<string, string>>;
  /** By lower-case name. */
  readonly parameters: ReadonlyMap<string, { readonly name: string; readonly variants: readonly Variant[] }>;
}

/** Names that the server maps to today's, with the first major that does so. */
const FORMER_NAMES: Readonly<Record<string, { readonly name: string; readonly since: number }>> = {
  sort_mem: { name: 'work_mem', since: 0 },
  vacuum_mem: { name: 'maintenance_work_mem', since: 0 },
  ssl_ecdh_curve: { name: 'ssl_groups', since: 18 },
};

/** Reads the table that comes with the program. */
export async function loadCatalogue(): Promise<Catalogue> {
  const { default: data } = await import('../../schemas/settings.json', { with: { type: 'json' } });
  return catalogueOf(data as unknown as CatalogueData);
}

/** The catalogue that a table describes. */
export function catalogueOf(data: CatalogueData): Catalogue {
  return {
    date: data.date,
    majors: Object.keys(data.releases)
      .map(Number)
      .sort((a, b) => a - b),
    releases: data.releases,
    parameters: new Map(
      Object.entries(data.parameters).map(([name, variants]) => [name.toLowerCase(), { name, variants }]),
    ),
  };
}

/** The newest major that the catalogue knows. */
export function newestMajor(catalogue: Catalogue): number {
  return catalogue.majors.at(-1) ?? 0;
}

/** The major whose table judges a server: its own, the oldest or newest known one beyond them, the newest where it is unknown. */
export function judgingMajor(catalogue: Catalogue, major: number | undefined): number {
  const newest = newestMajor(catalogue);
  return Math.min(Math.max(major ?? newest, catalogue.majors[0] ?? newest), newest);
}

/** The name in lower case, a former name replaced by the one that the major maps it to. */
export function canonicalName(major: number, name: string): string {
  const lower = lowerAscii(name);
  const former = Object.hasOwn(FORMER_NAMES, lower) ? FORMER_NAMES[lower] : undefined;
  return former !== undefined && major >= former.since ? former.name : lower;
}

/**
 * The parameter of that name in a major, whatever its case; former names (`sort_mem`) lead to today's.
 * Undefined for a name that this major does not know. A major beyond the catalogue is judged by the nearest one known.
 */
export function parameterOf(catalogue: Catalogue, major: number, name: string): Parameter | undefined {
  const judge = judgingMajor(catalogue, major);
  const entry = catalogue.parameters.get(canonicalName(judge, name));
  const variant = entry?.variants.find(v => v.majors[0] <= judge && judge <= v.majors[1]);
  return entry === undefined || variant === undefined ? undefined : asParameter(entry.name, judge, variant);
}

/** The majors that know a name, ascending; empty for one that no major knows. */
export function majorsOf(catalogue: Catalogue, name: string): readonly number[] {
  return catalogue.majors.filter(major => parameterOf(catalogue, major, name) !== undefined);
}

/** The known name of that major that a misspelt one most likely means; undefined when none is near. */
export function nearestName(catalogue: Catalogue, major: number, name: string): string | undefined {
  const wanted = lowerAscii(name).replaceAll('-', '_');
  const judge = judgingMajor(catalogue, major);
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const [lower, entry] of catalogue.parameters) {
    if (!entry.variants.some(v => v.majors[0] <= judge && judge <= v.majors[1] && v.hidden !== true)) continue;
    const allowed = Math.min(best === undefined ? 4 : best.distance, 1 + Math.floor(wanted.length / 6));
    const distance = editDistance(wanted, lower, allowed);
    if (distance <= allowed && (best === undefined || distance < best.distance)) best = { name: entry.name, distance };
  }
  return best?.name;
}

/** Lower case as the server folds names: ASCII letters only. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, letter => letter.toLowerCase());
}

function asParameter(name: string, major: number, v: Variant): Parameter {
  return {
    name,
    major,
    type: v.type,
    unit: v.unit,
    min: v.min,
    max: v.max,
    enumValues: v.enum ?? [],
    hiddenEnumValues: v.aliases ?? {},
    buildDependentWords: v.buildWords ?? [],
    bootValue: v.boot,
    initdbValue: v.initdb,
    context: v.context,
    extension: v.extension,
    hidden: v.hidden ?? false,
    onlyIn: v.onlyIn,
  };
}
