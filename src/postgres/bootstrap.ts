/** What init containers do to a data directory before the server starts. */
import { commandName, type ShellCommand } from '../formats/shell.ts';
import type { Script } from '../scripts.ts';
import type { Server } from './server.ts';

/** A command of an init container that makes a data directory. */
export interface Bootstrap {
  readonly script: Script;
  readonly command: ShellCommand;
  readonly kind: 'initdb' | 'pg_basebackup';
  /** The script looks whether there is a data directory already, or empties it first. */
  readonly guarded: boolean;
}

const GUARD =
  /PG_VERSION|-[sdfez]\s+["']?(\$\{?PGDATA|\/[\w./-]*(data|pgdata))|ls\s+-A|rm\s+-[rf]+\s|standby\.signal|\bpg_controldata\b/;

/** The commands of the server's init containers that make its data directory. */
export function bootstraps({ scripts }: Server): readonly Bootstrap[] {
  return scripts
    .filter(s => s.role === 'init')
    .flatMap(script => {
      const isTested = testsForData(script);
      return script.shell.commands.flatMap(command => {
        const kind = bootstrapKind(command);
        const mayFail = /^\s*\|\|/.test(script.region.text.slice(command.end));
        return kind === undefined ? [] : [{ script, command, kind, guarded: isTested || mayFail }];
      });
    });
}

/** Some test of the script may be about the data: all but those of the pod's name. */
function testsForData({ region, shell }: Script): boolean {
  if (GUARD.test(region.text)) return true;
  const tests = shell.commands.filter(c => /^(\[\[?|test)$/.test(c.words[0]?.text ?? ''));
  return tests.some(t => !/host|ordinal|pod/i.test(region.text.slice(t.start, t.end)));
}

function bootstrapKind(command: ShellCommand): Bootstrap['kind'] | undefined {
  const name = commandName(command);
  if (name === 'initdb' || name === 'pg_basebackup') return name;
  const isInit = name === 'pg_ctl' && command.words.some(w => w.literal && (w.text === 'init' || w.text === 'initdb'));
  return isInit ? 'initdb' : undefined;
}
