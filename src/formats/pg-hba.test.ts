import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type HbaFileRule, inspectHba, parseHba } from './pg-hba.ts';

const first = (text: string, major = 18) => parseHba(text, major);
const message = (text: string, major = 18) => first(text, major).errors[0]?.message ?? null;

test('a record and the place of each of its tokens', () => {
  const text = '# who may come in\n  hostssl app,"my db" +team 10.1.0.0/16 cert map="a b" # why\n';
  const { records, errors } = parseHba(text, 15);
  expect(errors).toEqual([]);
  const [record] = records;
  const words = [
    record?.typeToken,
    ...(record?.databases ?? []),
    ...(record?.users ?? []),
    record?.address?.token,
    record?.method,
  ];
  expect(words.map(w => w && text.slice(w.start, w.end))).toEqual([
    'hostssl',
    'app',
    '"my db"',
    '+team',
    '10.1.0.0/16',
    'cert',
  ]);
  expect(record?.databases.map(d => [d.text, d.quoted])).toEqual([
    ['app', false],
    ['my db', true],
  ]);
  expect(record?.options.map(o => [o.name, o.value, text.slice(o.token.start, o.token.end)])).toEqual([
    ['map', 'a b', 'map="a b"'],
  ]);
  expect(record && text.slice(record.start, record.end)).toBe('hostssl app,"my db" +team 10.1.0.0/16 cert map="a b"');
  expect(record?.line).toBe(2);
});

test('places on continued lines', () => {
  const text = 'host all \\\n  app 10.0.0.0/8 \\\r\n  md5\nlocal all all peer';
  const { records } = parseHba(text, 16);
  expect(records.map(r => [r.line, text.slice(r.method.start, r.method.end)])).toEqual([
    [1, 'md5'],
    [4, 'peer'],
  ]);
  expect(parseHba(text, 13).errors.map(e => e.line)).toEqual([1, 2, 3]);
});

test.for<[string, number, string | null]>([
  ['local all all peer', 10, null],
  ['local all all ident', 18, null],
  ['LOCAL all all trust', 18, 'invalid connection type "LOCAL"'],
  ['local all all TRUST', 18, 'invalid authentication method "TRUST"'],
  ['host all all md5', 18, 'end-of-line before authentication method'],
  ['host all all 10.0.0.0 md5', 18, 'invalid IP mask "md5": Name or service not known'],
  ['host all all 10.0.0.0', 18, 'end-of-line before netmask specification'],
  ['host all all 10.0.0.0/33 md5', 18, 'invalid CIDR mask in address "10.0.0.0/33"'],
  ['host all all db.example/32 md5', 18, 'specifying both host name and CIDR mask is invalid: "db.example/32"'],
  ['host all all 10.0.0.0 ffff:: md5', 18, 'IP address and mask do not match'],
  ['hostgssenc all all all trust', 11, 'invalid connection type "hostgssenc"'],
  ['hostgssenc all all all trust', 12, null],
  ['host all all all oauth issuer=i scope=s', 17, 'invalid authentication method "oauth"'],
  ['host all all all oauth issuer=i scope=s', 18, null],
  ['host all all all oauth', 18, 'authentication method "oauth" requires argument "scope" to be set'],
  ['include other.conf', 15, 'invalid connection type "include"'],
  ['include other.conf', 16, null],
  ['host /^app( all all trust', 15, null],
  ['host /^app( all all trust', 16, 'invalid regular expression "^app(": parentheses () not balanced'],
  ['host all all all peer', 18, 'peer authentication is only supported on local sockets'],
  ['host all all all cert', 18, 'cert authentication is only supported on hostssl connections'],
  ['hostssl all all all cert clientcert=1', 14, 'invalid value for clientcert: "1"'],
  ['hostssl all all all md5 clientcert=1', 13, null],
  ['host all all all ldap ldapserver=h ldapprefix=cn=', 18, null],
  ['host all all all gss include_realm=0', 18, null],
  ['host all all all pam', 18, null],
  [
    'host all all all md5 map=x',
    17,
    'authentication option "map" is only valid for authentication methods ident, peer, gssapi, sspi, and cert',
  ],
  ['host all all all md5 x', 18, 'authentication option not in name=value format: x'],
  ['host all all all md5#x', 18, null],
  ['host all all "', 18, 'end-of-line before authentication method'],
  ['\uFEFFlocal all all trust', 18, 'invalid connection type "\uFEFFlocal"'],
])('%s (%i)', ([text, major, expected]) => {
  expect(message(text, major)).toBe(expected);
});

