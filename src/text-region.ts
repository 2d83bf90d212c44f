/** A text that stands inside a source: a whole file, or the value of a YAML scalar. */
import type { Location, Source } from './types.ts';

export interface TextRegion {
  readonly path: string;
  readonly text: string;
  /** False where an offset of the text has no single place in the source (folded or escaped scalars): then `whole` is the place. */
  readonly exact: boolean;
  /** Ascending: from offset `from` of the text on, the source offset is `at + (offset - from)`. */
  readonly segments: readonly { readonly from: number; readonly at: number }[];
  /** The region in the source: the file, or the scalar. */
  readonly whole: Location;
  /** Where to point when one place stands for the whole: the key of the scalar; for a file, its first character. */
  readonly name: Location;
}

/** The region that is a whole source. */
export function wholeSource(source: Source): TextRegion {
  const { path, text } = source;
  return {
    path,
    text,
    exact: true,
    segments: [{ from: 0, at: 0 }],
    whole: { path, start: 0, end: text.length },
    name: { path, start: 0, end: 0 },
  };
}

/** The place in the source of a range of the region's text. */
export function locate(region: TextRegion, start: number, end: number): Location {
  if (!region.exact) return region.name;
  const from = sourceOffset(region, start);
  return {
    path: region.path,
    start: from,
    end: Math.max(from, end > start ? sourceOffset(region, end - 1) + 1 : from),
  };
}

function sourceOffset(region: TextRegion, offset: number): number {
  const segment = region.segments.findLast(s => s.from <= offset);
  return segment === undefined ? region.whole.start : segment.at + (offset - segment.from);
}
