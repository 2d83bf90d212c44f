/** What the commands of a shell script run: programs behind their wrappers, PostgreSQL servers and clients. */
import type { Located } from '../types.ts';
import type { ShellAssignment, ShellCommand } from './shell-command.ts';
import { parseShell } from './shell-parser.ts';
import { readWord, type ShellWord } from './shell-word.ts';

export type { ShellAssignment, ShellCommand, ShellContext, ShellRedirect } from './shell-command.ts';
export { parseShell, type ShellScript } from './shell-parser.ts';
export type { ShellWord } from './shell-word.ts';

/** The words of a command line: those of a script, or of an argument vector as `{ text }`. */
export type CommandWords = readonly { readonly text: string }[];

/** The program's name without its directory, behind `exec`, `gosu`, `env` and their like; undefined for assignments alone. */
export function commandName({ words }: { readonly words: CommandWords }): string | undefined {
  const [program] = programOf(words);
  return program && basename(program.text);
}

/** The words of the program that a command line runs in the end, behind its wrappers; empty where there is none. */
export function programOf(words: CommandWords): CommandWords {
  let rest = words;
  for (let depth = 0; depth < 10; depth += 1) {
    const inner = unwrap(rest);
    if (inner === undefined) return rest;
    rest = inner;
  }
  return rest;
}

const basename = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Programs that run the rest of their words: options with a value of their own, and how many operands come first. */
const wrappers: Readonly<Record<string, { readonly valued?: string; readonly operands?: number }>> = {
  exec: { valued: 'a' },
  command: {},
  builtin: {},
  nohup: {},
  setsid: {},
  time: { valued: 'fo' },
  nice: { valued: 'n' },
  ionice: { valued: 'cnp' },
  stdbuf: { valued: 'ioe' },
  timeout: { valued: 'sk', operands: 1 },
  env: { valued: 'uCS' },
  sudo: { valued: 'ugpCDhrtTU' },
  doas: { valued: 'uC' },
  gosu: { operands: 1 },
  'su-exec': { operands: 1 },
  's6-setuidgid': { operands: 1 },
  'with-contenv': {},
  setpriv: {},
  chpst: { valued: 'ueo' },
  tini: { valued: 'epv' },
  'tini-static': { valued: 'epv' },
  'dumb-init': { valued: 'r' },
  catatonit: {},
  numactl: { valued: 'mNCip' },
};

/** What the outermost wrapper runs; undefined where the first word is the program itself. */
function unwrap(words: CommandWords): CommandWords | undefined {
  const name = basename(words[0]?.text ?? '');
  if (name === 'su' || name === 'runuser') return switchedUser(words);
  if (name === 'docker-entrypoint.sh') {
    const first = words[1]?.text;
    return first === undefined || first.startsWith('-') ? [{ text: 'postgres' }, ...words.slice(1)] : words.slice(1);
  }
  const script = shellScript(words);
  if (script !== undefined) return onlyCommand(script);
  const wrapper = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
  if (wrapper === undefined) return undefined;
  const from = skipOptions(words, wrapper.valued ?? '') + (wrapper.operands ?? 0);
  const rest = words.slice(from);
  const assigned = name === 'env' || name === 'sudo' ? rest.findIndex(w => !/^[A-Za-z_]\w*=/.test(w.text)) : 0;
  const inner = assigned < 0 ? [] : rest.slice(assigned);
  return inner.length === 0 ? undefined : inner;
}

/** Index of the first word after the options; short options in `valued` take the next word along. */
function skipOptions(words: CommandWords, valued: string): number {
  let index = 1;
  for (; index < words.length; index += 1) {
    const text = words[index]?.text ?? '';
    if (text === '--') return index + 1;
    if (!text.startsWith('-') || text === '-') break;
    if (!text.startsWith('--') && valued.includes(text.slice(-1))) index += 1;
  }
  return index;
}

/** `su - postgres -c 'script'`, `runuser -u postgres -- program`. */
function switchedUser(words: CommandWords): CommandWords | undefined {
  const at = words.findIndex(w => /^(?:-\w*c|--command)$/.test(w.text));
  const long = words.find(w => w.text.startsWith('--command='))?.text.slice('--command='.length);
  const script = long ?? (at < 0 ? undefined : words[at + 1]?.text);
  if (script !== undefined) return onlyCommand(script);
  const user = words.findIndex(w => w.text === '-u' || w.text === '--user');
  const rest = words.slice(user + 2).filter((w, i) => i > 0 || w.text !== '--');
  return user > 0 && rest.length > 0 ? rest : undefined;
}

/** The single command of a script, as words; undefined where it runs several. */
function onlyCommand(script: string): CommandWords | undefined {
  const { commands, uncertain } = parseShell(script);
  const programs = commands.filter(c => c.words.length > 0 && !c.context.includes('substitution'));
  return uncertain === undefined && programs.length === 1 ? programs[0]?.words : undefined;
}

const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash', 'zsh', 'ksh']);

function shellScript(words: CommandWords): string | undefined {
  const index = scriptIndex(words);
  return index === undefined ? undefined : words[index]?.text;
}

/** Index of the script in `sh -c SCRIPT`, `bash -euo pipefail -c SCRIPT`, `busybox sh -c SCRIPT`. */
function scriptIndex(words: CommandWords): number | undefined {
  let index = basename(words[0]?.text ?? '') === 'busybox' ? 1 : 0;
  if (!shells.has(basename(words[index]?.text ?? ''))) return undefined;
  let command = false;
  for (index += 1; index < words.length; index += 1) {
    const text = words[index]?.text ?? '';
    if (text === '--') {
      index += 1;
      break;
    }
    if (!/^[-+]./.test(text)) break;
    if (/^-[^-]*c/.test(text)) command = true;
    if (/^[-+][^-]*[oO]$/.test(text) || text === '--rcfile' || text === '--init-file') index += 1;
  }
  return command && index < words.length ? index : undefined;
}

