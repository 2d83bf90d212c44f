/** js-yaml's reasons in words for people who write manifests. */

const WORDS: ReadonlyMap<string, string> = new Map([
  [
    'bad indentation of a mapping entry',
    'this does not fit the map around it (wrong indentation, or a text that needs quotes)',
  ],
  [
    'bad indentation of a sequence entry',
    'this does not fit the list around it (wrong indentation, or a text that needs quotes)',
  ],
  [
    'end of the stream or a document separator is expected',
    'this does not belong to what stands before it (wrong indentation, or a text that needs quotes)',
  ],
  [
    'can not read a block mapping entry; a multiline key may not be an implicit key',
    'a colon is missing behind this key',
  ],
  ["expected ':' after a mapping key", 'a colon is missing behind this key'],
  ['missed comma between flow collection entries', 'a comma is missing between entries inside brackets'],
  ["expected the node content, but found ','", 'a comma stands where an entry should'],
  ['unexpected end of the stream within a flow collection', 'a bracket is opened and not closed'],
  ['unexpected end of the stream within a double quoted scalar', 'a double quote is opened and not closed'],
  ['unexpected end of the stream within a single quoted scalar', 'a single quote is opened and not closed'],
  ['unexpected end of the document within a double quoted scalar', 'a double quote is opened and not closed'],
  ['unexpected end of the document within a single quoted scalar', 'a single quote is opened and not closed'],
  ['tab characters must not be used in indentation', 'a tab stands where only spaces may indent'],
  ['deficient indentation', 'this line is indented too little for the brackets or quotes that it stands in'],
  ['directives end mark is expected', 'kubectl splits the file at "---" before it reads directives'],
  ['a line break is expected', 'only an indentation digit, "-" or "+" may follow "|" or ">" on its line'],
]);

/** The head of a sentence for a reason of js-yaml's; reasons without words of ours stand as they are. */
export function faultWords(reason: string): string {
  return WORDS.get(reason) ?? reason;
}
