/** Reads YAML and JSON files into documents of nodes, and says what kubectl would refuse. */
import { once } from '../once.ts';
import { COLLECTION_STYLE, EVENT_ID, type Event, YAMLException, parseEvents } from 'js-yaml';
import type { Location, Source } from '../types.ts';
import { isExcessive } from './aliases.ts';
import { type Comment, columnOf, endOfLine, skipToToken } from './comments.ts';
import { type Chunk, splitDocuments } from './documents.ts';
import { type Fault, explain } from './faults.ts';
import { looksLikeJson, parseJsonStream } from './json.ts';
import type { Node } from './node.ts';
import { type YamlProblem, refusal } from './problem.ts';
import { relax } from './relax.ts';
import { buildTree } from './tree.ts';

export type { Comment } from './comments.ts';
export type { YamlProblem } from './problem.ts';
export { isTemplated } from './templated.ts';

export interface YamlFile {
  readonly path: string;
  /** In the order of the text, without those that hold nothing. */
  readonly documents: readonly YamlDocument[];
  /** In the order of the text. */
  readonly problems: readonly YamlProblem[];
  /** In the order of the text; of documents that cannot be read, none. */
  readonly comments: readonly Comment[];
}

export interface YamlDocument {
  /** Undefined where the document cannot be read; the file's problems say why. */
  readonly root: Node | undefined;
  /** Offsets of the document in its source, comments around it included, separators left out. */
  readonly start: number;
  readonly end: number;
  /** Its place among the documents of the file, from 0. */
  readonly index: number;
}

interface Reading {
  readonly root: Node | undefined;
  /** Nothing but white space and comments. */
  readonly empty: boolean;
  readonly problems: readonly YamlProblem[];
}

/** Values nested deeper than this, aliases expanded, are not read: what walks a tree may recurse. */
const MOST_DEPTH = 1000;
const TOO_DEEP = `nested more than ${MOST_DEPTH} levels deep`;

/**
 * Reads every document of a YAML or JSON text. Never throws: what cannot be read is a problem with a place,
 * and the other documents are there. Takes time in proportion to the length of the text; the same source is read once.
 */
export const parseYaml = once(
  (source: Source): YamlFile => (looksLikeJson(source.text) ? parseJson(source) : parseDocuments(source)),
);

function parseJson(source: Source): YamlFile {
  const { path, text } = source;
  const { values, problems } = parseJsonStream(source, MOST_DEPTH);
  const documents = values.map((root, index) => ({ root, start: root.start, end: root.end, index }));
  if (!problems.some(problem => problem.refused)) return { path, documents, problems, comments: [] };
  // No JSON after all: other tools take YAML in braces, and a tree is better than none.
  const yaml = parseDocuments(source);
  if (!yaml.problems.some(problem => problem.refused)) {
    return { ...yaml, problems: [...problems.filter(problem => problem.refused), ...yaml.problems].sort(byPlace) };
  }
  const index = documents.length;
  const start = documents.at(-1)?.end ?? 0;
  return {
    path,
    documents: [...documents, { root: undefined, start, end: text.length, index }],
    problems,
    comments: [],
  };
}

function parseDocuments(source: Source): YamlFile {
  const { path, text } = source;
  const documents: YamlDocument[] = [];
  const problems: YamlProblem[] = [];
  const comments: Comment[] = [];
  for (const chunk of splitDocuments(text)) {
    const reading = readChunk(source, chunk, comments);
    if (chunk.beside !== undefined) {
      const message = 'more than a comment stands on the line of "---", so kubectl refuses the file from here on';
      problems.push(refusal({ path, ...chunk.beside }, message));
    } else for (const problem of reading.problems) problems.push(problem);
    const { stop } = chunk;
    if (stop !== undefined && reading.empty && !/^\ufeff?---/.test(text)) {
      const message = 'nothing stands before "...", so kubectl refuses the file from here on';
      problems.push(refusal({ path, start: stop, end: stop + 3 }, message));
    } else if (chunk.leftOut !== undefined) {
      const message = 'kubectl silently skips what stands between "..." and the next "---"';
      problems.push({ kind: 'syntax', refused: false, at: { path, ...chunk.leftOut }, message });
    }
    if (reading.empty) continue;
    documents.push({ root: reading.root, start: chunk.start, end: chunk.end, index: documents.length });
  }
  return { path, documents, problems: problems.sort(byPlace), comments };
}

const byPlace = (a: YamlProblem, b: YamlProblem): number => a.at.start - b.at.start;

const UNPRINTABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;

