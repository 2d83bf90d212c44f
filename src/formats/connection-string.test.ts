import { expect, test } from 'vitest';
import { connectionStrings } from './connection-string.ts';

type Parts = Readonly<Record<string, string | undefined>>;

/** The parts of a connection string, each checked to stand where it says; `~` marks what is filled in later. */
function parts(text: string): readonly Parts[] {
  return connectionStrings(text).map(found => {
    const shown: Record<string, string> = { kind: found.kind };
    for (const name of ['host', 'port', 'user', 'password', 'database', 'sslmode'] as const) {
      const part = found[name];
      if (part === undefined) continue;
      expect(text.slice(part.start, part.end)).toBe(part.text);
      shown[name] = (part.literal ? '' : '~') + part.text;
    }
    return shown;
  });
}

test.for<[string, readonly Parts[]]>([
  [
    'postgres://app:s3cret@db:5432/shop?sslmode=require',
    [{ kind: 'url', user: 'app', password: 's3cret', host: 'db', port: '5432', database: 'shop', sslmode: 'require' }],
  ],
  [
    'postgresql+asyncpg://app:s3cret@db/shop',
    [{ kind: 'url', user: 'app', password: 's3cret', host: 'db', database: 'shop' }],
  ],
  ['postgresql://db', [{ kind: 'url', host: 'db' }]],
  ['postgresql://app@db/shop', [{ kind: 'url', user: 'app', host: 'db', database: 'shop' }]],
  [
    'postgresql:///shop?host=/run/pg&user=app&password=x',
    [{ kind: 'url', host: '/run/pg', user: 'app', password: 'x', database: 'shop' }],
  ],
  ['postgres://[::1]:5433/x', [{ kind: 'url', host: '[::1]', port: '5433', database: 'x' }]],
  [
    'postgres://u:p@a:1,b:2/x?target_session_attrs=any',
    [{ kind: 'url', user: 'u', password: 'p', host: 'a', port: '1', database: 'x' }],
  ],
  [
    'postgres://u:p/w@d@db:5432/x',
    [{ kind: 'url', user: 'u', password: 'p/w@d', host: 'db', port: '5432', database: 'x' }],
  ],
  ['postgres://u:p@ss@db/x', [{ kind: 'url', user: 'u', password: 'p@ss', host: 'db', database: 'x' }]],
  [
    'postgres://$(USER):$(PASSWORD)@$(HOST):5432/x',
    [{ kind: 'url', user: '~$(USER)', password: '~$(PASSWORD)', host: '~$(HOST)', port: '5432', database: 'x' }],
  ],
  [
    'postgres://${U}:${P:-hunter2}@db/${D}',
    [{ kind: 'url', user: '~${U}', password: '${P:-hunter2}', host: 'db', database: '~${D}' }],
  ],
  ['postgres://u:$PASSWORD@db/x', [{ kind: 'url', user: 'u', password: '~$PASSWORD', host: 'db', database: 'x' }]],
  [
    'postgres://{{ .Values.user }}:{{ .Values.password }}@db/x',
    [{ kind: 'url', user: '~{{ .Values.user }}', password: '~{{ .Values.password }}', host: 'db', database: 'x' }],
  ],
  [
    'postgres://app:<password>@db/x',
    [{ kind: 'url', user: 'app', password: '~<password>', host: 'db', database: 'x' }],
  ],
  [
    'jdbc:postgresql://db:5432/shop?user=app&password=s3cret',
    [{ kind: 'jdbc', host: 'db', port: '5432', database: 'shop', user: 'app', password: 's3cret' }],
  ],
  ['url = "postgres://a:b@c/d", other', [{ kind: 'url', user: 'a', password: 'b', host: 'c', database: 'd' }]],
  [
    "see postgres://a:b@c/d.\n'postgres://e:f@g/h'",
    [
      { kind: 'url', user: 'a', password: 'b', host: 'c', database: 'd' },
      { kind: 'url', user: 'e', password: 'f', host: 'g', database: 'h' },
    ],
  ],
  [
    "host=db port=5432 user=app password='a b' dbname=shop sslmode=disable",
    [
      {
        kind: 'keywords',
        host: 'db',
        port: '5432',
        user: 'app',
        password: 'a b',
        database: 'shop',
        sslmode: 'disable',
      },
    ],
  ],
  [
    "primary_conninfo = 'host=primary user=rep password=rep1 application_name=s1'",
    [{ kind: 'keywords', host: 'primary', user: 'rep', password: 'rep1' }],
  ],
  ['host = db user = app password = x', [{ kind: 'keywords', host: 'db', user: 'app', password: 'x' }]],
  ['host=$(PGHOST) password=$(PGPASSWORD)', [{ kind: 'keywords', host: '~$(PGHOST)', password: '~$(PGPASSWORD)' }]],
  [
    'Host=db;Port=5432;Username=app;Password=s3 cret;Database=shop;SSL Mode=Require',
    [
      {
        kind: 'dotnet',
        host: 'db',
        port: '5432',
        user: 'app',
        password: 's3 cret',
        database: 'shop',
        sslmode: 'Require',
      },
    ],
  ],
  [
    'ConnectionString="Server=db;Database=shop;User Id=app;Password=x;Pooling=true;"',
    [{ kind: 'dotnet', host: 'db', database: 'shop', user: 'app', password: 'x' }],
  ],
])('%s', ([text, expected]) => {
  expect(parts(text)).toEqual(expected);
});

test('all hosts of a list', () => {
  const hosts = (text: string) => connectionStrings(text)[0]?.hosts.map(h => h.text);
  expect(hosts('postgres://u@a:1,b,c:3/x')).toEqual(['a', 'b', 'c']);
  expect(hosts('host=a,b user=u')).toEqual(['a', 'b']);
});

test.for([
  'mysql://a:b@c/d',
  'http://postgres:5432/x',
  'host=web',
  'host = all\nuser = x',
  'password=x',
  'shared_buffers = 128MB',
  'user=1000 group=1000',
  'a=b;c=d;e=f',
  '# dbname= host= port= user= password= auth_user=',
  "'postgresql://log_reader:' + quote(password)",
  'postgres:// nothing',
  '',
])('%j holds none', text => {
  expect(connectionStrings(text)).toEqual([]);
});

test('a long text takes no long time and nothing overlaps', () => {
  const text = `${'a=b;'.repeat(20_000)}${'host=x '.repeat(5_000)}${'postgres://'.repeat(2_000)}${'$(('.repeat(5_000)}${'word '.repeat(20_000)}`;
  const found = connectionStrings(text);
  for (const [i, one] of found.entries()) expect(one.start).toBeGreaterThanOrEqual(found[i - 1]?.end ?? 0);
});
