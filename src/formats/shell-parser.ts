/**
 * Reads a POSIX shell or bash script far enough to say for certain which commands it runs, in which order and under which
 * conditions. It never fails: where it cannot tell, the script says so.
 */
import {
  parseSimple,
  parseTest,
  type Parser,
  type ShellCommand,
  type ShellContext,
  takeWord,
  trailingRedirects,
} from './shell-command.ts';
import { accept, acceptWord, expectWord, give, peek, peekWord, skipBlanks, skipLines } from './shell-cursor.ts';
import { readWord } from './shell-word.ts';

/** A script as far as it is understood. */
export interface ShellScript {
  /** In the order of the text; those of a substitution come before the command that holds it. */
  readonly commands: readonly ShellCommand[];
  /** Why the list may be wrong or incomplete; undefined where all was understood. */
  readonly uncertain: string | undefined;
}

/** Reads a script; never throws. */
export function parseShell(text: string): ShellScript {
  const parser: Parser = {
    text,
    end: text.length,
    at: 0,
    commands: [],
    heredocs: [],
    uncertain: undefined,
    depth: 0,
    parseScript: (inner, context) => parseList(inner, context, none),
  };
  parseList(parser, [], none);
  if (parser.at < parser.end) give(parser, `unexpected "${text.slice(parser.at, parser.at + 1)}"`);
  const last = parser.commands.at(-1);
  const commands = parser.commands.map(({ tail, ...command }) => ({
    ...command,
    isLast: tail && command.start === last?.start,
  }));
  return { commands, uncertain: parser.uncertain };
}

const none: ReadonlySet<string> = new Set();
const set = (...words: string[]): ReadonlySet<string> => new Set(words);
const maxDepth = 100;

function tooDeep(parser: Parser): void {
  give(parser, 'nested too deeply');
  parser.at = parser.end;
}

/** Commands up to one of the reserved words, a closing bracket, `;;` or the end. */
function parseList(parser: Parser, context: readonly ShellContext[], until: ReadonlySet<string>): void {
  parser.depth += 1;
  if (parser.depth > maxDepth) tooDeep(parser);
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
  if (context.length > maxDepth) return tooDeep(parser);
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
      if (parseSimple(parser, context)) parseCommand(parser, [...context, 'function']);
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
