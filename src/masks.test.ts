import { expect, test } from 'vitest';
import { documentMasks, sourceMasks } from './masks.ts';
import { parseYaml } from './yaml/parse.ts';

/** A text with every masked range as `***`. */
function hidden(text: string, masks: readonly { readonly start: number; readonly end: number }[]): string {
  return Array.from(text, (c, i) => (masks.some(m => m.start <= i && i < m.end) ? '\0' : c))
    .join('')
    .replace(/\0+/g, '***');
}
const yaml = (text: string) =>
  hidden(
    text,
    parseYaml({ path: 'x.yaml', text }).documents.flatMap(d => documentMasks(d.root)),
  );
const plain = (text: string, path: string) => hidden(text, sourceMasks({ path, text }));

test.for([
  ['kind: Secret\nmetadata: {}\ndata:\n  a: c2VjcmV0\n', 'kind: Secret\nmetadata: {}\ndata:\n  a: ***\n'],
  ['- name: PGPASSWORD\n  value: hunter2\n', '- name: PGPASSWORD\n  value: ***\n'],
  ['POSTGRES_PASSWORD: "a#b c"\n', 'POSTGRES_PASSWORD: ***\n'],
  ['environment:\n  - POSTGRES_PASSWORD=a,b#c\n', 'environment:\n  - POSTGRES_PASSWORD=***\n'],
  ['environment:\n  - POSTGRES_PASSWORD=${PW:-hunter2}\n', 'environment:\n  - POSTGRES_PASSWORD=***\n'],
  ['url: postgres://u:hunter2@db/app\n', 'url: postgres://u:***@db/app\n'],
  ['args: ["PGPASSWORD=hunter2 psql -h db"]\n', 'args: ["PGPASSWORD=***"]\n'],
  ['run: |\n  psql -c "ALTER ROLE a PASSWORD \'hunter2\'"\n', 'run: |\n  psql -c "ALTER ROLE a PASSWORD ***"\n'],
  ['data:\n  userlist.txt: |\n    "web" "hunter2"\n', 'data:\n  userlist.txt: |\n    "web" "***"\n'],
  ['data:\n  .pgpass: |\n    db:5432:*:web:hunter2\n', 'data:\n  .pgpass: ***\n'],
  ['data:\n  app.json: |\n    { "password": "hunter2" }\n', 'data:\n  app.json: |\n    { "password": *** }\n'],
] as const)('masks what is secret in %j', ([text, shown]) => {
  expect(yaml(text)).toBe(shown);
});

test.for([
  'kind: Secret\nmetadata: {}\ndata:\n  a: ${PASSWORD}\n  b: <base64 of it>\n',
  '- name: PGPASSWORD\n  value: $(POSTGRES_PASSWORD)\n',
  'POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}\n',
  'POSTGRES_PASSWORD_FILE: /run/secrets/db\n',
  'url: postgres://u:$(PW)@db/app\n',
  'secretName: orders\n',
  'automountServiceAccountToken: false\n',
  'conf: |\n  password_encryption = scram-sha-256\n',
  'run: |\n  psql -c "ALTER ROLE a PASSWORD \'$PW\'"\n',
])('shows what is none in %j', text => {
  expect(yaml(text)).toBe(text);
});

test.for([
  ['ENV POSTGRES_PASSWORD=hunter2\n', 'Dockerfile', 'ENV POSTGRES_PASSWORD=***\n'],
  ['ENV POSTGRES_PASSWORD hunter2\n', 'Dockerfile', 'ENV POSTGRES_PASSWORD ***\n'],
  ['export PGPASSWORD=hunter2\n', 'run.sh', 'export PGPASSWORD=***\n'],
  [
    "primary_conninfo = 'host=a user=b password=hunter2'\n",
    'postgresql.conf',
    "primary_conninfo = 'host=a user=b password=***'\n",
  ],
  ['password_encryption = md5\n', 'postgresql.conf', 'password_encryption = md5\n'],
] as const)('masks %j of %s', ([text, path, shown]) => {
  expect(plain(text, path)).toBe(shown);
});
