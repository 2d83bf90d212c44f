/** Words of a shell script: quotes, escapes and expansions. */

export interface ShellWord {
  /** Quotes and escapes removed; expansions stand as they are written: `$PGDATA`, `${X:-y}`, `$(hostname)`. */
  readonly text: string;
  /** Holds no expansion: `text` is what the program gets. */
  readonly literal: boolean;
  /** Some of it is quoted or escaped. */
  readonly quoted: boolean;
  /** UTF-16 offsets into the script, quotes included. */
  readonly start: number;
  readonly end: number;
}

/** A word, and what reading it came across. */
export interface ReadWord {
  readonly word: ShellWord;
  /** Characters of `text` before the first quote, escape or expansion. */
  readonly plain: number;
  /** Ranges of the scripts in `$(…)`, backquotes and `<(…)`. */
  readonly substitutions: readonly { readonly start: number; readonly end: number }[];
  /** Why it could not be read to its end. */
  readonly problem: string | undefined;
}

const ends = /[\s;&|<>()]/;

/** Reads the word that begins at `start`. */
export function readWord(source: string, start: number): ReadWord {
  const state: WordState = {
    source,
    at: start,
    text: '',
    literal: true,
    quoted: false,
    plain: -1,
    substitutions: [],
    problem: undefined,
  };
  while (state.at < source.length && state.problem === undefined) {
    const char = source[state.at] as string;
    if ((char === '<' || char === '>') && source[state.at + 1] === '(') substitution(state, state.at + 2);
    else if (ends.test(char)) break;
    else piece(state, char);
  }
  const { text, literal, quoted, plain, substitutions, problem } = state;
  const word = { text, literal, quoted, start, end: state.at };
  return { word, plain: plain < 0 ? text.length : plain, substitutions, problem };
}

interface WordState {
  readonly source: string;
  at: number;
  text: string;
  literal: boolean;
  quoted: boolean;
  plain: number;
  readonly substitutions: { start: number; end: number }[];
  problem: string | undefined;
}

function piece(state: WordState, char: string): void {
  if (char === '$' || char === '`') return expansion(state, char, false);
  if (char === '~' && state.text === '' && !state.quoted) {
    special(state);
    state.literal = false;
    return take(state, 1);
  }
  if (char !== '\\' && char !== "'" && char !== '"') return take(state, 1);
  special(state);
  if (char === '\\') {
    if (state.source[state.at + 1] !== '\n') {
      state.quoted = true;
      state.text += state.source[state.at + 1] ?? '\\';
    }
    state.at = Math.min(state.at + 2, state.source.length);
  } else if (char === "'") {
    state.quoted = true;
    singleQuoted(state);
  } else {
    state.quoted = true;
    doubleQuoted(state);
  }
}

function special(state: WordState): void {
  if (state.plain < 0) state.plain = state.text.length;
}

function take(state: WordState, length: number): void {
  state.text += state.source.slice(state.at, state.at + length);
  state.at += length;
}

function singleQuoted(state: WordState): void {
  const close = state.source.indexOf("'", state.at + 1);
  if (close < 0) return fail(state, 'a single quote is not closed');
  state.text += state.source.slice(state.at + 1, close);
  state.at = close + 1;
}

