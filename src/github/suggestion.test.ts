import { describe, expect, test } from 'vitest';
import { applyEdits } from '../fix/apply.ts';
import type { Fix, TextEdit } from '../types.ts';
import { type Suggestion, suggestionsOf } from './suggestion.ts';

const path = 'a.yaml';
const edit = (start: number, end: number, text: string, file = path): TextEdit => ({ path: file, start, end, text });
const fixOf = (...edits: readonly TextEdit[]): Fix => ({ title: 'x', applicability: 'safe', edits });
const of = (source: string, fix: Fix, masks: Parameters<typeof suggestionsOf>[2] = []) =>
  suggestionsOf(fix, p => (p === path ? source : undefined), masks);

/** What GitHub makes of a suggestion: whole lines are replaced. */
function committed(source: string, { start, end, lines }: Suggestion): string {
  const all = source.split('\n');
  return [...all.slice(0, start - 1), ...lines, ...all.slice(end)].join('\n');
}

const source = 'a: 1\nb:\n  c: 2\n  d: 3\ne: 4\n';
const crlf = source.replaceAll('\n', '\r\n');

describe('does what the fix does', () => {
  test.for([
    ['a value', source, fixOf(edit(3, 4, '7')), 1],
    [
      'two values with lines between',
      source,
      fixOf(edit(3, 4, '7'), edit(source.indexOf('3'), source.indexOf('3') + 1, '8')),
      1,
    ],
    ['lines added between lines', source, fixOf(edit(8, 8, '  x: 1\n  y: 2\n')), 2],
    ['lines added behind the end of a line', source, fixOf(edit(7, 7, '\n  x: 1')), 2],
    ['lines added above all', source, fixOf(edit(0, 0, '# x\n')), 1],
    ['lines added below all', source, fixOf(edit(source.length, source.length, 'f: 5\n')), 1],
    ['lines added below all, without a line break at the end', 'a: 1', fixOf(edit(4, 4, '\nb: 2')), 1],
    ['lines taken away', source, fixOf(edit(8, 15, '')), 1],
    ['line ends of Windows', crlf, fixOf(edit(crlf.indexOf('2'), crlf.indexOf('2') + 1, '7')), 1],
    ['backticks', 'a: "```"\n', fixOf(edit(7, 7, '`')), 1],
  ] as const)('%s', ([, text, fix, ways]) => {
    const suggestions = of(text, fix);
    expect(suggestions).toHaveLength(ways);
    for (const suggestion of suggestions) {
      expect(committed(text, suggestion)).toBe(applyEdits(text, fix.edits));
      expect(suggestion.start).toBeGreaterThanOrEqual(1);
      expect(suggestion.end).toBeLessThanOrEqual(text.replace(/\n$/, '').split('\n').length);
    }
  });
});

describe('is none', () => {
  test.for([
    ['in several files', source, fixOf(edit(3, 4, '7'), edit(0, 0, 'x', 'b.yaml')), []],
    ['in a file that is not here', source, fixOf(edit(0, 0, 'x', 'b.yaml')), []],
    ['on a line with a secret', source, fixOf(edit(3, 4, '7')), [{ path, start: 0, end: 1 }]],
    ['around a secret', source, fixOf(edit(3, 4, '7'), edit(22, 23, '8')), [{ path, start: 13, end: 14 }]],
    ['beside what cannot be seen', 'a: 1 # \u202e\n', fixOf(edit(3, 4, '7')), []],
    ['with what cannot be seen', source, fixOf(edit(3, 4, '7\u200b')), []],
    ['with control characters', source, fixOf(edit(3, 4, '\u001b[1m')), []],
    ['of very many lines', 'x\n'.repeat(100), fixOf(edit(0, 1, 'y'), edit(150, 151, 'y')), []],
    ['without edits', source, fixOf(), []],
    ['that changes nothing', source, fixOf(edit(3, 4, '1')), []],
  ] as const)('%s', ([, text, fix, masks]) => expect(of(text, fix, masks)).toEqual([]));

  test('and one elsewhere than the secret is one', () =>
    expect(of(source, fixOf(edit(3, 4, '7')), [{ path, start: 13, end: 14 }])).toHaveLength(1));
});
