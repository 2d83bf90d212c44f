/** The fix that gives a parameter of a server another value, where the server takes it from. */
import type { Server } from '../postgres/server.ts';
import type { Fix, TextOf } from '../types.ts';
import { type Edits, addItemAt, fix, setPath } from './edits.ts';
import { appendLine, settingLine, setValue } from './line-edits.ts';

/**
 * Sets a parameter: in place where something sets it, else in the only settings file of the server, else by `-c` behind the
 * image's entrypoint. Undefined where none of the three is possible. Always unsafe: it chooses a value.
 */
export function settingFix(server: Server, name: string, value: string, text: TextOf): Fix | undefined {
  const setting = server.intended.settings.get(name);
  const about = { applicability: 'unsafe' } as const;
  if (setting !== undefined) {
    const restarts = setting.origin === 'command line' && server.platform === 'kubernetes';
    const title = `${name}: ${setting.value} → ${value}`;
    return fix({ ...about, title, ...(restarts ? { restarts } : {}) }, setValue(text, setting, value));
  }
  const title = `${name} = ${value}`;
  const [file, ...others] = server.settingsFiles;
  if (file !== undefined) {
    return others.length > 0
      ? undefined
      : fix({ ...about, title }, appendLine(text, file.region, settingLine(name, value)));
  }
  return fix({ ...about, title, restarts: true }, ...commandLineEdits(server, [`${name}=${value}`]));
}

/** Adds `-c name=value` for each assignment to the `args` of a pod whose image's entrypoint starts PostgreSQL. */
export function commandLineEdits(server: Server, assignments: readonly string[]): readonly Edits[] {
  const { container, image, platform, start } = server;
  const words = assignments.flatMap(a => ['-c', a]);
  const isPlain = platform === 'kubernetes' && start.kind === 'entrypoint' && image.family === 'official';
  if (!isPlain || container?.node === undefined || container.command.state !== 'absent') return [undefined];
  if (container.args.state === 'absent') return [setPath(container.node, ['args'], words)];
  const { node } = container;
  return words.map(word => addItemAt(node, ['args'], word));
}