test('the secrets of RADIUS stay out of messages', () => {
  expect(message('host all all all radius radiussecrets=","')).not.toContain(',');
});

test('what is not a record', () => {
  expect(parseHba('', 18)).toEqual({ records: [], errors: [], includes: [] });
  expect(parseHba('\n# local all all trust\n , ,\n', 18)).toEqual({ records: [], errors: [], includes: [] });
  const { includes } = parseHba('include_dir "conf d"\ninclude_if_exists more.conf', 17);
  expect(includes.map(i => [i.directive, i.path.text, i.line])).toEqual([
    ['include_dir', 'conf d', 1],
    ['include_if_exists', 'more.conf', 2],
  ]);
});

test('words of other files are not judged', () => {
  const { records } = parseHba('host @dbs +team,@users all scram-sha-256', 18);
  expect(records[0]?.databases[0]).toMatchObject({ text: '@dbs', file: true });
  expect(parseHba('host "@dbs" all all md5', 18).records[0]?.databases[0]?.file).toBe(false);
});

test('never throws, whatever is cut off', () => {
  const text = 'host "a""b", c @d 10.0.0.1/32 \\\n ldap ldapurl="ldap://h/x?y" #\n\0include x\r\n"';
  for (let end = 0; end <= text.length; end += 1) {
    for (const major of [10, 13, 14, 15, 16, 18]) {
      const { records, errors } = parseHba(text.slice(0, end), major);
      expect([...records, ...errors].every(p => p.start <= p.end && p.end <= end)).toBe(true);
    }
  }
});

test('the view, as a server with default settings shows it', () => {
  const { records } = inspectHba('local all all ident\nhostssl all app 10.0.0.9/8 cert\nhost x', 14);
  const nothing = {
    type: null,
    database: null,
    user_name: null,
    address: null,
    netmask: null,
    auth_method: null,
    options: null,
  };
  expect(records).toEqual([
    {
      ...nothing,
      line_number: 1,
      type: 'local',
      database: ['all'],
      user_name: ['all'],
      auth_method: 'peer',
      error: null,
    },
    {
      line_number: 2,
      type: 'hostssl',
      database: ['all'],
      user_name: ['app'],
      address: '10.0.0.9',
      netmask: '255.0.0.0',
      auth_method: 'cert',
      options: ['clientcert=verify-full'],
      error: 'hostssl record cannot match because SSL is disabled',
    },
    { ...nothing, line_number: 3, error: 'end-of-line before role specification' },
  ]);
  expect(inspectHba('hostssl all app all cert', 14, { ssl: true }).records[0]?.error).toBeNull();
});

const casesFile = fileURLToPath(new URL('../../../shared/postgres/hba-cases.json', import.meta.url));
const present = existsSync(casesFile);

describe.skipIf(!present)(
  `measured on real servers${present ? '' : ' (skipped: ../shared/postgres/hba-cases.json is not here)'}`,
  () => {
    type Measured = Readonly<Record<string, Omit<HbaFileRule, 'line_number'>>>;
    const cases: Readonly<Record<string, Measured>> = present ? JSON.parse(readFileSync(casesFile, 'utf8')) : {};
    const table = Object.entries(cases).flatMap(([text, majors]) =>
      Object.entries(majors).map(([major, row]) => [text, Number(major), row] as const),
    );

    test('there are cases', () => expect(table.length).toBeGreaterThan(400));

    test.for(table)('%s (%i)', ([text, major, expected]) => {
      const [row] = inspectHba(text, major, { exists: () => false }).records;
      const { line_number: _, ...ours } = row ?? { line_number: 0 };
      // Where the server lacked the method, whatever else is wrong with the record is not known.
      const otherBuild = expected.error?.includes('not supported by this build') === true;
      expect(otherBuild ? row?.line_number : ours).toEqual(otherBuild ? 1 : expected);
    });
  },
);
