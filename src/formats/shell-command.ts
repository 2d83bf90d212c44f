/** Simple commands of a shell script: their words, assignments and redirects. */
import { accept, type Cursor, give, type HeredocBody, skipBlanks, skipLines } from './shell-cursor.ts';
import { type ReadWord, readWord, type ShellWord } from './shell-word.ts';

/** What surrounds a command, outermost first. */
export type ShellContext =
  /** Of `if`: its condition or a branch. */
  | 'if'
  | 'loop'
  | 'case'
  | 'function'
  | 'subshell'
  | 'group'
  | 'pipeline'
  /** After `&&`, after `||`. */
  | 'and'
  | 'or'
  | 'not'
  | 'background'
  /** In `$(…)`, backquotes or `<(…)`. */
  | 'substitution';

/** `NAME=value`. */
export interface ShellAssignment {
  readonly name: string;
  readonly value: ShellWord;
}

/** `> file` and its like, here-documents too. */
export interface ShellRedirect {
  /** `>`, `2>>`, `<<`, `&>`, with the number of the descriptor where one is written. */
  readonly operator: string;
  /** The file, descriptor or here-document's delimiter. */
  readonly target: ShellWord;
  /** The body of a here-document: its range and whether it is taken as it stands. */
  readonly body: HeredocBody | undefined;
}

/** A simple command: a program and its arguments, or only assignments. */
export interface ShellCommand {
  readonly words: readonly ShellWord[];
  /** `NAME=value` before the program. */
  readonly assignments: readonly ShellAssignment[];
  readonly redirects: readonly ShellRedirect[];
  readonly context: readonly ShellContext[];
  /** The script ends with it and with nothing else: `exec` could stand before it. */
  readonly isLast: boolean;
  readonly start: number;
  readonly end: number;
}

/** A script that is being read. */
export interface Parser extends Cursor {
  /** `tail`: nothing around it keeps it from being the script's last. */
  readonly commands: (Omit<ShellCommand, 'isLast'> & { readonly tail: boolean })[];
  /** How many lists the place is in. */
  depth: number;
  /** Reads a list of commands, as the grammar does: words may hold scripts of their own. */
  readonly parseScript: (parser: Parser, context: readonly ShellContext[]) => void;
}

const reserved = /^(?:then|elif|else|fi|do|done|esac|in|\}|\]\])$/;
const assignmentPrefix = /^([A-Za-z_]\w*)(?:\[[^\]]*\])?\+?=/;

/** Reads a simple command; true where it is the head of a function instead, whose body comes next. */
export function parseSimple(parser: Parser, context: readonly ShellContext[]): boolean {
  const start = parser.at;
  const words: ShellWord[] = [];
  const assignments: ShellAssignment[] = [];
  const redirects: ShellRedirect[] = [];
  let end = start;
  for (;;) {
    skipBlanks(parser);
    if (parser.at >= parser.end || parser.text[parser.at] === '\n') break;
    const redirect = takeRedirect(parser, context);
    if (redirect !== undefined) {
      redirects.push(redirect);
      end = parser.at;
      continue;
    }
    const read = takeReadWord(parser, context);
    if (read === undefined) break;
    end = parser.at;
    const { word, plain } = read;
    const prefix = words.length === 0 ? assignmentPrefix.exec(word.text.slice(0, plain)) : null;
    if (prefix !== null) {
      const value = { ...word, text: word.text.slice(prefix[0].length), start: word.start + prefix[0].length };
      assignments.push({ name: prefix[1] ?? '', value });
      if (value.text === '' && accept(parser, '(')) skipArray(parser, context);
    } else words.push(word);
    if (words.length === 1 && assignments.length === 0 && redirects.length === 0 && isDefinition(parser)) {
      return true;
    }
  }
  if (words.length + assignments.length + redirects.length === 0) return false;
  const [program] = words;
  if (program?.text === 'eval') give(parser, 'runs what "eval" makes');
  if (program !== undefined && !program.quoted && reserved.test(program.text))
    give(parser, `unexpected "${program.text}"`);
  add(parser, { words, assignments, redirects, context, start, end });
  return false;
}

