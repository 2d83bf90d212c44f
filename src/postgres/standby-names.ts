/** The grammar of synchronous_standby_names: `a, b`, `2 (a, b)`, `FIRST 1 (a)`, `ANY 2 (*)`. */

type Token = 'name' | 'number' | 'any' | 'first' | ',' | '(' | ')';

const TOKEN =
  /[ \t\n\r\f\v]*(?:([A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*)|"((?:[^"]|"")*)"|([0-9]+)|([*,()])|(.))/suy;

/** What is wrong with it, in a few words; undefined when the server takes it. An empty text means no standby. */
export function standbyNamesFault(text: string): string | undefined {
  if (text === '') return undefined;
  const read = tokens(text);
  if (typeof read === 'string') return read;
  const { types, words } = read;
  let at = 0;
  const syntax = (): string => {
    const word = words[at];
    return word === undefined ? 'it ends too early' : `syntax error at or near "${word}"`;
  };
  const grouped = types[0] === 'any' || types[0] === 'first' || (types[0] === 'number' && types[1] === '(');
  if (grouped) {
    if (types[0] !== 'number') at++;
    if (types[at] !== 'number') return syntax();
    const count = Number(words[at]);
    if (types[++at] !== '(') return syntax();
    at++;
    if (!list()) return syntax();
    if (types[at] !== ')') return syntax();
    if (++at < types.length) return syntax();
    return count > 0 ? undefined : `the number of synchronous standbys (${count}) must be greater than zero`;
  }
  return list() && at === types.length ? undefined : syntax();

  function list(): boolean {
    for (;;) {
      if (types[at] !== 'name' && types[at] !== 'number') return false;
      at++;
      if (types[at] !== ',') return true;
      at++;
    }
  }
}

function tokens(text: string): { readonly types: readonly Token[]; readonly words: readonly string[] } | string {
  const types: Token[] = [];
  const words: string[] = [];
  const trimmed = text.replace(/[ \t\n\r\f\v]+$/, '');
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const match = TOKEN.exec(trimmed);
    if (match === null) break;
    const [, identifier, quoted, number, mark, junk] = match;
    if (junk !== undefined)
      return junk === '"' ? 'unterminated quoted identifier' : `syntax error at or near "${junk}"`;
    words.push(identifier ?? quoted ?? number ?? mark ?? '');
    if (identifier !== undefined) types.push(keyword(identifier));
    else if (number !== undefined) types.push('number');
    else if (mark === ',' || mark === '(' || mark === ')') types.push(mark);
    else types.push('name');
  }
  return { types, words };
}

function keyword(identifier: string): Token {
  if (/^any$/i.test(identifier)) return 'any';
  return /^first$/i.test(identifier) ? 'first' : 'name';
}
