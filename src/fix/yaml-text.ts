/** Writes plain data as YAML or JSON the way the file around it is written. */

export type Yaml = string | number | boolean | null | readonly Yaml[] | { readonly [key: string]: Yaml };

/** How a block of YAML is indented. */
export interface BlockStyle {
  /** Columns from a key to the keys below it. */
  readonly step: number;
  /** Columns from a key to the dashes of the sequence below it: 0 where they stand under the key. */
  readonly dash: number;
}

/** The lines of `key: value`, the first without indentation, the others indented relative to it. */
export function blockEntry(key: string, value: Yaml, style: BlockStyle): string[] {
  const name = scalarText(key);
  if (isEmpty(value) || !isCollection(value)) {
    if (typeof value !== 'string' || !isLiteral(value)) return [`${name}: ${flowText(value)}`];
    const lines = value.replace(/\n$/, '').split('\n');
    return [`${name}: ${value.endsWith('\n') ? '|' : '|-'}`, ...indent(lines, style.step)];
  }
  const shift = isSequence(value) ? style.dash : style.step;
  return [`${name}:`, ...indent(blockLines(value, style), shift)];
}

/** The lines of a value in block style, the first at column 0. */
export function blockLines(value: Yaml, style: BlockStyle): string[] {
  if (!isCollection(value) || isEmpty(value)) return [flowText(value)];
  if (isSequence(value)) return value.flatMap(item => blockItem(item, style));
  return Object.entries(value).flatMap(([key, inner]) => blockEntry(key, inner, style));
}

/** The lines of `- value`. */
export function blockItem(value: Yaml, style: BlockStyle): string[] {
  const [first = '', ...others] = blockLines(value, style);
  return [`- ${first}`, ...indent(others, 2)];
}

/** A value in flow style on one line; quotes only where they are needed. */
export function flowText(value: Yaml): string {
  if (!isCollection(value)) return typeof value === 'string' ? scalarText(value) : String(value);
  if (isSequence(value)) return `[${value.map(flowText).join(', ')}]`;
  const entries = Object.entries(value).map(([key, inner]) => `${scalarText(key)}: ${flowText(inner)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/** A string as a scalar that kubectl reads as that string: plain where it can be, else in double quotes. */
export function scalarText(text: string): string {
  return isPlain(text) ? text : JSON.stringify(text);
}

/** Whether kubectl's parser reads the plain text as a string, in block and flow style alike. */
function isPlain(text: string): boolean {
  if (
    !/^[A-Za-z0-9_./$(+-]/.test(text) ||
    /[,[\]{}\p{C}]|: |:$|\s#|\s$/u.test(text) ||
    /^(?:---|\.\.\.|- |-$)/.test(text)
  )
    return false;
  // Words and numbers that YAML 1.1 takes for something else than text.
  return !/^(?:y|n|yes|no|on|off|true|false|null|~|\.(?:inf|nan)|[-+]?\.inf|[-+.]?\d[\d_.:eExXoObBa-fA-F+-]*)$/i.test(
    text,
  );
}

function isCollection(value: Yaml): value is readonly Yaml[] | { readonly [key: string]: Yaml } {
  return typeof value === 'object' && value !== null;
}

function isSequence(value: Yaml): value is readonly Yaml[] {
  return Array.isArray(value);
}

function isEmpty(value: Yaml): boolean {
  return isCollection(value) && Object.keys(value).length === 0;
}

function isLiteral(text: string): boolean {
  return /\n./.test(text) && !/^\s|[ \t]\n|\n\n$|[^\n\P{C}]/u.test(text);
}

function indent(lines: readonly string[], columns: number): string[] {
  return lines.map(line => (line === '' ? line : ' '.repeat(columns) + line));
}
