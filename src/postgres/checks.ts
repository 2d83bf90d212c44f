/** What the parameters' own checks are made of. */
import { lowerAscii } from './catalogue.ts';
import type { ParsedValue, Value } from './values.ts';

/** Takes a value of the parameter's type; says what the server makes of it. */
export type Check = (value: Value, major: number) => ParsedValue;

export const ok = (value: Value): ParsedValue => ({ ok: true, value });
export const bad = (message: string, suggestion?: string): ParsedValue => ({
  ok: false,
  reason: 'check',
  message,
  suggestion,
});

/** A check of texts; values of other types pass. */
export function text(check: (value: string, major: number) => ParsedValue): Check {
  return (value, major) => (typeof value === 'string' ? check(value, major) : ok(value));
}

/** A check of numbers; values of other types pass. */
export function integer(check: (value: number, major: number) => ParsedValue): Check {
  return (value, major) => (typeof value === 'number' ? check(value, major) : ok(value));
}

/** A Boolean that can only be off. */
export function noTrueValue(message: string): Check {
  return value => (value === true ? bad(message, 'off') : ok(value));
}

/**
 * A comma-separated list of identifiers as the server splits it: blanks around them, lower case unless in double quotes.
 * cut at 63 characters. Undefined for a list with a syntax error; an empty text is an empty list.
 */
export function splitIdentifiers(list: string): readonly string[] | undefined {
  const trimmed = list.replace(/^[ \t\n\r\f]+/, '');
  if (trimmed === '') return [];
  const item = /(?:"((?:[^"]|"")*)"|([^ \t\n\r\f,"][^ \t\n\r\f,]*))[ \t\n\r\f]*(,|$)[ \t\n\r\f]*/y;
  const words: string[] = [];
  for (;;) {
    const match = item.exec(trimmed);
    if (match === null) return undefined;
    const word = match[1] === undefined ? lowerAscii(match[2] ?? '') : match[1].replaceAll('""', '"');
    words.push(word.slice(0, 63));
    if (match[3] === '') return words;
  }
}

/** A list whose words are checked elsewhere, or not at all. */
export const plainList: Check = text(value =>
  splitIdentifiers(value) === undefined ? bad(`"${value}" is no comma-separated list`) : ok(value),
);

/** A list of known words; `since` holds the first major of those that are newer. */
export function listOf(words: readonly string[], since: Readonly<Record<string, number>> = {}): Check {
  return text((value, major) => {
    const list = splitIdentifiers(value);
    if (list === undefined) return bad(`"${value}" is no comma-separated list`);
    const known = words.filter(w => (since[w] ?? 0) <= major);
    const wrong = list.find(w => !known.includes(lowerAscii(w)));
    return wrong === undefined ? ok(value) : bad(`"${wrong}" is none of its words (${known.join(', ')})`);
  });
}
