import { describe, expect, test } from 'vitest';
import type { Located } from '../types.ts';
import {
  assignmentsOf,
  commandName,
  isClientTool,
  isServerCommand,
  parseShell,
  scriptOf,
  splitWords,
} from './shell.ts';

const commandsOf = (text: string) => parseShell(text).commands;
const lines = (text: string) =>
  commandsOf(text).map(c => [c.words.map(w => w.text).join('|'), c.context.join(' '), c.isLast] as const);

test.for<[string, readonly (readonly [string, string, boolean])[]]>([
  ['postgres -D /data', [['postgres|-D|/data', '', true]]],
  [
    'set -e\nmkdir -p /x; exec postgres # run',
    [
      ['set|-e', '', false],
      ['mkdir|-p|/x', '', false],
      ['exec|postgres', '', true],
    ],
  ],
  [
    'a && b || c',
    [
      ['a', '', false],
      ['b', 'and', false],
      ['c', 'or', true],
    ],
  ],
  [
    'a | b\nc &\nd',
    [
      ['a', 'pipeline', false],
      ['b', 'pipeline', false],
      ['c', 'background', false],
      ['d', '', true],
    ],
  ],
  [
    'if [ -f x ]; then a; elif b; then c; else d; fi',
    [
      ['[|-f|x|]', 'if', false],
      ['a', 'if', false],
      ['b', 'if', false],
      ['c', 'if', false],
      ['d', 'if', false],
    ],
  ],
  [
    'until pg_isready; do sleep 1; done\nfor x in a "b c"; do echo $x; done; tail',
    [
      ['pg_isready', 'loop', false],
      ['sleep|1', 'loop', false],
      ['echo|$x', 'loop', false],
      ['tail', '', true],
    ],
  ],
  [
    'case "$1" in\n a|b) x;;\n *) y ;;\nesac',
    [
      ['x', 'case', false],
      ['y', 'case', false],
    ],
  ],
  [
    'f() { a; }\nfunction g { b; }\n( c; d ) >log\n{ e; }',
    [
      ['a', 'function group', false],
      ['b', 'function group', false],
      ['c', 'subshell', false],
      ['d', 'subshell', false],
      ['e', 'group', true],
    ],
  ],
  [
    'x=$(hostname -s) y=`id -u` exec "a$(b "c)")"',
    [
      ['hostname|-s', 'substitution', false],
      ['id|-u', 'substitution', false],
      ['b|c)', 'substitution', false],
      ['exec|a$(b "c)")', '', true],
    ],
  ],
  [
    'cat <<EOF >> f && next\nnot a; command\nEOF\nlast',
    [
      ['cat', '', false],
      ['next', 'and', false],
      ['last', '', true],
    ],
  ],
  [
    'if [[ -z "$A" && $B > 1 ]]; then\n((i++))\n! a\nfi',
    [
      ['[[|-z|$A|$B|1|]]', 'if', false],
      ['a', 'if not', false],
    ],
  ],
  ['postgres \\\n  -c a=b \\\n  -c \'c = "d"\'', [['postgres|-c|a=b|-c|c = "d"', '', true]]],
  ['echo if then done # ; x', [['echo|if|then|done', '', true]]],
  ['arr=(a b\n c) cmd', [['cmd', '', true]]],
  ['', []],
  ['# only a comment', []],
])('%j', ([text, expected]) => {
  expect(parseShell(text).uncertain).toBeUndefined();
  expect(lines(text)).toEqual(expected);
});

test('words, assignments and redirects have their places', () => {
  const text = `PGPASSWORD='a b' psql -h "$HOST" -c "select 1" >> /tmp/x 2>&1`;
  const [command] = commandsOf(text);
  expect(command?.assignments.map(a => [a.name, a.value.text, text.slice(a.value.start, a.value.end)])).toEqual([
    ['PGPASSWORD', 'a b', "'a b'"],
  ]);
  expect(command?.words.map(w => [w.text, w.literal, text.slice(w.start, w.end)])).toEqual([
    ['psql', true, 'psql'],
    ['-h', true, '-h'],
    ['$HOST', false, '"$HOST"'],
    ['-c', true, '-c'],
    ['select 1', true, '"select 1"'],
  ]);
  expect(command?.redirects.map(r => [r.operator, r.target.text])).toEqual([
    ['>>', '/tmp/x'],
    ['2>&', '1'],
  ]);
});

