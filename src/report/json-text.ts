/** JSON as it may be printed to a terminal or a log. */

/**
 * A value as indented JSON, ending with a line break. What could control a terminal, turn the direction of writing or
 * command GitHub's runner is escaped, which JSON leaves to the writer: every reader gets the same value.
 */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2).replace(unseen, escape).replaceAll('##[', '##\\u005b')}\n`;
}

/** What JSON.stringify leaves as it is: C1 controls, marks of direction, separators, what takes no room, tags. */
const unseen =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udfff]/g;

const escape = (units: string): string =>
  units.replace(/[^]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
