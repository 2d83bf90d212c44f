import { expect, test } from 'vitest';
import { type MapNode, type SeqNode, get } from '../yaml/node.ts';
import { parseYaml } from '../yaml/parse.ts';
import { applyEdits } from './apply.ts';
import {
  type Edits,
  type Yaml,
  addItem,
  addItemAt,
  addKey,
  areWritten,
  fix,
  insertDocument,
  removeEntries,
  removeEntry,
  removeItem,
  replaceItems,
  renameKey,
  setPath,
  setScalar,
} from './edits.ts';

/** Builds edits on the first document of a text and gives the text after them. */
function edited(text: string, edit: (root: MapNode) => Edits): string | undefined {
  const path = 'a.yaml';
  const root = parseYaml({ path, text }).documents[0]?.root;
  if (root?.kind !== 'map') throw new Error('no map');
  const edits = edit(root);
  if (!areWritten(edits)) return undefined;
  const result = applyEdits(text, edits);
  expect(parseYaml({ path, text: result }).problems.filter(p => p.kind === 'syntax')).toEqual([]);
  return result;
}

test.for<[string, string | number | boolean, string | undefined]>([
  ['a: 1\n', 2, 'a: 2\n'],
  ['a: "256Mi" # why\n', '1Gi', 'a: "1Gi" # why\n'],
  ["a: 'x'\n", "it's", "a: 'it''s'\n"],
  ['a: x\n', 'on', 'a: "on"\n'],
  ['a: x\n', '10', 'a: "10"\n'],
  ['a: x\n', '1:30', 'a: "1:30"\n'],
  ['a: x\n', 'b: c', 'a: "b: c"\n'],
  ['a: x\n', 'postgres:17.6', 'a: postgres:17.6\n'],
  ['a: "10"\n', 120, 'a: 120\n'],
  ['a: off\n', true, 'a: true\n'],
  ['a:\n', 'b', 'a: b\n'],
  ['a: # why\n', 1, 'a: 1 # why\n'],
  ['{"a": 1}', 'b', '{"a": "b"}'],
  ['a: ${GRACE}\n', 1, undefined],
  ['a: |\n  x\n', 'b', undefined],
  ['a: &n 1\nb: *n\n', 2, undefined],
  ['a: x\r\nb: y\r\n', 'z', 'a: z\r\nb: y\r\n'],
])('setScalar %j to %j', ([text, value, expected]) => {
  expect(
    edited(text, root => {
      const node = get(root, 'a');
      return node?.kind === 'scalar' ? setScalar(node, value) : undefined;
    }),
  ).toBe(expected);
});

test.for<[string, string, Yaml, string | undefined]>([
  ['a: 1\n', 'b', 2, 'a: 1\nb: 2\n'],
  ['a: 1 # why\n\n# end\n', 'b', 2, 'a: 1 # why\nb: 2\n\n# end\n'],
  ['a: 1', 'b', 2, 'a: 1\nb: 2'],
  ['a: |\n  x\n\n', 'b', 2, 'a: |\n  x\nb: 2\n\n'],
  ['a: |+\n  x\n\n', 'b', 2, undefined],
  ['a:\n    x: 1\n', 'b', { v: { z: 1 } }, 'a:\n    x: 1\nb:\n    v:\n        z: 1\n'],
  ['a:\n- x\n', 'b', ['v'], 'a:\n- x\nb:\n- v\n'],
  ['a:\n  - x\n', 'b', [{ v: 1, z: 2 }], 'a:\n  - x\nb:\n  - v: 1\n    z: 2\n'],
  ['x: 1\n', 'b', 'a: 1', 'x: 1\nb: "a: 1"\n'],
  ['{"a":1}', 'b', { c: true }, '{"a":1, "b":{"c":true}}'],
  ['{"a": {"x":1},"b":2}', 'c', 3, '{"a": {"x":1},"b":2,"c":3}'],
  ['{\n  "a": 1\n}\n', 'b', { c: 2 }, '{\n  "a": 1,\n  "b": {\n    "c": 2\n  }\n}\n'],
  ['a: 1\n', 'a', 2, undefined],
  ['a: 1\r\nb: 2\r\n', 'c', { d: 1 }, 'a: 1\r\nb: 2\r\nc:\r\n  d: 1\r\n'],
  ['a:\n', 'b', 2, 'a:\nb: 2\n'],
  ['a: "x\n  y"\n', 'b', 2, 'a: "x\n  y"\nb: 2\n'],
  ['a: 1\n', 'b', 'x = 1\ny = 2\n', 'a: 1\nb: |\n  x = 1\n  y = 2\n'],
  ['a: 1\n', 'b', {}, 'a: 1\nb: {}\n'],
  [
    'name: x\nimage: y\n# the ports\nports: []\n',
    'args',
    ['-c'],
    'name: x\nimage: y\nargs:\n  - -c\n# the ports\nports: []\n',
  ],
  ['base: &b\n  x: 1\nown:\n  <<: *b\n  y: 1\n', 'z', 1, 'base: &b\n  x: 1\nown:\n  <<: *b\n  y: 1\nz: 1\n'],
])('addKey to %j: %s', ([text, key, value, expected]) => {
  expect(edited(text, root => addKey(root, key, value))).toBe(expected);
});

