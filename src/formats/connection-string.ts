/**
 * Finds PostgreSQL connection strings in any text: URLs, JDBC URLs, libpq's `key=value` and .NET's `Key=Value;`.
 * Every part has its place, so that it can be pointed at, or masked.
 */
import { isPlaceholder } from '../yaml/node.ts';

/** One part as it is written; offsets are UTF-16 units into the text. */
export interface ConnectionPart {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The value itself, not what something will fill in: `${X:-secret}` is a literal, `$(X)`, `${X}`, `{{ x }}`, `<x>` are not. */
  readonly literal: boolean;
}

export interface ConnectionString {
  readonly kind: 'url' | 'jdbc' | 'keywords' | 'dotnet';
  readonly start: number;
  readonly end: number;
  /** The first host; libpq tries the others in turn. */
  readonly host: ConnectionPart | undefined;
  readonly hosts: readonly ConnectionPart[];
  readonly port: ConnectionPart | undefined;
  readonly user: ConnectionPart | undefined;
  readonly password: ConnectionPart | undefined;
  readonly database: ConnectionPart | undefined;
  readonly sslmode: ConnectionPart | undefined;
}

/** The connection strings of a text, in its order, never overlapping. */
export function connectionStrings(text: string): readonly ConnectionString[] {
  if (!text.includes('=') && !text.includes('://')) return [];
  const all = [...urlStrings(text), ...keywordStrings(text), ...dotnetStrings(text)];
  const kinds: readonly ConnectionString['kind'][] = ['url', 'jdbc', 'keywords', 'dotnet'];
  all.sort((a, b) => a.start - b.start || kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
  const kept: ConnectionString[] = [];
  for (const found of all) {
    const before = kept.at(-1);
    if (before === undefined || found.start >= before.end) kept.push(found);
    // A URL wins over pairs that begin before it: `dsn=postgres://…`.
    else if (isUrl(found) && !isUrl(before)) kept[kept.length - 1] = found;
  }
  return kept;
}

const isUrl = ({ kind }: ConnectionString): boolean => kind === 'url' || kind === 'jdbc';

/** An expansion, which may hold characters that would end a part: `${PASSWORD:-a b}`, `{{ .Values.password }}`, `$(cat f)`. */
const expansion = String.raw`\$\{[^{}\n]*\}|\$\([^()\n]*\)|\{\{[^{}\n]*\}\}|<[^<>\s]+>`;
const scheme = /(jdbc:)?\b(?:postgres|postgresql|postgis|timescaledb?|cockroachdb)(?:\+\w+)?:\/\//;

function* urlStrings(text: string): Generator<ConnectionString> {
  const pattern = new RegExp(scheme, 'g');
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const from = match.index + match[0].length;
    const end = endOfUrl(text, from);
    // `postgres://user:` is the beginning of a text that a program goes on with.
    if (end > from && !/^[^@]*:$/.test(text.slice(from, end)))
      yield readUrl(text, match.index, from, end, match[1] !== undefined);
    pattern.lastIndex = Math.max(end, from);
  }
}

const urlPiece = new RegExp(String.raw`${expansion}|[^\s"'\`<>|\\{}]`, 'y');

function endOfUrl(text: string, from: number): number {
  let at = from;
  for (;;) {
    urlPiece.lastIndex = at;
    if (!urlPiece.test(text)) break;
    at = urlPiece.lastIndex;
  }
  // Punctuation of the sentence or list around it.
  while (at > from && /[,;.)\]]/.test(text[at - 1] ?? '') && !/\$\([^()]*\)$/.test(text.slice(from, at))) at -= 1;
  return at;
}

function readUrl(text: string, start: number, from: number, end: number, jdbc: boolean): ConnectionString {
  const slash = indexOutside(text, '/', from, end);
  const question = indexOutside(text, '?', from, end);
  const queryAt = question < 0 ? end : question;
  const pathAt = slash < 0 || slash > queryAt ? queryAt : slash;
  const at = lastIndexOutside(text, '@', from, slashlessAuthority(text, from, pathAt, queryAt));
  const authorityEnd = at >= 0 && at > pathAt ? afterPath(text, at, queryAt) : pathAt;
  const hostsFrom = at < 0 ? from : at + 1;
  const colon = at < 0 ? -1 : indexOutside(text, ':', from, at);
  const parameters = queryParameters(text, queryAt + 1, end);
  const hosts = splitOutside(text, ',', hostsFrom, authorityEnd).map(([a, b]) => hostAndPort(text, a, b));
  const path = authorityEnd < queryAt ? part(text, authorityEnd + 1, queryAt) : undefined;
  const named = (...names: readonly string[]): ConnectionPart | undefined =>
    names.map(n => parameters.get(n)).find(p => p);
  const all = hosts.flatMap(h => h.host ?? []);
  return {
    kind: jdbc ? 'jdbc' : 'url',
    start,
    end,
    host: all[0] ?? named('host'),
    hosts: all.length > 0 ? all : [named('host')].flatMap(h => h ?? []),
    port: hosts[0]?.port ?? named('port'),
    user: (at < 0 ? undefined : part(text, from, colon < 0 ? at : colon)) ?? named('user'),
    password: (colon < 0 ? undefined : part(text, colon + 1, at)) ?? named('password'),
    database: path ?? named('dbname'),
    sslmode: named('sslmode', 'ssl'),
  };
}

