/** What people write into postgresql.conf that PostgreSQL does not understand, and what they meant. */
import { type ConfError, type ParsedConf, parsePostgresqlConf } from '../formats/postgresql-conf.ts';
import { holdsPlaceholder } from './includes.ts';

export interface ConfMistake {
  /** Lines of one cause are one problem. */
  readonly cause: Cause;
  /** Offsets of what is wrong. */
  readonly start: number;
  readonly end: number;
  /** Counts from 1. */
  readonly line: number;
  /** As the server words it. */
  readonly error: string;
  /** Another text for the range, with which the line can be read; undefined where it cannot be told. */
  readonly mended: string | undefined;
}

export type Cause =
  | 'comment'
  | 'semicolon'
  | 'double quotes'
  | 'blank before the unit'
  | 'unquoted'
  | 'sign'
  | 'section'
  | 'no value'
  | 'open quote'
  | 'byte order mark'
  | 'sql'
  | 'other';

/** The mistakes of a file, in the order of its lines. Lines with a placeholder are not judged. */
export function confMistakes(text: string, { errors }: Pick<ParsedConf, 'errors'>): readonly ConfMistake[] {
  return errors.flatMap(error => {
    const from = text.lastIndexOf('\n', error.start - 1) + 1;
    const next = text.indexOf('\n', from);
    const line = text.slice(from, next < 0 ? text.length : next).replace(/\r$/, '');
    return holdsPlaceholder(line) ? [] : [mistake(line, from, error)];
  });
}

interface Guess {
  readonly cause: Cause;
  /** Offsets into the line. */
  readonly start: number;
  readonly end: number;
  readonly mended: string;
}

function mistake(line: string, from: number, error: ConfError): ConfMistake {
  const about = { line: error.line, error: error.message };
  for (const guess of guesses(line)) {
    const result = line.slice(0, guess.start) + guess.mended + line.slice(guess.end);
    if (parsePostgresqlConf(result).errors.length > 0) continue;
    return { ...about, cause: guess.cause, start: from + guess.start, end: from + guess.end, mended: guess.mended };
  }
  const wrong = { ...about, start: error.start, end: error.end, mended: undefined };
  if (/^\s*(?:set|alter|select|create|show)\s.*;\s*$/i.test(line)) return { ...wrong, cause: 'sql' };
  if (/^\s*[A-Za-z_][\w.]*\s*=?\s*(?:#.*)?$/.test(line)) return { ...wrong, cause: 'no value' };
  if ((line.replace(/#[^']*$/, '').match(/'/g)?.length ?? 0) % 2 === 1) return { ...wrong, cause: 'open quote' };
  return { ...wrong, cause: 'other' };
}

const NAME = String.raw`^\s*[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)?`;

/** What may be meant, the likeliest first; only what makes the line readable counts. */
function guesses(line: string): readonly Guess[] {
  const found: Guess[] = [];
  const add = (cause: Cause, pattern: RegExp, mended: (...groups: string[]) => string): void => {
    const match = new RegExp(pattern, `d${pattern.flags}`).exec(line);
    const range = match?.indices?.groups?.['wrong'];
    if (match !== null && range !== undefined) {
      found.push({ cause, start: range[0], end: range[1], mended: mended(match.groups?.['wrong'] ?? '') });
    }
  };
  add('byte order mark', /^(?<wrong>\uFEFF)/, () => '');
  add('comment', /^\s*(?<wrong>--+|\/\/+|;+)/, () => '#');
  add('section', /^\s*(?<wrong>\[[^\]]*\]\s*)$/, text => `# ${text}`);
  add('semicolon', /\S\s*(?<wrong>;+)\s*(?:#.*)?$/, () => '');
  add('comment', new RegExp(`${NAME}\\s*=?\\s*(?:'[^']*'|[^\\s'#]+)\\s*(?<wrong>--+|//+|;+)\\s*\\S`), () => '#');
  add('sign', new RegExp(`${NAME}(?<wrong>\\s*:=?\\s*)\\S`), () => ' = ');
  add('sign', new RegExp(`${NAME}\\s*(?<wrong>==+|=>)\\s*\\S`), () => '=');
  add(
    'double quotes',
    new RegExp(`${NAME}\\s*=?\\s*(?<wrong>"[^"'\\\\]*")\\s*(?:#.*)?$`),
    text => `'${text.slice(1, -1)}'`,
  );
  add(
    'blank before the unit',
    new RegExp(`${NAME}\\s*=?\\s*(?<wrong>\\d+\\s+(?:B|kB|MB|GB|TB|us|ms|s|min|h|d))\\s*(?:#.*)?$`),
    text => text.replace(/\s+/, ''),
  );
  add(
    'unquoted',
    new RegExp(`${NAME}(?:\\s*=\\s*|\\s+)(?<wrong>[^\\s='"#;\\\\][^'"#;\\\\]*?)\\s*(?:#.*)?$`),
    text => `'${text}'`,
  );
  return found;
}
