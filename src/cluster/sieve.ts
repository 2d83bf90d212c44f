/**
 * Which objects of an export can matter: those that name PostgreSQL, those that bear on every pod of a namespace that has one,
 * and those that share a name with them. The same idea as `prefilter.ts`, for objects in place of files: they come one after the
 * other, cannot be read again, and are many.
 */
import { kindsByThemselves, mentionPattern } from '../prefilter.ts';
import { type Digest, digestJson, digestYaml } from './digest.ts';
import { isMadeByControllers, matters } from './kinds.ts';
import { createNames, servesHosts, wordsOf } from './names.ts';
import type { Piece } from './piece.ts';
import { type Stored, createStore } from './store.ts';

export type Format = 'json' | 'yaml';

/** An object that was chosen. */
export interface Chosen extends Omit<Piece, 'bytes'> {
  /** As it stands in the export. */
  readonly text: string;
  /** The export that it is of. */
  readonly path: string;
  readonly format: Format;
}

/** What an object turned out to be: of a kind that says nothing here, no object at all, or one of this namespace. */
export type Verdict = 'other' | 'broken' | { readonly namespace: string | undefined };

/** Takes the objects of exports, and gives back those that matter. */
export interface Sieve {
  readonly add: (piece: Piece, path: string, format: Format) => Verdict;
  /** Those that matter, in the order in which they came; none where nothing names PostgreSQL. */
  readonly chosen: () => Iterable<Chosen>;
}

interface Held extends Omit<Piece, 'bytes' | 'kind'> {
  readonly kind: string;
  readonly path: string;
  readonly format: Format;
  readonly stored: Stored;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly words: Uint32Array;
}

const noWords = new Uint32Array(0);

/** A sieve; `images` are the patterns of private images that the configuration calls PostgreSQL. */
export function createSieve(images: readonly string[]): Sieve {
  const mention = mentionPattern(images);
  const store = createStore();
  const names = createNames();
  const held: Held[] = [];
  const kept = new Set<Held>();

  function add(piece: Piece, path: string, format: Format): Verdict {
    const { bytes, kind, apiVersion, ...place } = piece;
    if (kind === undefined || !matters(kind)) return 'other';
    const text = decode(bytes, piece.ascii);
    // Most objects of a large cluster end here: what names PostgreSQL when it is read names it in its text.
    const byControllers = isMadeByControllers(kind);
    if (byControllers && !mention.test(text) && isControlled(text)) return { namespace: namespaceOf(text, format) };
    const digest = digestOf(text, piece, format);
    if (digest === undefined) return 'broken';
    const { name, namespace, controlled } = digest;
    const mentions = mention.test(digest.text);
    if (byControllers && controlled && !mentions) return { namespace };
    const words = mentions ? noWords : wordsOf(digest.text);
    const object = { ...place, kind, apiVersion, path, format, stored: store.put(bytes), name, namespace, words };
    held.push(object);
    if (mentions) {
      kept.add(object);
      names.learn(object, digest.text, true);
    }
    return { namespace };
  }

  function* chosen(): Iterable<Chosen> {
    if (kept.size === 0) return;
    let waiting = held.filter(o => !kept.has(o));
    for (let fresh = reached(waiting); fresh.length > 0; fresh = reached(waiting)) {
      for (const object of fresh) {
        kept.add(object);
        // Of a client only what it needs concerns us; of a Service, who calls it.
        const text = digestOf(decode(store.get(object.stored), object.ascii), object, object.format)?.text ?? '';
        names.learn(object, text, servesHosts.has(object.kind));
      }
      waiting = waiting.filter(o => !kept.has(o));
    }
    for (const object of held) {
      const bears = kindsByThemselves.test(`kind: ${object.kind}`) && names.touches(object.namespace);
      if (!bears && !kept.has(object)) continue;
      const { stored, ...rest } = object;
      yield { ...rest, text: decode(store.get(stored), object.ascii) };
    }
  }

  const reached = (waiting: readonly Held[]): readonly Held[] => waiting.filter(o => names.reaches(o));

  return { add, chosen };
}

const decode = (bytes: Buffer, ascii: boolean): string => bytes.toString(ascii ? 'latin1' : 'utf8');

function digestOf(text: string, { list }: Pick<Piece, 'list'>, format: Format): Digest | undefined {
  if (format === 'json') return digestJson(text);
  // The keys of an item stand behind its dash.
  return digestYaml(text, list === undefined ? 0 : text.search(/[^ ]/) + 2);
}

const isControlled = (text: string): boolean => /"?controller"?: *true/.test(text);

function namespaceOf(text: string, format: Format): string | undefined {
  const pattern = format === 'json' ? /"namespace": *"([^"]*)"/ : /^ {2,8}namespace: *["']?([\w.-]+)/m;
  return pattern.exec(text)?.[1];
}
