/**
 * Tokens of a YAML text without a grammar: enough to tell what stands in quotes, in comments, in block scalars and
 * inside brackets, also where no parser gets through.
 */
import { endOfLine } from './comments.ts';

export interface Token {
  readonly kind: 'comment' | 'single' | 'double' | 'plain' | 'block' | 'open' | 'close' | 'comma' | 'mark';
  readonly start: number;
  readonly end: number;
  /** How many brackets are open behind the token. */
  readonly depth: number;
}

const isBlankOrEnd = (character: string | undefined): boolean =>
  character === undefined || character === ' ' || character === '\t' || character === '\n' || character === '\r';

const BLOCK_HEADER = /[|>][-+0-9]{0,2}[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|$)/y;
const WORD = /[^\s,[\]{}]*/y;
const BLOCK_PLAIN_END = /:(?=[ \t\r\n]|$)|[ \t]#|[\r\n]|$/g;
const FLOW_PLAIN_END = /:(?=[ \t\r\n,[\]{}]|$)|[ \t]#|[\r\n,[\]{}]|$/g;
const SINGLE_END = /'(?!')/y;

/** The tokens of a text from its start on. Never throws; an unclosed quote reaches to the end of the text. */
export function* tokens(text: string): Generator<Token> {
  let depth = 0;
  let at = text.startsWith('\ufeff') ? 1 : 0;
  let lineStart = at;
  let lineBegins = true;
  /** Column of the innermost block entry seen so far: what is indented more belongs to it. */
  let column = -1;
  while (at < text.length) {
    const character = text[at];
    if (character === '\n' || character === '\r') {
      at++;
      lineStart = at;
      lineBegins = true;
      continue;
    }
    if (character === ' ' || character === '\t') {
      at++;
      continue;
    }
    const start = at;
    if (character === '#' && (start === lineStart || isBlankOrEnd(text[start - 1]) || !lineBegins)) {
      at = endOfLine(text, start);
      yield { kind: 'comment', start, end: at, depth };
      continue;
    }
    if (character === '"' || character === "'") {
      at = endOfQuoted(text, start);
      if (depth === 0 && lineBegins && text[at] === ':') column = start - lineStart;
      yield { kind: character === '"' ? 'double' : 'single', start, end: at, depth };
    } else if (character === '[' || character === '{') {
      at++;
      depth++;
      yield { kind: 'open', start, end: at, depth };
    } else if (depth > 0 && (character === ']' || character === '}')) {
      at++;
      depth--;
      yield { kind: 'close', start, end: at, depth };
    } else if (depth > 0 && character === ',') {
      at++;
      yield { kind: 'comma', start, end: at, depth };
    } else if ((character === '-' || character === '?' || character === ':') && isBlankOrEnd(text[at + 1])) {
      if (depth === 0 && lineBegins && character !== ':') column = start - lineStart;
      at++;
      yield { kind: 'mark', start, end: at, depth };
      continue;
    } else if (character === ':' && depth > 0) {
      at++;
      yield { kind: 'mark', start, end: at, depth };
    } else if (character === '&' || character === '*' || character === '!') {
      WORD.lastIndex = at + 1;
      WORD.test(text);
      at = WORD.lastIndex;
      yield { kind: 'mark', start, end: at, depth };
    } else {
      const header = depth === 0 ? headerEnd(text, start) : -1;
      if (header >= 0) {
        at = endOfBlock(text, header, column);
        yield { kind: 'block', start, end: at, depth };
      } else {
        at = endOfPlain(text, start, depth);
        const isKey = text[at] === ':';
        if (depth === 0 && lineBegins && isKey) column = start - lineStart;
        if (depth === 0 && !isKey && text[at - 1] !== '#') at = endOfContinuation(text, at, column);
        yield { kind: 'plain', start, end: at, depth };
      }
    }
    lineBegins = false;
  }
}

function headerEnd(text: string, start: number): number {
  BLOCK_HEADER.lastIndex = start;
  return BLOCK_HEADER.test(text) ? BLOCK_HEADER.lastIndex : -1;
}

function endOfQuoted(text: string, start: number): number {
  if (text[start] === "'") {
    for (let at = text.indexOf("'", start + 1); at >= 0; at = text.indexOf("'", at + 2)) {
      SINGLE_END.lastIndex = at;
      if (SINGLE_END.test(text)) return at + 1;
    }
    return text.length;
  }
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

/** Up to the colon, comment, line break or (in brackets) indicator that ends a plain scalar on its line. */
function endOfPlain(text: string, start: number, depth: number): number {
  const pattern = depth > 0 ? FLOW_PLAIN_END : BLOCK_PLAIN_END;
  pattern.lastIndex = start + 1;
  const end = pattern.exec(text)?.index ?? text.length;
  return Math.max(end, start + 1);
}

/** The end of the lines below that go on with a plain scalar: indented more than its entry, no comment, no template line. */
function endOfContinuation(text: string, from: number, column: number): number {
  let end = from;
  for (;;) {
    const next = /\r?\n[\s]*/y;
    next.lastIndex = end;
    if (!next.test(text) || next.lastIndex >= text.length) return end;
    const at = next.lastIndex;
    const gap = text.slice(end, at);
    const indent = gap.length - 1 - Math.max(gap.lastIndexOf('\n'), gap.lastIndexOf('\r'));
    if (indent <= column || text[at] === '#' || text.startsWith('{{', at) || text.startsWith('{%', at)) return end;
    const lineEnd = endOfLine(text, at);
    const stop = endOfPlain(text, at, 0);
    if (stop < lineEnd && text[stop] !== undefined) return stop;
    end = lineEnd;
  }
}

/** The end of a block scalar's body: the last line that is indented more than its entry. */
function endOfBlock(text: string, header: number, column: number): number {
  let end = header;
  let at = header;
  while (at < text.length) {
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
    let content = at;
    while (text[content] === ' ') content++;
    const lineEnd = endOfLine(text, content);
    const isEmpty = content === lineEnd;
    if (!isEmpty && content - at <= column) return end;
    if (!isEmpty) end = lineEnd;
    at = lineEnd;
  }
  return end;
}
