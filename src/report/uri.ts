/** Paths of the input as addresses. */
import { resolvePath } from '../paths.ts';

/**
 * A path as a relative URI reference: every character that could mean something else is percent-encoded, so that no name
 * of a file makes a scheme, a host, a query or a fragment. An absolute path becomes a `file:` URI. `directory` leads from
 * the root that the URI is relative to, to the working directory.
 */
export function pathUri(path: string, directory = ''): string {
  if (path.startsWith('/')) return `file://${encodeSegments(path)}`;
  return encodeSegments(directory === '' ? path : resolvePath(directory, path));
}

function encodeSegments(path: string): string {
  return path.split('/').map(encodeSegment).join('/');
}

function encodeSegment(segment: string): string {
  const wellFormed = segment.replace(
    /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    '\ufffd',
  );
  return encodeURIComponent(wellFormed).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
