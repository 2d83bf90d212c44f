/** What a finding is about, without the lines and files that change from day to day. */
import type { Location, ResourceId } from '../types.ts';
import { type Node, getText, keyText } from '../yaml/node.ts';

/** The identity of one finding before equal ones are counted. */
export interface Identity {
  readonly rule: string;
  readonly resource: ResourceId | undefined;
  /** Keys down to the place, and the setting or line there: see `placeKey`. */
  readonly place: string;
}

/**
 * Sixteen hexadecimal digits for the rule, the object and the place in it: the same after edits elsewhere and after the
 * file moved. `count` tells equal ones apart, from 1, in the order of the text.
 */
export function fingerprint({ rule, resource, place }: Identity, count: number): string {
  const group = resource?.apiVersion.replace(/\/?[^/]*$/, '') ?? '';
  const object = resource === undefined ? [] : [group, resource.kind, resource.namespace ?? '', resource.name];
  return hash([rule, ...object, place, ...(count > 1 ? [String(count)] : [])].join('\0'));
}

/**
 * The path of keys from `root` to a place, items of sequences by their name where they have one; inside a text, the name
 * of the setting in its line, or the line itself with its blanks made one.
 */
export function placeKey(root: Node | undefined, at: Location, text: string | undefined): string {
  const steps: string[] = [];
  let here: Node | undefined = root !== undefined && holds(root, at) ? root : undefined;
  let inText = here === undefined;
  while (here !== undefined) {
    if (here.kind === 'map') {
      const entries = here.entries.filter(e => !e.merged && e.key.path === at.path && e.key.start <= at.start);
      const found = entries.at(-1);
      if (found === undefined) break;
      steps.push(keyText(found.key));
      here = found.alias === undefined && holds(found.value, at) ? found.value : undefined;
    } else if (here.kind === 'seq') {
      const index = here.items.findLastIndex(item => item.path === at.path && item.start <= at.start);
      const item: Node | undefined = here.items[index];
      if (item === undefined) break;
      steps.push(getText(item, 'name') ?? (item.kind === 'scalar' ? item.text : String(index)));
      here = holds(item, at) ? item : undefined;
    } else {
      inText = here.style === 'literal' || here.style === 'folded' || here.text.includes('\n');
      break;
    }
  }
  if (inText && text !== undefined) steps.push(lineKey(text, at.start));
  return steps.map(s => s.replaceAll('/', '~1')).join('/');
}

function holds(node: Node, at: Location): boolean {
  return node.path === at.path && node.start <= at.start && at.start <= node.end;
}

/** Lines of pg_hba.conf and Dockerfiles count as a whole; of settings the name alone, so that a new value is no new finding. */
function lineKey(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const next = text.indexOf('\n', offset);
  const line = text.slice(start, next < 0 ? text.length : next).trim();
  const [, name] = /^(?!(?:local|host\w*|include\w*)\s)([a-z_][\w.$-]*)\s*(?:=|\s)/.exec(line) ?? [];
  return name ?? line.replace(/\s+/g, ' ');
}

/** FNV-1a over UTF-16 units, twice with different bases: no security, only few collisions, alike in every JavaScript. */
function hash(text: string): string {
  return [0x811c9dc5, 0x01000193 ^ 0x5bd1e995]
    .map(base => {
      let value = base;
      for (let i = 0; i < text.length; i++) {
        value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
        value ^= value >>> 15;
      }
      return (value >>> 0).toString(16).padStart(8, '0');
    })
    .join('');
}