test('a here-string has none', () => {
  const { commands, uncertain } = parseShell('read -ra A <<< "$(hostname)"\nexec postgres');
  expect([commands.map(c => c.words[0]?.text), uncertain]).toEqual([['hostname', 'read', 'exec'], undefined]);
});

test('a here-document has a body', () => {
  const text = "cat > pg_hba.conf <<-'END'\n\thost all all all trust\n\tEND\necho";
  const body = commandsOf(text)[0]?.redirects[1]?.body;
  expect(body && [text.slice(body.start, body.end), body.literal]).toEqual(['\thost all all all trust\n', true]);
});

test.for([
  "echo 'open",
  'echo "open',
  'a $(b',
  'if a; then b',
  'eval "$x"',
  'a; )',
  'cat <<EOF\nx',
  '}',
  'case x in a',
  'f() {',
  'a >',
  '`x',
])('%j is uncertain', text => expect(parseShell(text).uncertain).toBeTypeOf('string'));

test('exported and plain assignments', () => {
  const names = commandsOf('export PGPASSWORD="x y" A=b\nC=d\nenv E=f psql').flatMap(c =>
    assignmentsOf(c).map(a => `${a.name}=${a.value.text}`),
  );
  expect(names).toEqual(['PGPASSWORD=x y', 'A=b', 'C=d', 'E=f']);
});

const name = (text: string) => commandName(commandsOf(text).at(-1) ?? { words: [] });

test.for<[string, string | undefined]>([
  ['exec /usr/lib/postgresql/15/bin/postgres -D x', 'postgres'],
  ['exec gosu postgres pg_ctl start', 'pg_ctl'],
  ['su-exec postgres psql', 'psql'],
  ["su - postgres -c 'pg_dump x'", 'pg_dump'],
  ['su postgres -c "cd /; pg_dump x"', 'su'],
  ['runuser -u postgres -- psql', 'psql'],
  ['sudo -u postgres PGHOST=x psql', 'psql'],
  ['env -i A=b nohup nice -n 5 psql', 'psql'],
  ['timeout -s KILL 30 pg_isready', 'pg_isready'],
  ['docker-entrypoint.sh postgres -c a=b', 'postgres'],
  ['docker-entrypoint.sh -c a=b', 'postgres'],
  ['docker-entrypoint.sh bash', 'bash'],
  ["sh -c 'exec psql'", 'psql'],
  ["bash -c 'a; b'", 'bash'],
  ['tini -- postgres', 'postgres'],
  ['A=b', undefined],
])('%s runs %s', ([text, expected]) => expect(name(text)).toBe(expected));

describe('servers', () => {
  const runs = (text: string) => commandsOf(text).some(c => isServerCommand(c.words));
  test.for<[string, boolean]>([
    ['exec postgres -c config_file=/etc/x.conf', true],
    ['exec docker-entrypoint.sh', true],
    ['exec docker-entrypoint.sh "$@"', false],
    ['/usr/local/bin/docker-entrypoint.sh postgres &', true],
    ["bash -c 'mkdir x && exec postgres'", true],
    ["su postgres -c 'pg_ctl -D x start'", true],
    ['pg_ctl -D x stop', false],
    ['pg_ctlcluster 15 main start', true],
    ['patroni /etc/patroni.yml', true],
    ['python3 -m patroni x.yml', true],
    ['run-postgresql', true],
    ['run-postgresql --version', false],
    ['stolon-keeper --data-dir x', true],
    ['/opt/bitnami/scripts/postgresql/entrypoint.sh /opt/bitnami/scripts/postgresql/run.sh', true],
    ['postgres --version', false],
    ['postgres -C data_directory', false],
    ['sleep infinity', false],
    ['bash', false],
    ['psql -U postgres', false],
    ['pg_dump postgres', false],
    ['echo postgres', false],
    ['chown postgres /data', false],
    ['if x; then exec postgres; fi', true],
  ])('%s: %s', ([text, expected]) => expect(runs(text)).toBe(expected));
});

