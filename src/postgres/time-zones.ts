/** Time zones as TimeZone and log_timezone take them: names, POSIX rules, and for TimeZone plain offsets. */

/** Hours, as in `UTC+167`; more is out of range. */
const MOST_HOURS = 167;
const OFFSET = '[-+]?[0-9]+(?::[0-9]+(?::[0-9]+)?)?';
const RULE = `(?:J[0-9]+|M[0-9]+\\.[0-9]+\\.[0-9]+|[0-9]+)(?:/${OFFSET})?`;
const ABBREVIATION = '(?:<[^>]*>|[^0-9,+<-][^0-9,+-]*)';
const POSIX = new RegExp(
  `^(?:<[^>]*>|[^0-9,+<-]?[^0-9,+-]*)(${OFFSET})(?:${ABBREVIATION}(${OFFSET})?(?:[,;](${RULE}),(${RULE}))?)?$`,
  's',
);

/** Abbreviations and old names that Intl knows and the time zone database does not. */
const ONLY_INTL =
  /^(?:ACT|AET|AGT|ART|AST|BET|BST|CAT|CNT|CST|CTT|EAT|ECT|IET|IST|JST|MIT|NET|NST|PLT|PNT|PRT|PST|SST|VST|SystemV\/.*|US\/Pacific-New|Canada\/East-Saskatchewan)$/i;

/** A zone of the time zone database in any case (`europe/berlin`), or a POSIX rule (`EST5EDT,M3.2.0,M11.1.0`). */
export function isZone(name: string, major: number): boolean {
  return isNamedZone(name, major) || isPosixZone(name);
}

/** What TimeZone takes beyond zones: hours (`-7.5`) and `INTERVAL '-08:00' HOUR TO MINUTE`. */
export function isZoneOffset(text: string): boolean {
  const interval = /^interval\s*'([^']*)'$/i.exec(text);
  if (interval !== null)
    return /^\s*[-+]?[0-9]+(?::[0-9]+){0,2}\s*(?:h|hours?|m|min|minutes?|s|sec|seconds?)?\s*$/.test(interval[1] ?? '');
  const hours = /^\s*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/.test(text) ? Number(text) : Number.NaN;
  return Math.abs(hours) < MOST_HOURS + 1;
}

/** A zone of the time zone database, in any case. */
export function isNamedZone(name: string, major: number): boolean {
  // Intl also takes offsets, which PostgreSQL reads in another way.
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name) || ONLY_INTL.test(name)) return false;
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return /^factory$/i.test(name) || (major <= 12 && /^posixrules$/i.test(name));
  }
}

function isPosixZone(name: string): boolean {
  const match = POSIX.exec(name);
  if (match === null) return false;
  const offsets = [match[1], match[2], ...[match[3], match[4]].map(rule => rule?.split('/')[1])];
  return offsets.every(o => o === undefined || validOffset(o)) && validRule(match[3]) && validRule(match[4]);
}

function validOffset(offset: string): boolean {
  const [hours = 0, minutes = 0, seconds = 0] = offset.replace(/^[-+]/, '').split(':').map(Number);
  return hours <= MOST_HOURS && minutes <= 59 && seconds <= 60;
}

function validRule(rule: string | undefined): boolean {
  if (rule === undefined) return true;
  const numbers = (rule.split('/')[0] ?? '').replace(/^[JM]/, '').split('.').map(Number);
  const [first = 0, week = 1, day = 0] = numbers;
  if (rule.startsWith('M')) return first >= 1 && first <= 12 && week >= 1 && week <= 5 && day <= 6;
  return first <= 365 && (first >= 1 || !rule.startsWith('J'));
}
