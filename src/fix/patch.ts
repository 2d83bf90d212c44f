/** A change of texts as a patch that `git apply` takes. */
import { formatPatch, structuredPatch } from 'diff';
import { linesOf } from '../report/lines.ts';
import type { Location, Source } from '../types.ts';

/** One text before and after, with the places of secrets in both. */
export interface Change {
  readonly before: Source;
  readonly after: Source;
  /** The path that the patch names. */
  readonly name: string;
  readonly masks: { readonly before: readonly Location[]; readonly after: readonly Location[] };
}

export interface Patch {
  /** Empty where nothing of it may be shown. */
  readonly text: string;
  /** How many hunks are left out, because they show a secret. */
  readonly hidden: number;
}

/** The patch of one text, without the hunks that would show a secret. */
export function patchOf({ before, after, masks, name: path }: Change): Patch {
  const name = (side: string) => quoted(`${side}/${path}`);
  const patch = structuredPatch('', '', before.text, after.text, undefined, undefined, { context: 3 });
  const [hiddenBefore, hiddenAfter] = [maskedLines(before, masks.before), maskedLines(after, masks.after)];
  let hidden = 0;
  let shift = 0;
  const hunks = patch.hunks.flatMap(hunk => {
    const shows =
      hiddenBefore.some(line => line >= hunk.oldStart && line < hunk.oldStart + hunk.oldLines) ||
      hiddenAfter.some(line => line >= hunk.newStart && line < hunk.newStart + hunk.newLines);
    if (!shows) return [{ ...hunk, newStart: hunk.newStart + shift }];
    hidden += 1;
    shift += hunk.oldLines - hunk.newLines;
    return [];
  });
  return { text: hunks.length === 0 ? '' : header(name) + body(formatPatch({ ...patch, hunks })), hidden };
}

/** The lines that name the file, in git's own way: the library's are of another make. */
const header = (name: (side: string) => string): string =>
  `diff --git ${name('a')} ${name('b')}\n--- ${name('a')}\n+++ ${name('b')}\n`;

/** What the library prints from its first hunk on. */
const body = (text: string): string => text.slice(text.search(/^@@ /m));

/** The numbers of the lines that hold a part of a secret. */
function maskedLines({ path, text }: Source, masks: readonly Location[]): readonly number[] {
  const lines = linesOf(text);
  return masks
    .filter(m => m.path === path)
    .flatMap(({ start, end }) => {
      const [first, last] = [lines.position(start).line, lines.position(Math.max(start, end - 1)).line];
      return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    });
}

/** A path as git writes it: in quotes, with escapes, where it holds what could end the line or the word. */
function quoted(path: string): string {
  if (!/["\\\u0000-\u001f\u007f]/.test(path)) return path;
  const escapes: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\r': '\\r' };
  return `"${path.replace(/["\\\u0000-\u001f\u007f]/g, c => escapes[c] ?? `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`)}"`;
}
