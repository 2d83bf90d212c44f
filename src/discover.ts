/** Which files there are to read: paths given, folders walked, what git ignores left out. */
import { type Dirent, existsSync, readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { Ignore, Options as IgnoreOptions } from 'ignore';
import { type Tracked, gitFolder, gitRoot, trackedFiles } from './git.ts';
import { UserError } from './user-error.ts';

/** A file to read. */
export interface FoundFile {
  /** As reports name it: relative to the working directory, with `/`. */
  readonly path: string;
  readonly absolute: string;
}

/** Input that was not judged, with the reason for a person. */
export interface Skipped {
  readonly path: string;
  readonly reason: string;
}

/** What a walk found, in the order of the paths. */
export interface Discovery {
  readonly files: readonly FoundFile[];
  /** What could not be read: dangling and outward links, devices, unreadable folders. */
  readonly skipped: readonly Skipped[];
  /** What was left out on purpose: ignored by git, or by the configuration. A folder stands for all below it. */
  readonly left: readonly Skipped[];
  /** The git repository whose whole working tree was walked, or the folder outside of any; undefined where there is more around it. */
  readonly wholeRepository: string | undefined;
}

/** Where and how to look. */
export interface DiscoverOptions {
  /** The working directory, absolute. */
  readonly cwd: string;
  /** Whether the configuration wants this path (relative to the working directory, with `/`). */
  readonly wants: (path: string) => boolean;
}

/** A path that was given and is not there. */
export class MissingPathError extends UserError {
  override readonly name = 'MissingPathError';
}

/** Finds the files of the paths given. Files that are given are read whatever ignores them; folders are walked. */
export async function discover(paths: readonly string[], options: DiscoverOptions): Promise<Discovery> {
  const { cwd } = options;
  const given = paths.map(path => {
    const absolute = resolve(cwd, path);
    if (!existsSync(absolute)) throw new MissingPathError(`there is no file or folder "${path}"`);
    return { absolute, real: realpathSync(absolute), stat: statSync(absolute) };
  });
  const folders = given.filter(({ stat }) => stat.isDirectory());
  const needsIgnore = folders.length > 0;
  const walk: Walk = {
    options,
    roots: given.map(g => g.real),
    createIgnore: needsIgnore ? (await import('ignore')).default : undefined,
    files: new Map(),
    skipped: [],
    left: [],
  };
  for (const { absolute, stat } of given) {
    const path = displayPath(cwd, absolute);
    if (stat.isDirectory()) walkFolder(walk, absolute, path === '.' ? '' : `${path}/`, outerScope(walk, absolute));
    else if (stat.isFile()) walk.files.set(absolute, { path, absolute });
    else walk.skipped.push({ path, reason: 'is no regular file' });
  }
  const files = [...walk.files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    files,
    skipped: walk.skipped,
    left: walk.left,
    wholeRepository: coveredRepository(folders.map(f => f.real)),
  };
}

interface Walk {
  readonly options: DiscoverOptions;
  /** The paths given, links resolved. */
  readonly roots: readonly string[];
  readonly createIgnore: ((options: IgnoreOptions) => Ignore) | undefined;
  readonly files: Map<string, FoundFile>;
  readonly skipped: Skipped[];
  readonly left: Skipped[];
}

/** The patterns that hold in a folder: those of its repository, outermost first. */
interface Scope {
  /** The repository's top folder. */
  readonly root: string;
  readonly patterns: readonly Pattern[];
  readonly ignore: Ignore | undefined;
  readonly tracked: () => Tracked | undefined;
}
interface Pattern {
  readonly pattern: string;
  /** Where it stands: `.gitignore:3`. */
  readonly mark: string;
}

/** A path as reports name it: relative to the working directory, with `/`. */
export const displayPath = (cwd: string, absolute: string): string =>
  relative(cwd, absolute).replaceAll(sep, '/') || '.';

/** Extensions of files that can say nothing of a PostgreSQL: they are not opened unless given by name. */
const foreign = new Set(
  (
    'png jpg jpeg gif webp ico svg bmp tif tiff pdf psd ai mp3 mp4 mov avi webm wav ogg zip gz tgz bz2 xz zst 7z tar rar jar war ' +
    'class so dll dylib exe bin o a wasm woff woff2 ttf otf eot pyc pyo whl deb rpm iso img dmg qcow2 db sqlite sqlite3 parquet ' +
    'js mjs cjs jsx ts tsx mts cts vue svelte css scss sass less html htm map go rs java kt kts scala groovy c h cc cpp hpp cs fs ' +
    'rb php swift m mm dart ex exs erl hs clj lua r jl pl pm py ipynb proto graphql sum mod lock md mdx rst adoc csv tsv xml xsd ' +
    'xsl log patch diff tf tfvars tfstate hcl jsonnet libsonnet cue nix sql sh bash zsh fish ps1 bat rego asc pem crt key pub jsonl'
  ).split(' '),
);

/** Why a file is not opened, by its name alone; undefined for files that may matter. */
export function foreignName(path: string): string | undefined {
  const dot = path.lastIndexOf('.');
  const extension = dot > path.lastIndexOf('/') + 1 ? path.slice(dot + 1).toLowerCase() : '';
  return foreign.has(extension) ? `.${extension} files hold nothing that tusklint reads` : undefined;
}

function walkFolder(walk: Walk, folder: string, prefix: string, outer: Scope | undefined): void {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    walk.skipped.push({ path: prefix.slice(0, -1) || '.', reason: `cannot be read: ${errorCode(error)}` });
    return;
  }
  const own = entries.some(e => e.name === '.git') && outer?.root !== folder ? repositoryScope(walk, folder) : outer;
  const scope = entries.some(e => e.name === '.gitignore') ? withIgnoreFile(walk, own, folder) : own;
  for (const entry of entries) {
    const path = prefix + entry.name;
    const absolute = join(folder, entry.name);
    if (entry.isSymbolicLink()) {
      const reason = linkReason(walk, absolute);
      if (reason !== undefined && foreignName(path) === undefined && ignoredBy(scope, absolute, false) === undefined)
        walk.skipped.push({ path, reason });
    } else if (entry.isDirectory()) {
      if (entry.name === '.git') continue;
      const ignored = entry.name === 'node_modules' ? 'holds installed packages' : ignoredBy(scope, absolute, true);
      // Below the working directory paths start there, also when the walk started above it.
      if (ignored === undefined) walkFolder(walk, absolute, absolute === walk.options.cwd ? '' : `${path}/`, scope);
      else walk.left.push({ path, reason: ignored });
    } else if (entry.isFile()) {
      if (foreignName(path) !== undefined || walk.files.has(absolute)) continue;
      const ignored = ignoredBy(scope, absolute, false) ?? (walk.options.wants(path) ? undefined : excluded);
      if (ignored === undefined) walk.files.set(absolute, { path, absolute });
      else walk.left.push({ path, reason: ignored });
    } else if (foreignName(path) === undefined) walk.skipped.push({ path, reason: 'is no regular file' });
  }
}

