/**
 * Loads the bundled program. Most of the time of a short run goes into compiling it, so the compiled code is kept: by Node
 * itself from 22.1 on, and before that here, in a folder of the user's own among the temporary files. Nothing depends on
 * it: without the folder the program is compiled again. NODE_DISABLE_COMPILE_CACHE turns both off.
 */
import { lstatSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import nodeModule from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

/** What a CommonJS file is called with. */
type ModuleFunction = (
  exports: object,
  require: NodeJS.Require,
  module: { exports: object },
  file: string,
  folder: string,
) => void;

/** The exports of the CommonJS file at `path` (absolute). */
export function loadProgram(path: string): object {
  const require = nodeModule.createRequire(path);
  const { enableCompileCache } = nodeModule as { readonly enableCompileCache?: () => unknown };
  if (enableCompileCache !== undefined || process.env['NODE_DISABLE_COMPILE_CACHE'] !== undefined) {
    enableCompileCache?.();
    return require(path) as object;
  }
  const { mtimeMs, size } = statSync(path);
  const folder = join(tmpdir(), `tusklint-${process.getuid?.() ?? 'user'}`);
  const cache = join(folder, `${process.version}-${process.arch}-${size}-${Math.trunc(mtimeMs)}`);
  const cachedData = isOurs(folder) ? readIfThere(cache) : undefined;
  // The bundle is ASCII, which needs no decoding.
  const source = `(function(exports,require,module,__filename,__dirname){${readFileSync(path, 'latin1')}\n})`;
  const script = new Script(source, { filename: path, ...(cachedData === undefined ? {} : { cachedData }) });
  if (cachedData === undefined || script.cachedDataRejected === true) {
    // At the end it also has what was compiled on the way.
    process.once('exit', () => keep(folder, cache, script));
  }
  const module = { exports: {} };
  (script.runInThisContext() as ModuleFunction)(module.exports, require, module, path, dirname(path));
  return module.exports;
}

/** Whether nobody else can have put anything into the folder. */
function isOurs(folder: string): boolean {
  try {
    const stat = lstatSync(folder);
    return stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0;
  } catch {
    return false; // It is not there yet.
  }
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined; // Another version wrote the folder, or nobody did.
  }
}

function keep(folder: string, file: string, script: Script): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!isOurs(folder)) return;
    const own = `${file}.${process.pid}`;
    writeFileSync(own, script.createCachedData(), { mode: 0o600 });
    renameSync(own, file);
  } catch {
    // A disk that is full or read-only: the next run compiles again.
  }
}
