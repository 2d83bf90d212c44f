/** Paths as the server tidies them up. */

/**
 * `canonicalize_path`: doubled and trailing slashes off, from 16 on `.` and `..` resolved, before only at the end.
 */
export function canonicalPath(path: string, major: number): string {
  if (path === '') return '';
  const absolute = path.startsWith('/');
  const parts: string[] = [];
  const words = path.split('/').filter(part => part !== '');
  words.forEach((part, index) => {
    if (part === '.' && (major >= 16 || index === words.length - 1)) return;
    const climbs = part === '..' && (major >= 16 || index === words.length - 1);
    if (climbs && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!(climbs && absolute)) parts.push(part);
  });
  const joined = parts.join('/');
  if (absolute) return `/${joined}`;
  return joined === '' ? '.' : joined;
}
