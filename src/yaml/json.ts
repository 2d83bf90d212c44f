/** A stream of JSON values, read as strictly as kubectl reads a file that begins with `{`. */
import type { Source } from '../types.ts';
import type { Entry, MapNode, Node, ScalarNode, SeqNode } from './node.ts';
import { type YamlProblem, duplicateKey, refusal } from './problem.ts';

type Draft<T> = { -readonly [K in keyof T]: T[K] };

export interface JsonStream {
  readonly values: readonly Node[];
  /** Equal keys, and the syntax error that ended the reading, if any. */
  readonly problems: readonly YamlProblem[];
}

/** Whether kubectl would read the text as JSON: the first character that is not white space is `{`. */
export function looksLikeJson(text: string): boolean {
  return /^[ \t\r\n\v\f\u0085\u00a0]{0,4095}\{/.test(text);
}

interface Frame {
  readonly node: Draft<MapNode> | Draft<SeqNode>;
  readonly entries: Entry[];
  readonly items: Node[];
  readonly keys: Map<string, ScalarNode>;
  key: ScalarNode | undefined;
}

/** Thrown and caught inside this module only. */
class JsonError extends Error {
  readonly start: number;
  readonly end: number;
  constructor(message: string, start: number, end: number) {
    super(message);
    this.start = start;
    this.end = end;
  }
}

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
const WORD = /[A-Za-z0-9_.+-]+/y;
const STRING_BODY = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** Reads the values of a text one after the other, up to the first error. `mostDepth`: how deep they may nest. */
export function parseJsonStream(source: Source, mostDepth: number): JsonStream {
  const { path, text } = source;
  const values: Node[] = [];
  const problems: YamlProblem[] = [];
  let at = skip(SPACE, text, 0);
  try {
    while (at < text.length) {
      const [value, end] = readValue(source, at, mostDepth, problems);
      values.push(value);
      at = skip(SPACE, text, end);
    }
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const message = `${error.message}, so kubectl, which reads a file that begins with "{" as JSON, refuses it`;
    problems.push(refusal({ path, start: error.start, end: error.end }, message));
  }
  return { values, problems };
}

function readValue(source: Source, from: number, mostDepth: number, problems: YamlProblem[]): readonly [Node, number] {
  const { text } = source;
  const frames: Frame[] = [];
  let at = from;
  for (;;) {
    const frame = frames.at(-1);
    let node: Node;
    if (frame?.node.kind === 'map' && frame.key === undefined) {
      if (text[at] !== '"') throw unexpected(text, at, 'a key in double quotes');
      const key = readString(source, at, frame.node);
      noteKey(frame, key, problems);
      at = skip(SPACE, text, key.end);
      if (text[at] !== ':') throw unexpected(text, at, 'a colon');
      at = skip(SPACE, text, at + 1);
      continue;
    }
    const character = text[at];
    if (character === '{' || character === '[') {
      if (frames.length >= mostDepth) throw new JsonError(`nested more than ${mostDepth} levels deep`, at, at + 1);
      const opened = open(source, at, character, frame?.node);
      at = skip(SPACE, text, at + 1);
      if (text[at] !== closing(opened.node)) {
        frames.push(opened);
        continue;
      }
      at++;
      opened.node.end = at;
      node = opened.node;
    } else {
      node = character === '"' ? readString(source, at, frame?.node) : readWord(source, at, frame?.node);
      at = node.end;
    }
    // The value is whole: put it into its collection, and close what ends behind it.
    for (;;) {
      const holder = frames.at(-1);
      if (holder === undefined) return [node, at];
      if (holder.node.kind === 'seq') holder.items.push(node);
      else if (holder.key !== undefined) {
        holder.entries.push({ key: holder.key, value: node, merged: false, alias: undefined });
        holder.key = undefined;
      }
      at = skip(SPACE, text, at);
      if (text[at] === ',') {
        at = skip(SPACE, text, at + 1);
        break;
      }
      if (text[at] !== closing(holder.node)) throw unexpected(text, at, `a comma or "${closing(holder.node)}"`);
      at++;
      holder.node.end = at;
      node = holder.node;
      frames.pop();
    }
  }
}

const closing = (node: MapNode | SeqNode): string => (node.kind === 'map' ? '}' : ']');

function open(source: Source, start: number, bracket: string, parent: MapNode | SeqNode | undefined): Frame {
  const entries: Entry[] = [];
  const items: Node[] = [];
  const base = { source, path: source.path, start, end: start, parent, anchor: undefined, flow: true };
  const node: Draft<MapNode> | Draft<SeqNode> =
    bracket === '{' ? { kind: 'map' as const, ...base, entries } : { kind: 'seq' as const, ...base, items };
  return { node, entries, items, keys: new Map(), key: undefined };
}

function noteKey(frame: Frame, key: ScalarNode, problems: YamlProblem[]): void {
  const first = frame.keys.get(key.text);
  if (first !== undefined) problems.push(duplicateKey(key.text, key, first));
  frame.keys.set(key.text, key);
  frame.key = key;
}

function readString(source: Source, start: number, parent: MapNode | SeqNode | undefined): ScalarNode {
  const { path, text } = source;
  let at = skip(STRING_BODY, text, start + 1);
  const simple = text[at] === '"';
  while (text[at] !== '"') {
    if (at >= text.length) throw new JsonError('a text in quotes has no end', start, start + 1);
    const behind = skip(ESCAPE, text, at);
    if (behind === at) {
      throw text[at] === '\\'
        ? new JsonError(`"${text.slice(at, at + 2)}" is no escape sequence of JSON`, at, Math.min(at + 2, text.length))
        : new JsonError('a text in quotes holds a control character', at, at + 1);
    }
    at = skip(STRING_BODY, text, behind);
  }
  const end = at + 1;
  const raw = simple ? text.slice(start + 1, at) : (JSON.parse(text.slice(start, end)) as string);
  const value = simple ? raw : raw.replace(LONE_SURROGATE, '\ufffd');
  return { kind: 'scalar', source, path, start, end, parent, anchor: undefined, value, text: value, style: 'double' };
}

function readWord(source: Source, start: number, parent: MapNode | SeqNode | undefined): ScalarNode {
  const { path, text } = source;
  const end = skip(WORD, text, start);
  const word = text.slice(start, end);
  const value = WORDS.get(word) ?? (word === 'null' ? null : readNumber(text, start, end));
  return { kind: 'scalar', source, path, start, end, parent, anchor: undefined, value, text: word, style: 'plain' };
}

function readNumber(text: string, start: number, end: number): number | bigint {
  if (end === start || skip(NUMBER, text, start) !== end) throw unexpected(text, start, 'a value');
  const word = text.slice(start, end);
  const number = Number(word);
  if (!Number.isFinite(number)) throw new JsonError('this is too large a number', start, end);
  if (Number.isSafeInteger(number) || /[.eE]/.test(word)) return Object.is(number, -0) ? 0 : number;
  const whole = BigInt(word);
  return BigInt.asIntN(64, whole) === whole ? whole : number;
}

/** What stands there instead may be a secret: it is not repeated. */
function unexpected(text: string, at: number, wanted: string): JsonError {
  if (at >= text.length) return new JsonError(`the text ends where ${wanted} should stand`, Math.max(0, at - 1), at);
  return new JsonError(`${wanted} should stand here`, at, Math.max(at + 1, skip(WORD, text, at)));
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
