/** The arguments of the `postgres` program that set something. */
import type { Located, Location } from '../types.ts';
import type { Assignment } from './configure.ts';

/** What the words of a `postgres` command line say. */
export interface CommandLineSettings {
  readonly assignments: readonly Assignment[];
  /** `-D`; the last one counts. */
  readonly dataDirectory: Located<string> | undefined;
  /** Words that `postgres` does not take, and options without their value. */
  readonly unknown: readonly Located<string>[];
}

/** Options with a value that set a parameter, and those without one. */
const SHORT_WITH_VALUE: Readonly<Record<string, string>> = {
  B: 'shared_buffers',
  d: 'log_min_messages',
  h: 'listen_addresses',
  k: 'unix_socket_directories',
  N: 'max_connections',
  p: 'port',
  S: 'work_mem',
};
const SHORT_WITHOUT: Readonly<Record<string, readonly [string, string]>> = {
  e: ['datestyle', 'euro'],
  F: ['fsync', 'false'],
  i: ['listen_addresses', '*'],
  l: ['ssl', 'true'],
  O: ['allow_system_table_mods', 'true'],
  P: ['ignore_system_indexes', 'true'],
  s: ['log_statement_stats', 'true'],
};
/** Short options that set nothing of interest; those of the second kind take a value. */
const SILENT = 'bjnT';
const SILENT_WITH_VALUE = 'fortvWC';

/**
 * Reads the arguments of `postgres` (the program's own name left out): `-c name=value`, `-cname=value`, `--name=value`,
 * the short forms of settings, `-D`. Dashes in names become underscores. In a range given by one word, name and value are
 * the parts of it.
 */
export function parseCommandLineSettings(words: readonly Located<string>[]): CommandLineSettings {
  const assignments: Assignment[] = [];
  const unknownWords: Located<string>[] = [];
  let dataDirectory: Located<string> | undefined;
  const assign = (word: Located<string>, text: string, start: number): void => {
    const equals = text.indexOf('=');
    if (equals <= 0) {
      unknownWords.push(word);
      return;
    }
    assignments.push({
      name: text.slice(0, equals).replaceAll('-', '_'),
      value: text.slice(equals + 1),
      at: part(word, start + equals + 1, start + text.length),
      nameAt: part(word, start, start + equals),
    });
  };
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === undefined) break;
    const text = word.value;
    if (text.startsWith('--')) {
      if (text.length > 2) assign(word, text.slice(2), 2);
      continue;
    }
    if (!text.startsWith('-') || text === '-') {
      unknownWords.push(word);
      continue;
    }
    for (let at = 1; at < text.length; at++) {
      const option = text[at] ?? '';
      const flag = Object.hasOwn(SHORT_WITHOUT, option) ? SHORT_WITHOUT[option] : undefined;
      if (flag !== undefined) {
        assignments.push({ name: flag[0], value: flag[1], at: word.at, nameAt: word.at });
        continue;
      }
      if (SILENT.includes(option)) continue;
      const name = Object.hasOwn(SHORT_WITH_VALUE, option) ? SHORT_WITH_VALUE[option] : undefined;
      if (name === undefined && option !== 'c' && option !== 'D' && !SILENT_WITH_VALUE.includes(option)) {
        unknownWords.push(word);
        break;
      }
      const attached = at + 1 < text.length;
      const valueWord = attached ? word : words[++i];
      if (valueWord === undefined) {
        unknownWords.push(word);
        break;
      }
      const start = attached ? at + 1 : 0;
      const value = valueWord.value.slice(start);
      const valueAt = part(valueWord, start, valueWord.value.length);
      if (option === 'c') assign(valueWord, value, start);
      else if (option === 'D') dataDirectory = { value, at: valueAt };
      else if (name !== undefined) assignments.push({ name, value, at: valueAt, nameAt: word.at });
      break;
    }
  }
  return { assignments, dataDirectory, unknown: unknownWords };
}

/** The part of a word's place, where the place is as long as the word, or has a quote at either end and nothing escaped. */
function part(word: Located<string>, start: number, end: number): Location {
  const { path, start: from, end: to } = word.at;
  const longer = to - from - word.value.length;
  if (longer !== 0 && longer !== 2) return word.at;
  const first = from + longer / 2;
  return { path, start: first + start, end: first + end };
}
