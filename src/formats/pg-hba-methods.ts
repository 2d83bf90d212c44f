/** Authentication methods of pg_hba.conf and their options: which are known to a major, and what must go together. */
import type { HbaToken } from './pg-hba-lexer.ts';

/** `name=value` after the method. */
export interface HbaOption {
  readonly name: string;
  readonly value: string;
  readonly token: HbaToken;
}

export interface OptionProblem {
  readonly option: HbaOption;
  /** As the view pg_hba_file_rules words it; secrets of RADIUS are left out. */
  readonly message: string;
  /** PostgreSQL refuses the line but only its log says why: the view shows no error. */
  readonly onlyLogged?: boolean;
}

export interface MethodUse {
  readonly type: string;
  readonly method: string;
  readonly options: readonly HbaOption[];
  readonly major: number;
  /** The parameter oauth_validator_libraries; undefined where it is not known. */
  readonly oauthValidators: readonly string[] | undefined;
}

const methods: ReadonlySet<string> = new Set(
  'trust reject scram-sha-256 md5 password peer ident cert gss sspi ldap radius pam bsd'.split(' '),
);

/** Why a record of `type` cannot use the method; undefined when it can. */
export function methodError(method: string, type: string, major: number): string | undefined {
  if (!methods.has(method) && !(method === 'oauth' && major >= 18)) return `invalid authentication method "${method}"`;
  if (type === 'local' && method === 'gss') return 'gssapi authentication is not supported on local sockets';
  if (type !== 'local' && method === 'peer') return 'peer authentication is only supported on local sockets';
  if (type !== 'hostssl' && method === 'cert') return 'cert authentication is only supported on hostssl connections';
  return undefined;
}

/** The first option that the server refuses by itself; undefined when all are well. */
export function optionsError(use: MethodUse): OptionProblem | undefined {
  for (const option of use.options) {
    const wrong = optionError(option, use);
    if (wrong !== undefined) return { option, ...wrong };
  }
  return undefined;
}

/** What the server says, and where. */
export type Wrong = Omit<OptionProblem, 'option'>;

/** Which methods take an option, and since when it is known. */
interface OptionRule {
  readonly methods: readonly string[];
  /** How PostgreSQL lists them, where that is not their one name. */
  readonly listed?: (major: number) => string;
  readonly since?: number;
}

const gssapi = { methods: ['gss', 'sspi'], listed: () => 'gssapi and sspi' };
const optionRules: Readonly<Record<string, OptionRule>> = {
  map: {
    methods: ['ident', 'peer', 'gss', 'sspi', 'cert', 'oauth'],
    listed: major =>
      major >= 18 ? 'ident, peer, gssapi, sspi, cert, and oauth' : 'ident, peer, gssapi, sspi, and cert',
  },
  krb_realm: gssapi,
  include_realm: gssapi,
  ...forMethod('sspi', ['compat_realm', 'upn_username']),
  ...forMethod('pam', ['pamservice', 'pam_use_hostname']),
  ...forMethod('ldap', ['ldapurl', 'ldaptls', 'ldapserver', 'ldapport', 'ldapbinddn', 'ldapbindpasswd']),
  ...forMethod('ldap', ['ldapsearchattribute', 'ldapbasedn', 'ldapprefix', 'ldapsuffix']),
  ...forMethod('ldap', ['ldapscheme', 'ldapsearchfilter'], 11),
  ...forMethod('radius', ['radiusservers', 'radiussecrets', 'radiusports', 'radiusidentifiers']),
  ...forMethod('oauth', ['issuer', 'scope', 'validator', 'delegate_ident_mapping'], 18),
};

function forMethod(method: string, names: readonly string[], since = 0): Record<string, OptionRule> {
  return Object.fromEntries(names.map(name => [name, { methods: [method], since }]));
}

function optionError(option: HbaOption, use: MethodUse): Wrong | undefined {
  const { name, value } = option;
  if (name === 'clientcert') return clientCertError(value, use);
  if (name === 'clientname' && use.major >= 14) return clientNameError(value, use);
  const rule = Object.hasOwn(optionRules, name) ? optionRules[name] : undefined;
  if (rule === undefined || use.major < (rule.since ?? 0)) {
    return { message: `unrecognized authentication option name: "${name}"` };
  }
  if (!rule.methods.includes(use.method)) {
    const listed = rule.listed?.(use.major) ?? rule.methods.join(', ');
    return { message: `authentication option "${name}" is only valid for authentication methods ${listed}` };
  }
  return valueError(name, value, use.major);
}