/**
 * The word of an argument vector that is a shell script: `sh -c SCRIPT`, also behind wrappers such as `tini --`;
 * undefined where no shell is called with a script in its words.
 */
export function scriptOf<W extends Located<string>>(argv: readonly W[]): W | undefined {
  const words = argv.map(word => ({ text: word.value, word }));
  for (let from = 0; from >= 0 && from < words.length; ) {
    const index = scriptIndex(words.slice(from));
    if (index !== undefined) return words[from + index]?.word;
    const name = basename(words[from]?.text ?? '');
    const wrapper = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
    if (wrapper === undefined && name !== 'docker-entrypoint.sh') return undefined;
    from += skipOptions(words.slice(from), wrapper?.valued ?? '') + (wrapper?.operands ?? 0);
    if (name === 'env') from += words.slice(from).findIndex(word => !/^[A-Za-z_]\w*=/.test(word.text));
  }
  return undefined;
}

/** Asks the program for something else than to serve. */
const noServer = /^(?:--version|-V|--help|-\?|-C|--describe-config|--single|--boot|--check)$/;

/** Whether a command line starts a PostgreSQL server: `postgres`, the image's entrypoint, `pg_ctl start`, Patroni and their like. */
export function isServerCommand(words: CommandWords): boolean {
  const program = programOf(words);
  const path = program[0]?.text ?? '';
  const args = program.slice(1).map(w => w.text);
  const script = shellScript(program);
  if (script !== undefined) return parseShell(script).commands.some(c => isServerCommand(c.words));
  switch (basename(path)) {
    case 'postgres':
    case 'postmaster':
    case 'run-postgresql':
    case 'stolon-keeper':
      return !args.some(arg => noServer.test(arg));
    case 'pg_ctl':
    case 'pg_ctlcluster':
      return args.some(arg => arg === 'start' || arg === 'restart');
    case 'patroni':
    case 'patroni.py':
      return !args.some(arg => /^--(?:version|help|validate-config|generate-\S+)$/.test(arg));
    case 'pg_autoctl':
      return args[0] === 'run' || args.includes('--run');
    case 'launch.sh':
      return path === '/launch.sh' || path === 'launch.sh';
    case 'run.sh':
    case 'entrypoint.sh':
      return path.includes('/postgresql') && !args.some(arg => !arg.startsWith('-') && !arg.endsWith('/run.sh'));
    default:
      return /\bpython3?$/.test(path) && args.some((arg, i) => arg === 'patroni' && args[i - 1] === '-m');
  }
}

const clientTools: ReadonlySet<string> = new Set([
  'psql',
  'pg_dump',
  'pg_dumpall',
  'pg_restore',
  'pg_basebackup',
  'pg_isready',
  'pg_receivewal',
  'pg_recvlogical',
  'pg_rewind',
  'pg_amcheck',
  'pg_createsubscriber',
  'pgbench',
  'createdb',
  'dropdb',
  'createuser',
  'dropuser',
  'clusterdb',
  'reindexdb',
  'vacuumdb',
]);

/** Whether a program is one of PostgreSQL's own clients; the name may carry its directory. */
export function isClientTool(name: string): boolean {
  return clientTools.has(basename(name));
}

/** `NAME=value` of a command: before the program, and after `export`, `readonly`, `local`, `declare`, `typeset` or `env`. */
export function assignmentsOf(command: ShellCommand): readonly ShellAssignment[] {
  const name = command.words[0]?.text ?? '';
  if (!/^(?:export|readonly|local|declare|typeset|env)$/.test(name)) return command.assignments;
  const after = command.words.slice(1).flatMap(word => {
    const match = /^([A-Za-z_]\w*)=/.exec(word.text);
    if (match === null) return [];
    // The name is never quoted in practice, so the value begins right after the sign.
    const value = { ...word, text: word.text.slice(match[0].length), start: word.start + match[0].length };
    return [{ name: match[1] ?? '', value }];
  });
  return [...command.assignments, ...after];
}

/**
 * Splits a command line into words as compose splits a `command:` string: quotes and escapes, no expansions.
 * Undefined where a quote is not closed, or where `${…}` or `{{…}}` has yet to be filled in.
 */
export function splitWords(text: string): readonly string[] | undefined {
  if (/\$\{|\{\{/.test(text)) return undefined;
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] as string;
    if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === '\\') {
      at += 1;
      if (text[at] !== '\n') word = (word ?? '') + (text[at] ?? '');
    } else if (char === "'" || char === '"') {
      const quoted = /^(?:'([^']*)'|"((?:[^"\\]|\\[\s\S])*)")/.exec(text.slice(at));
      if (quoted === null) return undefined;
      word =
        (word ?? '') +
        (quoted[1] ?? quoted[2]?.replace(/\\(["\\$`\n])/g, (_, c: string) => (c === '\n' ? '' : c)) ?? '');
      at += quoted[0].length - 1;
    } else word = (word ?? '') + char;
  }
  return word === undefined ? words : [...words, word];
}

/** The word that a text is, read as a shell would: for values of variables in scripts. */
export const unquote = (text: string): ShellWord => readWord(text, 0).word;
