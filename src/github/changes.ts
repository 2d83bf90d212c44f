/** What a change changes: files and lines, from git or from the API. Lines count from 1, in the text after the change. */

/** Lines from `start` to `end`, both within. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** A file that a change adds or changes. */
export interface ChangedFile {
  /** Lines that are added or changed. */
  readonly added: readonly LineRange[];
  /** Lines that the diff shows, one range for each hunk. */
  readonly hunks: readonly LineRange[];
  /** False where nobody tells the lines, because the diff is too large. */
  readonly known: boolean;
}

/** Changed files by path, relative to the top of the repository; also those that are deleted. */
export type Changes = ReadonlyMap<string, ChangedFile>;

/** Whether some of the lines are added or changed, or may be. */
export function isChanged(file: ChangedFile | undefined, start: number, end: number): boolean {
  if (file === undefined) return false;
  return !file.known || file.added.some(range => range.start <= end && start <= range.end);
}

/** Whether all of the lines are shown in one hunk. */
export function isShown(file: ChangedFile | undefined, start: number, end: number): boolean {
  return file?.hunks.some(range => range.start <= start && end <= range.end) ?? false;
}

/** A hunk with the lines that it takes away, for those who follow a line to where it was. */
export interface Hunk {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
  /** Lines that are added, in the text after the change. */
  readonly added: readonly LineRange[];
}

/** Reads the hunks of one file's patch; what comes before the first one is left out. */
export function parsePatch(patch: string): readonly Hunk[] {
  return readHunks(patch.split('\n'), 0).hunks;
}

/** A file with these hunks. */
export function changedFile(hunks: readonly Hunk[]): ChangedFile {
  return {
    added: hunks.flatMap(h => h.added),
    hunks: hunks.flatMap(h => (h.newCount === 0 ? [] : [{ start: h.newStart, end: h.newStart + h.newCount - 1 }])),
    known: true,
  };
}

/** Reads what `git diff` prints (with the prefixes `a/` and `b/`): the hunks of each file that is left after the change. */
export function parseDiff(diff: string): ReadonlyMap<string, readonly Hunk[]> {
  const lines = diff.split('\n');
  const files = new Map<string, readonly Hunk[]>();
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    at += 1;
    if (!line.startsWith('+++ ')) continue;
    const { hunks, end } = readHunks(lines, at);
    at = end;
    const path = unquote(line.slice(4).replace(/\t$/, ''));
    if (path.startsWith('b/')) files.set(path.slice(2), hunks);
  }
  return files;
}

/** Reads hunks by their counts, so that no line of a file is taken for a line of the diff. */
function readHunks(lines: readonly string[], from: number): { readonly hunks: readonly Hunk[]; readonly end: number } {
  const hunks: Hunk[] = [];
  let at = from;
  while (at < lines.length) {
    const head = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(lines[at] ?? '');
    if (head === null) break;
    const [oldStart, oldCount, newStart, newCount] = head.slice(1, 5).map(n => (n === undefined ? 1 : Number(n)));
    const hunk = { oldStart: oldStart ?? 0, oldCount: oldCount ?? 1, newStart: newStart ?? 0, newCount: newCount ?? 1 };
    const added: LineRange[] = [];
    let [oldLeft, newLeft, line] = [hunk.oldCount, hunk.newCount, hunk.newStart];
    at += 1;
    for (; at < lines.length && (oldLeft > 0 || newLeft > 0 || lines[at]?.startsWith('\\') === true); at += 1) {
      const sign = lines[at]?.[0] ?? ' ';
      if (sign === '\\') continue;
      if (sign !== '+') oldLeft -= 1;
      if (sign === '-') continue;
      newLeft -= 1;
      if (sign === '+') {
        const last = added.at(-1);
        if (last?.end === line - 1) added[added.length - 1] = { start: last.start, end: line };
        else added.push({ start: line, end: line });
      }
      line += 1;
    }
    hunks.push({ ...hunk, added });
  }
  return { hunks, end: at };
}

/** A path as git quotes it when it holds what a terminal may not see. */
function unquote(path: string): string {
  if (!path.startsWith('"') || !path.endsWith('"')) return path;
  const bytes: number[] = [];
  const signs: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };
  for (const [, octal, sign, plain] of path.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/gs)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else if (sign !== undefined) bytes.push(signs[sign] ?? sign.charCodeAt(0));
    else bytes.push(...Buffer.from(plain ?? ''));
  }
  return Buffer.from(bytes).toString('utf8');
}

/**
 * Follows a line through a diff without context: where it is afterwards, undefined where it was changed or taken away.
 */
export function followLine(hunks: readonly Hunk[], line: number): number | undefined {
  let shift = 0;
  for (const { oldStart, oldCount, newCount } of hunks) {
    // With nothing taken away, the lines come after `oldStart`.
    const first = oldCount === 0 ? oldStart + 1 : oldStart;
    if (line < first) break;
    if (line < first + oldCount) return undefined;
    shift += newCount - oldCount;
  }
  return line + shift;
}
