/**
 * kubectl's parser minds no indentation inside brackets and quotes, and takes a comment right behind them; js-yaml does mind.
 * The relaxed text has the same length and the same tokens at the same offsets, on fewer lines.
 */
import { type Token, tokens } from './lexer.ts';

/**
 * The text with line breaks and tabs inside brackets and quotes overwritten by spaces, and comments too.
 * Only for finding tokens: values are to be read from the text itself.
 */
export function relax(text: string): string {
  let relaxed = '';
  let copied = 0;
  const blank = (start: number, end: number): void => {
    relaxed += text.slice(copied, start) + ' '.repeat(end - start);
    copied = end;
  };
  let previous: Token | undefined;
  let comment: Token | undefined;
  for (const token of tokens(text)) {
    if (token.kind === 'comment') {
      comment = token;
      blank(token.start, token.end);
      continue;
    }
    if (previous !== undefined && isInside(previous, token)) {
      // A comment ends a plain scalar: joined with the next line, two scalars would look like one.
      const separates = comment !== undefined && previous.kind === 'plain' && token.kind === 'plain';
      if (!separates) blank(Math.max(previous.end, copied), token.start);
    }
    if (token.kind === 'single' || token.kind === 'double') blankBreaks(text, token, blank);
    previous = token;
    comment = undefined;
  }
  return relaxed + text.slice(copied);
}

function isInside(previous: Token, next: Token): boolean {
  return previous.depth > 0 && (next.depth > 0 || next.kind === 'close');
}

function blankBreaks(text: string, token: Token, blank: (start: number, end: number) => void): void {
  for (const found of text.slice(token.start, token.end).matchAll(/[\r\n]+/g)) {
    blank(token.start + found.index, token.start + found.index + found[0].length);
  }
}
