/** What PostgreSQL would refuse of a server's settings, wherever they are written: in files, on the command line, in an operator's map. */
import { type ConfEntry, parsePostgresqlConf } from '../formats/postgresql-conf.ts';
import { once } from '../once.ts';
import { locate, wholeSource } from '../text-region.ts';
import { type Location, valueOf } from '../types.ts';
import {
  type Catalogue,
  judgingMajor,
  majorsOf,
  nearestName,
  newestMajor,
  type Parameter,
  parameterOf,
} from './catalogue.ts';
import { humanValue } from './human-values.ts';
import { holdsPlaceholder } from './includes.ts';
import { type ConfFault, judgeConf } from './inspect-conf.ts';
import { removedParameter } from './removed-parameters.ts';
import type { Server } from './server.ts';
import type { FileUse, Setting } from './settings.ts';
import { parseValue } from './values.ts';

export interface SettingFault {
  readonly kind: /** A name that no major knows, as far as ours go. */
    | 'unknown'
    /** A name that earlier majors knew. */
    | 'removed'
    /** A name that only later majors know. */
    | 'too-new'
    /** It exists and cannot be set. */
    | 'internal'
    | 'unit'
    | 'range'
    /** Any other value that is refused, alone or beside another one. */
    | 'value';
  readonly name: string;
  readonly value: string;
  readonly at: Location;
  readonly nameAt: Location;
  readonly origin: Setting['origin'];
  /** The file that it stands in, with the offset of its line; undefined outside of files. */
  readonly file: { readonly use: FileUse; readonly offset: number } | undefined;
  /** Lower case: why it is refused. */
  readonly message: string;
  /** The name or value that is meant, where one is near. */
  readonly suggestion: string | undefined;
  /** What a number without a unit counts; undefined for parameters without units and unknown ones. */
  readonly unit: string | undefined;
  /** The server's major, where it is known; otherwise all majors refuse it. */
  readonly major: number | undefined;
  /** The image may be newer than our tables. */
  readonly doubtful: boolean;
}

/** The settings that keep a server from starting. What holds a placeholder is not judged. */
export const settingFaults = once((server: Server): readonly SettingFault[] => {
  const { catalogue } = server.effective;
  const files = server.settingsFiles.flatMap(use => {
    const { entries } = parsePostgresqlConf(use.region.text);
    return judge(
      server,
      catalogue,
      entries
        .filter(e => e.kind === 'setting')
        .map(entry => ({
          name: entry.name,
          value: entry.value,
          at: locate(use.region, entry.valueStart, entry.valueEnd),
          nameAt: locate(use.region, entry.nameStart, entry.nameEnd),
          origin: 'file',
          file: { use, offset: entry.lineStart },
        })),
    );
  });
  const others = [...server.effective.settings.values()]
    .flatMap(s => [s, ...s.overridden])
    .filter(s => s.origin !== 'file')
    .map(s => ({ ...s, file: undefined }));
  return [...files, ...judge(server, catalogue, others)];
});

/** `so the server "orders" does not start`, or when it would not. */
export function refusal(server: Server, fault: Pick<SettingFault, 'file'>): string {
  return fault.file?.use.loaded === false
    ? `so ${named(server)} will not start once this file is loaded`
    : `so ${named(server)} does not start`;
}

/** How a message calls a server: a settings file alone has no name of its own. */
export function named(server: Server): string {
  return server.platform === 'file' ? 'the server' : `the server "${server.name}"`;
}

type Written = Pick<SettingFault, 'name' | 'value' | 'at' | 'nameAt' | 'origin' | 'file'>;

