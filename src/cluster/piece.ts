/** Objects of an export on their way from its bytes to what is kept of them. */

/** One object of an export as it stands there. */
export interface Piece {
  /** Its bytes, UTF-8, without what stands around it. Valid until the next bytes are pushed. */
  readonly bytes: Buffer;
  readonly ascii: boolean;
  /** Where its first byte stands: lines and columns from 1, columns in UTF-16 units. */
  readonly line: number;
  readonly column: number;
  /** Its kind and API version, where it says them; else those of a typed list around it. */
  readonly kind: string | undefined;
  readonly apiVersion: string | undefined;
  /** Its kind is the list's, and not written in it. */
  readonly typed: boolean;
  /** The list that holds it, counted from 0; undefined for an object that stands alone. */
  readonly list: number | undefined;
}

/** What takes the pieces of an export one after the other. */
export interface Splitter {
  /** The pieces that end in these bytes, which follow those of the calls before. */
  readonly push: (bytes: Buffer) => Iterable<Piece>;
  /** The pieces that the end of the input ends; `fault` says where the input breaks off. */
  readonly end: () => Iterable<Piece>;
  readonly fault: () => { readonly line: number; readonly message: string } | undefined;
}

/** No API server takes an object as large; where none ends for so long, the input is no export. */
export const largestObject = 64 * 1024 * 1024;

/** `Pod` for a `PodList`; undefined for a plain `List`, and for what is none. */
export function typedKind(list: string | undefined): string | undefined {
  return list === undefined || list === 'List' || !list.endsWith('List') ? undefined : list.slice(0, -'List'.length);
}
