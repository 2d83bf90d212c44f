/** What go-yaml v2 refuses in scalars that YAML 1.2, and so js-yaml, takes. */
import { endOfLine } from './comments.ts';

/** Why a plain scalar inside brackets is refused: `?` is an indicator there, and `:` at its head. */
export function flowPlainFault(text: string): string | undefined {
  if (text.includes('?')) return 'a text with "?" inside brackets needs quotes';
  return text.startsWith(':') ? 'a text that begins with ":" inside brackets needs quotes' : undefined;
}

/** The first tab in a plain scalar of several lines that stands at `column` or before it in its line, or -1. */
export function indentingTab(raw: string, column: number): number {
  for (const found of raw.matchAll(/[\r\n] *\t/g)) {
    if (found[0].length - 2 <= column) return found.index + found[0].length - 1;
  }
  return -1;
}

/** A tab in the indentation of a block scalar that tells its own indentation by its first line, or -1. */
export function blockIndentTab(text: string, start: number, end: number): number {
  let at = start;
  while (at < end) {
    while (text[at] === ' ') at++;
    if (at < end && text[at] === '\t') return at;
    if (at >= end || endOfLine(text, at) > at) return -1;
    at++;
  }
  return -1;
}
