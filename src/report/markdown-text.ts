/**
 * Text of files inside GitHub's Markdown. Beyond the marks of Markdown itself, GitHub looks through the finished text for
 * mentions, issues, commits, addresses, emoji and formulas; a backslash does not stop that, a blank of no width does.
 */
import { neutral } from './display.ts';

/** A blank of no width: `neutral` leaves none of the text's own. In the source it is written so that a reader sees it. */
const gap = '\u200b';
const writtenGap = '&#8203;';

/** Code in a text of a rule: between two backticks that stand alone, without blanks at its ends. */
const code = /(?<![`\\])(`[^`\s](?:[^`]*[^`\s])?`)(?!`)/;

/**
 * A text as words of a paragraph, on one line: nothing in it is a mark, a link, a mention or HTML. Only what stands
 * between two backticks is code, as the texts of rules mean it.
 */
export function markdownText(text: string): string {
  return (
    text
      .split(code)
      .map((piece, i) => (i % 2 === 1 ? codeSpan(piece.slice(1, -1)) : inertWords(neutral(piece))))
      .join('')
      // What makes a list, a heading or a rule of a line that it begins.
      .replace(/^\s*([-+=:])/, '\\$1')
      .replace(/^\s*(\d+)([.)])/, '$1\\$2')
      .trim()
  );
}

/** The same as HTML, for places where GitHub reads no Markdown. */
export function htmlText(text: string): string {
  return text
    .split(code)
    .map((piece, i) => (i % 2 === 1 ? htmlCode(piece.slice(1, -1)) : unlinked(entities(neutral(piece)))))
    .join('')
    .trim();
}

const inertWords = (text: string): string =>
  unlinked(text.replace(/[\\`*_{}[\]<>#|~!&]/g, character => (character === '&' ? '&amp;' : `\\${character}`)));

const entities = (text: string): string => text.replace(/[&<>"']/g, character => htmlEntities[character] ?? character);

const htmlEntities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text that GitHub, which looks through what is shown, makes nothing of. */
function unlinked(text: string): string {
  return (
    text
      // GitHub takes what stands between two of them for a formula, unless they are elements of their own.
      .replaceAll('$', '<span>$</span>')
      .replaceAll('@', `@${gap}`)
      // Numbers of issues: "#12", "GH-12".
      .replace(/(#|\bGH-)(?=\d)/gi, `$1${gap}`)
      // Hexadecimal numbers that may be commits; pure decimal ones are sizes and times.
      .replace(/\b(?=\d*[a-f])(?=[a-f]*\d)([0-9a-f]{3})(?=[0-9a-f]{4,37}\b)/g, `$1${gap}`)
      // Addresses, and names of emoji.
      .replace(/\/(?=\/)/g, `/${gap}`)
      .replace(/:(?=[\w+-]+:)/g, `:${gap}`)
      .replace(/\bwww(?=\.)/gi, `$&${gap}`)
      .replaceAll(gap, writtenGap)
  );
}

/** A text as code inside a line. */
export function codeSpan(text: string): string {
  const shown = neutral(text);
  const fence = '`'.repeat(longestRun(shown) + 1);
  const padded = /^`|`$|^ .*\S.* $/.test(shown) ? ` ${shown} ` : shown;
  return shown === '' ? '' : `${fence}${padded}${fence}`;
}

/** Lines as a block of code that none of them can end. They must be fit to print already (see `display.ts`). */
export function fenced(lines: readonly string[], language = ''): string {
  const fence = '`'.repeat(Math.max(3, longestRun(lines.join('\n')) + 1));
  return [`${fence}${language}`, ...lines, fence].join('\n');
}

/** A text as code in HTML: GitHub looks for nothing in there. */
export function htmlCode(text: string): string {
  return `<code>${entities(neutral(text))}</code>`;
}

/** A link whose text is Markdown already. The address must be one that we made (see `uri.ts`). */
export function link(label: string, address: string): string {
  return `[${label}](${address})`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(m => m[0].length));
}
