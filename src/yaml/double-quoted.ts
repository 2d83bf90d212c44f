/** The inside of a double-quoted scalar, decoded as go-yaml v2 does it. */

export interface Decoded {
  readonly text: string;
  /** The first escape sequence that go-yaml refuses, by its place in the inside. */
  readonly fault: { readonly start: number; readonly end: number } | undefined;
}

const SIMPLE: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
};

/** An escape, or a line break with the white space around it. */
const PART =
  /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|(?:\r\n?|\n)[ \t\r\n]*|[^])|(?<![ \t])[ \t]*(?:\r\n?|\n)[ \t\r\n]*/g;

/** Decodes what stands between the quotes. A faulty escape stands for itself in the text. */
export function decodeDoubleQuoted(inside: string): Decoded {
  let fault: Decoded['fault'];
  const text = inside.replace(PART, (part: string, start: number) => {
    const decoded = part.startsWith('\\') ? unescape(part) : fold(part);
    if (decoded === undefined) fault ??= { start, end: start + part.length };
    return decoded ?? part;
  });
  return { text, fault };
}

function unescape(part: string): string | undefined {
  const letter = part[1] ?? '';
  if (letter === '\n' || letter === '\r') return '\n'.repeat(breaks(part) - 1);
  if (part.length === 2) return SIMPLE[letter];
  const code = Number.parseInt(part.slice(2), 16);
  return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? undefined : String.fromCodePoint(code);
}

/** One line break is a space; of more, the first is dropped. */
function fold(part: string): string {
  const count = breaks(part);
  return count === 1 ? ' ' : '\n'.repeat(count - 1);
}

const breaks = (part: string): number => part.match(/\r\n?|\n/g)?.length ?? 0;