function judge(server: Server, catalogue: Catalogue, written: readonly Written[]): readonly SettingFault[] {
  const major = valueOf(server.image.major);
  const readable = written.filter(w => !holdsPlaceholder(w.value) && !holdsPlaceholder(w.name));
  const majors = major === undefined ? catalogue.majors : [judgingMajor(catalogue, major)];
  const entries = readable.map(entryOf);
  const file = { region: wholeSource({ path: '', text: '' }), parsed: { entries, errors: [] }, path: undefined };
  const verdicts = majors.map(m => {
    const faults = judgeConf(file, m, catalogue);
    return { major: m, faults: new Map(faults.map(f => [f.entry, f])) };
  });
  return readable.flatMap((one, index) => {
    const found = verdicts.flatMap(v => {
      const fault = v.faults.get(entries[index]);
      return fault === undefined ? [] : [{ major: v.major, fault }];
    });
    // Where the major is not known, all of them must refuse it.
    if (found.length === 0 || found.length < verdicts.length) return [];
    const worst = found.findLast(f => f.fault.kind !== 'unknown') ?? found.at(-1);
    return worst === undefined ? [] : (classify(server, catalogue, one, worst.fault, worst.major) ?? []);
  });
}

function classify(
  server: Server,
  catalogue: Catalogue,
  one: Written,
  fault: ConfFault,
  judged: number,
): SettingFault | undefined {
  const major = valueOf(server.image.major);
  const parameter = parameterOf(catalogue, judged, one.name);
  const about = { ...pick(one), unit: parameter?.unit, major, doubtful: isNewer(server, catalogue) };
  if (fault.kind === 'unknown') {
    const known = majorsOf(catalogue, one.name);
    const [first, last] = [known[0], known.at(-1)];
    if (first !== undefined && major !== undefined && first > Math.max(major, catalogue.majors[0] ?? 0)) {
      return { ...about, kind: 'too-new', message: `came with PostgreSQL ${first}`, suggestion: undefined };
    }
    // Before the first major of the catalogue there were names that it does not have.
    if (major !== undefined && major < (catalogue.majors[0] ?? 0)) return undefined;
    if (last !== undefined || removedParameter(one.name) !== undefined) {
      const since = last === undefined ? removedParameter(one.name)?.since : last + 1;
      return { ...about, kind: 'removed', message: `was removed in PostgreSQL ${since}`, suggestion: undefined };
    }
    const suggestion = nearestName(catalogue, judged, one.name);
    return { ...about, kind: 'unknown', message: fault.message, suggestion };
  }
  if (major !== undefined && major < (catalogue.majors[0] ?? 0)) return undefined;
  if (fault.kind === 'internal') return { ...about, kind: 'internal', message: fault.message, suggestion: undefined };
  const parsed = parameter && parseValue(parameter, one.value, judged);
  const reason = parsed?.ok === false ? parsed.reason : 'check';
  const refused = parsed?.ok === false ? parsed.message : fault.message;
  const message = reason === 'range' && parameter !== undefined ? beyond(parameter, one.value) : refused;
  const kind = reason === 'unit' || reason === 'range' ? reason : 'value';
  return { ...about, kind, message, suggestion: fault.suggestion };
}

/** `below the minimum of 128kB`. */
function beyond(parameter: Parameter, text: string): string {
  const parsed = parseValue({ ...parameter, min: undefined, max: undefined }, text);
  const { min, max } = parameter;
  const small = parsed.ok && typeof parsed.value === 'number' && min !== undefined && parsed.value < min;
  const limit = small ? min : max;
  return `${small ? 'below the minimum' : 'above the maximum'}${limit === undefined ? '' : ` of ${humanValue(parameter, limit)}`}`;
}

const pick = ({ name, value, at, nameAt, origin, file }: Written): Written => ({
  name,
  value,
  at,
  nameAt,
  origin,
  file,
});

/** Newer than the releases that the catalogue was taken from: minor releases have added parameters. */
function isNewer({ image }: Server, catalogue: Catalogue): boolean {
  const major = valueOf(image.major);
  if (major === undefined) return false;
  if (major > newestMajor(catalogue)) return true;
  const known = Number(catalogue.releases[String(major)]?.split('.')[1]);
  return image.minor !== undefined && image.minor > known;
}

/** An assignment as an entry of a file, for the checks that take one: only name and value count there. */
function entryOf({ name, value }: Written): ConfEntry {
  return {
    kind: 'setting',
    name,
    value,
    nameStart: 0,
    nameEnd: 0,
    valueStart: 0,
    valueEnd: 0,
    quoted: false,
    line: 0,
    lineStart: 0,
    lineEnd: 0,
  };
}