function readChunk(source: Source, chunk: Chunk, comments: Comment[]): Reading {
  const text = source.text.slice(chunk.start, chunk.end);
  if (/^[ \r\n]*$/.test(text)) return { root: undefined, empty: true, problems: [] };
  const fail = (position: number, message: string): Reading => {
    const at = wordAt(source.path, text, position, chunk.start);
    return { root: undefined, empty: false, problems: [refusal(at, message)] };
  };
  const control = UNPRINTABLE.exec(text);
  if (control !== null) {
    const code = control[0].charCodeAt(0).toString(16).padStart(4, '0').toUpperCase();
    return fail(control.index, `the control character U+${code} stands here, so kubectl refuses the document`);
  }
  const first = skipToToken(text, 0);
  if (/^[ \t]+---\s/.test(text.slice(first - columnOf(text, first), first + 4))) {
    return fail(first, '"---" separates documents only at the start of a line, so kubectl refuses the document');
  }
  const read = readEvents(text);
  if ('message' in read) {
    const fault = explain(text, read);
    return fail(fault.position, `${fault.message}, so kubectl refuses the document`);
  }
  const tree = buildTree(source, text.slice(0, read.end), chunk.start, read.events, read.relaxed, comments);
  const { root } = tree;
  const problems = [...tree.problems];
  if (read.end < text.length) {
    const message = 'the document ends before this text, and kubectl silently skips the rest';
    problems.push({ kind: 'syntax', refused: false, at: wordAt(source.path, text, read.end, chunk.start), message });
  }
  if (root === undefined) return { root, empty: problems.length === 0, problems };
  if (tree.height > MOST_DEPTH) return fail(root.start - chunk.start, `${TOO_DEEP}, which is more than is read here`);
  if (tree.hasAliases && (tree.overflow || isExcessive(root, tree.merges))) {
    return fail(
      root.start - chunk.start,
      'aliases make the document many times as large, so kubectl refuses the document',
    );
  }
  const empty = root.kind === 'scalar' && root.text === '' && root.style === 'plain' && problems.length === 0;
  return { root, empty, problems };
}

interface Events {
  readonly events: readonly Event[];
  readonly relaxed: boolean;
  /** Where kubectl stops reading: the length of the text, but where something follows on the whole of the document. */
  readonly end: number;
}

/** js-yaml's words for text behind the end of a document's one value; kubectl never looks at it. */
const BEHIND_THE_END = 'end of the stream or a document separator is expected';

function readEvents(text: string): Events | Fault {
  const strict = tryEvents(text);
  if ('events' in strict) return strict;
  const relaxedText = relax(text);
  const second = relaxedText === text ? strict : tryEvents(relaxedText);
  if ('events' in second) return { ...second, relaxed: true };
  const fault = second.position >= strict.position ? second : strict;
  if (fault.message !== BEHIND_THE_END || !isDedented(text, fault.position)) return fault;
  const whole = tryEvents((fault === strict ? text : relaxedText).slice(0, fault.position));
  return 'events' in whole && isBlock(whole.events[1]) ? { ...whole, relaxed: fault !== strict } : fault;
}

function isBlock(event: Event | undefined): boolean {
  const isCollection = event?.type === EVENT_ID.MAPPING || event?.type === EVENT_ID.SEQUENCE;
  return isCollection && event.style === COLLECTION_STYLE.BLOCK;
}

/**
 * Whether what begins at `position` is indented less than the first token of the document. A collection ends there, and kubectl
 * wants to see no more than a next token.
 */
function isDedented(text: string, position: number): boolean {
  const first = skipToToken(text, 0);
  const before = text.slice(0, position);
  const lineStart = before.lastIndexOf('\n') + 1;
  if (lineStart <= first || before.slice(lineStart).trim() !== '') return false;
  const indent = first - (text.lastIndexOf('\n', first) + 1);
  return position - lineStart < indent && 'events' in tryEvents(text.slice(position, endOfLine(text, position)));
}

function tryEvents(text: string): Events | Fault {
  try {
    return { events: parseEvents(text, { maxDepth: MOST_DEPTH }), relaxed: false, end: text.length };
  } catch (error) {
    if (error instanceof YAMLException) {
      const tooDeep = error.reason.startsWith('nesting exceeded');
      return { message: tooDeep ? TOO_DEEP : error.reason, position: error.mark?.position ?? 0 };
    }
    if (error instanceof RangeError) return { message: TOO_DEEP, position: 0 };
    throw error;
  }
}

/** The word at an offset; where nothing is left there, the last character before it. */
function wordAt(path: string, text: string, position: number, base: number): Location {
  let start = Math.min(position, text.length);
  if (text.slice(start).trim() === '') start = Math.max(0, text.slice(0, start).trimEnd().length - 1);
  let end = start + 1;
  while (end < text.length && end - start < 80 && !/\s/.test(text[end] ?? '')) end++;
  return { path, start: base + start, end: Math.min(base + end, base + text.length) };
}
