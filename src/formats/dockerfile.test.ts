import { expect, test } from 'vitest';
import { environmentOf, isDockerfile, parseDockerfile } from './dockerfile.ts';

const read = (text: string) => parseDockerfile({ path: 'Dockerfile', text });
const first = (text: string) => {
  const [instruction] = read(text).instructions;
  if (instruction === undefined) throw new Error('no instruction');
  return instruction;
};

test('instructions and stages', () => {
  const file = read(
    `# syntax=docker/dockerfile:1
ARG PG=16
ARG BASE
FROM --platform=linux/amd64 postgres:\${PG}-alpine AS build
RUN a && \\
  # a comment inside
  b
from build
COPY --from=build --chown=70:70 /a /b "/c d" /e/
CMD ["postgres", "-c", "config_file=/x"]
FROM \${BASE}
`,
  );
  expect(file.instructions.map(i => i.name)).toEqual(['ARG', 'ARG', 'FROM', 'RUN', 'FROM', 'COPY', 'CMD', 'FROM']);
  expect(file.stages.map(s => [s.name, s.image.text, s.resolvedImage, s.base?.name])).toEqual([
    ['build', 'postgres:${PG}-alpine', 'postgres:16-alpine', undefined],
    ['1', 'build', 'build', 'build'],
    ['2', '${BASE}', undefined, undefined],
  ]);
  expect(file.final?.name).toBe('2');
  const [, second] = file.stages;
  const [copy, cmd] = second?.instructions ?? [];
  expect(copy?.flags.map(f => [f.name, f.value, file.text.slice(f.start, f.end)])).toEqual([
    ['from', 'build', '--from=build'],
    ['chown', '70:70', '--chown=70:70'],
  ]);
  expect(copy?.words.map(w => w.text)).toEqual(['/a', '/b', '/c d', '/e/']);
  expect(cmd?.form).toBe('exec');
  expect(cmd?.words.map(w => [w.text, file.text.slice(w.start, w.end)])).toEqual([
    ['postgres', '"postgres"'],
    ['-c', '"-c"'],
    ['config_file=/x', '"config_file=/x"'],
  ]);
});

test('the shell form keeps its offsets over continued lines', () => {
  const text = 'RUN apk add \\\n\n  # why\n  postgresql-contrib \\\r\n  curl\nUSER postgres\n';
  const run = first(text);
  expect(run.form).toBe('shell');
  expect(run.words.map(w => [w.text, text.slice(w.start, w.end)])).toEqual(
    ['apk', 'add', 'postgresql-contrib', 'curl'].map(w => [w, w]),
  );
  expect(text.slice(run.start, run.end)).toBe(text.slice(0, text.indexOf('\nUSER')));
});

test.for<[string, readonly (readonly [string, string | undefined])[]]>([
  [
    'ENV A=b C="d e" F=\'g h\' I=j\\ k',
    [
      ['A', 'b'],
      ['C', 'd e'],
      ['F', 'g h'],
      ['I', 'j k'],
    ],
  ],
  ['ENV PASSWORD the rest of it', [['PASSWORD', 'the rest of it']]],
  [
    'ENV A=b \\\n    C=d',
    [
      ['A', 'b'],
      ['C', 'd'],
    ],
  ],
  ['ARG PASSWORD=x', [['PASSWORD', 'x']]],
  ['ARG PASSWORD', [['PASSWORD', undefined]]],
  [
    'ARG A B=c',
    [
      ['A', undefined],
      ['B', 'c'],
    ],
  ],
  ['LABEL "com.example"="a b"', [['com.example', 'a b']]],
])('%j', ([text, expected]) => {
  expect(first(text).pairs.map(p => [p.key.text, p.value?.text])).toEqual(expected);
});

test('the places of keys and values', () => {
  const text = 'ENV A=b POSTGRES_PASSWORD="s3 cret"';
  const pair = first(text).pairs[1];
  expect([pair?.key, pair?.value].map(w => w && text.slice(w.start, w.end))).toEqual([
    'POSTGRES_PASSWORD',
    '"s3 cret"',
  ]);
});

