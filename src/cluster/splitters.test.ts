import { describe, expect, test } from 'vitest';
import { jsonSplitter } from './json-splitter.ts';
import type { Piece, Splitter } from './piece.ts';
import { yamlSplitter } from './yaml-splitter.ts';

interface Found extends Omit<Piece, 'bytes'> {
  readonly text: string;
}

function split(splitter: Splitter, text: string, size: number): Found[] {
  const bytes = Buffer.from(text);
  const found: Found[] = [];
  const take = (pieces: Iterable<Piece>) => {
    for (const { bytes: own, ...rest } of pieces) found.push({ ...rest, text: own.toString() });
  };
  for (let at = 0; at < bytes.length; at += size) take(splitter.push(bytes.subarray(at, at + size)));
  take(splitter.end());
  return found;
}

/** Where a text begins that occurs once, counted in the plain way. */
function placeOf(text: string, piece: string): { line: number; column: number } {
  const before = text.slice(0, text.indexOf(piece)).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

const json = [
  '{"apiVersion":"v1","items":[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"é😀"},"items":[{"kind":"X"}]},{"kind":"Service","a":"x\\"}{"}],"kind":"List","metadata":{}}',
  '{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[{"metadata":{"name":"a"}}]}',
  '{"apiVersion":"v1","items":[{"metadata":{"name":"b"}}, \n  {"metadata":{"name":"c"}}],"kind":"SecretList"}',
  '{"kind":"ConfigMap","items":[{"a":1}],"data":{"kind":"No"}}',
  '[{"kind":"A"},\n {"kind":"B", "n": -1.5e3, "t": [true, null]}]',
  '{"apiVersion":"v1","kind":"List","items":[]}',
  '{\n    "apiVersion": "v1",\n    "items": [\n        {\n            "kind": "Last",\n            "text": "ünïcödé \\u00e9"\n        }\n    ],\n    "kind": "List"\n}',
].join('\n');

const yaml = `# a comment
apiVersion: v1
items:
- apiVersion: v1
  kind: Pod
  metadata:
    kind: no
  items:
  - a

  text: |
    ---
    - kind: none
- kind: Service
  é: 😀
kind: List
metadata: {}
---
kind: PodList
apiVersion: v1
items:
  - metadata: {name: first}
  - metadata:
      name: second
---
apiVersion: v1
kind: ConfigMap
items: 1
data:
  x: 1
---
# nothing here
---
items: []
kind: SecretList
`;

const sizes = [1, 2, 7, 64, 100_000];

describe.for(sizes)('in steps of %i bytes', size => {
  test('JSON comes apart into its objects', () => {
    const splitter = jsonSplitter();
    const found = split(splitter, json, size);
    expect(splitter.fault()).toBeUndefined();
    expect(found.map(p => [p.kind, p.list, p.typed])).toEqual([
      ['Pod', 0, false],
      ['Service', 0, false],
      ['Pod', 1, true],
      ['Secret', 2, true],
      ['Secret', 2, true],
      ['ConfigMap', undefined, false],
      ['A', 3, false],
      ['B', 3, false],
      ['Last', 5, false],
    ]);
    for (const { text, line, column, ascii } of found) {
      expect({ line, column }).toEqual(placeOf(json, text));
      expect(() => JSON.parse(text) as unknown).not.toThrow();
      expect(ascii).toBe(!/[^\0-\x7f]/.test(text));
    }
  });

  test('YAML comes apart into its objects', () => {
    const splitter = yamlSplitter();
    const found = split(splitter, yaml, size);
    expect(splitter.fault()).toBeUndefined();
    expect(found.map(p => [p.kind, p.apiVersion, p.list, p.typed])).toEqual([
      ['Pod', 'v1', 0, false],
      ['Service', undefined, 0, false],
      ['Pod', 'v1', 1, true],
      ['Pod', 'v1', 1, true],
      ['ConfigMap', 'v1', undefined, false],
      ['SecretList', undefined, undefined, false],
    ]);
    for (const { text, line, column } of found) expect({ line, column }).toEqual(placeOf(yaml, text));
    expect(found.map(p => p.text.split('\n').length)).toEqual([11, 3, 2, 3, 6, 2]);
  });

  test.for([
    ['{"items":[{"kind":"Pod"},{"kind":', 'breaks off in the middle of an object', 1],
    ['{"kind":"Pod"}}', 'has a bracket that nothing opens', 1],
    ['{"kind":"Pod"}\n<html>', 'holds what is no JSON', 2],
  ] as const)('%j has a fault', ([text, message, line]) => {
    const splitter = jsonSplitter();
    split(splitter, text, size);
    expect(splitter.fault()).toEqual({ message, line });
  });
});
