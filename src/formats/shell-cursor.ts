/** A place in a shell script that moves on: blanks, lines, the here-documents between them, and what stands there next. */

/** The place, and what reading up to it came across. */
export interface Cursor {
  readonly text: string;
  /** Nothing is read from here on; offset in UTF-16 units, as `at`. */
  readonly end: number;
  at: number;
  /** Here-documents whose bodies begin after the next line end. */
  readonly heredocs: Heredoc[];
  /** The first reason why the script is not fully understood. */
  uncertain: string | undefined;
}

/** Where the body of a here-document stands, and whether it is taken as it is. */
export interface HeredocBody {
  readonly start: number;
  readonly end: number;
  readonly literal: boolean;
}

/** A here-document that is announced and not read yet. */
export interface Heredoc {
  readonly delimiter: string;
  /** Of `<<-`: tabs before the delimiter do not count. */
  readonly stripTabs: boolean;
  readonly literal: boolean;
  /** Gets the body. */
  readonly redirect: { body: HeredocBody | undefined };
}

/** Notes why the script is not fully understood; the first reason stays. */
export function give(cursor: Cursor, reason: string): void {
  cursor.uncertain ??= reason;
}

/** Blanks, joined lines and comments. */
export function skipBlanks(cursor: Cursor): void {
  const blank = /(?:[ \t\r]|\\\n)+|#[^\n]*/y;
  for (;;) {
    blank.lastIndex = cursor.at;
    if (cursor.at >= cursor.end || !blank.test(cursor.text)) return;
    cursor.at = Math.min(blank.lastIndex, cursor.end);
  }
}

/** Line ends too, with the here-documents that follow them. */
export function skipLines(cursor: Cursor): void {
  for (;;) {
    skipBlanks(cursor);
    if (cursor.at >= cursor.end || cursor.text[cursor.at] !== '\n') return;
    cursor.at += 1;
    readHeredocs(cursor);
  }
}

function readHeredocs(cursor: Cursor): void {
  for (const { delimiter, stripTabs, literal, redirect } of cursor.heredocs.splice(0)) {
    const start = cursor.at;
    for (;;) {
      if (cursor.at >= cursor.end) {
        give(cursor, 'a here-document does not end');
        return;
      }
      const newline = cursor.text.indexOf('\n', cursor.at);
      const end = newline < 0 || newline > cursor.end ? cursor.end : newline;
      const line = cursor.text.slice(cursor.at, end);
      const begin = cursor.at;
      cursor.at = Math.min(end + 1, cursor.end);
      if ((stripTabs ? line.replace(/^\t+/, '') : line) === delimiter) {
        redirect.body = { start, end: begin, literal };
        break;
      }
    }
  }
}

/** The unquoted word at the place, without taking it; empty where something else stands there. */
export function peekWord(cursor: Cursor): string {
  const word = /[A-Za-z_{}![\]]+/y;
  word.lastIndex = cursor.at;
  const found = cursor.at < cursor.end ? word.exec(cursor.text)?.[0] : undefined;
  if (found === undefined) return '';
  const after = cursor.text[cursor.at + found.length];
  return after === undefined || cursor.at + found.length >= cursor.end || /[\s;&|<>()]/.test(after) ? found : '';
}

/** Whether the text stands at the place. */
export function peek(cursor: Cursor, text: string): boolean {
  return cursor.at < cursor.end && cursor.text.startsWith(text, cursor.at);
}

/** Takes the text where it stands at the place. */
export function accept(cursor: Cursor, text: string): boolean {
  if (!peek(cursor, text)) return false;
  cursor.at += text.length;
  return true;
}

/** Takes a reserved word, after blanks and line ends. */
export function acceptWord(cursor: Cursor, word: string): boolean {
  skipLines(cursor);
  return peekWord(cursor) === word && accept(cursor, word);
}

/** Takes a reserved word, and notes it where it is missing. */
export function expectWord(cursor: Cursor, word: string): void {
  if (!acceptWord(cursor, word)) give(cursor, `"${word}" is missing`);
}
