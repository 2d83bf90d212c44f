/**
 * Finds the objects of YAML exports in a stream of bytes, by their indentation: the items of lists, and documents. It reads what
 * kubectl and its like print; a list that is written in another way comes as the one document that it is.
 */
import { isAscii } from 'node:buffer';
import { type Piece, type Splitter, largestObject, typedKind } from './piece.ts';

const [feed, space, dash, hash, carriage] = [0x0a, 0x20, 0x2d, 0x23, 0x0d];

/** A splitter for a stream of YAML. */
export function yamlSplitter(): Splitter {
  let held: Buffer = Buffer.alloc(0);
  /** Offset in `held` of the next line that was not looked at. */
  let at = 0;
  let line = 0;
  let object: { start: number; line: number; kind?: string | undefined; apiVersion?: string | undefined } | undefined;
  /** Inside of a list: where the dashes of its items stand; -1 until the first one is seen. */
  let indent: number | undefined;
  let header: { kind?: string | undefined; apiVersion?: string | undefined } = {};
  let lists = 0;
  let nameless: Piece[] = [];
  let failed: { line: number; message: string } | undefined;

  function* scan(last: boolean): Generator<Piece> {
    for (;;) {
      const next = held.indexOf(feed, at);
      if (next < 0 && (!last || at >= held.length)) return;
      const end = next < 0 ? held.length : next;
      line++;
      yield* look(at, end);
      at = end + 1;
    }
  }

  function* look(start: number, end: number): Generator<Piece> {
    let first = start;
    while (first < end && held[first] === space) first++;
    const byte = held[first];
    // Nothing but a line break or a comment: it belongs to whatever is open.
    if (first === end || byte === carriage) return;
    const column = first - start;
    if (column === 0 && byte === dash && held[start + 1] === dash && held[start + 2] === dash) {
      yield* finish(start);
      yield* settle();
      return;
    }
    if (indent !== undefined) {
      if (byte === hash && column <= Math.max(indent, 0)) return;
      const isItem = byte === dash && (first + 1 >= end || held[first + 1] === space || held[first + 1] === carriage);
      if (isItem && (indent < 0 || column === indent)) {
        indent = column;
        yield* finish(start);
        object = { start, line };
        note(first + 2, end);
        return;
      }
      if (column > indent && indent >= 0) {
        if (column === indent + 2) note(first, end);
        return;
      }
      yield* finish(start);
      indent = undefined;
    }
    if (object === undefined && header.kind === undefined && header.apiVersion === undefined) {
      if (byte === hash) return;
      object = { start, line };
    }
    if (column > 0) return;
    if (object !== undefined && isItems(start, end) && (object.kind === undefined || object.kind.endsWith('List'))) {
      header = { kind: object.kind, apiVersion: object.apiVersion };
      object = undefined;
      indent = -1;
      lists++;
      return;
    }
    note(start, end);
  }

  const isItems = (start: number, end: number): boolean =>
    end - start < 32 && /^items:\s*(?:\[\]\s*)?$/.test(held.toString('latin1', start, end));

  /** A direct key of the object, or of the list around it. */
  function note(start: number, end: number): void {
    const found =
      end - start < 300 ? /^(kind|apiVersion): *["']?([^\s"'#]+)/.exec(held.toString('latin1', start, end)) : null;
    if (found?.[2] === undefined) return;
    const key = found[1] === 'kind' ? 'kind' : 'apiVersion';
    const into = object ?? header;
    into[key] ??= found[2];
  }

  function* finish(end: number): Generator<Piece> {
    if (object === undefined) return;
    const { start, line: first, kind, apiVersion } = object;
    object = undefined;
    const inList = indent !== undefined;
    const itemKind = inList && kind === undefined ? typedKind(header.kind) : undefined;
    const bytes = held.subarray(start, end);
    const piece: Piece = {
      bytes,
      ascii: isAscii(bytes),
      line: first,
      column: 1,
      kind: kind ?? itemKind,
      apiVersion: apiVersion ?? (itemKind === undefined ? undefined : header.apiVersion),
      typed: kind === undefined && inList,
      list: inList ? lists - 1 : undefined,
    };
    if (piece.kind === undefined && inList) nameless.push({ ...piece, bytes: Buffer.from(bytes) });
    else yield piece;
  }

  function* settle(): Generator<Piece> {
    const kind = typedKind(header.kind);
    for (const piece of nameless) yield { ...piece, kind, apiVersion: header.apiVersion };
    nameless = [];
    header = {};
    indent = undefined;
  }

  return {
    *push(bytes) {
      if (failed !== undefined) return;
      const from = object?.start ?? at;
      held = from < held.length ? Buffer.concat([held.subarray(from), bytes]) : bytes;
      at -= from;
      if (object !== undefined) object.start = 0;
      if (held.length > largestObject + bytes.length)
        failed = { line: object?.line ?? line, message: 'holds an object that is too large to be one' };
      yield* scan(false);
    },
    *end() {
      yield* scan(true);
      yield* finish(held.length);
      yield* settle();
    },
    fault: () => failed,
  };
}
