import { expect, test } from 'vitest';
import {
  decodeBase64,
  isLiteralSecret,
  isManagedValue,
  isPasswordName,
  isPlaceholderSecret,
  isSecretName,
  isSecretReference,
  isWeakPassword,
} from './secrets.ts';

test.for<[string, boolean]>([
  ...[
    'POSTGRES_PASSWORD',
    'PGPASSWORD',
    'POSTGRESQL_POSTGRES_PASSWORD',
    'password',
    'postgresPassword',
    'replicationPassword',
  ].map(n => [n, true] as [string, boolean]),
  ...[
    'DATA_SOURCE_PASS',
    'DB_PASS',
    'DBPASS',
    'DB_PWD',
    'pwd',
    'requirepass',
    'bindpw',
    'ldapbindpasswd',
    'userPassword',
    'admin-password',
    'passphrase',
  ].map(n => [n, true] as [string, boolean]),
  ...[
    'POSTGRES_PASSWORD_1',
    'password2',
    'AUTHENTIK_POSTGRESQL__PASSWORD',
    'spring.datasource.password',
    'sslpassword',
  ].map(n => [n, true] as [string, boolean]),
  ...[
    'JWT_SECRET',
    'clientSecret',
    'CLIENT_SECRET',
    'SECRET_KEY',
    'API_KEY',
    'apiKey',
    'VAULT_TOKEN',
    'token',
    'AWS_SECRET_ACCESS_KEY',
    'radiussecrets',
  ].map(n => [n, true] as [string, boolean]),
  ...[
    'POSTGRES_PASSWORD_FILE',
    'password_encryption',
    'passwordEncryption',
    'max_connections',
    'passwordSecretName',
    'existingSecretPasswordKey',
  ].map(n => [n, false] as [string, boolean]),
  ...[
    'secretName',
    'secretKeyRef',
    'secretKey',
    'existingSecret',
    'tlsSecret',
    'secret',
    'imagePullSecrets',
    'usePasswordFiles',
    'usePassword',
  ].map(n => [n, false] as [string, boolean]),
  ...[
    'enablePassword',
    'allowEmptyPassword',
    'ALLOW_EMPTY_PASSWORD',
    'md5_password_warnings',
    'ssl_passphrase_command',
    'tokenTTL',
    'ACCESS_KEY_ID',
  ].map(n => [n, false] as [string, boolean]),
  ...[
    'PWD',
    'OLDPWD',
    'bypass',
    'compass',
    'key',
    'PATH',
    'automountServiceAccountToken',
    'username',
    'POSTGRES_USER',
    'tokenizer',
    '',
  ].map(n => [n, false] as [string, boolean]),
])('the name %s is a secret: %s', ([name, expected]) => {
  expect(isSecretName(name)).toBe(expected);
});

test('a token is a secret but no password', () => {
  expect([isPasswordName('VAULT_TOKEN'), isPasswordName('DB_PASSWORD')]).toEqual([false, true]);
});

test.for<[string, string | undefined, boolean]>([
  ['hunter2', undefined, true],
  ['changeme', undefined, true],
  ['a b $c', undefined, true],
  ['${PASSWORD:-hunter2}', undefined, true],
  ['${PASSWORD-hunter2}', undefined, true],
  ['${PASSWORD:-}', undefined, false],
  ['${PASSWORD}', undefined, false],
  ['${PASSWORD:?is needed}', undefined, false],
  ['$PASSWORD', undefined, false],
  ['$(PASSWORD)', undefined, false],
  ['{{ .Values.password }}', undefined, false],
  ['<password>', undefined, false],
  ['<path:kv/data/db#password>', undefined, false],
  ['vault:secret/db#password', undefined, false],
  ['ref+vault://secret/db', undefined, false],
  ['ENC[AES256_GCM,data:x]', undefined, false],
  ['/run/secrets/password', undefined, false],
  ['true', undefined, false],
  ['no', undefined, false],
  ['', undefined, false],
  ['  ', undefined, false],
  ['3600', undefined, false],
  ['3600', 'accessToken', false],
  ['123456', 'POSTGRES_PASSWORD', true],
  ['16', 'password', false],
])('%s under %s is literal: %s', ([value, name, expected]) => {
  expect(isLiteralSecret(value, name)).toBe(expected);
});

test('references', () => {
  expect(isSecretReference('${A}')).toBe(true);
  expect(isSecretReference('${A:-b}')).toBe(false);
  expect(isSecretReference('hunter2')).toBe(false);
});

test.for<[string, boolean]>([
  ...[
    'CHANGEME',
    'change-me',
    'changeme123!',
    'ChangeMe',
    'please_change_me',
    '<password>',
    'REPLACE_ME',
    'replace-with-your-password',
    'TODO',
    'xxxxxx',
  ].map(v => [v, true] as [string, boolean]),
  ...[
    'your-password',
    'YOUR_DB_PASSWORD_HERE',
    'my-secret',
    'placeholder',
    '[password]',
    '...',
    'REDACTED',
    'insert password',
  ].map(v => [v, true] as [string, boolean]),
  ...['postgres', 'hunter2', 'S3cr3t!changed', 'xk2!pqm', 'mysecretpassword', ''].map(
    v => [v, false] as [string, boolean],
  ),
])('%s asks to be replaced: %s', ([value, expected]) => {
  expect(isPlaceholderSecret(value)).toBe(expected);
});

test.for<[string, string | undefined, boolean]>([
  ['postgres', undefined, true],
  ['MySecretPassword', undefined, true],
  ['replica_password', undefined, true],
  ['Xk29-qq7', undefined, true],
  ['application-owner', 'application-owner', true],
  ['application-owner', 'app', false],
  ['Xk29-qq7-Lw0p-11', undefined, false],
])('%s of %s is weak: %s', ([value, user, expected]) => {
  expect(isWeakPassword(value, user)).toBe(expected);
});

test.for<[string, string]>([
  ['', ''],
  ['cGFzc3dvcmQ=', 'password'],
  ['cGFzc3dv\r\ncmQ=\n', 'password'],
  ['w7xiZXI=', 'über'],
  // Go does not look at the bits that padding leaves over.
  ['YWJjZB==', 'abcd'],
])('base64 %j is %j', ([value, text]) => {
  expect(decodeBase64(value)).toMatchObject({ ok: true, text });
});

test.for<[string, number]>([
  ['password!', 8],
  ['cGFzc3dvcmQ', 8],
  ['abc', 0],
  ['a', 0],
  ['abcd=', 4],
  ['YQ=', 3],
  ['YQ=a', 2],
  ['YQ=\n=x', 5],
  ['YQ==YQ==', 4],
  ['<base64-password>', 0],
  ['YWJj\nYW-j', 7],
  ['cGFz c3dv', 4],
])('base64 %j is refused at %d', ([value, offset]) => {
  expect(decodeBase64(value)).toEqual({ ok: false, error: `illegal base64 data at input byte ${offset}` });
});

test('managed values', () => {
  const managed = ['ENC[AES256_GCM,data:x]', 'vault:secret/x#y', 'ref+awsssm://x', '<path:a/b#c>', 'op://v/i/f'];
  expect(managed.every(isManagedValue)).toBe(true);
  expect(['hunter2', 'cGFzc3dvcmQ=', 'vault'].some(isManagedValue)).toBe(false);
});