/** The reason in `left` for what the configuration leaves out. */
export const excluded = 'is left out by "include" or "exclude" of the configuration';

/** Why a link is not followed; undefined where its target is read under its own name. */
function linkReason(walk: Walk, link: string): string | undefined {
  let target: string;
  try {
    target = realpathSync(link);
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? 'is a dangling symbolic link' : `is a symbolic link: ${errorCode(error)}`;
  }
  return walk.roots.some(root => within(root, target)) ? undefined : 'is a symbolic link out of the paths given';
}

/** Whether a path is a folder or lies below it; both absolute. */
export const within = (root: string, path: string): boolean =>
  path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);

/** The code of a system error: `EACCES`; its message where it has none. */
export function errorCode(error: unknown): string {
  if (error instanceof Error) return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
  return String(error);
}

/** Which pattern ignores a path; undefined where none does, or git tracks it all the same. */
function ignoredBy(scope: Scope | undefined, absolute: string, folder: boolean): string | undefined {
  if (scope?.ignore === undefined) return undefined;
  const path = relative(scope.root, absolute).replaceAll(sep, '/');
  const result = scope.ignore.test(folder ? `${path}/` : path);
  if (!result.ignored) return undefined;
  const tracked = scope.tracked();
  if (tracked !== undefined && (folder ? tracked.folders : tracked.files).has(path)) return undefined;
  const mark: unknown = result.rule?.mark;
  return `is ignored by git${typeof mark === 'string' ? ` (${mark})` : ''}`;
}

