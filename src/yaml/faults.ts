/** js-yaml's reasons in words for people who write manifests. */
import { type Token, tokens } from './lexer.ts';

const WORDS: ReadonlyMap<string, string> = new Map([
  [
    'bad indentation of a mapping entry',
    'this does not fit the map around it (wrong indentation, or a text that needs quotes)',
  ],
  [
    'bad indentation of a sequence entry',
    'this does not fit the list around it (wrong indentation, or a text that needs quotes)',
  ],
  [
    'end of the stream or a document separator is expected',
    'this does not belong to what stands before it (wrong indentation, or a text that needs quotes)',
  ],
  [
    'can not read a block mapping entry; a multiline key may not be an implicit key',
    'a colon is missing behind this key',
  ],
  ["expected ':' after a mapping key", 'a colon is missing behind this key'],
  ['missed comma between flow collection entries', 'a comma is missing between entries inside brackets'],
  ["expected the node content, but found ','", 'a comma stands where an entry should'],
  ['tab characters must not be used in indentation', 'a tab stands where only spaces may indent'],
  ['deficient indentation', 'this line is indented too little for the brackets or quotes that it stands in'],
  ['directives end mark is expected', 'kubectl splits the file at "---" before it reads directives'],
  ['a line break is expected', 'only an indentation digit, "-" or "+" may follow "|" or ">" on its line'],
]);

export interface Fault {
  /** js-yaml's reason, or the head of a sentence. */
  readonly message: string;
  readonly position: number;
}

const UNCLOSED = /^unexpected end of the|^deficient indentation$/;

/** The fault in words. What is never closed is pointed at where it opens; reasons without words of ours stand as they are. */
export function explain(text: string, fault: Fault): Fault {
  const opening = UNCLOSED.test(fault.message) ? unclosed(text) : undefined;
  if (opening === undefined) return { ...fault, message: WORDS.get(fault.message) ?? fault.message };
  const what = opening.kind === 'open' ? 'bracket' : `${opening.kind} quote`;
  return { message: `a ${what} is opened and not closed`, position: opening.start };
}

/** The token that opens what is still open at the end of the text. */
function unclosed(text: string): Token | undefined {
  const open: Token[] = [];
  let last: Token | undefined;
  for (const token of tokens(text)) {
    if (token.kind === 'open') open.push(token);
    if (token.kind === 'close') open.pop();
    last = token;
  }
  const isQuoted = last?.kind === 'double' || last?.kind === 'single';
  return isQuoted && last?.end === text.length && !isClosed(text.slice(last.start)) ? last : open.at(-1);
}

/** Whether a quoted token that reaches to the end of the text ends in its closing quote. */
function isClosed(quoted: string): boolean {
  const inside = quoted.slice(1);
  if (quoted.startsWith("'")) return trailing(inside, "'") % 2 === 1;
  return inside.endsWith('"') && trailing(inside.slice(0, -1), '\\') % 2 === 0;
}

function trailing(text: string, character: string): number {
  let start = text.length;
  while (text[start - 1] === character) start--;
  return text.length - start;
}
