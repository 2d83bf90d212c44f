/** Ignore comments and annotations: which findings they take away, and what became of each of them. */
import type { Levels } from '../config.ts';
import type { Resource } from '../kubernetes/resource.ts';
import { nearest } from '../nearest.ts';
import type { AnyRule, IgnoreComment, IgnoredId, Location, Source } from '../types.ts';
import { entry, getMap } from '../yaml/node.ts';

/** An ignore comment as it is written, and the range of the findings that it is for. */
export interface Ignore {
  readonly at: Location;
  readonly ids: readonly { readonly id: string; readonly at: Location }[];
  readonly reason: string;
  readonly until: string | undefined;
  readonly scope: Location;
}

/** The annotation that takes the part of a comment where none can stand: in JSON and in exports. */
export const ignoreAnnotation = 'tusklint/ignore';

/** Every ignore comment of the sources and every ignore annotation of the resources, in the order of the text. */
export function findIgnores(
  sources: readonly Source[],
  yamlPaths: ReadonlySet<string>,
  resources: readonly Resource[],
): Ignore[] {
  const comments = sources.flatMap(source =>
    source.text.includes('tusklint-ignore') ? commentsOf(source, yamlPaths.has(source.path)) : [],
  );
  const texts = new Map(sources.map(s => [s.path, s.text]));
  return [...comments, ...resources.flatMap(r => annotationsOf(r, texts.get(r.path)))];
}

