/** XML through a library, with what XML cannot hold replaced. */
import { XMLBuilder } from 'fast-xml-parser';
import { neutral } from './display.ts';

/** An element: attributes under names with `@`, its text under `#text`, children under their names. */
export interface Element {
  readonly [name: string]: string | number | undefined | Element | readonly Element[];
}

/**
 * A document with one root element, ending with a line break. Attributes and texts may hold anything: markup is escaped,
 * and so is what XML 1.0 has no way to write (control characters, lone surrogates), by a sign that stands for it.
 */
export function xmlText(root: Element): string {
  const builder = new XMLBuilder({
    attributeNamePrefix: '@',
    ignoreAttributes: false,
    format: true,
    suppressEmptyNode: true,
    suppressBooleanAttributes: false,
    tagValueProcessor: (_name, value) => String(value).split('\n').map(xmlSafe).join('\n'),
    attributeValueProcessor: (_name, value) => xmlSafe(String(value)),
  });
  const text = builder.build({ '?xml': { '@version': '1.0', '@encoding': 'UTF-8' }, ...root });
  // Where the document is printed, GitHub's runner reads it too (see `workflow.ts`).
  return text.replaceAll('##[', '##&#91;').replace(/^(\s*)::/gm, '$1&#58;:');
}

/** A line of text that XML 1.0 can hold. */
const xmlSafe = (line: string): string => neutral(line).replace(/[\ufffe\uffff]/g, '\ufffd');
