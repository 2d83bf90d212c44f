import { fix } from '../../src/fix/edits.ts';
import { replaceRange } from '../../src/fix/line-edits.ts';
import { commandName } from '../../src/formats/shell.ts';
import { locate } from '../../src/text-region.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'pg-basebackup-interactive',
  summary: 'pg_basebackup is told to ask for a password where nobody can answer.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'server',
  *check({ name, scripts }, { text }) {
    for (const { region, shell } of scripts) {
      for (const command of shell.commands) {
        if (commandName(command) !== 'pg_basebackup') continue;
        const word = command.words.find(w => w.literal && (w.text === '-W' || w.text === '--password'));
        if (word === undefined) continue;
        yield {
          at: locate(region, word.start, word.end),
          message: `pg_basebackup in "${name}" asks for a password, but a container has no terminal: it reads an empty one, the primary refuses it, and the copy never starts`,
          label: 'asks for a password',
          help: 'use -w, and give the password by PGPASSWORD from a Secret or by a passfile',
          fix: fix(
            {
              title: `${word.text} → ${word.text === '-W' ? '-w' : '--no-password'} (PGPASSWORD must be set)`,
              applicability: 'unsafe',
              restarts: true,
            },
            replaceRange(text, region, word.start, word.end, word.text === '-W' ? '-w' : '--no-password'),
          ),
        };
      }
    }
  },
});