/** A password may hold a slash though it should not: the last `@` before the query then still ends the authority. */
function slashlessAuthority(text: string, from: number, pathAt: number, queryAt: number): number {
  if (lastIndexOutside(text, '@', from, pathAt) >= 0) return pathAt;
  const colon = indexOutside(text, ':', from, pathAt);
  const digits = colon >= 0 && /^\d*$/.test(text.slice(colon + 1, pathAt));
  return colon >= 0 && !digits ? queryAt : pathAt;
}

function afterPath(text: string, at: number, queryAt: number): number {
  const slash = indexOutside(text, '/', at, queryAt);
  return slash < 0 ? queryAt : slash;
}

function hostAndPort(
  text: string,
  start: number,
  end: number,
): { readonly host: ConnectionPart | undefined; readonly port: ConnectionPart | undefined } {
  const bracket = text[start] === '[' ? text.indexOf(']', start) : -1;
  const colon = indexOutside(text, ':', bracket > 0 && bracket < end ? bracket : start, end);
  if (colon < 0) return { host: part(text, start, end), port: undefined };
  return { host: part(text, start, colon), port: part(text, colon + 1, end) };
}

function queryParameters(text: string, from: number, end: number): ReadonlyMap<string, ConnectionPart> {
  const parameters = new Map<string, ConnectionPart>();
  for (const [start, stop] of splitOutside(text, '&', from, end)) {
    const equals = text.indexOf('=', start);
    const value = equals > 0 && equals < stop ? part(text, equals + 1, stop) : undefined;
    if (value !== undefined) parameters.set(text.slice(start, equals).toLowerCase(), value);
  }
  return parameters;
}

/** The part in a range; undefined where it is empty. */
function part(text: string, start: number, end: number): ConnectionPart | undefined {
  const value = text.slice(start, end);
  return value === '' ? undefined : { text: value, start, end, literal: isLiteral(value) };
}

const fallback = /\$\{[A-Za-z_]\w*:?-([^{}]*)\}/g;

function isLiteral(value: string): boolean {
  const filled = value.replace(fallback, '$1');
  return (
    filled !== '' &&
    !isPlaceholder(filled) &&
    !/\$\([^()]*\)|\$[A-Za-z_]\w*|^%\(?\w+\)?[%s]?$|^\{\w*\}$|^:\w+$/.test(filled)
  );
}

const skip = new RegExp(expansion, 'y');

