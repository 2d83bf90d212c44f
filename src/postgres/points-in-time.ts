/** recovery_target_time: a date and a time in one of many forms. */
import { isNamedZone } from './time-zones.ts';

const DATE = /^\s*([0-9]{4,6})-([0-9]{1,2})-([0-9]{1,2})(?:$|(?:\s+|T)(.*))$/is;
const TIME = /^([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2})(?:\.[0-9]*)?)?\s*(?:am|pm)?\s*(.*?)\s*$/is;
const MONTH = /jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec/i;

/**
 * Whether the server takes it at its start. ISO dates are checked through; of the other forms only what is clearly no
 * date is refused. Abbreviations of zones, `Z` among them, are not known yet when the server reads its settings.
 */
export function isPointInTime(text: string, major: number): boolean {
  // In lower case, and only so, these are refused by name.
  if (/^\s*(?:now|today|tomorrow|yesterday)\s*$/i.test(text)) return !/^(?:now|today|tomorrow|yesterday)$/.test(text);
  const iso = DATE.exec(text);
  if (iso !== null)
    return isDate(Number(iso[1]), Number(iso[2]), Number(iso[3])) && isTime(iso[4]?.trim() ?? '', major);
  const numbers = text.match(/[0-9]+/g)?.length ?? 0;
  if (MONTH.test(text)) return numbers >= 2;
  const compact = /^\s*[0-9]{4}([0-9]{2})([0-9]{2})(?:T|\s|$)/.exec(text);
  if (compact !== null) return isDate(2000, Number(compact[1]), Number(compact[2]));
  return /[0-9]+[/.-][0-9]+[/.-][0-9]+/.test(text);
}

function isTime(text: string, major: number): boolean {
  if (text === '' || isOffsetOrZone(text, major)) return true;
  const time = TIME.exec(text);
  if (time === null) return /^[0-9]/.test(text);
  const [hours, minutes, seconds] = [time[1], time[2], time[3] ?? '0'].map(Number);
  const inRange = (hours ?? 0) <= 24 && (minutes ?? 0) <= 59 && (seconds ?? 0) <= 60;
  return inRange && (time[4] === '' || isOffsetOrZone(time[4] ?? '', major));
}

function isOffsetOrZone(text: string, major: number): boolean {
  return /^[-+][0-9]{1,4}(?::[0-9]{2}){0,2}$/.test(text) || isNamedZone(text, major);
}

function isDate(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
