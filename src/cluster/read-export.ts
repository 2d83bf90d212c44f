/** Reads exports of a cluster as they stream in, and keeps of them what can matter. */
import type { Config } from '../config.ts';
import type { Origin } from '../report/lines.ts';
import type { Skipped } from '../report/report.ts';
import type { Source } from '../types.ts';
import { type Coverage, type Covered, coverageOf } from './coverage.ts';
import { askedKind } from './export-command.ts';
import { jsonSplitter } from './json-splitter.ts';
import type { Piece, Splitter } from './piece.ts';
import { type Chosen, type Format, createSieve } from './sieve.ts';
import { utf8 } from './utf8.ts';
import { yamlSplitter } from './yaml-splitter.ts';

/** What exports hold of interest. */
export interface ClusterExport {
  /** One for each export that holds anything that matters: its objects alone, one after the other. */
  readonly sources: readonly Source[];
  /** Where the texts of the sources stand in the exports, by path. */
  readonly origins: ReadonlyMap<string, readonly Origin[]>;
  readonly coverage: Coverage;
  readonly skipped: readonly Skipped[];
  /** Objects that were seen. */
  readonly objects: number;
}

/** Reads several exports as one. */
export interface ExportReader {
  /**
   * Reads an export to its end. `asked` says what it answers, where that is known; otherwise the export tells. `progress` is
   * called with the number of bytes so far. Throws only what the stream throws.
   */
  readonly read: (
    input: AsyncIterable<Buffer | string>,
    path: string,
    options?: { readonly asked?: Coverage | undefined; readonly progress?: ((bytes: number) => void) | undefined },
  ) => Promise<{ readonly bytes: number; readonly format: Format | undefined; readonly objects: number }>;
  /** Notes that everything of a kind was asked for. */
  readonly cover: (covered: Covered) => void;
  readonly finish: () => ClusterExport;
}

/** A reader with nothing read. */
export function exportReader(config: Pick<Config, 'images'>): ExportReader {
  const sieve = createSieve(Object.keys(config.images));
  const coverage: Covered[] = [];
  const skipped: Skipped[] = [];
  let seen = 0;

  return {
    async read(input, path, { asked, progress = () => {} } = {}) {
      const before = seen;
      const broken: number[] = [];
      const lists = new Map<number, Map<string, Set<string | undefined>>>();
      const take = (piece: Piece, format: Format): void => {
        const told = askedKind(piece);
        if (told !== undefined) {
          coverage.push(told);
          return;
        }
        if (piece.kind === undefined) return;
        seen++;
        const verdict = sieve.add(piece, path, format);
        if (verdict === 'broken') broken.push(piece.line);
        else if (verdict !== 'other' && piece.list !== undefined) {
          const content = lists.get(piece.list) ?? new Map<string, Set<string | undefined>>();
          lists.set(piece.list, content.set(piece.kind, (content.get(piece.kind) ?? new Set()).add(verdict.namespace)));
        }
      };
      const { bytes, format, splitter } = await split(input, take, progress);
      if (asked === undefined) for (const content of lists.values()) coverage.push(...coverageOf(content));
      else coverage.push(...asked);
      const fault = splitter?.fault();
      if (fault !== undefined)
        skipped.push({ path, reason: `${fault.message} (line ${fault.line}): the rest is not judged` });
      const [first] = broken;
      if (first !== undefined)
        skipped.push({
          path,
          reason: `holds what is no JSON (line ${first}${broken.length > 1 ? ` and ${broken.length - 1} more` : ''})`,
        });
      return { bytes, format, objects: seen - before };
    },
    cover: covered => void coverage.push(covered),
    finish() {
      const { sources, origins } = assemble(sieve.chosen());
      return { sources, origins, coverage, skipped, objects: seen };
    },
  };
}

async function split(
  input: AsyncIterable<Buffer | string>,
  take: (piece: Piece, format: Format) => void,
  progress: (bytes: number) => void,
): Promise<{ bytes: number; format: Format | undefined; splitter: Splitter | undefined }> {
  let bytes = 0;
  let format: Format | undefined;
  let splitter: Splitter | undefined;
  let head: Buffer = Buffer.alloc(0);
  for await (const chunk of utf8(input)) {
    bytes += chunk.length;
    let next = chunk;
    if (splitter === undefined) {
      head = Buffer.concat([head, chunk]);
      const first = head.findIndex(b => b > 0x20);
      if (first < 0) continue;
      // A list of JSON objects; a YAML list of that look is no export.
      format = head[first] === 0x7b || head[first] === 0x5b ? 'json' : 'yaml';
      splitter = format === 'json' ? jsonSplitter() : yamlSplitter();
      next = head;
    }
    for (const piece of splitter.push(next)) take(piece, format ?? 'json');
    progress(bytes);
  }
  if (splitter !== undefined) for (const piece of splitter.end()) take(piece, format ?? 'json');
  return { bytes, format, splitter };
}

/** Puts the chosen objects of each export together into one text that reads as a stream of documents. */
function assemble(chosen: Iterable<Chosen>): Pick<ClusterExport, 'sources' | 'origins'> {
  const drafts = new Map<string, { parts: string[]; length: number; origins: Origin[] }>();
  for (const piece of chosen) {
    const draft = drafts.get(piece.path) ?? { parts: [], length: 0, origins: [] };
    drafts.set(piece.path, draft);
    const put = (text: string): void => {
      draft.parts.push(text);
      draft.length += text.length;
    };
    const origin = (line: number, column: number): void => {
      draft.origins.push({ from: draft.length, line, column });
    };
    const { text, line, column, kind = '', apiVersion = 'v1', typed } = piece;
    if (piece.format === 'json') {
      if (draft.length > 0) put('\n');
      origin(line, column);
      if (typed) {
        put(`{"apiVersion":${JSON.stringify(apiVersion)},"kind":${JSON.stringify(kind)},`);
        origin(line, column + 1);
        put(text.slice(1));
      } else put(text);
    } else {
      put('---\n');
      if (piece.list !== undefined) put(`apiVersion: ${apiVersion}\nkind: ${typed ? `${kind}List` : 'List'}\nitems:\n`);
      origin(line, column);
      put(text.endsWith('\n') ? text : `${text}\n`);
    }
  }
  return {
    sources: [...drafts].map(([path, { parts }]) => ({ path, text: parts.join('') })),
    origins: new Map([...drafts].map(([path, { origins }]) => [path, origins])),
  };
}
