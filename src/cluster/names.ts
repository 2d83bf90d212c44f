/** What the objects that matter name, by namespace, and which other objects are meant by it. */
import { namesIn } from '../prefilter.ts';
import { addWords, wordNumber } from './words.ts';

/** An object as names reach it. */
export interface Nameable {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  /** The words of its text (see `wordsOf`). */
  readonly words: Uint32Array;
}

export interface Names {
  /** Takes in what an object that matters names; `all`: also what is not named in full, as a host or a label. */
  readonly learn: (object: Omit<Nameable, 'words'>, text: string, all: boolean) => void;
  /** Whether something named the object. */
  readonly reaches: (object: Nameable) => boolean;
  /** Whether an object that matters is in the namespace. */
  readonly touches: (namespace: string | undefined) => boolean;
}

/** The words of a text, each once. */
export function wordsOf(text: string): Uint32Array {
  const words = new Set<number>();
  addWords(text, words);
  return Uint32Array.from(words);
}

/** Kinds that give host names, by which what is elsewhere may call them. */
export const servesHosts: ReadonlySet<string> = new Set(['Service', 'Endpoints', 'EndpointSlice', 'ServiceEntry']);
/** Kinds that others name in full: for these no word is too common. */
const named: ReadonlySet<string> = new Set(
  'Service ConfigMap Secret PersistentVolumeClaim ServiceAccount ExternalSecret SealedSecret'.split(' '),
);

interface Known {
  readonly words: Set<number>;
  /** Values that are the whole name of something. */
  readonly whole: Set<string>;
}

const wholeName = /(?:^|[:=,/] ?)([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)(?=$|[,:/])/gm;

export function createNames(): Names {
  const spaces = new Map<string | undefined, Known>();
  const hosts = new Map<number, Set<number>>();
  /** An object that does not say its namespace may be in any. */
  const around = (namespace: string | undefined): readonly Known[] =>
    namespace === undefined
      ? [...spaces.values()]
      : [spaces.get(namespace), spaces.get(undefined)].filter(k => k !== undefined);
  return {
    learn({ kind, name, namespace }, text, all) {
      const here = spaces.get(namespace) ?? { words: new Set(), whole: new Set() };
      spaces.set(namespace, here);
      here.whole.add(name);
      for (const [, value = ''] of text.matchAll(wholeName)) here.whole.add(value);
      if (all) for (const n of [name, ...namesIn(text)]) here.words.add(wordNumber(n));
      if (!servesHosts.has(kind) || namespace === undefined) return;
      const homes = hosts.get(wordNumber(name)) ?? new Set();
      hosts.set(wordNumber(name), homes.add(wordNumber(namespace)));
    },
    reaches({ kind, name, namespace, words }) {
      for (const { words: known, whole } of around(namespace)) {
        if (named.has(kind) && (whole.has(name) || (kind === 'PersistentVolumeClaim' && isOfTemplate(name, whole))))
          return true;
        if (words.some(w => known.has(w))) return true;
      }
      // `orders-db.shop` from another namespace.
      return words.some(w => {
        const homes = hosts.get(w);
        return homes !== undefined && words.some(other => homes.has(other));
      });
    },
    touches: namespace => namespace === undefined || spaces.has(namespace) || spaces.has(undefined),
  };
}

/** `data-orders-db-0` is the claim of the set `orders-db`, or of `db`: nobody can tell, and both may need it. */
function isOfTemplate(name: string, sets: ReadonlySet<string>): boolean {
  const stem = /^(.+)-\d+$/.exec(name)?.[1] ?? '';
  for (let at = stem.indexOf('-'); at >= 0; at = stem.indexOf('-', at + 1))
    if (sets.has(stem.slice(at + 1))) return true;
  return false;
}
