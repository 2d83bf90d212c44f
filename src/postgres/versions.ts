/** Which majors of PostgreSQL are maintained, and until when. */

/** The day on which the table below was true. */
export const versionsDate = '2026-08-22';

/** The newest major that tusklint knows. */
export const newestMajor = 18;

interface Release {
  /** Day of the last minor release, `YYYY-MM-DD`. */
  readonly endOfLife: string;
  readonly latestMinor: number;
}

/** https://www.postgresql.org/support/versioning/ — before 10 a major has two numbers. */
const releases: ReadonlyMap<number, Release> = new Map([
  [9.2, { endOfLife: '2017-11-09', latestMinor: 24 }],
  [9.3, { endOfLife: '2018-11-08', latestMinor: 25 }],
  [9.4, { endOfLife: '2020-02-13', latestMinor: 26 }],
  [9.5, { endOfLife: '2021-02-11', latestMinor: 25 }],
  [9.6, { endOfLife: '2021-11-11', latestMinor: 24 }],
  [10, { endOfLife: '2022-11-10', latestMinor: 23 }],
  [11, { endOfLife: '2023-11-09', latestMinor: 22 }],
  [12, { endOfLife: '2024-11-21', latestMinor: 22 }],
  [13, { endOfLife: '2025-11-13', latestMinor: 23 }],
  [14, { endOfLife: '2026-11-12', latestMinor: 24 }],
  [15, { endOfLife: '2027-11-11', latestMinor: 19 }],
  [16, { endOfLife: '2028-11-09', latestMinor: 15 }],
  [17, { endOfLife: '2029-11-08', latestMinor: 11 }],
  [18, { endOfLife: '2030-11-14', latestMinor: 6 }],
]);

/** The last day of the last release below 10: no older major was maintained longer. */
const endOfNine = '2021-11-11';

/**
 * The day of a major's last minor release, `YYYY-MM-DD`; for a major below 10 that the table lacks, a day that is not too early.
 * Undefined for majors that are newer than the table.
 */
export function endOfLife(major: number): string | undefined {
  return releases.get(major)?.endOfLife ?? (major < 10 ? endOfNine : undefined);
}

/** The newest minor of a major on `versionsDate`; undefined where the table lacks the major. */
export function latestMinor(major: number): number | undefined {
  return releases.get(major)?.latestMinor;
}

/** Whole days from `now` (`YYYY-MM-DD`) to the major's end of life, negative after it; undefined where that is not known. */
export function daysUntilEndOfLife(major: number, now: string): number | undefined {
  const end = endOfLife(major);
  return end === undefined ? undefined : Math.round((Date.parse(end) - Date.parse(now)) / 86_400_000);
}
