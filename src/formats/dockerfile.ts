/** Reads a Dockerfile: its instructions with their places, its stages, and what ARG and ENV fill in. */

/** One word, key or value as it is written; offsets are UTF-16 units into the text. */
export interface DockerWord {
  /** Quotes and escapes removed; `$NAME` stands as written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** `--from=build` before the operands of an instruction. */
export interface DockerFlag {
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

export interface DockerPair {
  readonly key: DockerWord;
  /** Undefined for an ARG without default. */
  readonly value: DockerWord | undefined;
}

export interface DockerHeredoc {
  readonly delimiter: string;
  readonly start: number;
  readonly end: number;
}

export interface DockerInstruction {
  /** Upper case: `FROM`. */
  readonly name: string;
  /** The instruction's word. */
  readonly nameAt: { readonly start: number; readonly end: number };
  readonly flags: readonly DockerFlag[];
  /** The words after the flags; of the exec form, its strings. */
  readonly words: readonly DockerWord[];
  /** Of ENV, ARG and LABEL. */
  readonly pairs: readonly DockerPair[];
  /** `exec`: a JSON array; `shell`: a line that the shell runs. */
  readonly form: 'exec' | 'shell';
  /** What follows the flags, joined over continued lines, comments and continuation marks blanked so that offsets hold. */
  readonly argument: DockerWord;
  readonly heredocs: readonly DockerHeredoc[];
  readonly start: number;
  readonly end: number;
}

export interface DockerStage {
  /** `AS name`, else its number. */
  readonly name: string;
  readonly from: DockerInstruction;
  /** The image as written, and with ARG defaults filled in; undefined where one has no default. */
  readonly image: DockerWord;
  readonly resolvedImage: string | undefined;
  /** The earlier stage that it continues. */
  readonly base: DockerStage | undefined;
  readonly instructions: readonly DockerInstruction[];
}

export interface Dockerfile {
  readonly path: string;
  readonly text: string;
  readonly instructions: readonly DockerInstruction[];
  readonly stages: readonly DockerStage[];
  /** The last stage: what is built unless a target is named. */
  readonly final: DockerStage | undefined;
  readonly escape: '\\' | '`';
}

/** A Dockerfile by its name, or by FROM, in capitals, as the first instruction after comments and ARGs. */
export function isDockerfile(path: string, text: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/^(?:Dockerfile|Containerfile)(?:[.-].*)?$|\.(?:dockerfile|containerfile)$/i.test(name)) {
    return /^[ \t]*FROM[ \t]/im.test(text);
  }
  return /^(?:\s|#[^\n]*\n|ARG[ \t][^\n]*\n)*FROM[ \t]+(?:--\S+[ \t]+)*\S+(?:[ \t]+(?:AS|as)[ \t]+\S+)?[ \t\r]*(?:\n|$)/.test(
    text,
  );
}

/** Reads the text; never fails: lines that are no instructions are left out. */
export function parseDockerfile(source: { readonly path: string; readonly text: string }): Dockerfile {
  const { path, text } = source;
  const escape = escapeOf(text);
  const instructions = readInstructions(text, escape);
  const stages = stagesOf(instructions);
  return { path, text, instructions, stages, final: stages.at(-1), escape };
}

/** The parser directive `# escape=` may stand only before anything else. */
function escapeOf(text: string): '\\' | '`' {
  for (const line of text.split('\n')) {
    const directive = /^[ \t]*#[ \t]*([A-Za-z]+)[ \t]*=[ \t]*(.*?)[ \t\r]*$/.exec(line);
    if (directive === null) return '\\';
    if (directive[1]?.toLowerCase() === 'escape') return directive[2] === '`' ? '`' : '\\';
  }
  return '\\';
}

function readInstructions(text: string, escape: string): readonly DockerInstruction[] {
  const instructions: DockerInstruction[] = [];
  let at = 0;
  while (at < text.length) {
    const end = endOfLine(text, at);
    const head = /^[ \t\r\f\v\uFEFF]*([A-Za-z]+)(?=\s|$)/.exec(text.slice(at, end));
    if (head === null) {
      at = end + 1;
      continue;
    }
    const name = head[1] ?? '';
    const start = at + head[0].length - name.length;
    const logical = logicalLine(text, start + name.length, escape);
    const read = readInstruction(text, name, start, logical, escape);
    instructions.push(read);
    at = Math.max(logical.next, read.end);
    if (read.heredocs.length > 0) at = endOfLine(text, read.heredocs.at(-1)?.end ?? at) + 1;
  }
  return instructions;
}

function endOfLine(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline < 0 ? text.length : newline;
}

interface Logical {
  /** From `start` on, of the same length as the source it stands for. */
  readonly text: string;
  readonly start: number;
  /** Where the next line begins. */
  readonly next: number;
}

/** The rest of an instruction: continued lines joined, with blanks in place of what does not count. */
function logicalLine(text: string, start: number, escape: string): Logical {
  const continued = escape === '`' ? /`[ \t\r]*$/ : /\\[ \t\r]*$/;
  let joined = '';
  let at = start;
  for (;;) {
    const end = endOfLine(text, at);
    const line = text.slice(at, end);
    const comment = at > start && /^[ \t]*(?:#|\r?$)/.test(line);
    const goesOn = comment || continued.test(line);
    joined += comment ? blank(line) : goesOn ? line.replace(continued, blank) : line.replace(/\r$/, ' ');
    at = end + 1;
    if (!goesOn || at > text.length) return { text: joined, start, next: at };
    joined += ' ';
  }
}

const blank = (text: string): string => ' '.repeat(text.length);

const pairInstructions: ReadonlySet<string> = new Set(['ENV', 'ARG', 'LABEL']);
const execForms: ReadonlySet<string> = new Set([
  'CMD',
  'ENTRYPOINT',
  'RUN',
  'SHELL',
  'VOLUME',
  'COPY',
  'ADD',
  'HEALTHCHECK',
]);

function readInstruction(
  text: string,
  word: string,
  start: number,
  logical: Logical,
  escape: string,
): DockerInstruction {
  const name = word.toUpperCase();
  const flags = readFlags(logical);
  let from = flags.at(-1)?.end ?? logical.start;
  if (name === 'HEALTHCHECK') from = healthcheckCommand(logical, from);
  const argument = argumentOf(logical, from);
  const strings = execForms.has(name) ? jsonStrings(argument) : undefined;
  const words = strings ?? splitWords(argument, escape);
  const heredocs = /^(?:RUN|COPY|ADD)$/.test(name) ? readHeredocs(text, argument, logical.next) : [];
  return {
    name,
    nameAt: { start, end: start + word.length },
    flags,
    words,
    pairs: pairInstructions.has(name) ? pairsOf(name, argument, escape) : [],
    form: strings === undefined ? 'shell' : 'exec',
    argument,
    heredocs,
    start,
    end: heredocs.at(-1)?.end ?? Math.max(argument.end, start + word.length),
  };
}

function readFlags(logical: Logical): readonly DockerFlag[] {
  const flags: DockerFlag[] = [];
  const flag = /\s*--([a-z-]+)(?:=(\S*))?(?=\s|$)/y;
  for (let match = flag.exec(logical.text); match !== null; match = flag.exec(logical.text)) {
    const end = logical.start + flag.lastIndex;
    flags.push({ name: match[1] ?? '', value: match[2] ?? '', start: end - match[0].trimStart().length, end });
  }
  return flags;
}

/** `HEALTHCHECK --interval=5s CMD …`: the argument is what follows `CMD`. */
function healthcheckCommand(logical: Logical, from: number): number {
  const match = /^\s*CMD(?=\s)/i.exec(logical.text.slice(from - logical.start));
  return match === null ? from : from + match[0].length;
}

function argumentOf(logical: Logical, from: number): DockerWord {
  const rest = logical.text.slice(from - logical.start);
  const trimmed = rest.trim();
  const start = from + (rest.length - rest.trimStart().length);
  return { text: trimmed, start, end: start + trimmed.length };
}

/** The strings of a JSON array; undefined where the argument is none, which makes it the shell form. */
function jsonStrings({ text, start }: DockerWord): readonly DockerWord[] | undefined {
  if (!text.startsWith('[')) return undefined;
  const strings: DockerWord[] = [];
  const token = /\s*("(?:[^"\\\n]|\\.)*")\s*(,|\])/y;
  token.lastIndex = 1;
  if (/^\[\s*\]$/.test(text)) return strings;
  for (;;) {
    const match = token.exec(text);
    const decoded = match?.[1] === undefined ? undefined : parseJsonString(match[1]);
    if (match === null || decoded === undefined) return undefined;
    const at = start + match.index + match[0].indexOf('"');
    strings.push({ text: decoded, start: at, end: at + (match[1]?.length ?? 0) });
    if (match[2] === ']') return token.lastIndex === text.length ? strings : undefined;
  }
}

function parseJsonString(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : undefined;
  } catch {
    // Not JSON: Docker, too, then takes the line for the shell form.
    return undefined;
  }
}

function splitWords(argument: DockerWord, escape: string): readonly DockerWord[] {
  const words: DockerWord[] = [];
  const one = wordPattern(escape);
  for (const match of argument.text.matchAll(one)) {
    const start = argument.start + match.index;
    words.push({ text: unquote(match[0], escape), start, end: start + match[0].length });
  }
  return words;
}

const escaped = (escape: string): string => (escape === '`' ? '`' : String.raw`\\`);

function wordPattern(escape: string): RegExp {
  const e = escaped(escape);
  return new RegExp(String.raw`(?:"(?:[^"${e}]|${e}[\s\S])*"|'[^']*'|\$\{[^}]*\}|${e}[\s\S]|[^\s"'${e}]|["'])+`, 'g');
}

function unquote(text: string, escape: string): string {
  const e = escaped(escape);
  const piece = new RegExp(String.raw`"((?:[^"${e}]|${e}[\s\S])*)"|'([^']*)'|${e}([\s\S])`, 'g');
  const inner = new RegExp(String.raw`${e}(["$${e}])`, 'g');
  return text.replace(piece, (_, double?: string, single?: string, char?: string) =>
    double !== undefined ? double.replace(inner, '$1') : (single ?? char ?? ''),
  );
}

