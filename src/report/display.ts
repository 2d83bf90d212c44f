/** Text of files as a terminal may show it: nothing that controls it, secrets masked, and its width known. */
import type { Location } from '../types.ts';

/** What secrets look like, whatever their length. */
export const maskText = '********';

/** A piece of a source made fit to print; offsets of the source lead to columns of what is printed. */
export interface Displayed {
  readonly text: string;
  /** The width in columns up to an offset of the source. */
  columnOf(offset: number): number;
  readonly width: number;
}

/** Shows the range of a text: tabs as two blanks, control characters by a sign, masked ranges as asterisks. */
export function display(text: string, start: number, end: number, masks: readonly Location[]): Displayed {
  const cells: { at: number; text: string; column: number }[] = [];
  let column = 0;
  const put = (at: number, shown: string) => {
    cells.push({ at, text: shown, column });
    column += widthOf(shown);
  };
  for (let at = start; at < end; ) {
    const mask = masks.find(m => m.start <= at && at < m.end);
    if (mask !== undefined) {
      put(at, maskText);
      at = Math.min(mask.end, end);
      continue;
    }
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    put(at, visible(character));
    at += character.length;
  }
  return {
    text: cells.map(c => c.text).join(''),
    width: column,
    columnOf(offset) {
      if (offset >= end) return column;
      return cells.findLast(c => c.at <= offset)?.column ?? 0;
    },
  };
}

/** Message text with what could control a terminal replaced. */
export function neutral(text: string): string {
  return ordinary.test(text) ? text : Array.from(text, visible).join('');
}

/** Nearly every text: nothing in it has to be looked at. */
const ordinary = /^[ -~]*$/;

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === '\t') return '  ';
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  // Tags, with which whole sentences can be written that nobody sees.
  if (code >= 0xe0000 && code <= 0xe0fff) return '\ufffd';
  // C1 controls, marks that change the direction of text, what takes no room, line separators, a byte order mark, lone surrogates.
  return /[\u0080-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]/.test(
    character,
  ) && code < 0x10000
    ? '\ufffd'
    : character;
}

/** Columns that a text takes in a terminal: wide characters two, combining ones none. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (/^[\p{Mn}\p{Me}\u200d]/u.test(character)) return 0;
  return wideRanges.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

/** East Asian Wide and Fullwidth, and emoji shown as pictures (Unicode's EastAsianWidth, in broad ranges). */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23ec],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

/** The part of a text between two columns, with `…` where something is left out. */
export function cut(text: string, from: number, to: number): { readonly text: string; readonly from: number } {
  if (from <= 0 && widthOf(text) <= to) return { text, from: 0 };
  let column = 0;
  let result = '';
  let start: number | undefined;
  let more = false;
  for (const character of text) {
    const width = characterWidth(character);
    if (column >= from && column + width <= to) {
      start ??= column;
      result += character;
    } else if (column >= to) {
      more = true;
      break;
    } else if (start !== undefined) more = true;
    column += width;
  }
  const lead = from > 0 ? '…' : '';
  return { text: `${lead}${result}${more ? '…' : ''}`, from: (start ?? 0) - lead.length };
}

/** The first UTF-16 units of a text, the last of them `…` where something is left out; no character is cut in two. */
export function clip(text: string, units: number): string {
  return text.length <= units ? text : `${text.slice(0, units - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Breaks a text at blanks into lines of at most `width` columns; a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
