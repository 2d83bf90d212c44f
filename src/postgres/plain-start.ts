/** Whether it is plain what starts PostgreSQL, and with which words. */
import { isServerCommand } from '../formats/shell.ts';
import { valueOf } from '../types.ts';
import type { Server } from './server.ts';

/**
 * The image's entrypoint, `postgres` itself or a shell starts the server with words that all stand here: no program of
 * somebody's own comes in between, which might read, copy or write files.
 */
export function startsPlainly({ start, container }: Server): boolean {
  switch (start.kind) {
    case 'entrypoint': {
      const words = [...(valueOf(container?.command) ?? []), ...(valueOf(container?.args) ?? [])].map(w => w.value);
      const [first] = words.filter((word, i) => i > 0 || !/(^|\/)docker-entrypoint\.sh$/.test(word));
      return first === undefined || first === 'postgres' || first.startsWith('-');
    }
    case 'direct':
      return /(^|\/)postgres$/.test(start.program);
    case 'shell':
      return start.script.shell.commands.findLast(c => isServerCommand(c.words))?.words.every(w => w.literal) === true;
    default:
      return false;
  }
}
