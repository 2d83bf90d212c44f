/** The fix that gives parameters of a server other values, where the server takes them from. */
import type { Server } from '../postgres/server.ts';
import type { Fix, TextOf } from '../types.ts';
import { type Edits, addItemAt, fix, setPath } from './edits.ts';
import { appendLine, settingLine, setValue } from './line-edits.ts';

/** Values by the names of parameters. */
export type Assignments = Readonly<Record<string, string>>;

/**
 * Sets parameters: in place what something sets, the others in the only settings file of the server, or else by `-c` behind
 * the image's entrypoint. Undefined where one of them can be set nowhere. Always unsafe: it chooses values.
 */
export function settingFix(server: Server, assignments: Assignments, text: TextOf): Fix | undefined {
  const { settings } = server.intended;
  const isKubernetes = server.platform === 'kubernetes';
  const all = Object.entries(assignments);
  const missing = all.filter(([name]) => settings.get(name) === undefined);
  const isCommandLine = all.some(([name]) => settings.get(name)?.origin === 'command line');
  const isAdded = missing.length > 0 && server.settingsFiles.length === 0;
  const titles = all.map(([name, value]) => {
    const before = settings.get(name);
    return before === undefined ? `${name} = ${value}` : `${name}: ${before.value} → ${value}`;
  });
  return fix(
    {
      title: titles.join(', '),
      applicability: 'unsafe',
      ...(isKubernetes && (isCommandLine || isAdded) ? { restarts: true } : {}),
    },
    ...all.flatMap(([name, value]) => {
      const setting = settings.get(name);
      return setting === undefined ? [] : [setValue(text, setting, value)];
    }),
    ...(missing.length > 0 ? additions(server, missing, text) : []),
  );
}

function additions(server: Server, missing: readonly (readonly [string, string])[], text: TextOf): readonly Edits[] {
  const [file, ...others] = server.settingsFiles;
  if (file === undefined) {
    return commandLineEdits(
      server,
      missing.map(([name, value]) => `${name}=${value}`),
    );
  }
  if (others.length > 0) return [undefined];
  return missing.map(([name, value]) => appendLine(text, file.region, settingLine(name, value)));
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
