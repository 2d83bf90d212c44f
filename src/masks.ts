/**
 * Where secret values stand in the input. Every output masks these places; nothing is ever searched by its text,
 * since a password `postgres` would blank everything.
 */
import { connectionStrings } from './formats/connection-string.ts';
import { isSecretName } from './secrets.ts';
import { locate, type TextRegion, wholeSource } from './text-region.ts';
import type { Location, Source } from './types.ts';
import { embedded } from './yaml/embedded.ts';
import { type MapNode, type Node, type ScalarNode, entry, getText, keyText } from './yaml/node.ts';

/** The secret places of a parsed YAML or JSON document. */
export function documentMasks(root: Node | undefined): readonly Location[] {
  const masks: Location[] = [];
  const seen = new Set<Node>();
  const visit = (node: Node, key: ScalarNode | undefined, secret: boolean) => {
    if (node.kind === 'scalar') {
      if (node.text === '') return;
      if (secret || (key !== undefined && isSecretName(keyText(key)))) masks.push(node);
      else masks.push(...textMasks(embedded(node, key ?? node, node.source)));
      return;
    }
    if (seen.has(node)) return;
    seen.add(node);
    if (node.kind === 'seq') {
      for (const item of node.items) visit(item, undefined, secret);
      return;
    }
    const named = getText(node, 'name');
    for (const { key: k, value } of node.entries) {
      const isValue = keyText(k) === 'value' && named !== undefined && isSecretName(named);
      visit(value, k, secret || isValue || (isSecretObject(node) && /^(data|stringData)$/.test(keyText(k))));
    }
  };
  if (root !== undefined) visit(root, undefined, false);
  return masks;
}

const isSecretObject = (node: MapNode) => getText(node, 'kind') === 'Secret' && entry(node, 'metadata') !== undefined;

/** The secret places of a text that is no YAML: settings, Dockerfile, script. */
export const sourceMasks = (source: Source): readonly Location[] => textMasks(wholeSource(source));

/** `NAME=value` of a secret name, `PASSWORD 'value'` of SQL, passwords in connection strings, private keys. */
function textMasks(region: TextRegion): readonly Location[] {
  const { text } = region;
  const masks: Location[] = [];
  const add = (start: number, end: number) => {
    if (end > start) masks.push(region.exact ? locate(region, start, end) : region.whole);
  };
  if (!/pass|pwd|secret|token|:\/\/|key|PRIVATE/i.test(text)) return masks;
  for (const found of connectionStrings(text))
    if (found.password !== undefined) add(found.password.start, found.password.end);
  for (const match of text.matchAll(ASSIGNMENT)) {
    const [whole, name = '', value = ''] = match;
    if (isSecretName(name)) add(match.index + whole.length - value.length, match.index + whole.length);
  }
  for (const match of text.matchAll(SQL_PASSWORD))
    add(match.index + (match[1] ?? '').length, match.index + match[0].length);
  for (const match of text.matchAll(PRIVATE_KEY)) add(match.index, match.index + match[0].length);
  return masks;
}
const ASSIGNMENT = /\b([A-Za-z_][A-Za-z0-9_-]*)\s*[=:]\s*("[^"\n]*"|'[^'\n]*'|[^\s'"#;&|,]+)/g;
const SQL_PASSWORD = /(\bPASSWORD\s+)('(?:[^'\n]|'')*')/gi;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g;
