import { expect, test } from 'vitest';
import { daysUntilEndOfLife, endOfLife, latestMinor, newestMajor, versionsDate } from './versions.ts';

test.for<[number, string | undefined]>([
  [8.4, '2021-11-11'],
  [9, '2021-11-11'],
  [9.4, '2020-02-13'],
  [9.6, '2021-11-11'],
  [13, '2025-11-13'],
  [14, '2026-11-12'],
  [18, '2030-11-14'],
  [19, undefined],
])('PostgreSQL %d ends on %s', ([major, day]) => {
  expect(endOfLife(major)).toBe(day);
});

test('days, before and after', () => {
  expect(daysUntilEndOfLife(14, '2026-11-22')).toBe(-10);
  expect(daysUntilEndOfLife(15, '2027-11-10')).toBe(1);
  expect(daysUntilEndOfLife(19, '2026-11-22')).toBeUndefined();
});

test('every major that is known has a newest minor', () => {
  for (let major = 10; major <= newestMajor; major += 1) expect(latestMinor(major)).toBeGreaterThan(0);
  expect(latestMinor(newestMajor + 1)).toBeUndefined();
  expect(versionsDate).toMatch(/^\d{4}-\d\d-\d\d$/);
});