/** The `()` of `name() { … }`, taken where it is there. */
function isDefinition(parser: Parser): boolean {
  const brackets = /[ \t]*\([ \t]*\)\s*/y;
  brackets.lastIndex = parser.at;
  if (!brackets.test(parser.text) || brackets.lastIndex > parser.end) return false;
  parser.at = brackets.lastIndex;
  return true;
}

/** The rest of `name=( … )`. */
function skipArray(parser: Parser, context: readonly ShellContext[]): void {
  for (;;) {
    skipLines(parser);
    if (parser.at >= parser.end) return give(parser, 'an array does not end');
    if (accept(parser, ')')) return;
    if (takeWord(parser, context) === undefined) parser.at += 1;
  }
}

/** `[[ … ]]`, where operators of the shell are operators of the test: they are left out of the words. */
export function parseTest(parser: Parser, context: readonly ShellContext[]): void {
  const start = parser.at;
  const words: ShellWord[] = [];
  while (parser.at < parser.end) {
    skipBlanks(parser);
    if (accept(parser, '\n')) continue;
    const word = takeWord(parser, context);
    if (word === undefined) {
      parser.at = Math.min(parser.at + 1, parser.end);
      continue;
    }
    words.push(word);
    if (word.text === ']]' && !word.quoted) break;
  }
  if (words.at(-1)?.text !== ']]') give(parser, '"]]" is missing');
  add(parser, { words, assignments: [], redirects: [], context, start, end: parser.at });
}

function add(parser: Parser, command: Omit<ShellCommand, 'isLast'>): void {
  const tail = command.context.every(c => c === 'and' || c === 'or' || c === 'group');
  parser.commands.push({ ...command, tail });
}

/** Takes a word with the commands in it; undefined where none begins here. */
export function takeWord(parser: Parser, context: readonly ShellContext[]): ShellWord | undefined {
  return takeReadWord(parser, context)?.word;
}

function takeReadWord(parser: Parser, context: readonly ShellContext[]): ReadWord | undefined {
  const read = readWord(parser.end === parser.text.length ? parser.text : parser.text.slice(0, parser.end), parser.at);
  if (read.word.end === parser.at) return undefined;
  if (read.problem !== undefined) give(parser, read.problem);
  for (const { start, end } of read.substitutions) {
    const inner: Parser = { ...parser, at: start, end, heredocs: [] };
    parser.parseScript(inner, [...context, 'substitution']);
    if (inner.at < inner.end) give(inner, 'a command substitution is not understood');
    parser.uncertain ??= inner.uncertain;
  }
  parser.at = read.word.end;
  return read;
}

const redirectOperator = /(?:\d+|\{\w+\})?(?:<<<|<<-|<<|<>|<&|<(?!\()|>>|>\||>&|>(?!\()|&>>|&>)/y;

function takeRedirect(parser: Parser, context: readonly ShellContext[]): ShellRedirect | undefined {
  redirectOperator.lastIndex = parser.at;
  const operator = parser.at < parser.end ? redirectOperator.exec(parser.text)?.[0] : undefined;
  if (operator === undefined) return undefined;
  parser.at += operator.length;
  skipBlanks(parser);
  const target = takeWord(parser, context);
  if (target === undefined) {
    give(parser, `"${operator}" has no target`);
    return undefined;
  }
  const redirect: { operator: string; target: ShellWord; body: ShellRedirect['body'] } = {
    operator,
    target,
    body: undefined,
  };
  if (/(?<!<)<<-?$/.test(operator)) {
    const literal = target.quoted;
    parser.heredocs.push({ delimiter: target.text, stripTabs: operator.endsWith('-'), literal, redirect });
  }
  return redirect;
}

/** Redirects of a compound command; they belong to no simple one. */
export function trailingRedirects(parser: Parser): void {
  skipBlanks(parser);
  while (takeRedirect(parser, []) !== undefined) skipBlanks(parser);
}
