import { expect, test } from 'vitest';
import { type TextRegion, wholeSource } from '../text-region.ts';
import type { Source } from '../types.ts';
import { embedded } from '../yaml/embedded.ts';
import { entry, get, getMap } from '../yaml/node.ts';
import { parseYaml } from '../yaml/parse.ts';
import { applyEdits } from './apply.ts';
import { type Edits, areWritten } from './edits.ts';
import { appendLine, insertLine, removeLine, replaceRange, setValue, settingLine } from './line-edits.ts';

const done = ({ text }: Source, edits: Edits): string | undefined =>
  areWritten(edits) ? applyEdits(text, edits) : undefined;
const file = (text: string): Source => ({ path: 'a.conf', text });
const textOf = (source: Source) => (path: string) => (path === source.path ? source.text : undefined);

/** The text under `data.x` of a ConfigMap. */
function configMap(value: string): { source: Source; region: TextRegion } {
  const source = { path: 'a.yaml', text: `kind: ConfigMap\ndata:\n  x: ${value}\n` };
  const data = getMap(parseYaml(source).documents[0]?.root, 'data');
  const found = data && entry(data, 'x');
  if (found?.value.kind !== 'scalar') throw new Error('no text');
  return { source, region: embedded(found.value, found.key, source) };
}

test.for<[string, string, string, string | undefined]>([
  ['a = 64MB # why\n', '64MB', '1GB', 'a = 1GB # why\n'],
  ["a = '64MB'\n", "'64MB'", '1GB', "a = '1GB'\n"],
  ["a = '64MB'\n", '64MB', "it's", "a = 'it''s'\n"],
  ['a: "200"\n', '"200"', '100', 'a: "100"\n'],
  ['- "-cmax=200"\n', '200', '100', '- "-cmax=100"\n'],
  ['a = 64MB\n', '64MB', 'a, b', undefined],
  ["a = '*'\n", "'*'", 'a, b', "a = 'a, b'\n"],
])('setValue in %j of %j to %j', ([text, word, next, expected]) => {
  const source = file(text);
  const start = text.indexOf(word);
  const at = { path: source.path, start, end: start + word.length };
  expect(done(source, setValue(textOf(source), { value: word.replace(/^["']|["']$/g, ''), at }, next))).toBe(expected);
});

test('setValue leaves alone what is written in another way', () => {
  const source = file('a: "x\\ty"\n');
  expect(setValue(textOf(source), { value: 'x\ty', at: { path: 'a.conf', start: 3, end: 9 } }, 'z')).toEqual({
    hindrance: 'the value is written with escapes or over several lines',
  });
  expect(setValue(() => undefined, { value: 'a', at: { path: 'a.conf', start: 0, end: 1 } }, 'z')).toBe(undefined);
});

test('settingLine quotes what is no word', () => {
  expect(settingLine('work_mem', '64MB')).toBe('work_mem = 64MB');
  expect(settingLine('listen_addresses', '*')).toBe("listen_addresses = '*'");
  expect(settingLine('archive_command', "cp '%p' x")).toBe("archive_command = 'cp ''%p'' x'");
});

test.for<[string, string | undefined]>([
  ['a = 1\n', 'a = 1\nb = 2\n'],
  ['a = 1', 'a = 1\nb = 2'],
  ['a = 1\n\n\n', 'a = 1\nb = 2\n\n\n'],
  ['a = 1\r\n', 'a = 1\r\nb = 2\r\n'],
  ['', undefined],
])('appendLine to %j', ([text, expected]) => {
  const source = file(text);
  expect(done(source, appendLine(textOf(source), wholeSource(source), 'b = 2'))).toBe(expected);
});

test('lines of a literal block keep its indentation', () => {
  const { source, region } = configMap('|\n    a = 1\n    b = 2 # why\n\n    c = 3');
  const of = textOf(source);
  const head = 'kind: ConfigMap\ndata:\n  x: |\n';
  expect(done(source, appendLine(of, region, 'd = 4'))).toBe(
    `${head}    a = 1\n    b = 2 # why\n\n    c = 3\n    d = 4\n`,
  );
  const second = region.text.indexOf('b');
  expect(done(source, insertLine(of, region, second, 'x = 0', 'above'))).toBe(
    `${head}    a = 1\n    x = 0\n    b = 2 # why\n\n    c = 3\n`,
  );
  expect(done(source, insertLine(of, region, second, 'x = 0', 'below'))).toBe(
    `${head}    a = 1\n    b = 2 # why\n    x = 0\n\n    c = 3\n`,
  );
  expect(done(source, removeLine(of, region, 0))).toBe(`${head}    b = 2 # why\n\n    c = 3\n`);
  expect(removeLine(of, region, second)).toEqual({ hindrance: 'a comment would be lost' });
  expect(done(source, removeLine(of, region, region.text.indexOf('c')))).toBe(`${head}    a = 1\n    b = 2 # why\n\n`);
  expect(done(source, replaceRange(of, region, second, second + 5, 'z = 9'))).toBe(
    `${head}    a = 1\n    z = 9 # why\n\n    c = 3\n`,
  );
});

test('a folded text has no place for an edit', () => {
  const { source, region } = configMap('>\n    a = 1\n\n    b = 2');
  const of = textOf(source);
  const folded = { hindrance: 'the text is a quoted or folded scalar, not a literal block (|)' };
  expect(appendLine(of, region, 'd = 4')).toEqual(folded);
  expect(removeLine(of, region, 0)).toEqual(folded);
  expect(replaceRange(of, region, 0, 1, 'x')).toEqual(folded);
});

test('a text on one line gets no second one', () => {
  const { source, region } = configMap('"a = 1"');
  expect(appendLine(textOf(source), region, 'd = 4')).toBe(undefined);
  expect(insertLine(textOf(source), region, 0, 'd = 4', 'below')).toBe(undefined);
  expect(removeLine(textOf(source), region, 0)).toEqual({ hindrance: 'it is the only line of its text' });
  expect(get(undefined, 'x')).toBe(undefined);
});

test('removeLine at the end of a file without a last line break', () => {
  const source = file('a = 1\nb = 2');
  expect(done(source, removeLine(textOf(source), wholeSource(source), 7))).toBe('a = 1');
});
