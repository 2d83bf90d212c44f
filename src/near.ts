/**
 * Which of the selected sources a change can bear on: those that name an object of a changed file, or that a changed file
 * names, and so on. Whoever changes one of a hundred databases does not wait for the others. Names are taken from the text;
 * where they do not tell everything (overlays, objects of one name in two places, policies for a whole namespace), the
 * answer is that nobody knows. A test holds it: what is found near a change is what is found in the whole.
 */
import { kindsByThemselves } from './prefilter.ts';
import type { Source } from './types.ts';

/** A source with the names by which others may refer to its objects. */
interface Named {
  readonly path: string;
  readonly text: string;
  readonly names: ReadonlySet<string>;
}

/**
 * The sources near those at `changed`, in their order. `earlier` are the texts that these had. Undefined where all have to
 * be looked at.
 */
export function nearSources(
  sources: readonly Source[],
  earlier: readonly Source[],
  changed: (path: string) => boolean,
): readonly Source[] | undefined {
  const start: Named[] = [];
  const far: Named[] = [];
  const objects = new Map<string, string>();
  const before = new Set(earlier);
  for (const source of [...sources, ...earlier]) {
    const { path, text } = source;
    if (/(?:^|\/)kustomization(?:\.ya?ml)?$/i.test(path) || text.includes('kustomize.config.k8s.io')) return undefined;
    const isYaml = /\.ya?ml$/i.test(path) && /^(?:\uFEFF)?["']?kind["']? *:/m.test(text);
    if (isYaml && isHidden(text)) return undefined;
    for (const object of isYaml ? objectsIn(text) : []) {
      const other = objects.get(object);
      if (other !== undefined && other !== path) return undefined;
      objects.set(object, path);
    }
    const isPlain = isYaml && !isForAll(text);
    if (changed(path) || before.has(source)) {
      if (!isPlain) return undefined;
      start.push({ path, text, names: namesOf(text) });
    } else if (isYaml && selectsPods.test(text)) {
      // It counts for all, and what it selects must be there, or it would seem to select nothing.
      start.push({ path, text, names: namesOf(text) });
    } else if (isPlain) far.push({ path, text, names: namesOf(text) });
  }
  const isFar = new Set(far.map(s => s.path));
  let fresh: readonly Named[] = start;
  while (fresh.length > 0) {
    const names = pattern(fresh.flatMap(s => [...s.names]));
    const isMentioned = mentions(fresh.map(s => s.text));
    fresh = far.filter(s => isFar.has(s.path) && (names.test(s.text) || [...s.names].some(isMentioned)));
    for (const { path } of fresh) isFar.delete(path);
  }
  return isFar.size === 0 ? undefined : sources.filter(s => !isFar.has(s.path));
}

/** Whether a text has objects that are not found by their lines (lists, JSON, flow style), or names that are filled in later. */
const isHidden = (text: string): boolean =>
  /["']?kind["']? *: *["']?\w*List\b/.test(text) ||
  /^(?:\uFEFF)?(?:--- *)?[{[]|^(?:- |--- +[^\s#]|metadata *: *[^\s#])/m.test(text) ||
  /(?:labels|matchLabels|selector)["']? *: *[&*]/.test(text) ||
  /^ +(?:- )?["']?(?:name|app[\w./-]*)["']? *: *[^\s#]*(?:\$[{(]|\{\{)/m.test(text);

/**
 * Whether a text holds what concerns others without their names, or makes objects that nobody sees, or is of a kind of which
 * it is asked whether there is any.
 */
const isForAll = (text: string): boolean =>
  kindsByThemselves.test(text) ||
  /["']?kind["']? *: *["']?(?:\w*Secret|Helm\w*|Application\w*|Kustomization|\w*Repository)\b/.test(text);

const selectsPods =
  /["']?kind["']? *: *["']?(?:\w*NetworkPolicy|PodDisruptionBudget|PeerAuthentication|AuthorizationPolicy|Sidecar)\b/;

const documents = (text: string): readonly string[] => text.replaceAll('\r\n', '\n').split(/^---(?:[ \t].*)?$/m);

/** The kind, name and namespace of each object. */
function objectsIn(text: string): readonly string[] {
  return documents(text).flatMap(document => {
    const kind = /^["']?kind["']? *: *(\S+)/m.exec(document)?.[1];
    const metadata = /^["']?metadata["']? *:[^\n]*\n((?:[ #].*\n|\n)*)/m.exec(`${document}\n`)?.[1] ?? '';
    const name = /^ +["']?name["']? *: *(\S+)/m.exec(metadata)?.[1];
    const namespace = /^ +["']?namespace["']? *: *(\S+)/m.exec(metadata)?.[1] ?? '';
    return kind === undefined || name === undefined ? [] : [[kind, name, namespace].map(bare).join(' ')];
  });
}

/** Names of objects, values of labels and selectors, and passwords: whoever has the same one is told. */
function namesOf(text: string): ReadonlySet<string> {
  const names = new Set(objectsIn(text).map(object => object.split(' ')[1] ?? ''));
  for (const [, value = ''] of text.matchAll(/PASS\w*["']?[ \t]*\n\s*["']?value["']? *: *([^\s#]+)/gi))
    names.add(bare(value));
  for (const [, value = ''] of text.matchAll(/PASS\w*["']? *[:=] *([^\s#]+)/gi)) names.add(bare(value));
  for (const [, value = ''] of text.matchAll(/:\/\/[^\s:/@]*:([^\s/@]+)@/g)) names.add(value);
  /** The indentation of the labels that the line may stand under. */
  let labels = Number.POSITIVE_INFINITY;
  for (const line of text.split('\n')) {
    const indent = line.search(/[^ -]/);
    if (indent < 0 || line[indent] === '#') continue;
    if (indent > labels) add(names, line);
    else labels = Number.POSITIVE_INFINITY;
    const found = /["']?(?:labels|matchLabels|selector)["']? *:\s*(?:#.*|\{(.*))?$/.exec(line);
    if (found?.[1] !== undefined) add(names, `: ${found[1]}`);
    else if (found !== null) labels = Math.min(labels, indent);
  }
  names.delete('');
  return names;
}

/** Adds the values of `key: value` pairs and the items of lists. */
function add(names: Set<string>, line: string): void {
  for (const [, value = ''] of line.matchAll(/(?:: *|- *|[[,] *)["']?([A-Za-z0-9][^\s"',\]}#]*)(?=["',\]}\s]|$)/g))
    names.add(value);
}

const bare = (value: string): string => value.replace(/^["']|["'],?$|,$/g, '');

/** Finds one of these names where it stands for itself or within a longer one: `orders` in `orders-0.orders.shop.svc`. */
function pattern(names: Iterable<string>): RegExp {
  const all = [...new Set(names)].map(name => name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return all.length === 0 ? /(?!)/ : new RegExp(`(?<![A-Za-z0-9])(?:${all.join('|')})(?![A-Za-z0-9])`);
}

/** Whether one of the texts has a name as the pattern would find it; for many names of few texts. */
function mentions(texts: readonly string[]): (name: string) => boolean {
  const words = new Set<string>();
  for (const text of texts) {
    for (const [word] of text.matchAll(/[A-Za-z0-9][\w.-]*/g)) {
      const ends = [...word.matchAll(/[A-Za-z0-9]+/g)].map(m => [m.index, m.index + m[0].length] as const);
      // A long line of base64 is nobody's name.
      for (const [i, [start]] of ends.slice(0, 40).entries())
        for (const [, end] of ends.slice(i, i + 12)) words.add(word.slice(start, end));
    }
  }
  return name => (/^[A-Za-z0-9][\w.-]*$/.test(name) ? words.has(name) : texts.some(text => text.includes(name)));
}