const mark = /(?<=^|[ \t])(?:#|--|;|\/\/)[ \t]*tusklint-ignore(?![\w-])[^\r\n]*/gm;

function commentsOf({ path, text }: Source, yaml: boolean): Ignore[] {
  return [...text.matchAll(mark)].map(match => {
    const start = match.index;
    const body = match[0].indexOf('tusklint-ignore') + 'tusklint-ignore'.length;
    const whole = match[0].trimEnd();
    return {
      at: { path, start, end: start + whole.length },
      ...parse(path, whole.slice(body), start + body),
      scope: { path, ...scopeOf(text, start, yaml) },
    };
  });
}

function annotationsOf(resource: Resource, text: string | undefined): Ignore[] {
  const found = entry(getMap(resource.root, 'metadata', 'annotations'), ignoreAnnotation);
  if (found?.value.kind !== 'scalar' || found.merged) return [];
  const { path, start, end } = found.value;
  const at = { path, start, end };
  // Ids are found in the text where it shows them as they are, otherwise the whole value is their place.
  const from = text?.slice(start, end).indexOf(found.value.text) ?? -1;
  const { root } = resource;
  const scope = { path: root.path, start: root.start, end: root.end };
  return found.value.text.split('\n').flatMap((line, i, lines) => {
    if (line.trim() === '') return [];
    const before = lines.slice(0, i).reduce((sum, l) => sum + l.length + 1, 0);
    const parsed = parse(path, line, start + Math.max(from, 0) + before);
    return [{ at, ...parsed, ids: from < 0 ? parsed.ids.map(({ id }) => ({ id, at })) : parsed.ids, scope }];
  });
}

function parse(path: string, body: string, offset: number): Pick<Ignore, 'ids' | 'reason' | 'until'> {
  const dashes = /(?:^|\s)--(?=\s|$)/.exec(body);
  const head = dashes === null ? body : body.slice(0, dashes.index);
  const reason = dashes === null ? '' : body.slice(dashes.index + dashes[0].length).trim();
  const words = [...head.matchAll(/[^\s,:]+/g)];
  const until = words.find(([word]) => word.startsWith('until='))?.[0].slice('until='.length);
  const ids = words
    .filter(([word]) => !word.startsWith('until='))
    .map(word => {
      const start = offset + word.index;
      return { id: word[0], at: { path, start, end: start + word[0].length } };
    });
  return { ids, reason, until };
}

/** The line of a comment that follows a value, the line below a comment that stands alone, or the whole document. */
function scopeOf(text: string, comment: number, yaml: boolean): { start: number; end: number } {
  const own = lineAt(text, comment);
  if (text.slice(own.start, comment).trim() !== '') return own;
  if (yaml) {
    const document = documentAt(text, comment);
    if (comment < document.first) return document;
  }
  let line = own;
  while (line.end < text.length) {
    line = lineAt(text, line.end + 1);
    if (!/^\s*(?:#|--\s|;|\/\/)/.test(text.slice(line.start, line.end))) return line;
  }
  return { start: text.length, end: text.length };
}

/** A YAML document: its range, and the start of its first line that is neither blank nor a comment nor a directive. */
function documentAt(text: string, offset: number): { start: number; end: number; first: number } {
  let start = 0;
  let end = text.length;
  for (const { index } of text.matchAll(/^---(?=\s|$)/gm)) {
    if (index <= offset) start = index;
    else if (text.slice(start, index).split('\n').some(isContent)) {
      end = index;
      break;
    }
  }
  let first = start;
  while (first < end) {
    const line = lineAt(text, first);
    if (isContent(text.slice(line.start, line.end))) break;
    first = line.end + 1;
  }
  return { start, end, first };
}

function isContent(line: string): boolean {
  return /^(?!---\s*(?:#|$))\s*[^\s#%]/.test(line);
}

function lineAt(text: string, offset: number): { start: number; end: number } {
  const next = text.indexOf('\n', offset);
  return { start: text.lastIndexOf('\n', offset - 1) + 1, end: next < 0 ? text.length : next };
}

/** The ignores of one run: asks whether a problem is taken away, and remembers which of them were needed. */
export interface Ignores {
  /** The reason of a comment that names one of the ids for this place, which then counts as used; undefined where none does. */
  reasonFor(ids: readonly string[], at: Location): string | undefined;
  /** What became of each comment, once every rule ran. */
  outcome(rules: readonly AnyRule[], levels: Levels): IgnoreComment[];
}

/** `now` (`YYYY-MM-DD`) decides whether a comment with an end still holds. */
export function ignores(list: readonly Ignore[], now: string): Ignores {
  const byPath = new Map<string, Ignore[]>();
  for (const ignore of list) byPath.set(ignore.scope.path, [...(byPath.get(ignore.scope.path) ?? []), ignore]);
  const matched = new Set<Ignore['ids'][number]>();
  const ended = (ignore: Ignore): boolean => ignore.until !== undefined && now > ignore.until;
  return {
    reasonFor(ids, at) {
      let reason: string | undefined;
      for (const ignore of byPath.get(at.path) ?? []) {
        if (at.start < ignore.scope.start || at.start > ignore.scope.end) continue;
        for (const named of ignore.ids) {
          if (!ids.includes(named.id)) continue;
          matched.add(named);
          if (!ended(ignore)) reason ??= ignore.reason;
        }
      }
      return reason;
    },
    outcome(rules, levels) {
      const known = new Map(rules.flatMap(rule => [rule.id, ...(rule.aliases ?? [])].map(id => [id, rule] as const)));
      const state = (ignore: Ignore, named: Ignore['ids'][number]): IgnoredId['state'] => {
        const rule = known.get(named.id);
        if (rule === undefined) return 'unknown';
        if (matched.has(named)) return ended(ignore) ? 'ended' : 'used';
        const part = named.id === rule.id ? undefined : named.id;
        return !levels.runs(rule) || levels.level(rule, ignore.at.path, part) === 'off' ? 'off' : 'unused';
      };
      return list.map(ignore => ({
        at: ignore.at,
        reason: ignore.reason,
        until: ignore.until,
        ids: ignore.ids.map(named => ({
          ...named,
          state: state(ignore, named),
          suggestion: known.has(named.id) ? undefined : nearest(named.id, known.keys()),
        })),
      }));
    },
  };
}
