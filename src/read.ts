/** Texts of files: decoded, bounded, or the reason why not. */
import { isUtf8 } from 'node:buffer';
import { closeSync, constants, openSync, readFileSync, statSync } from 'node:fs';
import { errorCode } from './discover.ts';

/** Files above this many bytes are not read: no manifest is as long, and Kubernetes takes no object above 1.5 MiB. */
export const sizeLimit = 10 * 1024 * 1024;

/** How the bytes of a file stand for its text; an edit is written back in the same way. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1';

/** A text, or why there is none, for a person. */
export type ReadResult =
  | { readonly text: string; readonly encoding: Encoding; readonly reason?: undefined }
  | { readonly text?: undefined; readonly reason: string };

/** Reads a file. Never waits for a pipe or a device, never throws for what lies on the disk. */
export function readText(absolute: string): ReadResult {
  try {
    const stat = statSync(absolute);
    if (stat.size > sizeLimit) return { reason: tooLarge(stat.size) };
    const text = stat.isFile() ? plainText(absolute) : undefined;
    return text === undefined ? readBytes(absolute) : { text, encoding: 'utf-8' };
  } catch (error) {
    return { reason: `cannot be read: ${errorCode(error)}` };
  }
}

/**
 * The text of a regular file in plain UTF-8, undefined for any other and for an empty one. Node reads and decodes at once,
 * in half the time; what it cannot decode it marks.
 */
export function plainText(absolute: string): string | undefined {
  try {
    const text = readFileSync(absolute, 'utf8');
    return text === '' || /[\uFFFD\0]/.test(text) ? undefined : text;
  } catch {
    return undefined; // Who reads its bytes next says why.
  }
}

/** The slow way, for everything that is not plain UTF-8 in a regular file. */
function readBytes(absolute: string): ReadResult {
  // Not to block where the path is a pipe.
  const file = openSync(absolute, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return decode(readFileSync(file));
  } finally {
    closeSync(file);
  }
}

const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
const tooLarge = (size: number): string => `is too large (${mebibytes(size)}, the limit is ${mebibytes(sizeLimit)})`;

/** The text of a file's bytes. A byte order mark stays: offsets count it. */
export function decode(bytes: Buffer): ReadResult {
  if (bytes.length > sizeLimit) return { reason: tooLarge(bytes.length) };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16(bytes, 'utf-16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return utf16(bytes, 'utf-16be');
  if (bytes.subarray(0, 8192).includes(0)) return { reason: 'is binary' };
  if (isUtf8(bytes)) return { text: bytes.toString('utf8'), encoding: 'utf-8' };
  // Old comments are often in Latin-1, and PostgreSQL reads such files: every byte is a character.
  return { text: bytes.toString('latin1'), encoding: 'latin1' };
}

function utf16(bytes: Buffer, encoding: 'utf-16le' | 'utf-16be'): ReadResult {
  if (bytes.length % 2 !== 0) return { reason: 'is binary' };
  const text = (encoding === 'utf-16le' ? bytes : Buffer.from(bytes).swap16()).toString('utf16le');
  return text.includes('\0') ? { reason: 'is binary' } : { text, encoding };
}

/** Reads a stream to its end, as a file. */
export async function readStream(stream: AsyncIterable<Buffer | string>): Promise<ReadResult> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    size += bytes.length;
    if (size <= sizeLimit) chunks.push(bytes);
  }
  return size > sizeLimit ? { reason: tooLarge(size) } : decode(Buffer.concat(chunks));
}
