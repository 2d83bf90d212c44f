/** One line of pg_hba.conf as PostgreSQL judges it: a record, a directive that reads other files, or an error. */
import { type IpBytes, maskOf, parseIpAddress } from './ip-address.ts';
import { type HbaLine, type HbaToken } from './pg-hba-lexer.ts';
import { combinationError, type HbaOption, methodError, optionsError } from './pg-hba-methods.ts';
import { regexError } from './postgresql-regex.ts';

export type HbaConnectionType = 'local' | 'host' | 'hostssl' | 'hostnossl' | 'hostgssenc' | 'hostnogssenc';

/** Who a record of a `host…` type is for. */
export type HbaAddress =
  | { readonly kind: 'all' | 'samehost' | 'samenet'; readonly token: HbaToken }
  /** A host name, compared with the client's; with `suffix` (`.example.com`) any host below it. `*` is only a name. */
  | { readonly kind: 'name'; readonly suffix: boolean; readonly token: HbaToken }
  | { readonly kind: 'network'; readonly address: IpBytes; readonly mask: IpBytes; readonly token: HbaToken };

export interface HbaRecord {
  readonly type: HbaConnectionType;
  readonly typeToken: HbaToken;
  readonly databases: readonly HbaToken[];
  readonly users: readonly HbaToken[];
  /** Undefined for `local`. */
  readonly address: HbaAddress | undefined;
  /** The mask, where it is a field of its own. */
  readonly netmask: HbaToken | undefined;
  /** As written. */
  readonly method: HbaToken;
  /** What the server makes of it: `ident` on a local socket is `peer`. */
  readonly authMethod: string;
  readonly options: readonly HbaOption[];
  /** Number of the line it begins on, from 1. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** A line that PostgreSQL refuses; one is enough for it not to start. */
export interface HbaError {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** As PostgreSQL words it. */
  readonly message: string;
  /** Which field is wrong; for a field that lacks, the one that lacks. */
  readonly field: HbaField;
  /** The connection type of a line whose options are wrong. */
  readonly type: HbaConnectionType | undefined;
  /** Only the server's log says so; the view pg_hba_file_rules leaves its column `error` as it was. */
  readonly onlyLogged: boolean;
}
export type HbaField = 'line' | 'type' | 'database' | 'user' | 'address' | 'netmask' | 'method' | 'option';

/** A directive that reads other files (16 and later). */
export interface HbaInclude {
  readonly directive: 'include' | 'include_if_exists' | 'include_dir';
  readonly path: HbaToken;
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** What the verdict on a record may depend on besides the file; what is undefined is not judged. */
export interface HbaSurroundings {
  /** Whether a file or directory that the file names (`@name`, `include`) is there. */
  readonly exists?: ((path: string) => boolean) | undefined;
  /** The parameter oauth_validator_libraries, as a list. */
  readonly oauthValidators?: readonly string[] | undefined;
}

/** What a server of `major` makes of a line. */
export function readLine(
  line: HbaLine,
  major: number,
  surroundings: HbaSurroundings,
): HbaRecord | HbaError | HbaInclude {
  if (line.error !== undefined) return errorAt(line, line, 'line', line.error);
  const missing = line.fields.flat().find(t => t.file && surroundings.exists?.(t.text.slice(1)) === false);
  if (missing !== undefined) return errorAt(line, missing, 'line', missingFile(missing.text, major));
  return readInclude(line, major, surroundings) ?? readRecord(line, major, surroundings);
}

function missingFile(token: string, major: number): string {
  const path = token.slice(1);
  return major >= 16
    ? `could not open file "${path}": No such file or directory`
    : `could not open secondary authentication file "${token}" as "${path}": No such file or directory`;
}

function readInclude(line: HbaLine, major: number, { exists }: HbaSurroundings): HbaInclude | HbaError | undefined {
  const [first, second] = line.fields.map(field => field[0]);
  const directive = first?.text;
  if (major < 16 || line.fields.length !== 2 || second === undefined) return undefined;
  if (directive !== 'include' && directive !== 'include_if_exists' && directive !== 'include_dir') return undefined;
  if (directive !== 'include_if_exists' && exists?.(second.text) === false) {
    const message =
      directive === 'include'
        ? `could not open file "${second.text}": No such file or directory`
        : `could not open directory "${second.text}"`;
    return errorAt(line, second, 'line', message);
  }
  return { directive, path: second, line: line.line, start: line.start, end: line.end };
}

function readRecord(line: HbaLine, major: number, surroundings: HbaSurroundings): HbaRecord | HbaError {
  const fields = line.fields.values();
  const [typeToken, ...moreTypes] = fields.next().value ?? [];
  if (typeToken === undefined) return errorAt(line, line, 'type', 'end-of-line before connection type');
  if (moreTypes.length > 0) return many(line, [typeToken, ...moreTypes], 'type', 'connection type');
  if (!isConnectionType(typeToken.text, major)) {
    return errorAt(line, typeToken, 'type', `invalid connection type "${typeToken.text}"`);
  }
  const type = typeToken.text;

  const databases = fields.next().value;
  if (databases === undefined) return lacks(line, 'database', 'database specification');
  const badDatabase = badRegex(line, databases, major, 'database');
  if (badDatabase !== undefined) return badDatabase;
  const users = fields.next().value;
  if (users === undefined) return lacks(line, 'user', 'role specification');
  const badUser = badRegex(line, users, major, 'user');
  if (badUser !== undefined) return badUser;

  const where = type === 'local' ? {} : readAddress(line, fields);
  if ('message' in where) return where;

  const methods = fields.next().value;
  const [method] = methods ?? [];
  if (methods === undefined || method === undefined) return lacks(line, 'method', 'authentication method');
  if (methods.length > 1) return many(line, methods, 'method', 'authentication type');
  const wrongMethod = methodError(method.text, type, major);
  if (wrongMethod !== undefined) return errorAt(line, method, 'method', wrongMethod);
  const authMethod = type === 'local' && method.text === 'ident' ? 'peer' : method.text;

  const given = [...fields].flat();
  const malformed = given.find(token => !token.text.includes('='));
  const options = (malformed === undefined ? given : given.slice(0, given.indexOf(malformed))).map(optionOf);
  const use = { type, method: authMethod, options, major, oauthValidators: surroundings.oauthValidators };
  const wrong = optionsError(use);
  if (wrong !== undefined) {
    const { option, message, onlyLogged = false } = wrong;
    return { ...errorAt(line, option.token, 'option', message), onlyLogged, type };
  }
  if (malformed !== undefined) {
    return errorAt(line, malformed, 'option', `authentication option not in name=value format: ${malformed.text}`);
  }
  const incompatible = combinationError(use);
  if (incompatible !== undefined) {
    const { message, onlyLogged = false } = incompatible;
    return { ...errorAt(line, method, 'method', message), onlyLogged, type };
  }
  const { line: number, start, end } = line;
  const { address, netmask } = where;
  return { type, typeToken, databases, users, address, netmask, method, authMethod, options, line: number, start, end };
}

function optionOf(token: HbaToken): HbaOption {
  const equals = token.text.indexOf('=');
  return { name: token.text.slice(0, equals), value: token.text.slice(equals + 1), token };
}

function isConnectionType(text: string, major: number): text is HbaConnectionType {
  if (text === 'hostgssenc' || text === 'hostnogssenc') return major >= 12;
  return text === 'local' || text === 'host' || text === 'hostssl' || text === 'hostnossl';
}

function badRegex(
  line: HbaLine,
  tokens: readonly HbaToken[],
  major: number,
  field: 'database' | 'user',
): HbaError | undefined {
  if (major < 16) return undefined;
  for (const token of tokens) {
    const error = token.text.startsWith('/') ? regexError(token.text.slice(1)) : undefined;
    if (error !== undefined) {
      return errorAt(line, token, field, `invalid regular expression "${token.text.slice(1)}": ${error}`);
    }
  }
  return undefined;
}

interface Where {
  readonly address?: HbaAddress;
  readonly netmask?: HbaToken;
}

function readAddress(line: HbaLine, fields: Iterator<readonly HbaToken[]>): Where | HbaError {
  const tokens: readonly HbaToken[] | undefined = fields.next().value;
  const [token] = tokens ?? [];
  if (tokens === undefined || token === undefined) return lacks(line, 'address', 'IP address specification');
  if (tokens.length > 1) return many(line, tokens, 'address', 'host address');
  const { keyword, text } = token;
  if (keyword === 'all' || keyword === 'samehost' || keyword === 'samenet')
    return { address: { kind: keyword, token } };

  const slash = text.indexOf('/');
  const host = slash < 0 ? text : text.slice(0, slash);
  const address = parseIpAddress(host);
  if (address === undefined) {
    return slash < 0
      ? { address: { kind: 'name', suffix: host.startsWith('.'), token } }
      : errorAt(line, token, 'address', `specifying both host name and CIDR mask is invalid: "${text}"`);
  }
  if (slash >= 0) {
    const mask = cidrMask(address, text.slice(slash + 1));
    return mask === undefined
      ? errorAt(line, token, 'address', `invalid CIDR mask in address "${text}"`)
      : { address: { kind: 'network', address, mask, token } };
  }

  const masks: readonly HbaToken[] | undefined = fields.next().value;
  const [netmask] = masks ?? [];
  if (masks === undefined || netmask === undefined) return lacks(line, 'netmask', 'netmask specification');
  if (masks.length > 1) return many(line, masks, 'netmask', 'netmask');
  const mask = parseIpAddress(netmask.text);
  if (mask === undefined) {
    return errorAt(line, netmask, 'netmask', `invalid IP mask "${netmask.text}": Name or service not known`);
  }
  if (mask.length !== address.length) {
    return errorAt(line, netmask, 'netmask', 'IP address and mask do not match');
  }
  return { address: { kind: 'network', address, mask, token }, netmask };
}

/** The number after the slash as `strtol` reads it: blanks before it and a sign are allowed. */
function cidrMask(address: IpBytes, text: string): IpBytes | undefined {
  const bits = /^[ \t\n\v\f\r]*[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  return bits >= 0 && bits <= address.length * 8 ? maskOf(address.length, bits) : undefined;
}

type Place = Pick<HbaToken, 'start' | 'end'>;

function errorAt(line: HbaLine, { start, end }: Place, field: HbaField, message: string): HbaError {
  return { line: line.line, start, end, message, field, type: undefined, onlyLogged: false };
}

function lacks(line: HbaLine, field: HbaField, what: string): HbaError {
  return errorAt(line, line, field, `end-of-line before ${what}`);
}

function many(line: HbaLine, tokens: readonly HbaToken[], field: HbaField, what: string): HbaError {
  const place = { start: tokens[0]?.start ?? line.start, end: tokens.at(-1)?.end ?? line.end };
  return errorAt(line, place, field, `multiple values specified for ${what}`);
}
