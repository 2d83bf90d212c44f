/** What a git repository says of its files, read from its own files: no program runs. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';

/** The top folder of the working tree that holds `folder` (absolute), undefined outside of git. */
export function gitRoot(folder: string): string | undefined {
  for (let here = folder; ; here = dirname(here)) {
    if (existsSync(join(here, '.git'))) return here;
    if (dirname(here) === here) return undefined;
  }
}

/** The repository's own folder: `.git`, or where the file `.git` of a worktree or submodule points. */
export function gitFolder(root: string): string {
  const dotGit = join(root, '.git');
  if (statSync(dotGit).isDirectory()) return dotGit;
  const target = /^gitdir: *(.+?)\s*$/m.exec(readFileSync(dotGit, 'utf8'))?.[1];
  if (target === undefined) return dotGit;
  return isAbsolute(target) ? target : resolve(root, target);
}

/** The tracked files of a repository, and the folders that hold some. */
export interface Tracked {
  readonly files: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
}

/** The index of the repository at `root`; undefined where there is none, or in a format that is not known (a split index). */
export function trackedFiles(root: string): Tracked | undefined {
  const path = join(gitFolder(root), 'index');
  const files = existsSync(path) ? parseIndex(readFileSync(path)) : undefined;
  if (files === undefined) return undefined;
  const folders = new Set<string>();
  for (const file of files) {
    for (let slash = file.lastIndexOf('/'); slash > 0; slash = file.lastIndexOf('/', slash - 1)) {
      const folder = file.slice(0, slash);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return { files: new Set(files), folders };
}

/** Paths in a git index of version 2, 3 or 4 (the format is git's `Documentation/gitformat-index.txt`). */
export function parseIndex(data: Buffer): readonly string[] | undefined {
  if (data.length < 12 || data.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = data.readUInt32BE(4);
  const count = data.readUInt32BE(8);
  if (version < 2 || version > 4) return undefined;
  // Ten 32-bit numbers, the object's hash, and two bytes of flags come before a path.
  for (const hashLength of [20, 32]) {
    const paths = parseEntries(data, version, count, 40 + hashLength);
    if (paths !== undefined) return paths;
  }
  return undefined;
}

function parseEntries(data: Buffer, version: number, count: number, flagsAt: number): string[] | undefined {
  const paths: string[] = [];
  let at = 12;
  let previous = '';
  for (let i = 0; i < count; i += 1) {
    if (at + flagsAt + 2 > data.length) return undefined;
    const flags = data.readUInt16BE(at + flagsAt);
    const extended = version >= 3 && (flags & 0x4000) !== 0;
    let nameAt = at + flagsAt + (extended ? 4 : 2);
    let prefix = '';
    if (version === 4) {
      const [strip, next] = offsetNumber(data, nameAt);
      // The count is of bytes: cut the previous path as bytes.
      const bytes = Buffer.from(previous);
      if (strip > bytes.length) return undefined;
      prefix = bytes.toString('utf8', 0, bytes.length - strip);
      nameAt = next;
    }
    const end = data.indexOf(0, nameAt);
    if (end < 0) return undefined;
    const path = prefix + data.toString('utf8', nameAt, end);
    const length = flags & 0x0fff;
    // The stored length tells a wrong guess of the hash's length from the right one.
    if (path === '' || (length < 0x0fff && Buffer.byteLength(path) !== length)) return undefined;
    paths.push(path);
    previous = path;
    at = version === 4 ? end + 1 : at + ((end - at + 8) & ~7);
  }
  // A split index keeps most of its entries in another file.
  return data.toString('latin1', at, at + 4) === 'link' ? undefined : paths;
}

/** The variable-length number of git's pack format ("offset encoding"), and the offset after it. */
function offsetNumber(data: Buffer, start: number): readonly [number, number] {
  let at = start;
  let byte = data[at] ?? 0;
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0 && at < data.length) {
    at += 1;
    byte = data[at] ?? 0;
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return [value, at + 1];
}

/** Why files of the repository may be missing from its working tree; undefined when none are, or where it is no repository. */
export function missingParts(root: string): string | undefined {
  if (!existsSync(join(root, '.git'))) return undefined;
  const folder = gitFolder(root);
  const config = join(folder, 'config');
  const worktreeConfig = join(folder, 'config.worktree');
  for (const file of [config, worktreeConfig]) {
    if (existsSync(file) && /^\s*sparseCheckout\s*=\s*true\b/im.test(readFileSync(file, 'utf8')))
      return 'only a part of the repository is checked out (sparse checkout)';
  }
  const modules = join(root, '.gitmodules');
  if (!existsSync(modules)) return undefined;
  for (const [, path] of readFileSync(modules, 'utf8').matchAll(/^\s*path\s*=\s*(.+?)\s*$/gm)) {
    if (path !== undefined && !existsSync(join(root, path, '.git'))) return `the submodule ${path} is not checked out`;
  }
  return undefined;
}
