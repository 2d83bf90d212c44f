/** The checks that single parameters make beyond their type: lists of words, names, grammars; and what they turn a value into. */
import { lowerAscii } from './catalogue.ts';
import type { ParsedValue, Value } from './values.ts';

type Check = (value: Value, major: number) => ParsedValue;

const ok = (value: Value): ParsedValue => ({ ok: true, value });
const bad = (message: string, suggestion?: string): ParsedValue => ({
  ok: false,
  reason: 'check',
  message,
  suggestion,
});

/** Applies the parameter's own check to a value of the right type. */
export function checkValue(name: string, value: Value, major: number): ParsedValue {
  const check = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
  return check === undefined ? ok(value) : check(value, major);
}

/** A check of texts; values of other types pass. */
const text =
  (check: (value: string, major: number) => ParsedValue): Check =>
  (value, major) =>
    typeof value === 'string' ? check(value, major) : ok(value);
const integer =
  (check: (value: number, major: number) => ParsedValue): Check =>
  (value, major) =>
    typeof value === 'number' ? check(value, major) : ok(value);

/**
 * A comma-separated list of identifiers as the server splits it: blanks around them, lower case unless in double quotes.
 * Undefined for a list with a syntax error; an empty text is an empty list.
 */
export function splitIdentifiers(list: string): readonly string[] | undefined {
  const trimmed = list.replace(/^[ \t\n\r\f]+/, '');
  if (trimmed === '') return [];
  const item = /(?:"((?:[^"]|"")*)"|([^\s,"][^\s,]*))[ \t\n\r\f]*(,|$)[ \t\n\r\f]*/y;
  const words: string[] = [];
  for (;;) {
    const match = item.exec(trimmed);
    if (match === null) return undefined;
    words.push(match[1] === undefined ? lowerAscii(match[2] ?? '') : match[1].replaceAll('""', '"'));
    if (match[3] === '') return words;
  }
}

function wordList(words: readonly string[], since: Readonly<Record<string, number>> = {}): Check {
  return text((value, major) => {
    const list = splitIdentifiers(value);
    if (list === undefined) return bad(`"${value}" is no comma-separated list`);
    const known = words.filter(w => (since[w] ?? 0) <= major);
    const wrong = list.find(w => !known.includes(lowerAscii(w)));
    return wrong === undefined ? ok(value) : bad(`"${wrong}" is none of its words (${known.join(', ')})`);
  });
}

const listSyntax: Check = text(value =>
  splitIdentifiers(value) === undefined ? bad(`"${value}" is no comma-separated list`) : ok(value),
);

const CHECKS: Readonly<Record<string, Check>> = {
  log_destination: wordList(['stderr', 'csvlog', 'jsonlog', 'syslog'], { jsonlog: 15 }),
  search_path: listSyntax,
  temp_tablespaces: listSyntax,
  wal_buffers: integer(value => ok(value === -1 ? value : Math.max(value, 4))),
};
