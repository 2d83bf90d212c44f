import { expect, test } from 'vitest';
import { type TextContext, credentialsInText } from './credential-texts.ts';

const found = (text: string, context: Partial<TextContext> = {}) =>
  credentialsInText(text, { name: 'x', shell: false, related: true, ...context }).map(c => [
    c.kind,
    c.value,
    c.user,
    text.slice(c.start, c.end),
  ]);

test.for<[string, Partial<TextContext>, string, string, string | undefined]>([
  ['postgresql://web:hunter2@db/app', {}, 'dsn', 'hunter2', 'web'],
  ["primary_conninfo = 'host=p user=r password=hunter2'", {}, 'dsn', 'hunter2', 'r'],
  ['Host=db;Username=web;Password=hunter2;Database=app', {}, 'dsn', 'hunter2', 'web'],
  ["CREATE ROLE web LOGIN PASSWORD 'hunter2';", {}, 'sql', 'hunter2', 'web'],
  ['ALTER USER "web" WITH ENCRYPTED PASSWORD \'hunter2\'', {}, 'sql', 'hunter2', 'web'],
  ['PGPASSWORD=hunter2 psql -h db', { shell: true }, 'assignment', 'hunter2', undefined],
  ["export DB_PASSWORD='hunter2'", { shell: true }, 'assignment', 'hunter2', undefined],
  ['spring.datasource.password=hunter2', {}, 'assignment', 'hunter2', undefined],
  ['"web" "hunter2"', { name: 'userlist.txt' }, 'file', 'hunter2', 'web'],
  ['db:5432:*:web:hunter2', { name: '.pgpass' }, 'file', 'hunter2', 'web'],
])('%s', ([text, context, kind, value, user]) => {
  expect(found(text, context).map(c => c.slice(0, 3))).toEqual([[kind, value, user]]);
  expect(found(text, context)[0]?.[3]).toContain(value);
});

test.for<[string, Partial<TextContext>]>([
  ['postgresql://web:$(PW)@db/app', {}],
  ['postgresql://web:${PW}@db/app', {}],
  ['postgresql://web@db/app', {}],
  ['redis://:hunter2@cache', {}],
  ['Server=db;Database=app;User Id=sa;Password=hunter2', {}],
  ['host=cache port=6379 user=u password=hunter2', {}],
  ["ALTER ROLE web PASSWORD '$PW'", {}],
  ["ALTER ROLE web PASSWORD 'md5a3556571e93b0d20722ba62be61e8c2d'", {}],
  ["CREATE USER web IDENTIFIED BY 'hunter2'", {}],
  ['PGPASSWORD=$PW psql -h db', { shell: true }],
  ['PGPASSWORD="$(cat /run/secrets/pw)" psql', { shell: true }],
  ['DB_PASSWORD=hunter2', { shell: true, related: false }],
  ['REDIS_PASSWORD=hunter2', { shell: true }],
  ['# PGPASSWORD=hunter2 psql', { shell: true }],
  ["-- CREATE ROLE web PASSWORD 'hunter2';", {}],
  ['"web" "SCRAM-SHA-256$4096:c2FsdA==$a:b"', { name: 'userlist.txt' }],
  ['password_encryption = scram-sha-256', {}],
])('nothing in %s', ([text, context]) => {
  expect(found(text, context)).toEqual([]);
});
