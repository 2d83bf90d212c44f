/**
 * Where secret values stand in the input. Every output masks these places; nothing is ever searched by its text,
 * since a password `postgres` would blank everything.
 */
import { connectionStrings } from './formats/connection-string.ts';
import { lastAppliedAnnotation } from './kubernetes/export.ts';
import { credentialsInText } from './postgres/credential-texts.ts';
import { isSecretName, isSecretReference } from './secrets.ts';
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
      // The whole manifest as it was sent once, with what it held then.
      if (key !== undefined && keyText(key) === lastAppliedAnnotation) {
        masks.push(node);
        return;
      }
      const named = key !== undefined && isSecretName(keyText(key));
      if (!secret && !named) {
        const name = key && keyText(key);
        if (mayHold(node.text, name)) masks.push(...textMasks(embedded(node, key ?? node, node.source), name));
      } else if (isShown(node.text)) return;
      else masks.push(node);
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
export const sourceMasks = (source: Source): readonly Location[] => textMasks(wholeSource(source), source.path);

/** What may be seen under the name of a secret: a reference to one that is kept elsewhere, a switch. */
const isShown = (text: string): boolean =>
  isSecretReference(text) || /^(?:true|false|yes|no|on|off|null|~)$/i.test(text);

/** A quick look: most texts hold nothing of the kind. */
const mayHold = (text: string, name = ''): boolean =>
  (/[\s=:@]/.test(text) && /pass|pwd|secret|token|:\/\/|key/i.test(text)) || /userlist|pgpass/i.test(name);

/**
 * `NAME=value` of a secret name, `PASSWORD 'value'` of SQL, passwords in connection strings, lines of userlist.txt and
 * .pgpass (by the `name` of the text), private keys.
 */
function textMasks(region: TextRegion, name = ''): readonly Location[] {
  const { text } = region;
  const masks: Location[] = [];
  const add = (start: number, end: number) => {
    if (end > start) masks.push(region.exact ? locate(region, start, end) : region.whole);
  };
  if (!mayHold(text, name)) return masks;
  for (const found of connectionStrings(text))
    if (found.password?.literal === true) add(found.password.start, found.password.end);
  for (const pattern of [ASSIGNMENT, DOCKER_ASSIGNMENT, WHOLE_ASSIGNMENT])
    for (const { groups, indices } of text.matchAll(pattern)) {
      const range = indices?.groups?.['value'];
      const value = groups?.['value'] ?? '';
      if (
        range !== undefined &&
        isSecretName(groups?.['name'] ?? '') &&
        !isShown(value.replace(/^(["'])(.*)\1$/, '$2'))
      )
        add(range[0], range[1]);
    }
  for (const match of text.matchAll(SQL_PASSWORD))
    if (!/^'\$\{?\w+\}?'$/.test(match[2] ?? ''))
      add(match.index + (match[1] ?? '').length, match.index + match[0].length);
  for (const match of text.matchAll(PRIVATE_KEY)) add(match.index, match.index + match[0].length);
  // What rules find, they point at.
  for (const shell of [false, true])
    for (const { start, end } of credentialsInText(text, { name, shell, related: true })) add(start, end);
  return masks;
}
const ASSIGNMENT =
  /\b(?<name>[A-Za-z_][A-Za-z0-9_-]*)["']?\s*[=:]\s*(?<value>"[^"\n]*"|'[^'\n]*'|\$\{[^}\n]*\}|\$\([^)\n]*\)|\{\{[^}\n]*\}\}|[^\s"']+)/dg;
/** `ENV NAME value`, the old form. */
const DOCKER_ASSIGNMENT = /^[ \t]*ENV[ \t]+(?<name>[A-Za-z_]\w*)[ \t]+(?<value>[^=\s][^\n]*)$/dgim;
/** An item of a compose environment: whatever the value holds. */
const WHOLE_ASSIGNMENT = /^(?<name>[A-Za-z_]\w*)=(?<value>[^\n]+)$/dg;
const SQL_PASSWORD = /(\bPASSWORD\s+)('(?:[^'\n]|'')*')/gi;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g;