function clientCertError(value: string, { type, method, major }: MethodUse): Wrong | undefined {
  if (type !== 'hostssl') return { message: 'clientcert can only be configured for "hostssl" rows' };
  if (major < 12) {
    return value !== '1' && method === 'cert'
      ? { message: 'clientcert can not be set to 0 when using "cert" authentication' }
      : undefined;
  }
  if (value === 'verify-full') return undefined;
  if (value === 'verify-ca') {
    return major >= 14 && method === 'cert'
      ? { message: 'clientcert can only be set to "verify-full" when using "cert" authentication' }
      : undefined;
  }
  if (major < 14) {
    if (value === '1') return undefined;
    if (value === '0' || value === 'no-verify') {
      const cannot = major === 12 ? 'can not' : 'cannot';
      return method === 'cert'
        ? { message: `clientcert ${cannot} be set to "no-verify" when using "cert" authentication` }
        : undefined;
    }
  }
  return { message: `invalid value for clientcert: "${value}"`, onlyLogged: true };
}

function clientNameError(value: string, { type }: MethodUse): Wrong | undefined {
  if (type !== 'hostssl') return { message: 'clientname can only be configured for "hostssl" rows' };
  return value === 'CN' || value === 'DN'
    ? undefined
    : { message: `invalid value for clientname: "${value}"`, onlyLogged: true };
}

function valueError(name: string, value: string, major: number): Wrong | undefined {
  if (name === 'ldapport') return atoi(value) === 0 ? { message: `invalid LDAP port number: "${value}"` } : undefined;
  if (name === 'ldapurl') return ldapUrlError(value, major);
  const list = name.startsWith('radius') ? splitList(value) : [];
  if (list === undefined) return badRadiusList(name, value);
  if (name === 'radiusports' && list.some(port => atoi(port) === 0)) {
    return { message: `invalid RADIUS port number: "${value}"`, onlyLogged: true };
  }
  return undefined;
}

function badRadiusList(name: string, value: string): Wrong {
  if (name === 'radiusports') return { message: `invalid RADIUS port number: "${value}"` };
  if (name === 'radiussecrets') return { message: 'could not parse RADIUS secret list', onlyLogged: true };
  const what = name === 'radiusservers' ? 'server' : 'identifiers';
  return { message: `could not parse RADIUS ${what} list "${value}"`, onlyLogged: true };
}

function ldapUrlError(value: string, major: number): Wrong | undefined {
  const scheme = /^<?(?:url:)?([a-z]+):\/\//i.exec(value)?.[1]?.toLowerCase();
  if (scheme === 'ldap' || (scheme === 'ldaps' && major >= 11)) return undefined;
  return scheme === 'ldapi' || scheme === 'ldaps' || scheme === 'cldap'
    ? { message: `unsupported LDAP URL scheme: ${scheme}` }
    : { message: `could not parse LDAP URL "${value}": Time limit exceeded` };
}

/** As C's atoi: the leading number, 0 where there is none. */
function atoi(text: string): number {
  return Number.parseInt(/^\s*([+-]?\d+)/.exec(text)?.[1] ?? '0', 10);
}

/** A comma-separated list as PostgreSQL splits those of settings; undefined where its syntax is wrong. */
export function splitList(text: string): readonly string[] | undefined {
  const items: string[] = [];
  const item = /[ \t\n\r\f\v]*(?:"((?:[^"]|"")*)"|([^",\s][^,\s]*))[ \t\n\r\f\v]*(,|$)/y;
  if (text.trim() === '') return items;
  for (;;) {
    const match = item.exec(text);
    if (match === null) return undefined;
    items.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '') return items;
  }
}

/** What a method lacks, or what cannot go together; undefined when all is well. */
export function combinationError(use: MethodUse): Wrong | undefined {
  const message = combinationMessage(use);
  // Before 14 the view did not learn what is wrong with the lengths of RADIUS lists.
  const onlyLogged = use.major < 14 && message?.startsWith('the number of RADIUS') === true;
  return message === undefined ? undefined : { message, onlyLogged };
}

function combinationMessage(use: MethodUse): string | undefined {
  const given = new Map(use.options.map(option => [option.name, option.value]));
  switch (use.method) {
    case 'ldap':
      return ldapError(use);
    case 'radius':
      return radiusError(given);
    case 'oauth':
      return oauthError(given, use.oauthValidators);
    default:
      return undefined;
  }
}

const requires = (method: string, argument: string): string =>
  `authentication method "${method}" requires argument "${argument}" to be set`;

