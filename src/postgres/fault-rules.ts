/** The faults of a server's settings as problems: the rules about single parameters differ in kind, words and fix only. */
import type { Edits } from '../fix/edits.ts';
import { fix } from '../fix/edits.ts';
import { removeLine, replaceRange, setValue } from '../fix/line-edits.ts';
import type { Fix, Problem, Severity, TextOf } from '../types.ts';
import type { Server } from './server.ts';
import { refusal, type SettingFault, settingFaults } from './setting-faults.ts';

/** What one rule makes of a fault. */
export interface FaultReport {
  /** What is wrong, without the consequence: `"wal_level" has no value "hot"`. */
  readonly wrong: string;
  readonly place: 'name' | 'value';
  readonly label?: string | undefined;
  readonly help: string;
  readonly severity?: Severity | undefined;
  readonly fix?:
    | { readonly title: string; readonly applicability: Fix['applicability']; readonly edits: Edits }
    | undefined;
}

/** The problems of the faults of these kinds; `report` says undefined where the rule has nothing to say. */
export function* faultProblems(
  server: Server,
  kinds: readonly SettingFault['kind'][],
  report: (fault: SettingFault) => FaultReport | undefined,
): Generator<Problem> {
  for (const fault of settingFaults(server)) {
    const made = kinds.includes(fault.kind) ? report(fault) : undefined;
    if (made === undefined) continue;
    yield {
      at: made.place === 'name' ? fault.nameAt : fault.at,
      message: `${made.wrong}, ${refusal(server, fault)}`,
      label: made.label,
      help: made.help,
      severity: made.severity,
      fix: made.fix && fix({ title: made.fix.title, applicability: made.fix.applicability }, made.fix.edits),
    };
  }
}

/** `PostgreSQL 15`, or all of them. */
export function versionOf({ major }: SettingFault): string {
  return major === undefined ? 'PostgreSQL' : `PostgreSQL ${major}`;
}

/** Another value in place of the refused one. */
export function otherValue(text: TextOf, { value, at }: SettingFault, next: string): Edits {
  return setValue(text, { value, at }, next);
}

/** Another name for the setting, in files only. */
export function otherName(text: TextOf, { file, name }: SettingFault, next: string): Edits {
  if (file === undefined) return undefined;
  const { region } = file.use;
  const start = region.text.indexOf(name, file.offset);
  return start < 0 ? undefined : replaceRange(text, region, start, start + name.length, next);
}

/** Takes the line of the setting away, in files only. */
export function withoutLine(text: TextOf, { file }: SettingFault): Edits {
  return file && removeLine(text, file.use.region, file.offset);
}
