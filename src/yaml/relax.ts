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
  let comments: Token[] = [];
  for (const token of tokens(text)) {
    if (token.kind === 'comment') {
      comments.push(token);
      continue;
    }
    // A comment ends a plain scalar: without it, the scalar would go on with what follows.
    const separates = comments.length > 0 && previous?.kind === 'plain' && token.kind === 'plain';
    if (previous !== undefined && !separates) {
      if (isInside(previous, token)) blank(previous.end, token.start);
      else if (previous.kind === 'mark' && isTabbed(text.slice(previous.end, token.start))) {
        blank(previous.end, token.start);
      } else if (previous.kind !== 'plain') for (const comment of comments) blank(comment.start, comment.end);
    }
    if (token.kind === 'single' || token.kind === 'double') blankBreaks(text, token, blank);
    previous = token;
    comments = [];
  }
  if (previous?.kind !== 'plain') for (const comment of comments) blank(comment.start, comment.end);
  return relaxed + text.slice(copied);
}

function isInside(previous: Token, next: Token): boolean {
  return previous.depth > 0 && (next.depth > 0 || next.kind === 'close');
}

const isTabbed = (gap: string): boolean => gap.includes('\t') && !/[^ \t]/.test(gap);

function blankBreaks(text: string, token: Token, blank: (start: number, end: number) => void): void {
  // `\'` is an escape to kubectl; behind a backslash any other character must stay what it is.
  const pattern = token.kind === 'double' ? /\\'|\\?[\r\n]+/g : /[\r\n]+/g;
  for (const found of text.slice(token.start, token.end).matchAll(pattern)) {
    blank(token.start + found.index, token.start + found.index + found[0].length);
  }
}
