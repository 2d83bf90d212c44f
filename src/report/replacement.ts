/** The edits of a fix as one replacement, for formats and reviews that take no more. */
import { applyEdits } from '../fix/apply.ts';
import type { Fix, Location, TextEdit, TextOf } from '../types.ts';

/** Whether something would be shown of a secret: the place covers a part of a mask, or lies inside it. */
export function touches(place: Location, masks: readonly Location[]): boolean {
  return masks.some(m => m.path === place.path && place.start < m.end && m.start < place.end);
}

/** Whether a fix may be shown as it is: none of its edits touches a secret. */
export function isShowable(fix: Fix, masks: readonly Location[]): boolean {
  return !fix.edits.some(edit => touches(edit, masks));
}

/**
 * One edit that does what the whole fix does; it spans what stands between its edits. Undefined where there is none that
 * may be shown: several files, no text, a secret inside, or more than `mostLines` lines from the first to the last edit.
 */
export function replacementOf(
  fix: Fix,
  text: TextOf,
  masks: readonly Location[],
  mostLines: number,
): TextEdit | undefined {
  const [first] = fix.edits;
  if (first === undefined || fix.edits.some(e => e.path !== first.path)) return undefined;
  const { path } = first;
  const source = text(path);
  if (source === undefined || !isShowable(fix, masks)) return undefined;
  const start = Math.min(...fix.edits.map(e => e.start));
  const end = Math.max(...fix.edits.map(e => e.end));
  const before = source.slice(start, end);
  if (before.split('\n').length > mostLines || touches({ path, start, end }, masks)) return undefined;
  const after = applyEdits(source, fix.edits);
  return { path, start, end, text: after.slice(start, after.length - (source.length - end)) };
}
