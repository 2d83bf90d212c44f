/**
 * Reads a POSIX shell or bash script far enough to say for certain which commands it runs, in which order and under which
 * conditions. It never fails: where it cannot tell, the script says so.
 */
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

export interface ShellAssignment {
  readonly name: string;
  readonly value: ShellWord;
}

export interface ShellRedirect {
  /** `>`, `2>>`, `<<`, `&>`, with the number of the descriptor where one is written. */
  readonly operator: string;
  /** The file, descriptor or here-document's delimiter. */
  readonly target: ShellWord;
  /** The body of a here-document: its range and whether it is taken as it stands. */
  readonly body: { readonly start: number; readonly end: number; readonly literal: boolean } | undefined;
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

export interface ShellScript {
  /** In the order of the text; those of a substitution come before the command that holds it. */
  readonly commands: readonly ShellCommand[];
  /** Why the list may be wrong or incomplete; undefined where all was understood. */
  readonly uncertain: string | undefined;
}

/** Reads a script; never throws. */
export function parseShell(text: string): ShellScript {
  const parser: Parser = { text, end: text.length, at: 0, commands: [], heredocs: [], uncertain: undefined, depth: 0 };
  parseList(parser, [], none);
  if (parser.at < parser.end) give(parser, `unexpected "${text.slice(parser.at, parser.at + 1)}"`);
  const last = parser.commands.at(-1);
  const commands = parser.commands.map(({ tail, ...command }) => ({
    ...command,
    isLast: tail && command.start === last?.start,
  }));
  return { commands, uncertain: parser.uncertain };
}

interface Parser {
  readonly text: string;
  readonly end: number;
  at: number;
  readonly commands: (Omit<ShellCommand, 'isLast'> & { tail: boolean })[];
  /** Here-documents whose bodies begin after the next line end. */
  readonly heredocs: Heredoc[];
  uncertain: string | undefined;
  depth: number;
}

interface Heredoc {
  readonly delimiter: string;
  readonly stripTabs: boolean;
  readonly literal: boolean;
  readonly redirect: { body: ShellRedirect['body'] };
}

const none: ReadonlySet<string> = new Set();
const set = (...words: string[]): ReadonlySet<string> => new Set(words);
const maxDepth = 100;

function give(parser: Parser, reason: string): void {
  parser.uncertain ??= reason;
}

/** Blanks, joined lines and comments. */
function skipBlanks(parser: Parser): void {
  const blank = /(?:[ \t\r]|\\\n)+|#[^\n]*/y;
  for (;;) {
    blank.lastIndex = parser.at;
    if (parser.at >= parser.end || !blank.test(parser.text)) return;
    parser.at = Math.min(blank.lastIndex, parser.end);
  }
}

/** Line ends too, with the here-documents that follow them. */
function skipLines(parser: Parser): void {
  for (;;) {
    skipBlanks(parser);
    if (parser.at >= parser.end || parser.text[parser.at] !== '\n') return;
    parser.at += 1;
    readHeredocs(parser);
  }
}

function readHeredocs(parser: Parser): void {
  for (const { delimiter, stripTabs, literal, redirect } of parser.heredocs.splice(0)) {
    const start = parser.at;
    for (;;) {
      if (parser.at >= parser.end) {
        give(parser, 'a here-document does not end');
        return;
      }
      const newline = parser.text.indexOf('\n', parser.at);
      const end = newline < 0 || newline > parser.end ? parser.end : newline;
      const line = parser.text.slice(parser.at, end);
      const begin = parser.at;
      parser.at = Math.min(end + 1, parser.end);
      if ((stripTabs ? line.replace(/^\t+/, '') : line) === delimiter) {
        redirect.body = { start, end: begin, literal };
        break;
      }
    }
  }
}

/** The unquoted word at the place, without taking it; empty where something else stands there. */
function peekWord(parser: Parser): string {
  const word = /[A-Za-z_{}![\]]+/y;
  word.lastIndex = parser.at;
  const found = parser.at < parser.end ? word.exec(parser.text)?.[0] : undefined;
  if (found === undefined) return '';
  const after = parser.text[parser.at + found.length];
  return after === undefined || parser.at + found.length >= parser.end || /[\s;&|<>()]/.test(after) ? found : '';
}

function peek(parser: Parser, text: string): boolean {
  return parser.at < parser.end && parser.text.startsWith(text, parser.at);
}

function accept(parser: Parser, text: string): boolean {
  if (!peek(parser, text)) return false;
  parser.at += text.length;
  return true;
}

function acceptWord(parser: Parser, word: string): boolean {
  skipLines(parser);
  return peekWord(parser) === word && accept(parser, word);
}

function expectWord(parser: Parser, word: string): void {
  if (!acceptWord(parser, word)) give(parser, `"${word}" is missing`);
}

/** Commands up to one of the reserved words, a closing bracket, `;;` or the end. */
function parseList(parser: Parser, context: readonly ShellContext[], until: ReadonlySet<string>): void {
  parser.depth += 1;
  if (parser.depth > maxDepth) {
    give(parser, 'nested too deeply');
    parser.at = parser.end;
  }
  for (;;) {
    skipLines(parser);
    if (parser.at >= parser.end || peek(parser, ')') || peek(parser, ';;') || peek(parser, ';&')) break;
    if (until.has(peekWord(parser))) break;
    const before = parser.at;
    const first = parser.commands.length;
    parseAndOr(parser, context);
    skipBlanks(parser);
    if (!peek(parser, '&&') && accept(parser, '&')) inBackground(parser, first, context.length);
    else if (!peek(parser, ';;') && !peek(parser, ';&')) accept(parser, ';');
    if (parser.at === before) {
      give(parser, `unexpected "${parser.text[before]}"`);
      if (/[)}]/.test(parser.text[before] ?? '')) break;
      parser.at += 1;
    }
  }
  parser.depth -= 1;
}

