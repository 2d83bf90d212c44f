import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WriteError, refusal, writeSources } from './write.ts';

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tusklint-write-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the mode and the encoding of a file stay, and nothing else lies beside it', () => {
  writeFileSync(join(folder, 'a.yaml'), 'a: 1\n');
  chmodSync(join(folder, 'a.yaml'), 0o754);
  writeFileSync(join(folder, 'b.yaml'), Buffer.from('\uFEFFb: 1\n', 'utf16le'));
  writeFileSync(join(folder, 'c.conf'), Buffer.from('# gr\xfc\xdfe\n', 'latin1'));
  writeSources(
    [
      { path: 'a.yaml', text: 'a: 2\r\n' },
      { path: 'b.yaml', text: '\uFEFFb: 2\n' },
      { path: 'c.conf', text: '# gr\xfc\xdfe\nx = 1\n' },
    ],
    folder,
  );
  expect(readFileSync(join(folder, 'a.yaml'), 'utf8')).toBe('a: 2\r\n');
  expect(statSync(join(folder, 'a.yaml')).mode & 0o7777).toBe(0o754);
  expect(readFileSync(join(folder, 'b.yaml')).toString('utf16le')).toBe('\uFEFFb: 2\n');
  expect(readFileSync(join(folder, 'c.conf')).toString('latin1')).toBe('# gr\xfc\xdfe\nx = 1\n');
  expect(readdirSync(folder).sort()).toEqual(['a.yaml', 'b.yaml', 'c.conf']);
});

test('where one file cannot be written, none is', () => {
  writeFileSync(join(folder, 'a.yaml'), 'a: 1\n');
  expect(() =>
    writeSources(
      [
        { path: 'a.yaml', text: 'a: 2\n' },
        { path: 'gone.yaml', text: 'b: 2\n' },
      ],
      folder,
    ),
  ).toThrow(WriteError);
  expect(readFileSync(join(folder, 'a.yaml'), 'utf8')).toBe('a: 1\n');
  expect(readdirSync(folder)).toEqual(['a.yaml']);
});

test('files that are not ours to change', () => {
  mkdirSync(join(folder, 'given'));
  const put = (path: string, text: string) => writeFileSync(join(folder, path), text);
  put('given/plain.yaml', 'a: 1\n');
  put('given/other.yaml', 'changed: meanwhile\n');
  put('outside.yaml', 'a: 1\n');
  const conflict = 'a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> other\n';
  put('given/conflict.yaml', conflict);
  symlinkSync('plain.yaml', join(folder, 'given/link.yaml'));
  symlinkSync('given', join(folder, 'folder'));
  const why = (path: string, text = 'a: 1\n') => refusal({ path, text }, folder, ['given']);
  expect(why('given/plain.yaml')).toBeUndefined();
  expect(why('given/other.yaml')).toBe('on the disk is not what was judged');
  expect(why('given/conflict.yaml', conflict)).toBe('has conflict markers');
  expect(why('given/link.yaml')).toBe('is a symbolic link');
  expect(why('outside.yaml')).toBe('lies outside of the paths given');
  expect(why('folder/../outside.yaml')).toBe('lies outside of the paths given');
  expect(why('given/gone.yaml')).toBe('is no file on the disk');
  expect(refusal({ path: 'given/plain.yaml', text: 'a: 1\n' }, folder, ['given/other.yaml'])).toBe(
    'lies outside of the paths given',
  );
});
