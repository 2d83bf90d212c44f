/** Texts that try to get out of where a report puts them, and manifests that carry one everywhere: tests use them. */
import type { Source } from '../types.ts';

const commands = [
  ['::error::x', '::add-mask::e', '::stop-commands::x', '::set-output name=a::b', '::set-env name=PATH::/tmp'],
  ['  ::warning file=a,line=1::x', '::endgroup::', '::group::x', '::save-state name=a::b', '::debug::x', '::notice::'],
  ['##[error]x', 'x ##[add-path]/tmp', '##[add-mask]e', '##[command]x', '##[section]', '##[set-env name=A;]b'],
  [
    '%0A::error::x',
    '%0D%0A::error::x',
    '%25%0A::error::x',
    'x%3A%2C',
    'a,line=1,title=b',
    'x::error::y',
    '::',
    '::error',
  ],
  ['\n::error::x', '\r::error::x', '\u0085::error::x', '\u2028::error::x', '\u00a0::error::x', '\u3000::error::x'],
  ['${{ github.token }}', '##vso[task.setvariable variable=a]b', '##teamcity[message]', 'a\n\n::error::b'],
].flat();

const markdown = [
  ['[x](https://evil.example)', '![x](https://evil.example/a.png)', '<https://evil.example>', 'https://evil.example/a'],
  ['http://evil.example', 'ftp://evil.example', 'www.evil.example', 'WWW.evil.example', 'mail@evil.example'],
  ['mailto:mail@evil.example', 'xmpp:mail@evil.example', '**bold**', '__bold__', '_i_', '*i*', '~~gone~~', '~~~'],
  ['```', '````', '```suggestion', '`', '``', '`x', 'x`', '` `', '`@user`', '`` ` ``', '\\`', '\\', '\\\\[x](y)'],
  ['# heading', '###### x', '- item', '+ item', '* item', '- [x] done', '1. one', '1) one', '> quote', '> [!WARNING]'],
  ['|a|b|', '---', '***', '===', '    code', '\tcode', '[a]: https://evil.example', '[^1]', '[[wiki]]', '[x][y]'],
  ['$x$', '$$x$$', '$`x`$', ':+1:', ':octocat:', '@user', '@org/team', 'a@b', '#123', 'GH-12', 'gh-12', 'o/r#5'],
  [
    'o/r@deadbeef12',
    'deadbeef12',
    'a5c3785ed8d6a35868bc169f07e40e889087fd2e',
    '&lt;b&gt;',
    '&#64;user',
    '&commat;user',
  ],
  [
    '!',
    '![',
    '](',
    '](https://evil.example',
    ')](https://evil.example)',
    '  \nnew line',
    'a<br>b',
    '{{7*7}}',
    '{% raw %}',
  ],
].flat();

