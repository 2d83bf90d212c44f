/** Splitting a text into YAML documents, as kubectl does it before any parser sees them. */

export interface Chunk {
  /** Offsets into the text: from behind the separator line to the next separator line, or to the `...` that ends it. */
  readonly start: number;
  readonly end: number;
  /** What stands beside its `---`, other than a comment: kubectl refuses it. */
  readonly beside: { readonly start: number; readonly end: number } | undefined;
  /** Where the `...` stands that ends it. */
  readonly stop: number | undefined;
  /** Where something stands behind `...` that kubectl silently leaves out. */
  readonly leftOut: { readonly start: number; readonly end: number } | undefined;
}
/**
 * The chunks of a text between the lines that begin with `---`. A separator line with content of its own is
 * kept as the head of its chunk, so that the content can be read all the same.
 */
export function splitDocuments(text: string): readonly Chunk[] {
  const chunks: Chunk[] = [];
  const separator = /^---/gm;
  let from = text.startsWith('\ufeff') ? 1 : 0;
  let beside: Chunk['beside'];
  for (let found = separator.exec(text); found !== null; found = separator.exec(text)) {
    const start = found.index;
    // `^` also stands behind a lone carriage return and U+2028; a line of kubectl's ends at a line feed only.
    if (start > 0 && text[start - 1] !== '\n' && text[start - 1] !== '\ufeff') continue;
    chunks.push(chunk(text, from, start, beside));
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed + 1;
    const rest = text.slice(start + 3, end);
    const content = rest.trim();
    const at = start + 3 + rest.indexOf(content);
    const isComment = content.startsWith('#');
    beside = content === '' || isComment ? undefined : { start: at, end: at + content.length };
    from = isComment ? at : beside !== undefined && /\s/.test(rest[0] ?? '') ? start : end;
    separator.lastIndex = end;
  }
  chunks.push(chunk(text, from, text.length, beside));
  return chunks;
}

function chunk(text: string, start: number, end: number, beside: Chunk['beside']): Chunk {
  const part = text.slice(start, end);
  const stop = part.includes('...') ? /^\.\.\.(?=\s|$)/m.exec(part)?.index : undefined;
  if (stop === undefined) return { start, end, beside, stop, leftOut: undefined };
  const content = /^[ \t]*[^#.\s].*$/m.exec(part.slice(stop + 3));
  const ended = { start, end: start + stop, beside, stop: start + stop };
  if (content === null) return { ...ended, leftOut: undefined };
  const at = ended.stop + 3 + content.index;
  return { ...ended, leftOut: { start: at + content[0].search(/\S/), end: at + content[0].trimEnd().length } };
}