function doubleQuoted(state: WordState): void {
  state.at += 1;
  for (;;) {
    const char = state.source[state.at];
    if (char === undefined) return fail(state, 'a double quote is not closed');
    if (char === '"') {
      state.at += 1;
      return;
    }
    if (char === '$' || char === '`') {
      expansion(state, char, true);
      if (state.problem !== undefined) return;
    } else if (char === '\\' && /[$`"\\\n]/.test(state.source[state.at + 1] ?? '')) {
      if (state.source[state.at + 1] !== '\n') state.text += state.source[state.at + 1];
      state.at += 2;
    } else take(state, 1);
  }
}

function fail(state: WordState, problem: string): void {
  state.problem = problem;
  state.at = state.source.length;
}

/** `$name`, `${…}`, `$(…)`, `$((…))`, backquotes; a `$` before anything else is itself. */
function expansion(state: WordState, char: string, inQuotes: boolean): void {
  const { source, at } = state;
  special(state);
  if (char === '`') {
    const close = closingBackquote(source, at + 1);
    if (close < 0) return fail(state, 'a backquote is not closed');
    state.substitutions.push({ start: at + 1, end: close });
    return expand(state, close + 1);
  }
  const next = source[at + 1] ?? '';
  if (next === '(') {
    if (source[at + 2] === '(') {
      const close = closing(source, at + 2, '(', ')');
      if (close >= 0 && source[close + 1] === ')') return expand(state, close + 2);
    }
    return substitution(state, at + 2);
  }
  if (next === '{') {
    const close = closing(source, at + 1, '{', '}');
    return close < 0 ? fail(state, 'a brace is not closed') : expand(state, close + 1);
  }
  const name = /[A-Za-z_]\w*|[0-9@*#?$!-]/y;
  name.lastIndex = at + 1;
  if (name.test(source)) return expand(state, name.lastIndex);
  if (next === "'" && !inQuotes) return ansiQuoted(state);
  take(state, 1);
}

function ansiQuoted(state: WordState): void {
  const match = /\$'((?:[^'\\]|\\[\s\S])*)'/y;
  match.lastIndex = state.at;
  const body = match.exec(state.source)?.[1];
  if (body === undefined) return fail(state, 'a quote is not closed');
  const named: Readonly<Record<string, string>> = {
    n: '\n',
    t: '\t',
    r: '\r',
    a: '\x07',
    b: '\b',
    e: '\x1b',
    f: '\f',
    v: '\v',
  };
  state.quoted = true;
  state.text += body.replace(/\\([\s\S])/g, (_, char: string) => named[char] ?? char);
  state.at = match.lastIndex;
}

function expand(state: WordState, end: number): void {
  state.literal = false;
  take(state, end - state.at);
}

function substitution(state: WordState, start: number): void {
  special(state);
  const end = closing(state.source, start - 1, '(', ')');
  if (end < 0) return fail(state, 'a command substitution is not closed');
  state.substitutions.push({ start, end });
  expand(state, end + 1);
}

/** Quotes and substitutions inside each other, beyond which nobody writes them: then no end is found. */
const deepest = 100;

/** Offset of the bracket that closes the one at `open`, with quotes and nested brackets skipped; -1 where there is none. */
function closing(source: string, open: number, opener: string, closer: string, nesting = 0): number {
  if (nesting > deepest) return -1;
  let depth = 0;
  for (let at = open; at < source.length; at += 1) {
    const char = source[at];
    if (char === '\\') at += 1;
    else if (char === "'" && opener === '(') {
      at = source.indexOf("'", at + 1);
      if (at < 0) return -1;
    } else if (char === '"') {
      at = closingDoubleQuote(source, at + 1, nesting);
      if (at < 0) return -1;
    } else if (char === '#' && opener === '(' && /\s/.test(source[at - 1] ?? '')) {
      const newline = source.indexOf('\n', at);
      if (newline < 0) return -1;
      at = newline;
    } else if (char === opener) depth += 1;
    else if (char === closer) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}

function closingDoubleQuote(source: string, from: number, nesting = 0): number {
  for (let at = from; at < source.length; at += 1) {
    const char = source[at];
    if (char === '\\') at += 1;
    else if (char === '"') return at;
    else if (char === '$' && (source[at + 1] === '(' || source[at + 1] === '{')) {
      const brace = source[at + 1] === '{';
      const close = closing(source, at + 1, brace ? '{' : '(', brace ? '}' : ')', nesting + 1);
      if (close < 0) return -1;
      at = close;
    }
  }
  return -1;
}

function closingBackquote(source: string, from: number): number {
  for (let at = from; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1;
    else if (source[at] === '`') return at;
  }
  return -1;
}
