import { chmodSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { decode, readStream, readText, sizeLimit } from './read.ts';

const folder = mkdtempSync(join(tmpdir(), 'tusklint-read-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const be = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();

test.for([
  ['UTF-8', Buffer.from('ä: 1'), 'ä: 1', 'utf-8'],
  ['a byte order mark stays', Buffer.from('\uFEFFa: 1'), '\uFEFFa: 1', 'utf-8'],
  ['UTF-16 little endian', Buffer.from('\uFEFFä: 1', 'utf16le'), '\uFEFFä: 1', 'utf-16le'],
  ['UTF-16 big endian', be('ä: 1'), '\uFEFFä: 1', 'utf-16be'],
  ['Latin-1', Buffer.from([0x23, 0xe4, 0x0a]), '#ä\n', 'latin1'],
  ['nothing', Buffer.alloc(0), '', 'utf-8'],
] as const)('decodes %s', ([, bytes, text, encoding]) => {
  expect(decode(bytes)).toEqual({ text, encoding });
});

test.for([
  ['a zero byte', Buffer.from('a\0b')],
  ['half a UTF-16 character', Buffer.from([0xff, 0xfe, 0x41])],
  ['UTF-16 that is a binary format', Buffer.from([0xff, 0xfe, 0x00, 0x00])],
  ['a file of git-crypt', Buffer.from('\0GITCRYPT\0xyz')],
] as const)('says that %s is binary', ([, bytes]) => {
  expect(decode(bytes)).toEqual({ reason: 'is binary' });
});

test('says what is too large without reading it', () => {
  const file = join(folder, 'large.yaml');
  writeFileSync(file, '');
  truncateSync(file, sizeLimit + 1);
  expect(readText(file)).toEqual({ reason: 'is too large (10.0 MiB, the limit is 10.0 MiB)' });
});

test('says what it may not read, or what has gone', () => {
  expect(readText(join(folder, 'gone'))).toEqual({ reason: 'cannot be read: ENOENT' });
  expect(readText(folder)).toEqual({ reason: 'cannot be read: EISDIR' });
});

test.skipIf(process.getuid?.() === 0)('says what it has no permission for (skipped as root, who may read all)', () => {
  const file = join(folder, 'secret.yaml');
  writeFileSync(file, 'a: 1');
  chmodSync(file, 0);
  expect(readText(file)).toEqual({ reason: 'cannot be read: EACCES' });
});

test('reads a stream to its end, whatever the cuts', async () => {
  const bytes = Buffer.from('schön: 1\n');
  const stream = Readable.from([bytes.subarray(0, 4), bytes.subarray(4)]);
  expect(await readStream(stream)).toEqual({ text: 'schön: 1\n', encoding: 'utf-8' });
  const endless = Readable.from([Buffer.alloc(sizeLimit, 0x20), Buffer.from('x')]);
  expect(await readStream(endless)).toEqual({ reason: expect.stringContaining('too large') });
});
