/** Edits on every node of real files: the result reads as the data with exactly that change. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Entry, type MapNode, type Node, type ScalarNode, keyText } from '../yaml/node.ts';
import { parseYaml } from '../yaml/parse.ts';
import { applyEdits } from './apply.ts';
import { type Edits, addItem, addKey, areWritten, removeEntry, removeItem, replaceItems, setScalar } from './edits.ts';

const shared = fileURLToPath(new URL('../../../shared/', import.meta.url));
const available = existsSync(shared);

type Data = unknown;
/** The data of a tree, with one node's data replaced. */
function data(node: Node, target?: Node, change?: (before: Data) => Data): Data {
  const plain = (): Data => {
    if (node.kind === 'scalar') return node.value;
    if (node.kind === 'seq') return node.items.map(item => data(item, target, change));
    return new Map(node.entries.map((e: Entry) => [keyText(e.key), data(e.value, target, change)]));
  };
  return node === target && change !== undefined ? change(plain()) : plain();
}

function* nodes(node: Node): Generator<Node> {
  yield node;
  const below = node.kind === 'map' ? node.entries.map(e => e.value) : node.kind === 'seq' ? node.items : [];
  for (const child of below) yield* nodes(child);
}

const added = { first: 'on', list: [1, { deep: 'x y' }] };
const addedData = new Map<string, Data>([
  ['first', 'on'],
  ['list', [1, new Map([['deep', 'x y']])]],
]);

/** A few nodes of each document, and the change that the edit should be. */
function* tries(root: Node): Generator<{ edits: Edits; target: Node; change: (before: Data) => Data }> {
  let count = 0;
  for (const node of nodes(root)) {
    if (count++ % 7 !== 0 && count > 40) continue;
    if (node.kind === 'map') {
      yield {
        edits: addKey(node, 'zzAdded', added),
        target: node,
        change: before => new Map([...(before as Map<string, Data>), ['zzAdded', addedData]]),
      };
      const key = node.entries.find((e: Entry) => !e.merged)?.key;
      if (key !== undefined) yield { edits: removeEntry(node, keyText(key)), target: node, change: without(node, key) };
    } else if (node.kind === 'seq') {
      yield {
        edits: addItem(node, added),
        target: node,
        change: before => [...(before as Data[]), addedData],
      };
      const [item] = node.items;
      if (item !== undefined) {
        yield { edits: removeItem(node, item), target: node, change: before => (before as Data[]).slice(1) };
        yield { edits: replaceItems(node, ['sh', '-c', 'a "$b"']), target: node, change: () => ['sh', '-c', 'a "$b"'] };
      }
    } else {
      yield { edits: setScalar(node, 'no'), target: node, change: () => 'no' };
    }
  }
}

function without(_: MapNode, key: ScalarNode): (before: Data) => Data {
  return before => new Map([...(before as Map<string, Data>)].filter(([name]) => name !== keyText(key)));
}

/** Data in an order of its own, so that the place of a new key does not count. */
function sorted(value: Data): Data {
  if (Array.isArray(value)) return value.map(sorted);
  if (!(value instanceof Map)) return typeof value === 'bigint' ? String(value) : value;
  return Object.fromEntries([...value].sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [`k${k}`, sorted(v)]));
}

test.skipIf(!available)('edits of the files beside the project, where there are some', { timeout: 120_000 }, () => {
  const files = ['guide', 'corpus'].flatMap(folder =>
    readdirSync(join(shared, folder), { recursive: true, encoding: 'utf8' })
      .filter(f => /\.(?:ya?ml|json)$/.test(f))
      .map(f => join(shared, folder, f)),
  );
  let done = 0;
  let refused = 0;
  for (const path of files.filter((_, i) => i % (Number(process.env.EVERY) || 40) === 0)) {
    const text = readFileSync(path, 'utf8');
    if (text.length > 60_000) continue;
    const { documents, problems } = parseYaml({ path, text });
    if (problems.length > 0) continue;
    for (const [index, document] of documents.entries()) {
      if (document.root === undefined) continue;
      for (const { edits, target, change } of tries(document.root)) {
        if (!areWritten(edits)) {
          refused++;
          continue;
        }
        done++;
        const result = parseYaml({ path, text: applyEdits(text, edits) });
        const after = result.documents[index]?.root;
        expect({
          path,
          edits,
          problems: result.problems,
          count: result.documents.length,
          data: after && sorted(data(after)),
        }).toEqual({
          path,
          edits,
          problems: [],
          count: documents.length,
          data: sorted(data(document.root, target, change)),
        });
      }
    }
  }
  expect(done).toBeGreaterThan(100);
  console.info(`${done} edits as meant, ${refused} refused`);
});