function inBackground(parser: Parser, first: number, depth: number): void {
  for (let index = first; index < parser.commands.length; index += 1) {
    const command = parser.commands[index];
    if (command === undefined) continue;
    const context = [...command.context.slice(0, depth), 'background' as const, ...command.context.slice(depth)];
    parser.commands[index] = { ...command, context, tail: false };
  }
}

function parseAndOr(parser: Parser, context: readonly ShellContext[]): void {
  let after: readonly ShellContext[] = [];
  for (;;) {
    parsePipeline(parser, [...context, ...after]);
    skipBlanks(parser);
    if (accept(parser, '&&')) after = ['and'];
    else if (accept(parser, '||')) after = ['or'];
    else return;
    skipLines(parser);
  }
}

function parsePipeline(parser: Parser, outer: readonly ShellContext[]): void {
  let context = outer;
  skipBlanks(parser);
  while (peekWord(parser) === '!' || peekWord(parser) === 'time') {
    if (accept(parser, '!')) context = [...context, 'not'];
    else accept(parser, 'time');
    skipBlanks(parser);
  }
  const first = parser.commands.length;
  let piped = false;
  for (;;) {
    parseCommand(parser, context);
    skipBlanks(parser);
    if (peek(parser, '||') || !accept(parser, '|')) break;
    accept(parser, '&');
    piped = true;
    skipLines(parser);
  }
  if (!piped) return;
  for (let index = first; index < parser.commands.length; index += 1) {
    const command = parser.commands[index];
    if (command === undefined) continue;
    const inner = [
      ...command.context.slice(0, context.length),
      'pipeline' as const,
      ...command.context.slice(context.length),
    ];
    parser.commands[index] = { ...command, context: inner, tail: false };
  }
}

function parseCommand(parser: Parser, context: readonly ShellContext[]): void {
  skipBlanks(parser);
  if (parser.at >= parser.end) return;
  if (peek(parser, '((')) return skipArithmetic(parser);
  if (accept(parser, '(')) return bracketed(parser, [...context, 'subshell'], ')');
  switch (peekWord(parser)) {
    case '{':
      parser.at += 1;
      return bracketed(parser, [...context, 'group'], '}');
    case 'if':
      return parseIf(parser, [...context, 'if']);
    case 'while':
    case 'until':
      accept(parser, peekWord(parser));
      parseList(parser, [...context, 'loop'], set('do'));
      return parseDo(parser, context);
    case 'for':
    case 'select':
      return parseFor(parser, context);
    case 'case':
      return parseCase(parser, [...context, 'case']);
    case 'function':
      accept(parser, 'function');
      skipBlanks(parser);
      parser.at = readWord(parser.text.slice(0, parser.end), parser.at).word.end;
      skipBlanks(parser);
      if (accept(parser, '(')) {
        skipBlanks(parser);
        accept(parser, ')');
      }
      skipLines(parser);
      return parseCommand(parser, [...context, 'function']);
    case '[[':
      return parseTest(parser, context);
    default:
      return parseSimple(parser, context);
  }
}

