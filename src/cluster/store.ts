/** Keeps texts that may be needed later in little memory: objects of a cluster look alike, and compress well. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Where a text lies in a store. */
export interface Stored {
  readonly block: number;
  readonly start: number;
  readonly end: number;
}

export interface Store {
  readonly put: (bytes: Buffer) => Stored;
  /** The bytes that were put; asking in the order of putting is cheap. */
  readonly get: (stored: Stored) => Buffer;
}

const blockSize = 1024 * 1024;

/** An empty store. */
export function createStore(): Store {
  const blocks: Buffer[] = [];
  let open: Buffer[] = [];
  let size = 0;
  let inflated: { readonly block: number; readonly bytes: Buffer } | undefined;
  return {
    put(bytes) {
      const stored = { block: blocks.length, start: size, end: size + bytes.length };
      open.push(Buffer.from(bytes));
      size += bytes.length;
      if (size >= blockSize) {
        blocks.push(deflateRawSync(Buffer.concat(open), { level: 1 }));
        open = [];
        size = 0;
      }
      return stored;
    },
    get({ block, start, end }) {
      if (inflated?.block !== block || block === blocks.length) {
        const compressed = blocks[block];
        inflated = { block, bytes: compressed === undefined ? Buffer.concat(open) : inflateRawSync(compressed) };
      }
      return inflated.bytes.subarray(start, end);
    },
  };
}
