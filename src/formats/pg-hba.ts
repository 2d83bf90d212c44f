/**
 * Reads pg_hba.conf as the server of a given major does: the same records, the same errors in the same words.
 * What depends on how the server was built (ldap, gss, sspi, pam, bsd) is taken for present.
 */
import { formatIpAddress } from './ip-address.ts';
import { lexHba } from './pg-hba-lexer.ts';
import { ldapUrlParts } from './pg-hba-methods.ts';
import {
  type HbaAddress,
  type HbaError,
  type HbaInclude,
  type HbaRecord,
  type HbaSurroundings,
  readLine,
} from './pg-hba-record.ts';

export type { HbaKeyword, HbaToken } from './pg-hba-lexer.ts';
export type { HbaOption } from './pg-hba-methods.ts';
export type {
  HbaAddress,
  HbaConnectionType,
  HbaError,
  HbaField,
  HbaInclude,
  HbaRecord,
  HbaSurroundings,
} from './pg-hba-record.ts';

export interface ParsedHba {
  /** The records that PostgreSQL accepts, in their order: the first that matches a connection decides. */
  readonly records: readonly HbaRecord[];
  /** One error is enough for the server not to start, and so is a file without any record. */
  readonly errors: readonly HbaError[];
  readonly includes: readonly HbaInclude[];
}

/** Reads the text of a pg_hba.conf for a server of `major`; never throws. */
export function parseHba(text: string, major: number, surroundings: HbaSurroundings = {}): ParsedHba {
  const records: HbaRecord[] = [];
  const errors: HbaError[] = [];
  const includes: HbaInclude[] = [];
  for (const line of lexHba(text, major)) {
    const read = readLine(line, major, surroundings);
    if ('message' in read) errors.push(read);
    else if ('directive' in read) includes.push(read);
    else records.push(read);
  }
  return { records, errors, includes };
}

/** A row of the view pg_hba_file_rules, with its own column names. */
export interface HbaFileRule {
  readonly line_number: number;
  readonly type: string | null;
  readonly database: readonly string[] | null;
  readonly user_name: readonly string[] | null;
  readonly address: string | null;
  readonly netmask: string | null;
  readonly auth_method: string | null;
  readonly options: readonly string[] | null;
  readonly error: string | null;
}

export interface HbaServer extends HbaSurroundings {
  /** The parameter `ssl`: while it is off, as it is by default, the view says of a hostssl record that it cannot match. */
  readonly ssl?: boolean | undefined;
}

/** What `select * from pg_hba_file_rules` shows of the file; of a server with default settings unless told otherwise. */
export function inspectHba(
  text: string,
  major: number,
  server: HbaServer = {},
): { readonly records: readonly HbaFileRule[] } {
  const { records, errors } = parseHba(text, major, { oauthValidators: [], ...server });
  const noSsl = server.ssl === true ? null : 'hostssl record cannot match because SSL is disabled';
  const rules = records.map(record => ruleOf(record, major, record.type === 'hostssl' ? noSsl : null));
  const refused = errors.map(error => refusedRule(error, noSsl));
  return { records: [...rules, ...refused].sort((a, b) => a.line_number - b.line_number) };
}

function refusedRule(error: HbaError, noSsl: string | null): HbaFileRule {
  const nothing = { type: null, database: null, user_name: null, address: null, netmask: null, auth_method: null };
  const shown = error.onlyLogged && error.type === 'hostssl' ? (noSsl ?? error.message) : error.message;
  return { line_number: error.line, ...nothing, options: null, error: shown };
}

function ruleOf(record: HbaRecord, major: number, error: string | null): HbaFileRule {
  return {
    line_number: record.line,
    type: record.type,
    database: record.databases.map(token => token.text),
    user_name: record.users.map(token => token.text),
    ...addressColumns(record.address),
    auth_method: record.authMethod,
    options: optionColumn(record, major),
    error,
  };
}

function addressColumns(address: HbaAddress | undefined): Pick<HbaFileRule, 'address' | 'netmask'> {
  if (address === undefined) return { address: null, netmask: null };
  if (address.kind !== 'network') return { address: address.token.text, netmask: null };
  return { address: formatIpAddress(address.address), netmask: formatIpAddress(address.mask) };
}

/** In the view's own order, with what the method implies and without what it does not show. */
const shownOptions: readonly string[] = (
  'include_realm krb_realm map clientcert pamservice ldapserver ldapport ldapscheme ldaptls ldapprefix ' +
  'ldapsuffix ldapbasedn ldapbinddn ldapbindpasswd ldapsearchattribute ldapsearchfilter ldapscope ' +
  'radiusservers radiussecrets radiusidentifiers radiusports issuer scope validator ' +
  'delegate_ident_mapping'
).split(' ');

function optionColumn(record: HbaRecord, major: number): readonly string[] | null {
  const effective = effectiveOptions(record, major);
  const shown = shownOptions.filter(name => effective.has(name)).map(name => `${name}=${effective.get(name)}`);
  return shown.length > 0 ? shown : null;
}

const switches = new Set(['include_realm', 'ldaptls', 'delegate_ident_mapping']);

function effectiveOptions(record: HbaRecord, major: number): ReadonlyMap<string, string> {
  const { authMethod } = record;
  const effective = new Map<string, string>();
  if (authMethod === 'gss' || authMethod === 'sspi') effective.set('include_realm', 'true');
  for (const { name, value } of record.options) {
    if (authMethod === 'ldap') effective.set('ldapscope', '2');
    if (name === 'ldapurl') {
      for (const [part, text] of ldapUrlParts(value)) effective.set(part, text);
    } else if (switches.has(name)) {
      if (value === '1') effective.set(name, 'true');
      else effective.delete(name);
    } else if (name === 'ldapport') {
      effective.set(name, String(Number.parseInt(value, 10)));
    } else if (name === 'clientcert') {
      setClientCert(effective, value, major);
    } else {
      effective.set(name, value);
    }
  }
  if (authMethod === 'cert') effective.set('clientcert', major < 12 ? 'true' : 'verify-full');
  if (effective.get('ldapscope') === '0') effective.delete('ldapscope');
  if (major < 11) effective.delete('ldapscheme');
  return effective;
}

function setClientCert(effective: Map<string, string>, value: string, major: number): void {
  if (value === '0' || value === 'no-verify' || (major < 12 && value !== '1')) effective.delete('clientcert');
  else if (major < 12) effective.set('clientcert', 'true');
  else effective.set('clientcert', value === '1' ? 'verify-ca' : value);
}