const html = [
  ['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '</details>', '<details open>', '</summary>', '<!--'],
  [
    '-->',
    '<!-- tusklint -->',
    '</code></pre>',
    '<a href="javascript:alert(1)">x</a>',
    '"><b>x',
    "'><b>x",
    '<svg/onload=1>',
  ],
  [
    '<style>*{display:none}</style>',
    '<base href=//evil.example>',
    '<x',
    '<',
    '>',
    '&',
    '<![CDATA[x',
    '<?php',
    '</blockquote>',
  ],
].flat();

const terminal = [
  [
    '\u001b[31mred',
    '\u001b]8;;https://evil.example\u0007x\u001b]8;;\u0007',
    '\u001b]0;title\u0007',
    '\u001b[2J',
    '\u001bc',
  ],
  [
    '\u009b31m',
    '\u009d0;x\u009c',
    '\u0007',
    'a\b\b',
    '\u007f',
    'a\rb',
    '\u001bP',
    '\u000c',
    '\u0000',
    '\u001b]52;c;eA==\u0007',
  ],
].flat();

const unseen = [
  [
    '\u202e',
    '\u202a',
    '\u202b',
    '\u202d',
    '\u202c',
    '\u2066',
    '\u2067',
    '\u2068',
    '\u2069',
    '\u200e',
    '\u200f',
    '\u061c',
  ],
  ['\u200b', '\ufeff', '\u2028', '\u2029', '\ud800', '\udc00', '\u00ad', '\u2060', '\u2063', '\u180e', '\ufffa'],
]
  .flat()
  .map(c => `a${c}txt.exe`);
const tags = Array.from('hidden', c => String.fromCodePoint(0xe0000 + (c.codePointAt(0) ?? 0))).join('');

const xml = [
  [
    ']]>',
    '<![CDATA[',
    '&amp;',
    '&evil;',
    '&#0;',
    '&#x1b;',
    '\u0001',
    '\u000b',
    '\u001f',
    '\ufffe',
    '\uffff',
    '--',
    '<?xml?>',
  ],
  [
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;',
    '"/><failure/>',
    '" onload="x',
    '</failure>',
    'true',
    'false',
  ],
].flat();

const paths = [
  ['../../etc/passwd', '/etc/passwd', 'C:\\Windows\\x', '\\\\host\\share', 'file:///etc/passwd', 'javascript:alert(1)'],
  [
    '//evil.example/x',
    'a?b=c#d',
    'a%2e%2e/b',
    '.',
    '..',
    '-rf',
    ' x ',
    'a\nb',
    'a\r\nb',
    'CON',
    'a:1:2: error',
    'a;b',
    '~',
    '$HOME',
  ],
  [
    '$(id)',
    '`id`',
    '%s%n',
    '%00',
    'a"b',
    "a'b",
    'a\\"b',
    '__proto__',
    'constructor',
    'toString',
    'x'.repeat(300),
    '*',
    '数据库',
  ],
].flat();

/** At least 200 texts, each of them once. */
export const hostileTexts: readonly string[] = [
  ...new Set([
    ...commands,
    ...markdown,
    ...html,
    ...terminal,
    ...unseen,
    ...xml,
    ...paths,
    tags,
    // One trick may open what another one uses.
    ...html.map((text, i) => `${markdown[i * 3]} ${text} ${terminal[i % terminal.length]}${commands[i]}`),
  ]),
];

/** Stands in every secret of the manifests below: no report may hold it. */
export const secret = 'Zq7vSentinel';

/** Files whose names, keys, values, comments and objects hold the text, with many mistakes and some secrets. */
export function hostileSources(text: string): readonly Source[] {
  const quoted = JSON.stringify(text);
  const line = text.replace(/[\p{Cc}\p{Cs}\u2028\u2029\ufeff\ufffe\uffff]/gu, ' ');
  const sources = [
    { path: `${text}.yaml`, text: workload(text, quoted, line) },
    { path: `k8s/${text}/config.yaml`, text: settings(quoted, line) },
    { path: `k8s/broken/${text}.yaml`, text: `image: postgres:16\n${line}: [\n` },
    { path: `docker/${text}/postgresql.conf`, text: conf(line) },
    { path: `docker/${text}/pg_hba.conf`, text: hba(line) },
    { path: `docker/${text}/Dockerfile`, text: `FROM postgres:9.6 # ${line}\nENV POSTGRES_PASSWORD ${secret}\n` },
  ];
  return sources.sort((a, b) => (a.path < b.path ? -1 : 1));
}

const conf = (line: string): string =>
  [
    `# ${line}`,
    `shared_buffers = 64GB # ${line}`,
    `${line} = 1`,
    `work_mem = '${line.replaceAll("'", "''")}'`,
    'fsync = off',
    `primary_conninfo = 'host=a user=b password=${secret}'`,
    '',
  ].join('\n');

const hba = (line: string): string => `host all all 0.0.0.0/0 trust # ${line}\nhost all ${line} all md5\nfoo ${line}\n`;

const settings = (quoted: string, line: string): string => `# ${line}
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${quoted}
data:
  ${quoted}: ${quoted}
  postgresql.conf: |
    # ${line}
    shared_buffers = 64GB
    wal_keep_segments = 64 # ${line}
    work_mem = 1kB
    synchronous_standby_names = '${line.replaceAll("'", "''")}'
  pg_hba.conf: |
    host all all 0.0.0.0/0 trust # ${line}
  init.sql: |
    ALTER ROLE app PASSWORD '${secret}';
  .pgpass: |
    db:5432:*:app:${secret}
---
apiVersion: v1
kind: Secret
metadata:
  name: ${quoted}
stringData:
  password: ${secret}
  ${quoted}: "${secret}"
data:
  other: ${Buffer.from(secret).toString('base64')}
`;

const workload = (text: string, quoted: string, line: string): string => `# ${line}
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ${quoted} # ${line}
  labels: { ${quoted}: ${quoted} }
spec:
  serviceName: ${quoted}
  replicas: 2
  selector:
    matchLabels: { app: ${quoted} }
  template:
    metadata:
      labels: { app: ${quoted} }
    spec:
      containers:
        - name: ${quoted}
          image: postgres:16.10
          args: ["-c", "config_file=/etc/postgresql/postgresql.conf", "-c", ${JSON.stringify(`work_mem=${text}`)}]
          env:
            - name: POSTGRES_PASSWORD
              value: ${JSON.stringify(`${secret}${text}`)} # ${line}
            - name: ${quoted}
              value: ${quoted}
            - name: POSTGRES_DB
              value: ${quoted}
          ports: [{ containerPort: 5432, name: ${quoted} }]
          resources: { requests: { memory: 128Mi }, limits: { memory: 256Mi } }
          livenessProbe: { exec: { command: ["sh", "-c", ${quoted}] } }
          volumeMounts:
            - { name: ${quoted}, mountPath: /var/lib/postgresql/data }
            - { name: config, mountPath: /etc/postgresql }
      volumes:
        - name: config
          configMap: { name: ${quoted} }
---
apiVersion: v1
kind: Service
metadata:
  name: ${quoted}
spec:
  type: LoadBalancer
  selector: { app: ${quoted} }
  ports: [{ port: 5432 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${quoted}
spec:
  podSelector: { matchLabels: { app: ${quoted} } }
  policyTypes: [Ingress]
  ingress: [{ from: [{ podSelector: { matchLabels: { other: ${quoted} } } }] }]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: { app: web, tier: ${quoted} }
  template:
    metadata:
      labels: { app: web, tier: ${quoted} }
    spec:
      containers:
        - name: ${quoted}
          image: example.com/web:1
          env:
            - name: PGHOST
              value: ${quoted}
            - name: DATABASE_URL
              value: postgres://app:${secret}@db:5432/app # ${line}
`;
