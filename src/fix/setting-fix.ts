/** The fix that gives parameters of a server other values, where the server takes them from. */
import type { Server } from '../postgres/server.ts';
import { addSettings } from '../postgres/start-arguments.ts';
import type { Fix, Hindrance, TextOf } from '../types.ts';
import { type Edits, fix, joined } from './edits.ts';
import { appendLine, settingLine, setValue } from './line-edits.ts';

/** Values by the names of parameters. */
export type Assignments = Readonly<Record<string, string>>;

/**
 * Sets parameters: in place what something sets, the others in the only settings file of the server, or else by `-c` behind
 * the image's entrypoint. None where one of them can be set nowhere. Always unsafe: it chooses values.
 */
export function settingFix(server: Server, assignments: Assignments, text: TextOf): Fix | Hindrance | undefined {
  const restarts = server.platform === 'kubernetes' && changesCommandLine(server, assignments);
  return fix(
    { title: settingTitle(server, assignments), applicability: 'unsafe', ...(restarts ? { restarts: true } : {}) },
    settingEdits(server, assignments, text),
  );
}

/** What changes, in a few words: `work_mem: 64MB → 8MB, max_connections = 60`. */
export function settingTitle({ intended }: Server, assignments: Assignments): string {
  return Object.entries(assignments)
    .map(([name, value]) => {
      const before = intended.settings.get(name);
      return before === undefined ? `${name} = ${value}` : `${name}: ${before.value} → ${value}`;
    })
    .join(', ');
}

/** The edits of `settingFix`, for fixes that change something else too. */
export function settingEdits(server: Server, assignments: Assignments, text: TextOf): Edits {
  const { settings } = server.intended;
  const all = Object.entries(assignments);
  const set = all.flatMap(([name, value]) => {
    const setting = settings.get(name);
    return setting === undefined ? [] : [setValue(text, setting, value)];
  });
  const missing = all.filter(([name]) => settings.get(name) === undefined);
  return joined([...set, ...(missing.length > 0 ? additions(server, missing, text) : [])]);
}

/** Whether the command line of the container changes, and so its pod. */
function changesCommandLine({ intended, settingsFiles }: Server, assignments: Assignments): boolean {
  return Object.keys(assignments).some(name => {
    const setting = intended.settings.get(name);
    return setting === undefined ? settingsFiles.length === 0 : setting.origin === 'command line';
  });
}

function additions(server: Server, missing: readonly (readonly [string, string])[], text: TextOf): readonly Edits[] {
  const [file, ...others] = server.settingsFiles;
  const words = missing.map(([name, value]) => `${name}=${value}`);
  if (file === undefined) return [server.image.family === 'official' ? addSettings(server, words) : undefined];
  if (others.length > 0) return [{ hindrance: 'the server reads several settings files' }];
  return missing.map(([name, value]) => appendLine(text, file.region, settingLine(name, value)));
}