function bracketed(parser: Parser, context: readonly ShellContext[], close: string): void {
  parseList(parser, context, set('}'));
  skipLines(parser);
  if (!accept(parser, close)) give(parser, `"${close}" is missing`);
  trailingRedirects(parser);
}

function skipArithmetic(parser: Parser): void {
  const close = parser.text.indexOf('))', parser.at);
  if (close < 0 || close >= parser.end) {
    give(parser, '"))" is missing');
    parser.at = parser.end;
  } else parser.at = close + 2;
}

function parseIf(parser: Parser, context: readonly ShellContext[]): void {
  accept(parser, 'if');
  do {
    parseList(parser, context, set('then'));
    expectWord(parser, 'then');
    parseList(parser, context, set('elif', 'else', 'fi'));
  } while (acceptWord(parser, 'elif'));
  if (acceptWord(parser, 'else')) parseList(parser, context, set('fi'));
  expectWord(parser, 'fi');
  trailingRedirects(parser);
}

function parseDo(parser: Parser, context: readonly ShellContext[]): void {
  expectWord(parser, 'do');
  parseList(parser, [...context, 'loop'], set('done'));
  expectWord(parser, 'done');
  trailingRedirects(parser);
}

function parseFor(parser: Parser, context: readonly ShellContext[]): void {
  accept(parser, peekWord(parser));
  skipBlanks(parser);
  if (peek(parser, '((')) skipArithmetic(parser);
  else {
    takeWord(parser, context);
    if (acceptWord(parser, 'in')) {
      skipBlanks(parser);
      while (parser.at < parser.end && !/[;\n&|()<>]/.test(parser.text[parser.at] ?? ';')) {
        takeWord(parser, context);
        skipBlanks(parser);
      }
    }
  }
  skipBlanks(parser);
  accept(parser, ';');
  parseDo(parser, context);
}

function parseCase(parser: Parser, context: readonly ShellContext[]): void {
  accept(parser, 'case');
  skipBlanks(parser);
  takeWord(parser, context);
  expectWord(parser, 'in');
  for (;;) {
    skipLines(parser);
    if (parser.at >= parser.end || peekWord(parser) === 'esac') break;
    accept(parser, '(');
    do {
      skipBlanks(parser);
      takeWord(parser, context);
      skipBlanks(parser);
    } while (accept(parser, '|'));
    if (!accept(parser, ')')) {
      give(parser, 'a pattern of "case" does not end');
      return;
    }
    parseList(parser, context, set('esac'));
    if (!accept(parser, ';;&') && !accept(parser, ';;') && !accept(parser, ';&')) break;
  }
  expectWord(parser, 'esac');
  trailingRedirects(parser);
}

/** `[[ … ]]`, where operators of the shell are operators of the test: they are left out of the words. */
function parseTest(parser: Parser, context: readonly ShellContext[]): void {
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
function takeWord(parser: Parser, context: readonly ShellContext[]): ShellWord | undefined {
  return takeReadWord(parser, context)?.word;
}

function takeReadWord(parser: Parser, context: readonly ShellContext[]): ReadWord | undefined {
  const read = readWord(parser.end === parser.text.length ? parser.text : parser.text.slice(0, parser.end), parser.at);
  if (read.word.end === parser.at) return undefined;
  if (read.problem !== undefined) give(parser, read.problem);
  for (const { start, end } of read.substitutions) {
    const inner: Parser = { ...parser, at: start, end, heredocs: [] };
    parseList(inner, [...context, 'substitution'], none);
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

function trailingRedirects(parser: Parser): void {
  skipBlanks(parser);
  while (takeRedirect(parser, []) !== undefined) skipBlanks(parser);
}

const reserved = /^(?:then|elif|else|fi|do|done|esac|in|\}|\]\])$/;
const assignmentPrefix = /^([A-Za-z_]\w*)(?:\[[^\]]*\])?\+?=/;

function parseSimple(parser: Parser, context: readonly ShellContext[]): void {
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
      return parseCommand(parser, [...context, 'function']);
    }
  }
  if (words.length + assignments.length + redirects.length === 0) return;
  const [program] = words;
  if (program?.text === 'eval') give(parser, 'runs what "eval" makes');
  if (program !== undefined && !program.quoted && reserved.test(program.text))
    give(parser, `unexpected "${program.text}"`);
  add(parser, { words, assignments, redirects, context, start, end });
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
