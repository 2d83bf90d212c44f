/** Seeded damage to texts: the same seed gives the same damage on every machine. */

/** Numbers from 0 to below 1, by a fixed sequence (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What breaks formats: quotes, brackets, indentation, sigils, odd characters and odd values. */
const splinters = [
  '"',
  "'",
  '`',
  '\\',
  '\n',
  '\r\n',
  '\t',
  ' ',
  '  ',
  '\0',
  '\uFEFF',
  '\u2028',
  '\uD800',
  'ä',
  '💥',
  '{',
  '}',
  '[',
  ']',
  '{{ ',
  ' }}',
  '${',
  '$(',
  ')',
  '|',
  '>',
  '|2-\n',
  '&a ',
  '*a',
  '<<: *a\n',
  '!!binary ',
  '? ',
  ': ',
  '- ',
  '#',
  ' #',
  ',',
  '---\n',
  '...\n',
  '--- |\n',
  '%YAML 1.1\n',
  '= ',
  '==',
  ';',
  '/*',
  '--',
  '@',
  '%',
  '~',
  'null',
  'true',
  '0x',
  '1e999',
  '-1',
  '99999999999999999999',
  'shared_buffers = ',
  'host all all ',
  'FROM ',
  'image: postgres:',
  'kind: List\nitems:\n',
  'tusklint-ignore ',
];

/** A copy of the text with one to four damages. */
export function mutate(text: string, random: () => number): string {
  let result = text;
  const below = (limit: number) => Math.floor(random() * limit);
  for (let damages = 1 + below(4); damages > 0; damages -= 1) {
    const at = below(result.length + 1);
    const length = 1 + below(random() < 0.2 ? 200 : 8);
    const splinter = splinters[below(splinters.length)] ?? '';
    const piece = result.slice(at, at + length);
    const other = below(result.length + 1);
    const kinds: readonly (() => string)[] = [
      () => result.slice(0, at) + splinter + result.slice(at),
      () => result.slice(0, at) + result.slice(at + length),
      () => result.slice(0, at) + splinter + result.slice(at + length),
      () => result.slice(0, at) + piece + result.slice(at),
      () => result.slice(0, other) + piece + result.slice(other),
      () => result.slice(0, at),
      () => swapLines(result, below),
      () => reindent(result, below),
    ];
    result = (kinds[below(kinds.length)] ?? (() => result))();
  }
  return result;
}

function swapLines(text: string, below: (limit: number) => number): string {
  const lines = text.split('\n');
  const [a, b] = [below(lines.length), below(lines.length)];
  const first = lines[a] ?? '';
  lines[a] = lines[b] ?? '';
  lines[b] = first;
  return lines.join('\n');
}

function reindent(text: string, below: (limit: number) => number): string {
  const lines = text.split('\n');
  const at = below(lines.length);
  lines[at] = ' '.repeat(below(9)) + (lines[at] ?? '').trimStart();
  return lines.join('\n');
}