test('addKey in an item of a list, and after a key that is named', () => {
  const text = 'list:\n- name: a\n  image: b\n  env: []\n';
  const item = (root: MapNode) => get(root, 'list', 0) as MapNode;
  expect(edited(text, root => addKey(item(root), 'x', { v: 1 }))).toBe(`${text}  x:\n    v: 1\n`);
  expect(edited(text, root => addKey(item(root), 'x', 1, ['image', 'name']))).toBe(
    'list:\n- name: a\n  image: b\n  x: 1\n  env: []\n',
  );
});

test.for<[string, string[], Yaml, string | undefined]>([
  ['a:\n  b: 1\n', ['a', 'b'], 2, 'a:\n  b: 2\n'],
  ['a:\n  b: 1\n', ['a', 'c', 'd'], 2, 'a:\n  b: 1\n  c:\n    d: 2\n'],
  ['x: 1\n', ['a', 'b'], 2, 'x: 1\na:\n  b: 2\n'],
  ['a:\nx: 1\n', ['a', 'b', 'c'], 2, 'a:\n  b:\n    c: 2\nx: 1\n'],
  ['a: {}\nx: 1\n', ['a', 'b'], 2, 'a:\n  b: 2\nx: 1\n'],
  ['a: {} # why\n', ['a', 'b'], 2, 'a:\n  b: 2 # why\n'],
  ['a: {x: 1}\n', ['a', 'b'], 2, 'a: {x: 1, b: 2}\n'],
  ['{"a":{}}', ['a', 'b'], 'x', '{"a":{"b": "x"}}'],
  ['m: &m {x: 1}\na: *m\n', ['a', 'b'], 2, undefined],
  ['m: &m {x: 1}\na:\n  <<: *m\n  y: 2\n', ['a', 'x'], 2, 'm: &m {x: 1}\na:\n  <<: *m\n  y: 2\n  x: 2\n'],
  ['a: [1]\n', ['a', 'b'], 2, undefined],
  ['a:\n  b: 1\n', ['a'], 2, undefined],
])('setPath in %j', ([text, path, value, expected]) => {
  expect(edited(text, root => setPath(root, path, value))).toBe(expected);
});

test.for<[string, Yaml, string | undefined]>([
  ['a:\n  - x # why\nb: 1\n', 'v', 'a:\n  - x # why\n  - v\nb: 1\n'],
  ['a:\n- x: 1\n  y: 2\nb: 1\n', { z: 1, w: [1] }, 'a:\n- x: 1\n  y: 2\n- z: 1\n  w:\n  - 1\nb: 1\n'],
  ['a: [x, y]\n', 'z', 'a: [x, y, z]\n'],
  ['a: []\n', { z: 1 }, 'a:\n  - z: 1\n'],
  ['a:\n  -\n    x: 1\n', { v: 1 }, 'a:\n  -\n    x: 1\n  - v: 1\n'],
  ['{"a":[\n  "x"\n]}', 'y', '{"a":[\n  "x",\n  "y"\n]}'],
  ['a:\n- - x\n- - y\n', ['z'], 'a:\n- - x\n- - y\n- - z\n'],
  ['b: &s [1]\na: *s\n', 2, undefined],
])('addItem to %j', ([text, value, expected]) => {
  expect(
    edited(text, root => {
      const seq = get(root, 'a');
      return seq?.kind === 'seq' ? addItem(seq, value) : undefined;
    }),
  ).toBe(expected);
});

test('addItemAt makes what is missing', () => {
  expect(edited('x: 1\n', root => addItemAt(root, ['a', 'b'], 1))).toBe('x: 1\na:\n  b:\n    - 1\n');
  expect(edited('a:\n  b: [1]\n', root => addItemAt(root, ['a', 'b'], 2))).toBe('a:\n  b: [1, 2]\n');
  expect(edited('a:\n', root => addItemAt(root, ['a'], 2))).toBe('a:\n  - 2\n');
  expect(edited('a: {b: 1}\n', root => addItemAt(root, ['a'], 2))).toBe(undefined);
});

