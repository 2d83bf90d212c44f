/** Splitting a text into YAML documents, as kubectl does it before any parser sees them. */

export interface Chunk {
  /** Offsets into the text: from behind the separator line to the next separator line, or to the `...` that ends it. */
  readonly start: number;
  readonly end: number;
  /** Where the `...` stands that ends it. */
  readonly stop: number | undefined;
  /** Where something stands behind `...` that kubectl silently leaves out. */
  readonly leftOut: { readonly start: number; readonly end: number } | undefined;
}
export interface Split {
  readonly chunks: readonly Chunk[];
  /** What stands on a separator line beside a comment: kubectl refuses it. */
  readonly badSeparators: readonly { readonly start: number; readonly end: number }[];
}

/**
 * The chunks of a text between the lines that begin with `---`. A separator line with content of its own is
 * kept as the head of its chunk, so that the content can be read all the same.
 */
export function splitDocuments(text: string): Split {
  const chunks: Chunk[] = [];
  const badSeparators: { start: number; end: number }[] = [];
  const separator = /^---(.*)$/gm;
  let from = text.startsWith('\ufeff') ? 1 : 0;
  // `.` and `$` also stop at a lone carriage return and at U+2028; a line of kubectl's ends at a line feed only.
  for (let found = separator.exec(text); found !== null; found = separator.exec(text)) {
    const start = found.index;
    if (start > 0 && text[start - 1] !== '\n' && text[start - 1] !== '\ufeff') continue;
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed + 1;
    const rest = text.slice(start + 3, end);
    const content = rest.trim();
    chunks.push(chunk(text, from, start));
    if (content === '') from = end;
    else if (content.startsWith('#')) from = start + 3 + rest.indexOf('#');
    else {
      const at = start + 3 + rest.indexOf(content);
      badSeparators.push({ start: at, end: at + content.length });
      from = /\s/.test(rest[0] ?? '') ? start : end;
    }
    separator.lastIndex = end;
  }
  chunks.push(chunk(text, from, text.length));
  return { chunks, badSeparators };
}

function chunk(text: string, start: number, end: number): Chunk {
  const part = text.slice(start, end);
  const stop = part.includes('...') ? /^\.\.\.(?=\s|$)/m.exec(part)?.index : undefined;
  if (stop === undefined) return { start, end, stop, leftOut: undefined };
  const content = /^[ \t]*[^#.\s].*$/m.exec(part.slice(stop + 3));
  if (content === null) return { start, end: start + stop, stop: start + stop, leftOut: undefined };
  const at = start + stop + 3 + content.index;
  const indent = content[0].search(/\S/);
  return {
    start,
    end: start + stop,
    stop: start + stop,
    leftOut: { start: at + indent, end: at + content[0].trimEnd().length },
  };
}
