/** Keys of maps as go-yaml v2 and JSON take them. */
import type { Location } from '../types.ts';
import { type Builder, type Draft, type Frame, location, refuse, standIn } from './builder.ts';
import { skipToToken } from './comments.ts';
import type { Node, ScalarNode } from './node.ts';
import { duplicateKey, short } from './problem.ts';
import { jsonKey } from './scalar.ts';

const MOST_KEY = 1024;

/** Makes `node` the key that waits for its value. `start`: where it begins in the text, with its tag and anchor. */
export function addKey(
  builder: Builder,
  frame: Frame,
  node: Node,
  alias: Location | undefined,
  start: number,
  isMerge: boolean,
): void {
  frame.isMerge = isMerge;
  if (node.kind !== 'scalar') {
    const at = alias ?? node;
    refuse(builder, at, 'a map or a list stands as a key');
    frame.key = standIn(builder, at, builder.text.slice(at.start - builder.base, at.end - builder.base));
    return;
  }
  const resolved = jsonKey(node.value, node.text);
  const text = 'refusal' in resolved ? node.text : resolved.value;
  const key = asKey(builder, frame, node, alias, text);
  frame.key = key;
  if ('refusal' in resolved) refuse(builder, key, resolved.refusal);
  checkSimple(builder, frame, key, start);
  if (isMerge) return;
  const first = frame.keys.get(text);
  if (first !== undefined) builder.problems.push(duplicateKey(text, key, first));
  frame.keys.set(text, key);
}

/** A key of its own may take the key's value; one that an alias repeats, or repeats itself, keeps its value. */
function asKey(
  builder: Builder,
  frame: Frame,
  node: ScalarNode,
  alias: Location | undefined,
  value: string,
): ScalarNode {
  if (alias === undefined && !builder.heights.has(node)) {
    (node as Draft<ScalarNode>).value = value;
    return node;
  }
  const { start, end } = alias ?? node;
  return { ...node, start, end, parent: frame.node, value };
}

/** A key without `?` stands on one line with its colon, and within 1,024 characters of it. */
function checkSimple(builder: Builder, frame: Frame, key: ScalarNode, start: number): void {
  const { text, base, relaxed } = builder;
  let colon = key.end - base;
  while (text[colon] === ' ' || text[colon] === '\t') colon++;
  if (text[colon] === ':') {
    const next = text[colon + 1];
    if (key.style === 'plain' && (next === '[' || next === '{'))
      refuse(builder, key, 'no space follows the colon of a key');
    const mayBreak = relaxed || frame.node.flow;
    if (colon - start <= MOST_KEY && !(mayBreak && /[\r\n]/.test(text.slice(start, colon)))) return;
  } else {
    colon = skipToToken(text, colon);
    if (text[colon] !== ':') return;
  }
  let before = start - 1;
  while (before >= 0 && /\s/.test(text[before] ?? '')) before--;
  if (text[before] === '?') return;
  const isLong = colon - start > MOST_KEY;
  refuse(
    builder,
    key,
    isLong ? 'a key is longer than 1,024 characters' : 'a key and its colon stand on different lines',
  );
}

/** Registers an anchor; the range is that of its name, absent where it starts before 0. */
export function nameAnchor(builder: Builder, node: Draft<Node>, start: number, end: number): void {
  if (start < 0) return;
  const name = builder.text.slice(start, end);
  checkAnchorName(builder, name, location(builder, start, end), builder.text[end]);
  builder.anchors.set(name, node);
  builder.heights.set(node, 0);
}

/** go-yaml takes letters, digits, `-` and `_`, and wants white space or some punctuation behind them. */
export function checkAnchorName(builder: Builder, name: string, at: Location, next = ' '): boolean {
  if (/^[A-Za-z0-9_-]+$/.test(name) && /[\s?:,\]}%@`]/.test(next)) return true;
  const rest = /^[A-Za-z0-9_-]+$/.test(name) ? `${name}${next}` : name;
  refuse(
    builder,
    at,
    `"${short(rest)}" is no name for an anchor (letters, digits, - and _; text with * or & before it needs quotes)`,
  );
  return false;
}