test.for<[string, string, string | undefined]>([
  ['a: 1\nb: 2\nc: 3\n', 'b', 'a: 1\nc: 3\n'],
  ['a: 1\nb: 2\n', 'a', 'b: 2\n'],
  ['a: 1\nb:\n  c: |\n    x\n', 'b', 'a: 1\n'],
  ['a: 1\nb: 2 # why\n', 'b', undefined],
  ['a: 1\r\nb: 2\r\nc: 3\r\n', 'b', 'a: 1\r\nc: 3\r\n'],
  ['{"a": 1, "b": 2}\n', 'b', '{"a": 1}\n'],
  ['{"a": 1, "b": 2}\n', 'a', '{"b": 2}\n'],
  ['{"a": 1}\n', 'a', '{}\n'],
  ['a: 1\n', 'a', '{}\n'],
  ['a: 1\n', 'z', undefined],
])('removeEntry from %j: %s', ([text, key, expected]) => {
  expect(edited(text, root => removeEntry(root, key))).toBe(expected);
});

test('removeEntry of the first key of an item', () => {
  expect(edited('l:\n  - a: 1\n    b: 2\n', root => removeEntry(get(root, 'l', 0) as MapNode, 'a'))).toBe(
    'l:\n  - b: 2\n',
  );
});

test('flow style inside a block', () => {
  const inner = (root: MapNode) => get(root, 'm') as MapNode;
  expect(edited('m: {a: 1}\n', root => addKey(inner(root), 'b', { c: [1, 'on'] }))).toBe(
    'm: {a: 1, b: { c: [1, "on"] }}\n',
  );
  expect(edited('m: {a: 1, b: 2}\n', root => removeEntry(inner(root), 'b'))).toBe('m: {a: 1}\n');
});

test('renameKey keeps quotes and refuses what is there', () => {
  expect(edited('command: [x]\n', root => renameKey(root, 'command', 'args'))).toBe('args: [x]\n');
  expect(edited('{"command": []}', root => renameKey(root, 'command', 'args'))).toBe('{"args": []}');
  expect(edited('command: [x]\nargs: []\n', root => renameKey(root, 'command', 'args'))).toBe(undefined);
});

test('insertDocument stands behind its document', () => {
  const added = { kind: 'A', spec: { x: 1 } };
  expect(edited('a: 1\n', root => insertDocument(root, added))).toBe('a: 1\n---\nkind: A\nspec:\n  x: 1\n');
  expect(edited('a: 1', root => insertDocument(root, added))).toBe('a: 1\n---\nkind: A\nspec:\n  x: 1\n');
  expect(edited('a: 1\n---\nb: 2\n', root => insertDocument(root, { k: 1 }))).toBe('a: 1\n---\nk: 1\n---\nb: 2\n');
  expect(edited('{"a": 1}', root => insertDocument(root, added))).toBe(undefined);
});

test('a fix is whole or none', () => {
  const about = { title: 't', applicability: 'safe' } as const;
  expect(fix(about, undefined)).toBe(undefined);
  expect(fix(about, [{ path: 'a', start: 0, end: 0, text: 'x' }], undefined)).toBe(undefined);
  expect(fix(about, [{ path: 'a', start: 0, end: 0, text: 'x' }])).toMatchObject({ edits: [{ text: 'x' }] });
  expect(fix(about, undefined, { hindrance: 'no' }, [])).toEqual({ hindrance: 'no' });
});

test('what is added behind a line that goes takes its place', () => {
  const text = 'a: 1\nb: 2\n';
  const whole = (root: MapNode): Edits => {
    const made = fix(
      { title: 't', applicability: 'safe' },
      removeEntry(root, 'b'),
      addKey(root, 'c', 3),
      addKey(root, 'd', 4),
    );
    return made === undefined || 'hindrance' in made ? made : made.edits;
  };
  expect(edited(text, whole)).toBe('a: 1\nc: 3\nd: 4\n');
  expect(edited(text.replaceAll('\n', '\r\n'), whole)).toBe('a: 1\r\nc: 3\r\nd: 4\r\n');
  expect(edited('a: 1\nb: 2', whole)).toBe('a: 1\nc: 3\nd: 4');
});