/** `KEY=value KEY2="a b"`, and the old `ENV KEY the rest of the line`. */
function pairsOf(name: string, argument: DockerWord, escape: string): readonly DockerPair[] {
  const old = /^([^\s=]+)(\s+)/.exec(argument.text);
  if (name !== 'ARG' && old !== null) {
    const key = { text: old[1] ?? '', start: argument.start, end: argument.start + (old[1] ?? '').length };
    const start = argument.start + old[0].length;
    const text = argument.text.slice(old[0].length);
    return [{ key, value: { text: unquote(text, escape), start, end: argument.end } }];
  }
  return [...argument.text.matchAll(wordPattern(escape))].map(match => {
    const raw = match[0];
    const start = argument.start + match.index;
    const equals = raw.indexOf('=');
    const keyEnd = start + (equals < 0 ? raw.length : equals);
    const key = { text: unquote(equals < 0 ? raw : raw.slice(0, equals), escape), start, end: keyEnd };
    if (equals < 0) return { key, value: undefined };
    return { key, value: { text: unquote(raw.slice(equals + 1), escape), start: keyEnd + 1, end: start + raw.length } };
  });
}

function readHeredocs(text: string, argument: DockerWord, next: number): readonly DockerHeredoc[] {
  const heredocs: DockerHeredoc[] = [];
  let at = next;
  for (const match of argument.text.matchAll(/(?<![<\w])<<(-?)(["']?)([A-Za-z_][\w.]*)\2/g)) {
    const [, dash, , delimiter = ''] = match;
    const start = at;
    let end = text.length;
    while (at < text.length) {
      const lineEnd = endOfLine(text, at);
      const line = text.slice(at, lineEnd).replace(/\r$/, '');
      const begin = at;
      at = lineEnd + 1;
      if ((dash === '-' ? line.replace(/^\t+/, '') : line) === delimiter) {
        end = begin;
        break;
      }
    }
    heredocs.push({ delimiter, start, end });
  }
  return heredocs;
}

function stagesOf(instructions: readonly DockerInstruction[]): readonly DockerStage[] {
  const stages: DockerStage[] = [];
  const globals = new Map<string, string | undefined>();
  let current: DockerInstruction[] | undefined;
  for (const instruction of instructions) {
    if (instruction.name !== 'FROM') {
      if (current !== undefined) current.push(instruction);
      else if (instruction.name === 'ARG') setArguments(globals, instruction);
      continue;
    }
    const [image, as, name] = instruction.words;
    if (image === undefined) continue;
    current = [];
    const resolvedImage = substitute(image.text, globals);
    stages.push({
      name: as?.text.toUpperCase() === 'AS' && name !== undefined ? name.text : String(stages.length),
      from: instruction,
      image,
      resolvedImage,
      base: stages.find(stage => stage.name.toLowerCase() === resolvedImage?.toLowerCase()),
      instructions: current,
    });
  }
  return stages;
}

function setArguments(values: Map<string, string | undefined>, { pairs }: DockerInstruction): void {
  for (const { key, value } of pairs) values.set(key.text, value && substitute(value.text, values));
}

/** Fills `$NAME`, `${NAME}`, `${NAME:-word}` and `${NAME:+word}` in; undefined where a name has no value. */
export function substitute(text: string, values: ReadonlyMap<string, string | undefined>): string | undefined {
  let known = true;
  const filled = text.replace(/\$(?:(\w+)|\{(\w+)(?::?([-+])([^{}]*))?\})/g, (_, bare, braced, operator, word) => {
    const name: string = bare ?? braced;
    const value = values.get(name);
    if (operator === '-') return value === undefined || value === '' ? (substitute(word, values) ?? '') : value;
    if (operator === '+') return value === undefined || value === '' ? '' : (substitute(word, values) ?? '');
    if (value === undefined) known = false;
    return value ?? '';
  });
  return known ? filled : undefined;
}

/**
 * What ENV leaves in a stage and in those it is built on, with values filled in; a value that needs what is not in the file is
 * undefined. The word is where the value that counts is written.
 */
export function environmentOf(
  stage: DockerStage,
): ReadonlyMap<string, { readonly value: string | undefined; readonly at: DockerPair }> {
  const environment = new Map(stage.base === undefined ? [] : environmentOf(stage.base));
  const argumentsOfStage = new Map<string, string | undefined>();
  for (const instruction of stage.instructions) {
    if (instruction.name === 'ARG') setArguments(argumentsOfStage, instruction);
    if (instruction.name !== 'ENV') continue;
    const values = new Map([...argumentsOfStage, ...[...environment].map(([k, v]) => [k, v.value] as const)]);
    for (const pair of instruction.pairs) {
      if (pair.value === undefined) continue;
      environment.set(pair.key.text, { value: substitute(pair.value.text, values), at: pair });
    }
  }
  return environment;
}
