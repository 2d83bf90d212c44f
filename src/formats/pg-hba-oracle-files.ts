/** Makes pg_hba.conf files for tests: the same for the same seed, half right and half wrong in every way that the format knows. */

/** A small generator of numbers in [0, 1) that gives the same sequence for the same seed. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Dice {
  readonly next: () => number;
  pick<T>(from: readonly T[]): T;
  chance(probability: number): boolean;
}

function dice(seed: number): Dice {
  const next = random(seed);
  return {
    next,
    pick: from => from[Math.floor(next() * from.length)] as (typeof from)[number],
    chance: probability => next() < probability,
  };
}

/** `count` files of one to twelve lines. */
export function hbaFiles(count: number, seed: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const roll = dice(seed * 1_000_003 + index);
    const lines = Array.from({ length: 1 + Math.floor(roll.next() * 12) }, () => line(roll));
    return lines.join(roll.chance(0.05) ? '\r\n' : '\n') + (roll.chance(0.8) ? '\n' : '');
  });
}

const types = ['local', 'host', 'hostssl', 'hostnossl', 'hostgssenc', 'hostnogssenc'];
const wrongTypes = [
  'LOCAL',
  'Host',
  'hosts',
  '-',
  'include',
  'include_dir',
  'include_if_exists',
  '"host"',
  'host,hostssl',
  '@types',
  '""',
];
const names = [
  'all',
  'replication',
  'sameuser',
  'samerole',
  'samegroup',
  'app',
  'ALL',
  'postgres',
  '+admins',
  'a b',
  '@dbs',
  'ünï',
  '*',
  '%',
  '/^app',
  '/a(b',
  '/[a',
  '/a{2',
  'x"y',
  'a#b',
  'a,b',
  '',
];
const addresses = [
  'all',
  'samehost',
  'samenet',
  'ALL',
  '*',
  'localhost',
  '.example.com',
  'db.example.com',
  'db.example.com/32',
  '0.0.0.0/0',
  '::/0',
  '127.0.0.1/32',
  '::1/128',
  '10.0.0.0/8',
  '10.0.0/8',
  '10/8',
  '10.1/16',
  '10.0.0.0/33',
  '10.0.0.0/-1',
  '10.0.0.0/+8',
  '10.0.0.0/',
  '10.0.0.0/8x',
  '300.0.0.1/32',
  '010.0.0.1/32',
  '0x0a.0.0.1/32',
  '1.2.3.4.5/32',
  '1.2.3.256/32',
  '16909060/32',
  '4294967296/32',
  '1.2.3./24',
  '08.1.1.1/8',
  '2001:db8::/32',
  '2001:DB8::1/129',
  '::ffff:10.0.0.1/104',
  '::10.0.0.1/96',
  '1:2:3:4:5:6:7:8/64',
  '1:2:3:4:5:6:7::/64',
  '::2:3:4:5:6:7:8/64',
  '1::2::3/64',
  '12345::/16',
  ':::/0',
  '1:2:3:4:5:6:7:8:9/64',
  'fe80::1%1/64',
  '::1.2.3/96',
  '::01.2.3.4/96',
  'fe80::/10',
  '1:0:0:2:0:0:0:3/64',
  '/24',
  '',
  '"all"',
  '"samenet"',
  '0/0',
  '@addresses',
  '10.0.0.0/8/8',
  '0.0.0.0',
  '::',
  '1:0:3:0:5:0:7:0/128',
  '0:0:1::/48',
  '/^host',
];
const masked = [
  '10.0.0.0 255.0.0.0',
  '10.0.0.1 255.255.255.255',
  '10.0.0.0 8',
  '10.0.0.0 255.0.255.0',
  '::1 ffff:ffff::',
  '10.0.0.0 ffff::',
  '10.0.0.0 all',
  '10.0.0.0 x,y',
  '10.0.0.0 1.2.3.256',
  '10.0.0.0',
];
const methods = [
  'trust',
  'reject',
  'scram-sha-256',
  'md5',
  'password',
  'peer',
  'ident',
  'cert',
  'gss',
  'sspi',
  'ldap',
  'radius',
  'pam',
  'bsd',
  'oauth',
];
const wrongMethods = [
  'TRUST',
  'scram',
  'sha256',
  'md5;',
  'md5,trust',
  '"md5"',
  '""',
  'crypt',
  'krb5',
  '@methods',
  'scram-sha-256#x',
];
const options = [
  'map=x',
  'map=""',
  'clientcert=verify-ca',
  'clientcert=verify-full',
  'clientcert=1',
  'clientcert=0',
  'clientcert=no-verify',
  'clientcert=',
  'clientname=CN',
  'clientname=DN',
  'clientname=x',
  'pamservice=pg',
  'pam_use_hostname=1',
  'krb_realm=R',
  'include_realm=0',
  'include_realm=1',
  'compat_realm=1',
  'upn_username=0',
  'foo',
  'foo=bar',
  '=x',
  'toString=1',
  '"map=a b"',
  'map="a b"',
  'map=a,b=c',
  'map=a=b',
  'MAP=x',
];
const ldapOptions = [
  'ldapurl=ldap://h/dc=x?uid?sub',
  'ldapurl="ldaps://h:1636/dc=x?uid,cn?one?(a=b)"',
  'ldapurl=ldap://h',
  'ldapurl=ldapi://h/dc=x',
  'ldapurl="ldap://h/dc=x%20y???"',
  'ldapurl=http://h',
  'ldapurl="ldap:///dc=y??base"',
  'ldapserver=h',
  'ldapport=389',
  'ldapport=0',
  'ldapport=x',
  'ldapport=12x',
  'ldaptls=1',
  'ldaptls=0',
  'ldapscheme=ldaps',
  'ldapscheme=x',
  'ldapbasedn="dc=x"',
  'ldapbinddn=cn',
  'ldapbindpasswd=p',
  'ldapsearchattribute=uid',
  'ldapsearchfilter="(uid=$username)"',
  'ldapprefix="cn="',
  'ldapsuffix=", dc=x"',
];
const radiusOptions = [
  'radiusservers=127.0.0.1',
  'radiusservers="127.0.0.1,127.0.0.2"',
  'radiusservers=""',
  'radiusservers="127.0.0.1,"',
  'radiussecrets=s',
  'radiussecrets="a,b"',
  'radiussecrets="""a,b"",c"',
  'radiussecrets=","',
  'radiusports=1812',
  'radiusports="1,2"',
  'radiusports=x',
  'radiusports=" , "',
  'radiusidentifiers=i',
  'radiusidentifiers="i j"',
  'radiusidentifiers="i,j"',
  'radiussecrets="""open"',
];
const oauthOptions = [
  'issuer=https://x',
  'scope="openid email"',
  'validator=v',
  'delegate_ident_mapping=1',
  'delegate_ident_mapping=0',
  'map=x',
];

