/** Lists of edits, and the fixes that they make up. */
import type { Fix, Hindrance, TextEdit } from '../types.ts';

/** What a constructor returns: the edits, what is in their way, or undefined where nothing can be written at all. */
export type Edits = readonly TextEdit[] | Hindrance | undefined;

/** Whether there are edits: nothing is in their way. */
export function areWritten(edits: Edits): edits is readonly TextEdit[] {
  return edits !== undefined && !('hindrance' in edits);
}

/** All of the edits, or what is in the way of one of them. */
export function joined(lists: readonly Edits[]): Edits {
  const hindrance = lists.find(l => l !== undefined && 'hindrance' in l);
  if (hindrance !== undefined) return hindrance;
  return lists.every(areWritten) ? lists.flat() : undefined;
}

/** A fix of one or several edits, all or nothing: none as soon as something is in the way of one of them. */
export function fix(about: Omit<Fix, 'edits'>, ...edits: readonly Edits[]): Fix | Hindrance | undefined {
  const all = joined(edits);
  if (!areWritten(all)) return all;
  return all.length === 0 ? undefined : { ...about, edits: untangled(all) };
}

/** What is added behind a line that goes takes its place: the two would overlap. */
function untangled(edits: readonly TextEdit[]): readonly TextEdit[] {
  const isIn = (insertion: TextEdit, gone: TextEdit): boolean =>
    insertion.path === gone.path &&
    insertion.start === insertion.end &&
    gone.text === '' &&
    gone.start < insertion.start &&
    gone.end - insertion.start === (/^\r?\n/.exec(insertion.text)?.[0].length ?? 0);
  const moved = edits.filter(e => edits.some(gone => isIn(e, gone)));
  return edits
    .filter(e => !moved.includes(e))
    .map(gone => {
      const added = moved.filter(e => isIn(e, gone));
      return { ...gone, text: added.reduce((text, e) => text + e.text.replace(/^(\r?\n)([^]*)$/, '$2$1'), gone.text) };
    });
}
