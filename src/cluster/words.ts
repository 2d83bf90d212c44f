/** Words of a text as numbers: many thousands of objects are compared by what they name. */

/** The word as a number; equal words are equal numbers, and seldom others. */
export function wordNumber(word: string): number {
  let value = seed;
  for (let i = 0; i < word.length; i++) value = Math.imul(value ^ word.charCodeAt(i), prime);
  return value >>> 0;
}

const seed = 0x811c9dc5;
const prime = 0x01000193;

/** Adds the words of a text, as `prefilter.ts` understands them: letters, digits, and `_` and `-` inside. */
export function addWords(text: string, words: Set<number>): void {
  let value = seed;
  let length = 0;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 0;
    const letter = (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
    if (letter || (length > 0 && (code === 0x2d || code === 0x5f))) {
      value = Math.imul(value ^ code, prime);
      length++;
    } else if (length > 0) {
      if (length > 1 && length <= 63) words.add(value >>> 0);
      value = seed;
      length = 0;
    }
  }
}
