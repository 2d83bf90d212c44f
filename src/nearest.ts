/** "Did you mean": the known name that a mistyped one is nearest to. */

/** The nearest of the names within a third of the word's length in edits; undefined where none is near. */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const name of names) {
    const edits = editDistance(word.toLowerCase(), name.toLowerCase(), least - 1);
    if (edits < least) [best, least] = [name, edits];
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours; anything above `limit` is only known to be above it. */
export function editDistance(a: string, b: string, limit: number): number {
  const over = limit + 1;
  if (Math.abs(a.length - b.length) > limit) return over;
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
  let leastOfLast = 0;
  for (let i = 1; i <= a.length; i++) {
    const row = Array.from({ length: b.length + 1 }, () => over);
    row[0] = i;
    let least = i;
    // Cells further from the diagonal are above the limit in any case.
    for (let j = Math.max(1, i - limit); j <= Math.min(b.length, i + limit); j++) {
      const replaced = (last[j - 1] ?? over) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min((last[j] ?? over) + 1, (row[j - 1] ?? over) + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? over) + 1);
      }
      row[j] = cost;
      least = Math.min(least, cost);
    }
    // A swap reaches back over one row, so two in a row have to be above the limit.
    if (least > limit && leastOfLast > limit) return over;
    [beforeLast, last, leastOfLast] = [last, row, least];
  }
  return last[b.length] ?? over;
}