/** The offsets of a range that are in no expansion: only there do separators separate. */
function* outside(text: string, from: number, end: number): Generator<number> {
  for (let at = from; at < end; at += 1) {
    skip.lastIndex = at;
    if (/[$<{]/.test(text[at] ?? '') && skip.test(text)) at = skip.lastIndex - 1;
    else yield at;
  }
}

function indexOutside(text: string, char: string, from: number, end: number): number {
  for (const at of outside(text, from, end)) if (text[at] === char) return at;
  return -1;
}

function lastIndexOutside(text: string, char: string, from: number, end: number): number {
  let last = -1;
  for (const at of outside(text, from, end)) if (text[at] === char) last = at;
  return last;
}

function splitOutside(text: string, char: string, from: number, end: number): readonly (readonly [number, number])[] {
  if (from >= end) return [];
  const ranges: [number, number][] = [];
  let start = from;
  for (const at of outside(text, from, end)) {
    if (text[at] !== char) continue;
    ranges.push([start, at]);
    start = at + 1;
  }
  return [...ranges, [start, end]];
}

type Field = 'host' | 'port' | 'user' | 'password' | 'database' | 'sslmode';

const libpqFields: Readonly<Record<string, Field>> = {
  host: 'host',
  hostaddr: 'host',
  port: 'port',
  user: 'user',
  password: 'password',
  dbname: 'database',
  sslmode: 'sslmode',
};
/** Words that libpq knows besides; they keep a string together. */
const libpqOther =
  'passfile|service|application_name|fallback_application_name|connect_timeout|client_encoding|options|sslcert|sslkey|sslrootcert|' +
  'sslcrl|sslcompression|sslsni|requirepeer|krbsrvname|gssencmode|channel_binding|target_session_attrs|keepalives\\w*|' +
  'tcp_user_timeout|replication|require_auth|load_balance_hosts|sslpassword|sslnegotiation|ssl_min_protocol_version';
const libpqNames = `${Object.keys(libpqFields).join('|')}|${libpqOther}`;
const libpqPair = new RegExp(
  String.raw`(?<![\w.-])(${libpqNames})[ \t]*=[ \t]*(?!(?:${libpqNames})[ \t]*=)` +
    String.raw`('(?:[^'\\\n]|\\.|'')*'|(?:${expansion}|[^\s'"\`;,&]|,(?!\s|\w+=|$))+)`,
  'g',
);

function* keywordStrings(text: string): Generator<ConnectionString> {
  if (!/(?:host|hostaddr|user|dbname)[ \t]*=/.test(text)) return;
  const pairs = [...pairsOf(text, libpqPair, name => libpqFields[name])];
  yield* grouped(
    text,
    pairs,
    'keywords',
    /^[ \t]+$/,
    found => found.has('host') || found.has('database') || found.has('user'),
  );
}

const dotnetFields: Readonly<Record<string, Field>> = {
  host: 'host',
  server: 'host',
  port: 'port',
  username: 'user',
  'user name': 'user',
  'user id': 'user',
  uid: 'user',
  userid: 'user',
  user: 'user',
  password: 'password',
  pwd: 'password',
  database: 'database',
  db: 'database',
  'initial catalog': 'database',
  'ssl mode': 'sslmode',
  sslmode: 'sslmode',
};
const dotnetPair = new RegExp(
  String.raw`(?<![\w.-])([A-Za-z][A-Za-z ]{0,30}?)[ \t]*=[ \t]*((?:${expansion}|[^;"'\`\n=])*)`,
  'g',
);

function* dotnetStrings(text: string): Generator<ConnectionString> {
  if (!text.includes(';') || !/(?:host|server)[ \t]*=/i.test(text)) return;
  const pairs = [...pairsOf(text, dotnetPair, name => dotnetFields[name.trim().toLowerCase()])];
  yield* grouped(
    text,
    pairs,
    'dotnet',
    /^;[ \t]*$/,
    found => found.has('host') && (found.has('user') || found.has('database')),
  );
}

interface Pair {
  readonly field: Field | undefined;
  readonly value: ConnectionPart | undefined;
  readonly start: number;
  readonly end: number;
}

function* pairsOf(text: string, pattern: RegExp, fieldOf: (name: string) => Field | undefined): Generator<Pair> {
  for (const match of text.matchAll(pattern)) {
    // The value ends the match.
    const end = match.index + match[0].length;
    const start = end - (match[2] ?? '').length;
    const value = text[start] === "'" ? part(text, start + 1, end - 1) : trimmedPart(text, start, end);
    yield { field: fieldOf(match[1] ?? ''), value, start: match.index, end };
  }
}

function trimmedPart(text: string, start: number, end: number): ConnectionPart | undefined {
  return part(text, start, start + text.slice(start, end).trimEnd().length);
}

/** Pairs that stand side by side are one string; two of them at least, one a part that names a database server. */
function* grouped(
  text: string,
  pairs: readonly Pair[],
  kind: ConnectionString['kind'],
  between: RegExp,
  enough: (found: ReadonlyMap<Field, ConnectionPart>) => boolean,
): Generator<ConnectionString> {
  let group: Pair[] = [];
  const finish = (): ConnectionString | undefined => {
    const found = new Map<Field, ConnectionPart>();
    for (const { field, value } of group) if (field !== undefined && value !== undefined) found.set(field, value);
    const [first, last] = [group[0], group.at(-1)];
    if (first === undefined || last === undefined || group.length < 2 || !enough(found)) return undefined;
    return fromFields(text, kind, first.start, last.end, found);
  };
  for (const pair of pairs) {
    const before = group.at(-1);
    if (before !== undefined && !between.test(text.slice(before.end, pair.start))) {
      const found = finish();
      if (found !== undefined) yield found;
      group = [];
    }
    group.push(pair);
  }
  const found = finish();
  if (found !== undefined) yield found;
}

function fromFields(
  text: string,
  kind: ConnectionString['kind'],
  start: number,
  end: number,
  found: ReadonlyMap<Field, ConnectionPart>,
): ConnectionString {
  const host = found.get('host');
  const hosts =
    host === undefined ? [] : splitOutside(text, ',', host.start, host.end).flatMap(([a, b]) => part(text, a, b) ?? []);
  return {
    kind,
    start,
    end,
    host: hosts[0],
    hosts,
    port: found.get('port'),
    user: found.get('user'),
    password: found.get('password'),
    database: found.get('database'),
    sslmode: found.get('sslmode'),
  };
}
