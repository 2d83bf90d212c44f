/** Bytes of exports in UTF-8, whatever program wrote them down. */
import { TextDecoder } from 'node:util';

/**
 * The bytes of a stream, without a byte order mark. What PowerShell redirects into a file is UTF-16, which its mark tells:
 * it is turned into UTF-8.
 */
export async function* utf8(input: AsyncIterable<Buffer | string>): AsyncIterable<Buffer> {
  let decoder: TextDecoder | undefined;
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of input) {
    let bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (head !== undefined) {
      head = Buffer.concat([head, bytes]);
      if (head.length < 3) continue;
      bytes = head;
      head = undefined;
      decoder = decoderOf(bytes);
      if (decoder === undefined && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
        bytes = bytes.subarray(3);
    }
    yield decoder === undefined ? bytes : Buffer.from(decoder.decode(bytes, { stream: true }));
  }
  if (head !== undefined && head.length > 0) yield head;
  const last = decoder?.decode();
  if (last !== undefined && last !== '') yield Buffer.from(last);
}

function decoderOf(bytes: Buffer): TextDecoder | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le');
  return bytes[0] === 0xfe && bytes[1] === 0xff ? new TextDecoder('utf-16be') : undefined;
}