/** The scope in which a given folder stands: the ignore files from its repository's top down to it. */
function outerScope(walk: Walk, folder: string): Scope | undefined {
  const real = realpathSync(folder);
  const root = gitRoot(real);
  if (root === undefined) return undefined;
  // Through a link the repository is seen at another place: patterns count from where it seems to be.
  const seen = root === real ? folder : resolve(folder, relative(real, root));
  let scope: Scope | undefined = repositoryScope(walk, seen);
  const steps = relative(seen, folder)
    .split(sep)
    .filter(s => s !== '');
  let here = seen;
  for (const [i, step] of steps.entries()) {
    if (existsSync(join(here, '.gitignore'))) scope = withIgnoreFile(walk, scope, here);
    here = join(here, step);
    // Who gives an ignored folder wants it read.
    if (ignoredBy(scope, here, true) !== undefined) return i < steps.length ? undefined : scope;
  }
  return scope;
}

function repositoryScope(walk: Walk, root: string): Scope {
  let tracked: Tracked | undefined | null = null;
  const exclude = join(gitFolder(root), 'info', 'exclude');
  const base: Scope = {
    root,
    patterns: [],
    ignore: undefined,
    tracked: () => (tracked === null ? (tracked = trackedFiles(root)) : tracked),
  };
  return existsSync(exclude) ? withPatterns(walk, base, readPatterns(exclude, '', '.git/info/exclude')) : base;
}

function withIgnoreFile(walk: Walk, scope: Scope | undefined, folder: string): Scope | undefined {
  // Outside of a repository a .gitignore has no meaning.
  if (scope === undefined) return undefined;
  const at = relative(scope.root, folder).replaceAll(sep, '/');
  return withPatterns(
    walk,
    scope,
    readPatterns(join(folder, '.gitignore'), at, at === '' ? '.gitignore' : `${at}/.gitignore`),
  );
}

function withPatterns(walk: Walk, scope: Scope, added: readonly Pattern[]): Scope {
  const patterns = [...scope.patterns, ...added];
  const create = walk.createIgnore;
  if (added.length === 0 || create === undefined) return scope;
  // git tells upper and lower case apart, but where core.ignoreCase says otherwise: the answer must not depend on the machine.
  return { ...scope, patterns, ignore: create({ ignorecase: false }).add(patterns) };
}

/** The patterns of an ignore file in the folder `at` of a repository, as patterns of its top folder. */
function readPatterns(file: string, at: string, name: string): readonly Pattern[] {
  if (!statSync(file).isFile()) return [];
  const lines = readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/);
  return lines.flatMap((line, i) => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    return [{ pattern: at === '' ? line : rebase(line, at), mark: `${name}:${i + 1}: ${line.trim()}` }];
  });
}

/** A pattern of the folder `at` as a pattern of the top folder. */
function rebase(line: string, at: string): string {
  const negative = line.startsWith('!');
  const body = negative ? line.slice(1) : line;
  const folder = at.replace(/[\\*?[\]!# ]/g, '\\$&');
  const anchored = body.replace(/\/?\s*$/, '').includes('/');
  return `${negative ? '!' : ''}/${folder}/${anchored ? body.replace(/^\//, '') : `**/${body}`}`;
}

/**
 * The repository that a folder given covers as a whole. A folder outside of any repository is one too, when it is all that
 * was given: an unpacked archive says as much as its checkout.
 */
function coveredRepository(folders: readonly string[]): string | undefined {
  const covered = folders.filter(folder => gitRoot(folder) === folder);
  const [only, ...others] = folders;
  if (only !== undefined && others.length === 0 && gitRoot(only) === undefined) return only;
  return folders.length === 1 || covered.length === 1 ? covered[0] : undefined;
}
