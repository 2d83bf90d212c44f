/** Passwords of PostgreSQL that stand in a text: a script, a file of a ConfigMap, a word of a command line. */
import { assignmentsOf, parseShell } from '../formats/shell.ts';
import { isLiteralSecret, isSecretReference } from '../secrets.ts';
import { isDatabasePassword, isPostgresPassword } from './credential-names.ts';
import { postgresStrings } from './postgres-strings.ts';

export interface TextCredential {
  /** `dsn`: in a connection string; `sql`: `PASSWORD '…'`; `assignment`: `NAME=value`; `file`: a line of userlist.txt or .pgpass; `key`: a private key. */
  readonly kind: 'dsn' | 'sql' | 'assignment' | 'file' | 'key';
  /** What holds it, for a person: `PGPASSWORD`, `ALTER ROLE app`. */
  readonly name: string;
  /** Never for a message. */
  readonly value: string;
  /** The role that logs in with it. */
  readonly user: string | undefined;
  /** Offsets into the text. */
  readonly start: number;
  readonly end: number;
}

export interface TextContext {
  /** The file's name or the key that holds the text. */
  readonly name: string;
  /** It is run by a shell. */
  readonly shell: boolean;
  /** A PostgreSQL is the only database that it can mean. */
  readonly related: boolean;
}

/** The literal passwords of a text, in its order, each once. Commented lines do not count. */
export function credentialsInText(text: string, context: TextContext): readonly TextCredential[] {
  if (!/pass|pwd|:\/\/|PRIVATE KEY|"\s+"|:\d+:/i.test(text)) return [];
  const shown = text.replace(/^[ \t]*(?:#(?!!)|--\s|;|\/\/).*/gm, comment => ' '.repeat(comment.length));
  const found = [
    ...fromConnectionStrings(shown),
    ...fromSql(shown),
    ...(context.shell ? fromShell(shown, context) : fromLines(shown, context)),
    ...fromFiles(shown, context.name),
    ...fromKeys(shown),
  ].sort((a, b) => a.start - b.start);
  return found.filter((c, i) => !found.slice(0, i).some(before => c.start < before.end));
}

/** The text that a password is: of `${NAME:-text}` its default. */
const literalOf = (text: string): string => /^\$\{[A-Za-z_]\w*:?-([^{}]*)\}$/.exec(text)?.[1] ?? text;

function fromConnectionStrings(text: string): readonly TextCredential[] {
  return postgresStrings(text).flatMap(({ password, user, kind }) => {
    if (password === undefined || !password.literal) return [];
    const value = kind === 'url' ? decoded(literalOf(password.text)) : literalOf(password.text);
    if (isSecretReference(value) || /^[*x.]+$/i.test(value)) return [];
    const name = 'the connection string';
    return [
      {
        kind: 'dsn',
        name,
        value,
        user: user?.literal ? user.text : undefined,
        start: password.start,
        end: password.end,
      },
    ];
  });
}

/** Percent-encoding removed; a text that is not properly encoded stays. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const roleStatement =
  /\b(CREATE|ALTER)\s+(?:ROLE|USER)\s+(?:IF\s+NOT\s+EXISTS\s+)?\\?("?)([\w$.{}:-]+)\\?\2[^;']{0,200}?\bPASSWORD\s+'((?:[^'\n]|'')*)'/dgi;

function fromSql(text: string): readonly TextCredential[] {
  return [...text.matchAll(roleStatement)].flatMap(match => {
    const [, verb = '', , role = '', value = ''] = match;
    const range = match.indices?.[4];
    // Expansions of the shell, variables of psql, verifiers that are no passwords.
    if (range === undefined || value === '' || /\$|\{\{|%[sI(L]|^:|^\(?md5[0-9a-f]{32}$|^SCRAM-SHA-256\$/.test(value))
      return [];
    const user = /[$:{]/.test(role) ? undefined : role;
    return [
      {
        kind: 'sql',
        name: `${verb.toUpperCase()} ROLE ${user ?? ''}`.trim(),
        value,
        user,
        start: range[0],
        end: range[1],
      },
    ];
  });
}

/** `NAME=value` before a command or exported; a shell's own reading, so that expansions are told from literals. */
function fromShell(text: string, { related }: TextContext): readonly TextCredential[] {
  const commands = parseShell(text).commands;
  return commands.flatMap(assignmentsOf).flatMap(({ name, value }) => {
    if (!value.literal || !(related ? isDatabasePassword(name) : isPostgresPassword(name))) return [];
    if (!isLiteralSecret(value.text, name)) return [];
    return [{ kind: 'assignment', name, value: value.text, user: undefined, start: value.start, end: value.end }];
  });
}

const line =
  /^[ \t]*(?:export[ \t]+|- )?(?<quote>["']?)(?<name>[A-Za-z_][\w.-]*)\k<quote>[ \t]*[=:][ \t]*(?<value>"[^"\n]*"|'[^'\n]*'|[^\s"'][^\n]*?)[ \t]*,?$/dgm;

/** `name = value` and `name: value`, one on a line. */
function fromLines(text: string, { related }: TextContext): readonly TextCredential[] {
  return [...text.matchAll(line)].flatMap(match => {
    const { name = '', value: written = '' } = match.groups ?? {};
    const range = match.indices?.groups?.['value'];
    const value = literalOf(written.replace(/^(["'])(.*)\1$/, '$2'));
    if (range === undefined || !(related ? isDatabasePassword(name) : isPostgresPassword(name))) return [];
    if (!isLiteralSecret(value, name) || /[${}]/.test(value)) return [];
    return [{ kind: 'assignment', name, value, user: undefined, start: range[0], end: range[1] }];
  });
}

/** Lines of PgBouncer's userlist.txt, `"user" "password"`, and of libpq's .pgpass, `host:port:database:user:password`. */
function fromFiles(text: string, name: string): readonly TextCredential[] {
  const pattern = /userlist/i.test(name)
    ? /^[ \t]*"(?<user>[^"\n]*)"[ \t]+"(?<value>[^"\n]+)"/dgm
    : /pgpass/i.test(name)
      ? /^(?:[^:\n]*:){3}(?<user>[^:\n]*):(?<value>[^\s:][^\n]*?)[ \t]*$/dgm
      : undefined;
  return [...(pattern === undefined ? [] : text.matchAll(pattern))].flatMap(match => {
    const { user, value = '' } = match.groups ?? {};
    const range = match.indices?.groups?.['value'];
    if (range === undefined || /^(?:md5[0-9a-f]{32}|SCRAM-SHA-256\$.*)$/.test(value) || isSecretReference(value))
      return [];
    return [{ kind: 'file', name: `the line of "${user}"`, value, user, start: range[0], end: range[1] }];
  });
}

function fromKeys(text: string): readonly TextCredential[] {
  const pattern = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=][^-]*/g;
  return [...text.matchAll(pattern)].map(match => ({
    kind: 'key',
    name: 'a private key',
    value: match[0],
    user: undefined,
    start: match.index,
    end: match.index + match[0].indexOf('\n') + 1,
  }));
}
