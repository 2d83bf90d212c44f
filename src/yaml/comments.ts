/** Comments, and what else stands between the tokens of a YAML text. */
import type { Location } from '../types.ts';

export interface Comment {
  /** What follows the `#`, as it stands (no trimming). */
  readonly text: string;
  /** From the `#` to the end of the line. */
  readonly at: Location;
  /** Nothing but white space precedes it on its line. */
  readonly ownLine: boolean;
}

/** Where a gap between two tokens lies; offsets are those of `text`, `base` is the offset of `text` in the source. */
export interface Gap {
  readonly path: string;
  readonly text: string;
  readonly base: number;
  readonly start: number;
  readonly end: number;
}

const TAB = 9;
const LINE_FEED = 10;
const RETURN = 13;
const SPACE = 32;
const HASH = 35;

const isBreak = (code: number): boolean => code === LINE_FEED || code === RETURN;
const isBlank = (code: number): boolean => code === SPACE || code === TAB;

/**
 * Reads the gap between two tokens: adds its comments to `comments` and returns the offset of the first tab that stands
 * where a block's next token may begin (kubectl refuses it there), or -1.
 * `fresh`: whether a token may begin right at the start of the gap, as after a line break or a dash.
 */
export function readGap(gap: Gap, fresh: boolean, comments: Comment[]): number {
  const { text, start, end } = gap;
  let tab = -1;
  let leading = fresh;
  let at = start;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code === HASH && (at === start || !isInsideWord(text.charCodeAt(at - 1)))) {
      const lineEnd = endOfLine(text, at);
      comments.push({
        text: text.slice(at + 1, lineEnd),
        at: { path: gap.path, start: gap.base + at, end: gap.base + lineEnd },
        ownLine: startsLine(text, at),
      });
      at = lineEnd;
      continue;
    }
    if (isBreak(code)) leading = true;
    else if (code === TAB) {
      if (leading && tab < 0) tab = at;
    } else if (code !== SPACE && !(leading && isIndicator(text, at))) leading = false;
    at++;
  }
  return tab;
}

/** In an anchor or a tag, the only words of a gap, `#` is a letter. */
function isInsideWord(previous: number): boolean {
  return !(isBlank(previous) || isBreak(previous) || previous === 44 || previous === 91 || previous === 123);
}

/** `- `, `? ` and `: ` where a line begins: the next token may begin a block of its own. */
function isIndicator(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code !== 45 && code !== 63 && code !== 58) return false;
  const next = text.charCodeAt(at + 1);
  return Number.isNaN(next) || isBlank(next) || isBreak(next);
}

function startsLine(text: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && isBlank(text.charCodeAt(before))) before--;
  return before < 0 || isBreak(text.charCodeAt(before)) || text.charCodeAt(before) === 0xfeff;
}

/** The offset of the line break that ends the line of `at`, or of the end of the text. */
export function endOfLine(text: string, at: number): number {
  let end = at;
  while (end < text.length && !isBreak(text.charCodeAt(end))) end++;
  return end;
}

/** The offset of the next token: after white space, line breaks and comments. */
export function skipToToken(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (isBlank(code) || isBreak(code) || code === 0xfeff) at++;
    else if (code === HASH) at = endOfLine(text, at);
    else return at;
  }
}

/** How many characters stand before an offset on its line. */
export function columnOf(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && !isBreak(text.charCodeAt(start - 1))) start--;
  return offset - start;
}