test.for<[string, string, (root: MapNode) => Edits]>([
  ['an anchor', 'it stands under the anchor "&x", and every "*x" would change with it', r => setPath(r, ['a', 'b'], 2)],
  ['an alias', '"c" is written through the alias "*x"', r => setPath(r, ['c', 'b'], 2)],
  ['an alias below', '"c" is written through the alias "*x"', r => addItemAt(r, ['c', 'b'], 2)],
  ['a merge key', 'it comes by the merge key "<<"', r => setPath(r, ['d', 'e', 'f'], 2)],
  ['only a merge key', 'it comes by the merge key "<<"', r => setPath(r, ['d', 'g'], 2)],
  ['a placeholder', '"${X}" is filled in later', r => setPath(r, ['p'], 2)],
  ['lines', 'it is a text of several lines', r => setPath(r, ['t'], 2)],
  ['a comment', 'a comment would be lost', r => removeEntry(r, 'q')],
  ['a repeated value', 'other places repeat what stands under "a"', r => removeEntry(r, 'a')],
])('says that %s is in the way', ([, hindrance, edit]) => {
  const text = 'a: &x { b: 1, e: { f: 1 } }\nc: *x\nd:\n  <<: *x\np: ${X}\nt: |\n  1\n  2\nq: 1 # why\n';
  const root = parseYaml({ path: 'a.yaml', text }).documents[0]?.root;
  expect(root?.kind === 'map' && edit(root)).toEqual({ hindrance });
});

const items = (root: MapNode): SeqNode => {
  const found = get(root, 'a');
  if (found?.kind !== 'seq') throw new Error('no sequence');
  return found;
};

test.for<[string, number, string | undefined]>([
  ['a:\n  - x\n  - y # why\n  - z\n', 0, 'a:\n  - y # why\n  - z\n'],
  ['a:\n  - x\n  - y # why\n  - z\n', 1, undefined],
  ['a:\n- x: 1\n  y: 2\n- z\nb: 1\n', 0, 'a:\n- z\nb: 1\n'],
  ['a:\n- x\n- z: |\n    1\nb: 1\n', 1, 'a:\n- x\nb: 1\n'],
  ['a:\r\n- x\r\n- y\r\n', 1, 'a:\r\n- x\r\n'],
  ['a:\n  - x\nb: 1\n', 0, 'a: []\nb: 1\n'],
  ['a: [x, "y", z]\n', 0, 'a: ["y", z]\n'],
  ['a: [x, "y", z]\n', 1, 'a: [x, z]\n'],
  ['a: [x, "y", z]\n', 2, 'a: [x, "y"]\n'],
  ['a: [x]\n', 0, 'a: []\n'],
  ['a: [&x b, *x]\n', 0, undefined],
])('removeItem %j %i', ([text, index, expected]) => {
  expect(
    edited(text, r => {
      const item = items(r).items[index];
      return item && removeItem(items(r), item);
    }),
  ).toBe(expected);
});

test.for<[string, string | undefined]>([
  ['a:\n  - x\n  - y\nb: 1\n', 'a:\n  - sh\n  - -c\n  - exec a "$b"\nb: 1\n'],
  ['a:\n  - x\n  # why\n  - y\nb: 1\n', undefined],
  ['a:\n- x\n', 'a:\n- sh\n- -c\n- exec a "$b"\n'],
  ['a: ["x", "y"]\n', 'a: ["sh", "-c", "exec a \\"$b\\""]\n'],
  ['a: [x]\n', 'a: [sh, -c, exec a "$b"]\n'],
  ['{"a": ["x"]}\n', '{"a": ["sh", "-c", "exec a \\"$b\\""]}\n'],
])('replaceItems %j', ([text, expected]) => {
  expect(edited(text, r => replaceItems(items(r), ['sh', '-c', 'exec a "$b"']))).toBe(expected);
});

test.for<[string, readonly string[], string | undefined]>([
  ['a: 1\nb: 2\nc: 3\nd: 4\n', ['a', 'b'], 'c: 3\nd: 4\n'],
  ['a: 1\nb: 2\nc: 3\nd: 4\n', ['b', 'c'], 'a: 1\nd: 4\n'],
  ['a: 1\nb: 2\nc: 3\nd: 4\n', ['a', 'd', 'x'], 'b: 2\nc: 3\n'],
  ['{"a": 1, "b": 2, "c": 3}\n', ['a', 'b'], '{"c": 3}\n'],
  ['a: 1\nb: 2\n', ['a', 'b'], undefined],
])('removeEntries %j %j', ([text, keys, expected]) => {
  expect(edited(text, r => removeEntries(r, keys))).toBe(expected);
});
