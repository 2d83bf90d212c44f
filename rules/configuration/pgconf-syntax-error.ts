import { fix } from '../../src/fix/edits.ts';
import { replaceRange } from '../../src/fix/line-edits.ts';
import { type Cause, type ConfMistake, confMistakes } from '../../src/postgres/conf-mistakes.ts';
import { locate } from '../../src/text-region.ts';
import { defineRule } from '../../src/types.ts';

/** What to say of a cause, and what to do. */
const causes: Readonly<Record<Cause, readonly [why: string, help: string]>> = {
  comment: ['only "#" begins a comment', 'begin the comment with #'],
  semicolon: ['a setting ends with its line, not with a semicolon', 'take the semicolon away'],
  'double quotes': ['values stand in single quotes', 'use single quotes'],
  'blank before the unit': ['number and unit are one word', 'write number and unit together'],
  unquoted: ['a value that is more than a word or a number needs single quotes', 'put the value in single quotes'],
  sign: ['name and value are joined by "=" or a blank', 'write name = value'],
  section: ['the file has no sections', 'take the line away, or make it a comment with #'],
  'no value': ['the name has no value', "give it a value ('' for an empty one), or make the line a comment with #"],
  'open quote': ['a quote is not closed on its line', 'close the quote'],
  'byte order mark': ['the file begins with a byte order mark', 'save the file as UTF-8 without a byte order mark'],
  sql: ['the line is SQL', 'write it as name = value'],
  other: ['the line is no setting', 'write it as name = value, or make it a comment with #'],
};

export default defineRule({
  id: 'pgconf-syntax-error',
  summary: 'A line of postgresql.conf cannot be read, so PostgreSQL does not start.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'settings-file',
  *check({ region, parsed, loaded }, { text }) {
    const groups = new Map<Cause, ConfMistake[]>();
    for (const mistake of confMistakes(region.text, parsed)) {
      groups.set(mistake.cause, [...(groups.get(mistake.cause) ?? []), mistake]);
    }
    for (const [cause, mistakes] of groups) {
      const [first, ...others] = mistakes;
      if (first === undefined) continue;
      const [why, help] = causes[cause];
      const more = others.length === 0 ? '' : ` here and in ${others.length} more line${others.length > 1 ? 's' : ''}`;
      const then = loaded ? 'so PostgreSQL does not start' : 'so PostgreSQL will not start once it loads this file';
      yield {
        at: locate(region, first.start, first.end),
        message: `${first.error}${more}: ${why}, ${then}`,
        help,
        related: others.slice(0, 4).map(m => ({ at: locate(region, m.start, m.end), message: m.error })),
        fix: fix(
          { title: help, applicability: 'safe' },
          ...mistakes.map(m =>
            m.mended === undefined ? undefined : replaceRange(text, region, m.start, m.end, m.mended),
          ),
        ),
      };
    }
  },
});