function line(roll: Dice): string {
  const kind = roll.next();
  if (kind < 0.04)
    return roll.pick([
      '',
      '   ',
      '# comment',
      '\t# host all all all trust',
      ',',
      ' , ,',
      '\\',
      '""',
      '"',
      '@file',
      'include other',
      'include_dir d',
      'include_if_exists gone',
      'include a b',
      'include a,b c',
      '"include" x',
    ]);
  if (kind < 0.06) return junk(roll);
  const text = record(roll);
  if (roll.chance(0.04)) return `${text} \\`;
  if (roll.chance(0.02)) return text.replace(' ', ' \\\n ');
  if (roll.chance(0.02)) return text.slice(0, Math.floor(roll.next() * text.length));
  if (roll.chance(0.02)) return `${text} # host all all all trust`;
  return text;
}

function junk(roll: Dice): string {
  const alphabet = ['host', 'all', ' ', ' ', '"', '""', ',', '#', '\\', '\t', '\r', '@', '=', '/', '0', 'é', '.', '+'];
  return Array.from({ length: 1 + Math.floor(roll.next() * 14) }, () => roll.pick(alphabet)).join('');
}

function record(roll: Dice): string {
  const type = roll.chance(0.05) ? roll.pick(wrongTypes) : roll.pick(types);
  const fields = [type, nameList(roll), nameList(roll)];
  if (type !== 'local' || roll.chance(0.05)) fields.push(address(roll));
  const method = roll.chance(0.06) ? roll.pick(wrongMethods) : roll.pick(methods);
  fields.push(method, ...optionList(roll, method));
  if (roll.chance(0.04)) fields.splice(Math.floor(roll.next() * fields.length), 1);
  if (roll.chance(0.01)) fields.push('"unclosed');
  if (roll.chance(0.004)) fields[1] = 'd'.repeat(250 + Math.floor(roll.next() * 12));
  if (roll.chance(0.003)) fields[1] = 'd'.repeat(10_200 + Math.floor(roll.next() * 80));
  if (roll.chance(0.003))
    fields[2] = Array.from({ length: 820 + Math.floor(roll.next() * 20) }, () => 'abcdefgh,x').join(',');
  return fields.join(roll.chance(0.2) ? roll.pick(['\t', '   ', ' \t ', ' \r ']) : ' ');
}

function nameList(roll: Dice): string {
  const count = roll.chance(0.8) ? 1 : 1 + Math.floor(roll.next() * 3);
  const list = Array.from({ length: count }, () => spelled(roll, roll.chance(0.5) ? 'all' : roll.pick(names)));
  return (
    (roll.chance(0.03) ? ',' : '') + list.join(roll.pick([',', ',', ', ', ' ,', ',,'])) + (roll.chance(0.03) ? ',' : '')
  );
}

function spelled(roll: Dice, word: string): string {
  if (word === '' || /[ "#,]/.test(word) ? roll.chance(0.8) : roll.chance(0.1))
    return `"${word.replaceAll('"', '""')}"`;
  if (roll.chance(0.02)) return `${word.slice(0, 1)}"${word.slice(1)}"`;
  return word;
}

function address(roll: Dice): string {
  if (roll.chance(0.2)) return roll.pick(masked);
  if (roll.chance(0.2)) {
    const groups = Array.from({ length: 8 }, () =>
      roll.chance(0.5) ? '0' : Math.floor(roll.next() * 65_536).toString(16),
    );
    return `${groups.join(':')}/${Math.floor(roll.next() * 129)}`;
  }
  return spelled(roll, roll.pick(addresses));
}

function optionList(roll: Dice, method: string): readonly string[] {
  const own: Readonly<Record<string, readonly string[]>> = {
    ldap: ldapOptions,
    radius: radiusOptions,
    oauth: oauthOptions,
  };
  const pool = own[method] ?? options;
  const count =
    own[method] === undefined ? (roll.chance(0.75) ? 0 : 1 + Math.floor(roll.next() * 2)) : Math.floor(roll.next() * 5);
  const chosen = Array.from({ length: count }, () => (roll.chance(0.1) ? roll.pick(options) : roll.pick(pool)));
  if (method === 'radius' && roll.chance(0.5))
    return ['radiusservers="127.0.0.1,127.0.0.2"', 'radiussecrets="a,b"', ...chosen];
  return chosen;
}
