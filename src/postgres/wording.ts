/** Words that many messages share. */
import type { Setting } from './settings.ts';

/** Behind a consequence of a setting whose file lies unused. */
export function onceLoaded(...settings: readonly (Setting | undefined)[]): string {
  return settings.some(s => s?.loaded === false) ? ', once its file is loaded' : '';
}
