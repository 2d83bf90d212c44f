/** The lines of a file around a place, with the place underlined; and the lines that a fix changes. */
import type { Fix, Location, TextEdit, TextOf } from '../types.ts';
import { cut, display, neutral, widthOf } from './display.ts';
import { type Lines, lineIndex, linesOf } from './lines.ts';

export interface FrameLine {
  /** The line number, or blanks as wide, right-aligned. */
  readonly gutter: string;
  readonly text: string;
  /** What stands under the place: carets and the label. */
  readonly mark: boolean;
}

export interface FrameOptions {
  readonly masks: readonly Location[];
  /** Columns that the text of a line may take. */
  readonly width: number;
  /** Lines shown above the place. */
  readonly context: number;
}

/** A place that touches a mask is underlined as far as the mask goes: nobody sees what is inside. */
function around(at: Location, masks: readonly Location[]): { readonly start: number; readonly end: number } {
  const touched = masks.filter(m => m.start < at.end && at.start < m.end);
  return {
    start: Math.min(at.start, ...touched.map(m => m.start)),
    end: Math.max(at.end, ...touched.map(m => m.end)),
  };
}

/**
 * The lines above a place, its first line and the underline with the label. A place of several lines is underlined to
 * the end of its first; an empty one gets one caret; a line that is too long is cut around the place.
 */
export function frame(
  at: Location,
  text: string,
  label: string | undefined,
  options: FrameOptions,
  lines: Lines = linesOf(text),
): FrameLine[] {
  const { line } = lines.position(at.start);
  const masks = options.masks.filter(m => m.path === at.path);
  const first = Math.max(lines.first(at.start), line - options.context);
  const digits = String(line).length;
  const range = lines.range(line, at.start);
  const shown = display(text, range.start, range.end, masks);
  const place = around(at, masks);
  const from = shown.columnOf(Math.max(place.start, range.start));
  const to = Math.max(from + 1, shown.columnOf(Math.min(Math.max(place.end, place.start), range.end)));
  // A third of the width may stand before a place that is far to the right.
  const tooLong = shown.width > options.width;
  const left =
    tooLong && to > options.width ? Math.max(0, Math.min(from - Math.floor(options.width / 3), shown.width - 8)) : 0;
  const window = (content: string) => cut(content, left, left + options.width - 2);
  const result: FrameLine[] = [];
  for (let n = first; n < line; n++) {
    const above = lines.range(n, at.start);
    const content = display(text, above.start, above.end, masks).text;
    result.push({
      gutter: String(n).padStart(digits),
      text: (tooLong ? window(content) : cut(content, 0, options.width - 2)).text,
      mark: false,
    });
  }
  const content = tooLong ? window(shown.text) : { text: shown.text, from: 0 };
  result.push({ gutter: String(line), text: content.text, mark: false });
  const start = Math.max(0, from - content.from);
  const end = Math.min(to - content.from, Math.max(widthOf(content.text), start + 1));
  const carets = ' '.repeat(start) + '^'.repeat(Math.max(1, end - start));
  const mark = label === undefined || label === '' ? carets : `${carets} ${neutral(label)}`;
  result.push({ gutter: ' '.repeat(digits), text: mark, mark: true });
  return result;
}

export interface DiffLine {
  readonly sign: '-' | '+' | ' ';
  readonly text: string;
}

/** What a fix changes, line by line and per file; a change that touches a masked place says so instead. */
export function diff(
  fix: Fix,
  text: TextOf,
  masks: readonly Location[],
  lines: (path: string) => Lines | undefined = lineIndex(text),
): { readonly path: string; readonly line: number; readonly lines: readonly DiffLine[] }[] {
  return clusters(fix.edits, text).map(({ path, source, start, end, edits }) => {
    const line = lines(path)?.position(start).line ?? 1;
    const own = masks.filter(m => m.path === path);
    const hidden = edits.some(e => own.some(m => e.start < m.end && m.start < e.end));
    if (hidden) return { path, line, lines: [{ sign: ' ', text: '(not shown: it touches a secret)' }] };
    const before = pieces(source, start, end, own);
    let after = '';
    let done = start;
    for (const edit of edits) {
      after += pieces(source, done, edit.start, own) + edit.text.split(/\r?\n/).map(neutral).join('\n');
      done = edit.end;
    }
    after += pieces(source, done, end, own);
    return { path, line, lines: dedent(changed(before.split('\n'), edits.length > 0 ? after.split('\n') : [])) };
  });
}

/** Displays a range of several lines. */
function pieces(source: string, start: number, end: number, masks: readonly Location[]): string {
  const shown: string[] = [];
  for (let from = start; ; ) {
    const next = source.indexOf('\n', from);
    const to = next < 0 || next >= end ? end : next;
    shown.push(display(source, from, source[to - 1] === '\r' && to > from ? to - 1 : to, masks).text);
    if (to === end && !(next >= 0 && next < end)) break;
    from = to + 1;
  }
  return shown.join('\n');
}

interface Cluster {
  readonly path: string;
  readonly source: string;
  readonly start: number;
  readonly end: number;
  readonly edits: readonly TextEdit[];
}

/** Edits whose lines meet are shown together. */
function clusters(edits: readonly TextEdit[], text: TextOf): Cluster[] {
  const result: Cluster[] = [];
  for (const edit of [...edits].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.start - b.start))) {
    const source = text(edit.path);
    if (source === undefined) continue;
    const start = source.lastIndexOf('\n', edit.start - 1) + 1;
    const next = source.indexOf('\n', edit.end);
    const end = next < 0 ? source.length : next;
    const last = result.at(-1);
    if (last?.path === edit.path && start <= last.end) {
      result[result.length - 1] = { ...last, end: Math.max(end, last.end), edits: [...last.edits, edit] };
    } else result.push({ path: edit.path, source, start, end, edits: [edit] });
  }
  return result;
}

/** The lines that differ between the first and the last that are the same. */
function changed(before: readonly string[], after: readonly string[]): DiffLine[] {
  let top = 0;
  while (top < before.length && top < after.length && before[top] === after[top]) top++;
  let bottom = 0;
  const most = Math.min(before.length, after.length) - top;
  while (bottom < most && before[before.length - 1 - bottom] === after[after.length - 1 - bottom]) bottom++;
  return [
    ...before.slice(top, before.length - bottom).map(line => ({ sign: '-', text: line }) as const),
    ...after.slice(top, after.length - bottom).map(line => ({ sign: '+', text: line }) as const),
  ];
}

function dedent(lines: readonly DiffLine[]): DiffLine[] {
  const margins = lines.filter(l => l.text.trim() !== '').map(l => l.text.length - l.text.trimStart().length);
  const margin = margins.length === 0 ? 0 : Math.min(...margins);
  return lines.map(l => ({ ...l, text: l.text.slice(margin) }));
}
