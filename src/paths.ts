/** Paths of the input: relative to the working directory, with `/`. */

/** A relative path, from a directory of the input. `..` above the working directory stays. */
export function resolvePath(directory: string, relative: string): string {
  const parts = directory === '' || directory === '.' ? [] : directory.split('/');
  for (const step of relative.split('/')) {
    if (step === '' || step === '.') continue;
    if (step === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(step);
  }
  return parts.join('/');
}

/** The directory that holds a path of the input; empty for the working directory. */
export function directoryOfPath(path: string): string {
  return path.split('/').slice(0, -1).join('/');
}