test('clients', () => {
  expect(['psql', '/usr/bin/pg_dump', 'pg_basebackup'].every(isClientTool)).toBe(true);
  expect(['postgres', 'pg_ctl', 'pg_upgrade', 'sh'].some(isClientTool)).toBe(false);
});

const argv = (...words: readonly string[]): readonly Located<string>[] =>
  words.map((value, i) => ({ value, at: { path: 'x', start: i * 10, end: i * 10 + value.length } }));

test.for<[readonly string[], string | undefined]>([
  [['sh', '-c', 'SCRIPT'], 'SCRIPT'],
  [['/bin/bash', '-euo', 'pipefail', '-c', 'SCRIPT', 'arg0'], 'SCRIPT'],
  [['bash', '-ec', 'SCRIPT'], 'SCRIPT'],
  [['sh', '-c', '-e', 'SCRIPT'], 'SCRIPT'],
  [['busybox', 'sh', '-c', 'SCRIPT'], 'SCRIPT'],
  [['/usr/bin/tini', '--', 'bash', '-c', 'SCRIPT'], 'SCRIPT'],
  [['gosu', 'postgres', 'sh', '-c', 'SCRIPT'], 'SCRIPT'],
  [['env', 'A=b', 'sh', '-c', 'SCRIPT'], 'SCRIPT'],
  [['docker-entrypoint.sh', 'sh', '-c', 'SCRIPT'], 'SCRIPT'],
  [['bash', 'script.sh', '-c'], undefined],
  [['postgres', '-c', 'a=b'], undefined],
  [['sh'], undefined],
  [['sh', '-c'], undefined],
  [[], undefined],
])('the script of %j', ([words, expected]) => expect(scriptOf(argv(...words))?.value).toBe(expected));

test.for<[string, readonly string[] | undefined]>([
  ['postgres -c "a b"  -c \'c\'', ['postgres', '-c', 'a b', '-c', 'c']],
  ['a\\ b "c\\"d" \'\'', ['a b', 'c"d', '']],
  ['sh -c "echo $HOME"', ['sh', '-c', 'echo $HOME']],
  ['a \\\n  b', ['a', 'b']],
  ['', []],
  ['a "b', undefined],
  ['a ${B}', undefined],
])('the words of %j', ([text, expected]) => expect(splitWords(text)).toEqual(expected));

test('never throws and always ends, whatever is cut off or mixed', () => {
  const text =
    'f() { case "$(a `b`)" in (x|y) [[ a && b ]] ;; esac; } <<E && ( for ((i=0;;)) do ${x:-"$(y)"} & done ) | cat <(z)\nE\n';
  const cut: string[] = ['('.repeat(5000), '$('.repeat(5000), '"$(a '.repeat(500)];
  for (let start = 0; start < text.length; start += 3) {
    for (let end = start; end <= text.length; end += 1) cut.push(text.slice(start, end));
  }
  const wrong = cut.filter(c => parseShell(c).commands.some(({ start, end }) => start > end || end > c.length));
  expect(wrong).toEqual([]);
});

test.for([
  ['functions', 'a() '.repeat(100_000)],
  ['function words', 'function a '.repeat(100_000)],
  ['quotes in substitutions', '"$('.repeat(20_000)],
  ['substitutions', '$('.repeat(20_000)],
  ['braces', '${a:-'.repeat(20_000)],
  ['brackets', '('.repeat(100_000)],
  ['tests', '[[ '.repeat(50_000)],
] as const)('very many %s in each other are given up', ([, text]) => {
  expect(parseShell(text).commands.length).toBeGreaterThanOrEqual(0);
});
