/** A part of a text region: a line of pg_hba.conf inside a script inside a manifest. */
import { locate, type TextRegion } from './text-region.ts';

/** The region of the text from `start` to `end` of `region`, with its places. */
export function subRegion(region: TextRegion, start: number, end: number): TextRegion {
  const first = region.segments.findLast(s => s.from <= start);
  const inside = region.segments.filter(s => s.from > start && s.from < end);
  const place = locate(region, start, end);
  return {
    path: region.path,
    text: region.text.slice(start, end),
    exact: region.exact,
    segments: [
      ...(first === undefined ? [] : [{ from: 0, at: first.at + (start - first.from) }]),
      ...inside.map(s => ({ from: s.from - start, at: s.at })),
    ],
    whole: place,
    name: place,
  };
}