test.for<[string, 'exec' | 'shell', readonly string[]]>([
  ['CMD ["a", "b\\"c"]', 'exec', ['a', 'b"c']],
  ['CMD []', 'exec', []],
  ["CMD ['a']", 'shell', ['[a]']],
  ['CMD ["a",]', 'shell', ['[a,]']],
  ['CMD postgres -c "a b"', 'shell', ['postgres', '-c', 'a b']],
  ['ENTRYPOINT [ \\\n "a", \\\n "b" ]', 'exec', ['a', 'b']],
  ['HEALTHCHECK --interval=5s --timeout=3s CMD pg_isready -U x', 'shell', ['pg_isready', '-U', 'x']],
  ['HEALTHCHECK CMD ["pg_isready"]', 'exec', ['pg_isready']],
  ['HEALTHCHECK NONE', 'shell', ['NONE']],
  ['VOLUME ["/data"]', 'exec', ['/data']],
  ['EXPOSE 5432/tcp', 'shell', ['5432/tcp']],
  ['STOPSIGNAL SIGINT', 'shell', ['SIGINT']],
])('%j', ([text, form, words]) => {
  const found = first(text);
  expect([found.form, found.words.map(w => w.text)]).toEqual([form, words]);
});

test('here-documents are not instructions', () => {
  const text = 'RUN <<EOF\nFROM x\nENV A=b\nEOF\nCOPY <<-"A" <<B /x/\n\tone\n\tA\ntwo\nB\nUSER y';
  const { instructions } = read(text);
  expect(instructions.map(i => i.name)).toEqual(['RUN', 'COPY', 'USER']);
  expect(instructions.flatMap(i => i.heredocs.map(h => text.slice(h.start, h.end)))).toEqual([
    'FROM x\nENV A=b\n',
    '\tone\n',
    'two\n',
  ]);
});

test('another escape character', () => {
  const { escape, instructions } = read('# escape=`\nFROM x\nRUN a `\n  b\\\nUSER y');
  expect(escape).toBe('`');
  expect(instructions.map(i => i.name)).toEqual(['FROM', 'RUN', 'USER']);
  expect(instructions[1]?.words.map(w => w.text)).toEqual(['a', 'b\\']);
});

test('what ENV leaves, over stages', () => {
  const { final } = read(
    'FROM x AS a\nARG V=15\nENV PGDATA=/data/$V B=${B:-none}\nFROM a\nENV PGDATA=$PGDATA/sub SECRET=$UNKNOWN',
  );
  const values = final && [...environmentOf(final)].map(([name, { value }]) => [name, value]);
  expect(values).toEqual([
    ['PGDATA', '/data/15/sub'],
    ['B', 'none'],
    ['SECRET', undefined],
  ]);
});

test.for<[string, string, boolean]>([
  ['Dockerfile', 'FROM x\n', true],
  ['db/Dockerfile.postgres', '# a\nARG A\nFROM x AS y\n', true],
  ['postgres.dockerfile', 'FROM x', true],
  ['Containerfile', 'FROM x', true],
  ['image/build', '# hi\nARG A=b\nFROM --platform=x y:z\nRUN a', true],
  ['Dockerfile', 'just words', false],
  ['query.sql', 'from users\nselect', false],
  ['mail.txt', 'From someone with more words\n', false],
])('%s %j is a Dockerfile: %s', ([path, text, expected]) => {
  expect(isDockerfile(path, text)).toBe(expected);
});

test('never throws, whatever is cut off', () => {
  const text = '# escape=`\nFROM a as b\nENV A="b\\\nc" D\nRUN <<E\nx\nE\nCMD ["a",\n"b"]\nHEALTHCHECK --x CMD y';
  for (let end = 0; end <= text.length; end += 1) {
    const places = read(text.slice(0, end)).instructions.flatMap(i => [i, i.argument, ...i.words]);
    expect(places.every(p => p.start <= p.end && p.end <= end)).toBe(true);
  }
});
