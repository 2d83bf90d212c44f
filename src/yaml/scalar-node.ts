/** Scalar events to scalar nodes: range, text, value, and what go-yaml v2 refuses that js-yaml takes. */
import { SCALAR_STYLE, type ScalarEvent, getScalarValue } from 'js-yaml';
import { type Builder, type Draft, type Frame, location, refuse, refuseTab } from './builder.ts';
import { columnOf, endOfLine, skipToToken } from './comments.ts';
import { decodeDoubleQuoted } from './double-quoted.ts';
import type { ScalarNode } from './node.ts';
import { blockIndentTab, flowPlainFault, indentingTab } from './plain.ts';
import { type Resolution, jsonValue, resolvePlain, resolveTagged } from './scalar.ts';

const STYLES = {
  [SCALAR_STYLE.PLAIN]: 'plain',
  [SCALAR_STYLE.SINGLE_QUOTED]: 'single',
  [SCALAR_STYLE.DOUBLE_QUOTED]: 'double',
  [SCALAR_STYLE.LITERAL_BLOCK]: 'literal',
  [SCALAR_STYLE.FOLDED_BLOCK]: 'folded',
} as const;

export interface Range {
  readonly start: number;
  readonly end: number;
  /** Where the text behind the scalar begins: for block scalars after their trailing blank lines. */
  readonly behind: number;
}

/** The range that a person replaces to set another value. */
export function scalarRange(builder: Builder, event: ScalarEvent, frame: Frame | undefined, isKey: boolean): Range {
  const { valueStart, valueEnd, style } = event;
  if (style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED) {
    return { start: valueStart - 1, end: valueEnd + 1, behind: valueEnd + 1 };
  }
  if (style === SCALAR_STYLE.PLAIN) {
    if (valueStart >= 0) return { start: valueStart, end: valueEnd, behind: valueEnd };
    const at = emptyPlace(builder, event, frame, isKey);
    return { start: at, end: at, behind: at };
  }
  const { text, cursor } = builder;
  let start = skipToToken(text, Math.max(event.tagEnd, event.anchorEnd, cursor));
  while (text[start] === '-' || text[start] === ':' || text[start] === '?') start = skipToToken(text, start + 1);
  return { start, end: endOfBlock(text, start, valueStart, valueEnd), behind: valueEnd };
}

/** An empty value stands behind its tag and anchor, else behind the colon or dash that announces it. */
function emptyPlace({ text, cursor }: Builder, event: ScalarEvent, frame: Frame | undefined, isKey: boolean): number {
  if (event.tagEnd >= 0 || event.anchorEnd >= 0) return Math.max(event.tagEnd, event.anchorEnd);
  if (frame === undefined) return cursor;
  const next = skipToToken(text, cursor);
  if (isKey) return next;
  return text[next] === (frame.node.kind === 'seq' ? '-' : ':') ? next + 1 : cursor;
}

/** The end of the last line of a block scalar that is not blank; of the header line where all are. */
function endOfBlock(text: string, start: number, from: number, to: number): number {
  let end = to;
  while (end > from && /[ \t\r\n]/.test(text[end - 1] ?? '')) end--;
  return endOfLine(text, end > from ? end : start);
}

/** The node of a scalar; a key's value is not yet the key's text. */
export function scalarNode(builder: Builder, event: ScalarEvent, range: Range, isKey: boolean): Draft<ScalarNode> {
  const frame = builder.frames.at(-1);
  const style = STYLES[event.style];
  const text = scalarText(builder, event);
  if (event.style === SCALAR_STYLE.PLAIN) {
    if (event.valueStart >= 0) checkPlain(builder, event, text, frame);
  } else if (style === 'literal' || style === 'folded') checkIndentation(builder, event, range.start);
  const resolved: Resolution =
    event.tagStart >= 0
      ? resolveTagged(builder.text.slice(event.tagStart, event.tagEnd), text)
      : { value: style === 'plain' ? resolvePlain(text) : text };
  const final = 'refusal' in resolved || isKey ? resolved : jsonValue(resolved.value);
  if ('refusal' in final) refuse(builder, location(builder, range.start, range.end), final.refusal);
  return {
    kind: 'scalar',
    source: builder.source,
    path: builder.source.path,
    start: builder.base + range.start,
    end: builder.base + range.end,
    parent: frame?.node,
    anchor: undefined,
    value: 'refusal' in final ? text : final.value,
    text,
    style,
  };
}

function scalarText(builder: Builder, event: ScalarEvent): string {
  if (event.fast && !builder.relaxed) return getScalarValue(builder.text, event);
  if (event.style !== SCALAR_STYLE.DOUBLE_QUOTED) return getScalarValue(builder.text, { ...event, fast: false });
  const { valueStart, valueEnd } = event;
  const inside = builder.text.slice(valueStart, valueEnd);
  const { text, fault } = decodeDoubleQuoted(inside);
  if (fault !== undefined) {
    const at = location(builder, valueStart + fault.start, valueStart + fault.end);
    refuse(builder, at, `"${inside.slice(fault.start, fault.end)}" is no escape sequence of YAML`);
  }
  return text;
}

function checkPlain(builder: Builder, event: ScalarEvent, text: string, frame: Frame | undefined): void {
  const { valueStart, valueEnd } = event;
  const fault = frame?.node.flow === true ? flowPlainFault(text) : undefined;
  if (fault !== undefined) refuse(builder, location(builder, valueStart, valueEnd), fault);
  if ((event.fast && !builder.relaxed) || frame?.block === undefined) return;
  const tab = indentingTab(builder.text.slice(valueStart, valueEnd), columnOf(builder.text, frame.block));
  if (tab >= 0) refuseTab(builder, valueStart + tab);
}

function checkIndentation(builder: Builder, { valueStart, valueEnd }: ScalarEvent, start: number): void {
  const { text } = builder;
  if (/[1-9]/.test(text.slice(start + 1, start + 3))) return;
  const tab = blockIndentTab(text, valueStart, valueEnd);
  if (tab >= 0) refuseTab(builder, tab);
}