function ldapError({ options, major }: MethodUse): string | undefined {
  // What a URL sets stays set, also when another URL follows.
  const given = new Set(options.flatMap(o => (o.name === 'ldapurl' ? [...ldapUrlParts(o.value).keys()] : [o.name])));
  const has = (name: string): boolean => given.has(name);
  // From 12 on OpenLDAP may find the server through DNS.
  if (major < 12 && !has('ldapserver')) return requires('ldap', 'ldapserver');
  const search = ['ldapbasedn', 'ldapbinddn', 'ldapbindpasswd', 'ldapsearchattribute', 'ldapsearchfilter'];
  if (has('ldapprefix') || has('ldapsuffix')) {
    if (search.some(has)) return mixedBindModes(major);
  } else if (!has('ldapbasedn')) {
    return 'authentication method "ldap" requires argument "ldapbasedn", "ldapprefix", or "ldapsuffix" to be set';
  }
  return has('ldapsearchattribute') && has('ldapsearchfilter')
    ? 'cannot use ldapsearchattribute together with ldapsearchfilter'
    : undefined;
}

function mixedBindModes(major: number): string {
  if (major >= 18) return 'cannot mix options for simple bind and search+bind modes';
  const filter = major >= 11 ? ' ldapsearchfilter,' : '';
  return `cannot use ldapbasedn, ldapbinddn, ldapbindpasswd, ldapsearchattribute,${filter} or ldapurl together with ldapprefix`;
}

/** The options that an LDAP URL (`ldap://host:port/basedn?attribute?scope?filter`) sets. */
export function ldapUrlParts(url: string | undefined): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  const match = /^([a-z]+):\/\/([^/:?]*)(?::(\d+))?(?:\/([^?]*)(?:\?([^?]*)(?:\?([^?]*)(?:\?([^?]*))?)?)?)?/i.exec(
    url ?? '',
  );
  if (match === null) return parts;
  const [, scheme, host, port, base, attributes, scope, filter] = match;
  parts.set('ldapscheme', (scheme ?? '').toLowerCase());
  if (host) parts.set('ldapserver', host);
  parts.set('ldapport', port ?? (scheme?.toLowerCase() === 'ldaps' ? '636' : '389'));
  if (base !== undefined) parts.set('ldapbasedn', decodeURIComponentLoosely(base));
  if (attributes) parts.set('ldapsearchattribute', decodeURIComponentLoosely(attributes.split(',')[0] ?? ''));
  const scopes: Readonly<Record<string, string>> = { base: '0', one: '1', onelevel: '1', sub: '2', subtree: '2' };
  parts.set('ldapscope', scopes[scope ?? ''] ?? '0');
  if (filter) parts.set('ldapsearchfilter', decodeURIComponentLoosely(filter));
  return parts;
}

function decodeURIComponentLoosely(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function radiusError(given: ReadonlyMap<string, string>): string | undefined {
  const count = (name: string): number => splitList(given.get(name) ?? '')?.length ?? 0;
  const servers = count('radiusservers');
  if (servers === 0) return requires('radius', 'radiusservers');
  if (count('radiussecrets') === 0) return requires('radius', 'radiussecrets');
  for (const what of ['secrets', 'ports', 'identifiers']) {
    const given = count(`radius${what}`);
    if (given > 1 && given !== servers) {
      return `the number of RADIUS ${what} (${given}) must be 1 or the same as the number of RADIUS servers (${servers})`;
    }
  }
  return undefined;
}

function oauthError(given: ReadonlyMap<string, string>, validators: readonly string[] | undefined): string | undefined {
  if (!given.has('scope')) return requires('oauth', 'scope');
  if (!given.has('issuer')) return requires('oauth', 'issuer');
  const wrong = validators && validatorError(given.get('validator'), validators);
  if (wrong !== undefined) return wrong;
  return given.get('delegate_ident_mapping') === '1' && given.has('map')
    ? 'map cannot be used in combination with delegate_ident_mapping'
    : undefined;
}

function validatorError(validator: string | undefined, libraries: readonly string[]): string | undefined {
  if (libraries.length === 0) return 'oauth_validator_libraries must be set for authentication method oauth';
  if (validator !== undefined) {
    return libraries.includes(validator)
      ? undefined
      : `validator "${validator}" is not permitted by oauth_validator_libraries`;
  }
  return libraries.length === 1
    ? undefined
    : 'authentication method "oauth" requires argument "validator" to be set when oauth_validator_libraries contains multiple options';
}
