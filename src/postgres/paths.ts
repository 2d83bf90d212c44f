/** Paths as the server tidies them up. */

/**
 * `canonicalize_path`: doubled and trailing slashes off, `.` and `..` resolved; up to 14 only those at the end.
 */
export function canonicalPath(path: string, major: number): string {
  if (path === '') return '';
  const absolute = path.startsWith('/');
  const words = path.split('/').filter(part => part !== '');
  const parts = major >= 15 ? resolved(words, absolute) : resolvedAtEnd(words, absolute);
  if (absolute) return `/${parts.join('/')}`;
  return parts.length === 0 ? '.' : parts.join('/');
}

function resolved(words: readonly string[], absolute: boolean): readonly string[] {
  const parts: string[] = [];
  for (const word of words) {
    if (word === '.') continue;
    if (word !== '..') parts.push(word);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!absolute) parts.push(word);
  }
  return parts;
}

function resolvedAtEnd(words: readonly string[], absolute: boolean): readonly string[] {
  const parts = [...words];
  let climbs = 0;
  for (let last = parts.at(-1); last !== undefined; last = parts.at(-1)) {
    if (last === '..') climbs++;
    else if (last !== '.' && climbs === 0) break;
    else if (last !== '.') climbs--;
    parts.pop();
  }
  return parts.length === 0 && !absolute ? Array.from({ length: climbs }, () => '..') : parts;
}
