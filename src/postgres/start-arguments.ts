/** Adds words to the command line of a server that the image's entrypoint starts. */
import { addItem, type Edits, joined, setPath, setScalar } from '../fix/edits.ts';
import { entry, get, getScalar } from '../yaml/node.ts';
import { startsPlainly } from './plain-start.ts';
import type { Server } from './server.ts';

/** Adds `-c name=value` for each; undefined where another program is started or the words are not written in YAML. */
export function addSettings(server: Server, settings: readonly string[]): Edits {
  const node = server.container?.node;
  if (
    node === undefined ||
    server.start.kind !== 'entrypoint' ||
    !startsPlainly(server) ||
    server.platform === 'dockerfile'
  )
    return undefined;
  const key = server.platform === 'compose' ? 'command' : 'args';
  const words = settings.flatMap(s => ['-c', s]);
  const list = get(node, key);
  if (list === undefined) return setPath(node, [key], key === 'command' ? ['postgres', ...words] : words);
  if (entry(node, key)?.alias !== undefined) return { hindrance: `"${key}" is written through an alias` };
  if (list.kind === 'seq') {
    return joined(words.map(word => addItem(list, word)));
  }
  const line = getScalar(node, key);
  return line?.style === 'plain' && server.platform === 'compose'
    ? setScalar(line, [line.text, ...words].join(' '))
    : undefined;
}
