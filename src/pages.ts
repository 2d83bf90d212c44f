/**
 * The pages of the rules, as the program reads them. In the bundle this module is replaced by one that holds them all
 * (see `build/bundle.ts`): there are no files beside it.
 */
import { existsSync, readFileSync } from 'node:fs';

/** The page of a rule in an area, undefined where there is none. */
export function readPage(area: string, id: string): string | undefined {
  const file = new URL(`../rules/${area}/${id}.md`, import.meta.url);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
