/**
 * Finds the objects of JSON exports in a stream of bytes: the items of lists, objects that stand alone, one document after the
 * other. Nothing is decoded but names of kinds, and no more than one object is held.
 */
import { type Piece, type Splitter, largestObject, typedKind } from './piece.ts';

const [quote, backslash, open, close, openList, closeList, comma, feed] = [
  0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d, 0x2c, 0x0a,
];
/** What stands between brackets, commas and quotes: numbers, `true`, `false`, `null`, colons. */
const isPlain: readonly boolean[] = Array.from({ length: 128 }, (_, byte) =>
  /[\w.:+-]/.test(String.fromCharCode(byte)),
);

/** A splitter for a stream that begins with `{` or `[`. */
export function jsonSplitter(): Splitter {
  // What is not yet done with: from the first byte of the object that is open on.
  let held: Buffer = Buffer.alloc(0);
  let at = 0;
  let depth = 0;
  let inString = false;
  let escaped = false;
  let line = 1;
  /** Offset in `held` of the first byte of the line, less what multi-byte characters before it take in excess. */
  let lineStart = 0;
  let stringStart = 0;
  let key: string | undefined;
  /** The next string at the level that is watched is a key. */
  let expectsKey = false;
  /** Depth inside of the object that is open; its direct keys are watched. */
  let level = 0;
  let object:
    | { start: number; line: number; column: number; ascii: boolean; kind?: string; apiVersion?: string }
    | undefined;
  /** The list around: its items lie at this depth. */
  let items: number | undefined;
  let lists = 0;
  let header: { kind?: string; apiVersion?: string } = {};
  /** Items of a list that has not said its kind yet. */
  let nameless: Piece[] = [];
  /** Those that ended in the bytes that came last. */
  let pieces: Piece[] = [];
  let failed: { line: number; message: string } | undefined;

  function scan(): void {
    while (failed === undefined && at < held.length) {
      if (inString ? !skipString() : !skipSpace()) return;
      if (inString) {
        inString = false;
        if (depth === level) text(held.toString('utf8', stringStart + 1, Math.min(at, stringStart + 260)));
      } else token(held[at] ?? 0);
      at++;
    }
  }

  /** To the quote that ends the string; false where it is not here yet. */
  function skipString(): boolean {
    const bytes = held;
    const end = bytes.length;
    let i = at;
    let isEscaped = escaped;
    for (; i < end; i++) {
      const byte = bytes[i] ?? 0;
      if (isEscaped) isEscaped = false;
      else if (byte === quote) break;
      else if (byte === backslash) isEscaped = true;
      else if (byte >= 0x80) {
        // A character is one unit, or two where its first byte says that it has four; all its other bytes count nothing.
        if (byte < 0xc0) lineStart++;
        else if (byte >= 0xf0) lineStart--;
        if (object !== undefined) object.ascii = false;
      }
    }
    at = i;
    escaped = isEscaped;
    return i < end;
  }

  /** To the next bracket, comma or quote. */
  function skipSpace(): boolean {
    const bytes = held;
    const end = bytes.length;
    let i = at;
    for (; i < end; i++) {
      const byte = bytes[i] ?? 0;
      if (byte === feed) {
        line++;
        lineStart = i + 1;
      } else if (byte > 0x20 && !(isPlain[byte] ?? false)) break;
    }
    at = i;
    return i < end;
  }

  function token(byte: number): void {
    switch (byte) {
      case quote:
        inString = true;
        stringStart = at;
        return;
      case open:
        if (depth === (items ?? 0)) begin();
        depth++;
        if (object !== undefined && depth === level) expectsKey = true;
        return;
      case openList:
        if (depth === 0) openItems({});
        else if (depth === level && key === 'items' && object !== undefined && items === undefined && isList()) {
          openItems(kindOf(object));
          object = undefined;
        }
        depth++;
        return;
      case close:
      case closeList:
        depth--;
        if (depth < 0) failed = { line, message: 'has a bracket that nothing opens' };
        else closed();
        return;
      case comma:
        if (depth !== level) return;
        expectsKey = true;
        key = undefined;
        return;
      default:
        failed = { line, message: 'holds what is no JSON' };
    }
  }

  function openItems(head: typeof header): void {
    items = depth + 1;
    header = head;
    lists++;
  }

  /** A bracket was closed: it may end an object, the items of a list, or a document. */
  function closed(): void {
    if (object !== undefined && depth === level - 1) {
      finish(held);
      if (depth === 0) settle();
    } else if (items !== undefined && depth === items - 1) {
      items = undefined;
      // What follows still belongs to the list: its kind may be there.
      level = depth;
      expectsKey = false;
      if (depth === 0) settle();
    } else if (depth === 0) settle();
  }

  function begin(): void {
    object = { start: at, line, column: at - lineStart + 1, ascii: true };
    level = depth + 1;
    key = undefined;
  }

  /** A string among the direct keys and values of the object that is open, or of the list. */
  function text(value: string): void {
    if (expectsKey) {
      key = value;
      expectsKey = false;
    } else if (key === 'kind' || key === 'apiVersion') {
      (object ?? header)[key] = value;
      key = undefined;
    }
  }

  /** An object that is no list may have `items` too. */
  function isList(): boolean {
    return object?.kind === undefined || object.kind.endsWith('List');
  }

  function kindOf(of: { kind?: string; apiVersion?: string }): { kind?: string; apiVersion?: string } {
    return {
      ...(of.kind === undefined ? {} : { kind: of.kind }),
      ...(of.apiVersion === undefined ? {} : { apiVersion: of.apiVersion }),
    };
  }

  function finish(bytes: Buffer): void {
    if (object === undefined) return;
    const { start, line: first, column, ascii, kind, apiVersion } = object;
    object = undefined;
    const inList = items !== undefined;
    if (inList) level = -1;
    const itemKind = inList && kind === undefined ? typedKind(header.kind) : undefined;
    const piece: Piece = {
      bytes: bytes.subarray(start, at + 1),
      ascii,
      line: first,
      column,
      kind: kind ?? itemKind,
      apiVersion: apiVersion ?? (itemKind === undefined ? undefined : header.apiVersion),
      typed: kind === undefined && inList,
      list: inList ? lists - 1 : undefined,
    };
    if (piece.kind === undefined && inList) nameless.push({ ...piece, bytes: Buffer.from(piece.bytes) });
    else pieces.push(piece);
  }

  /** The document is whole: items that waited for the kind of their list have it now. */
  function settle(): void {
    const kind = typedKind(header.kind);
    for (const piece of nameless) pieces.push({ ...piece, kind, apiVersion: header.apiVersion });
    nameless = [];
    header = {};
    level = 0;
    object = undefined;
  }

  return {
    push(bytes) {
      if (failed !== undefined) return [];
      const from = object?.start ?? (inString ? stringStart : at);
      held = from < held.length ? Buffer.concat([held.subarray(from), bytes]) : bytes;
      at -= from;
      lineStart -= from;
      stringStart -= from;
      if (object !== undefined) object.start = 0;
      if (held.length > largestObject + bytes.length)
        failed = { line: object?.line ?? line, message: 'holds an object that is too large to be one' };
      pieces = [];
      scan();
      return pieces;
    },
    end() {
      if (failed === undefined && (depth > 0 || inString))
        failed = { line: object?.line ?? line, message: 'breaks off in the middle of an object' };
      return [];
    },
    fault: () => failed,
  };
}
