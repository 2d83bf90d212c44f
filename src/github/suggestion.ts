/** Fixes as suggestions: whole lines of a pull request that a click replaces. */
import { applyEdits } from '../fix/apply.ts';
import { neutral } from '../report/display.ts';
import { touches } from '../report/replacement.ts';
import type { Fix, Location, TextOf } from '../types.ts';
import type { LineRange } from './changes.ts';

/** Lines of a file, and what to put in their place; no lines take them away. */
export interface Suggestion extends LineRange {
  readonly path: string;
  readonly lines: readonly string[];
}

/** Lines that a suggestion may replace: a longer one is no longer read before it is clicked. */
const mostLines = 30;

/**
 * The ways to say a fix as one suggestion, best first; none where it changes several files, would show a secret, or holds
 * what cannot be seen. Lines that are only added need one beside them: the one above, or the one below.
 */
export function suggestionsOf(fix: Fix, text: TextOf, masks: readonly Location[]): readonly Suggestion[] {
  const [first] = fix.edits;
  if (first === undefined || fix.edits.some(edit => edit.path !== first.path)) return [];
  const { path } = first;
  const source = text(path);
  if (source === undefined) return [];
  const before = source.split('\n');
  const after = applyEdits(source, fix.edits).split('\n');
  const { top, bottom } = alike(before, after);
  const removed = before.length - top - bottom;
  const added = after.slice(top, after.length - bottom);
  const ways: LineRange[] =
    removed > 0
      ? [{ start: top + 1, end: top + removed }]
      : added.length > 0
        ? [top, top + 1].filter(n => n >= 1 && n <= textLines(before)).map(n => ({ start: n, end: n }))
        : [];
  return ways.flatMap(({ start, end }) => {
    const lines =
      removed > 0 ? added : start === top ? [before[top - 1] ?? '', ...added] : [...added, before[top] ?? ''];
    // The last line of a text that ends with a line break is none.
    const shown = end === before.length && lines.at(-1) === '' ? lines.slice(0, -1) : lines;
    const old = before.slice(start - 1, end);
    if (end - start + 1 > mostLines || shown.length > 2 * mostLines) return [];
    if (touches(place(path, before, start, end), masks) || ![...old, ...shown].every(isPlain)) return [];
    return [{ path, start, end: Math.min(end, textLines(before)), lines: shown }];
  });
}

/** Lines at the top and at the bottom that are the same in both. */
function alike(before: readonly string[], after: readonly string[]): { readonly top: number; readonly bottom: number } {
  const most = Math.min(before.length, after.length);
  let top = 0;
  while (top < most && before[top] === after[top]) top += 1;
  let bottom = 0;
  while (bottom < most - top && before[before.length - 1 - bottom] === after[after.length - 1 - bottom]) bottom += 1;
  return { top, bottom };
}

/** Lines that a viewer numbers: what follows the last line break is one only where there is something. */
function textLines(lines: readonly string[]): number {
  return lines.at(-1) === '' ? lines.length - 1 : lines.length;
}

function place(path: string, lines: readonly string[], start: number, end: number): Location {
  const length = (count: number) => lines.slice(0, count).reduce((sum, line) => sum + line.length + 1, 0);
  return { path, start: length(start - 1), end: length(end) };
}

/** Whether a line is what it looks like: no control characters, no marks that change the direction of text or take no room. */
function isPlain(line: string): boolean {
  const text = line.replace(/\r$/, '').replaceAll('\t', ' ');
  return neutral(text) === text;
}
