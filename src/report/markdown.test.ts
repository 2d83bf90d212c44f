import { expect, test } from 'vitest';
import type { Finding } from '../types.ts';
import { type MarkdownOptions, commentBytes, markdownReport, plainMarkdown } from './markdown.ts';
import { codeSpan, fenced, htmlText, markdownText } from './markdown-text.ts';
import { bareFinding, fullFinding, hint, placeOf, sampleReport } from './testing.ts';

const render = (findings: readonly Finding[], options: Partial<MarkdownOptions> = {}): string =>
  markdownReport(sampleReport(findings), { ...plainMarkdown, ...options });

test('the whole report', () => {
  expect(
    `\n${render([fullFinding, bareFinding, hint], { blob: 'https://host/o/r/blob/sha', directory: 'deploy' })}`,
  ).toBe(`
## tusklint: 1 error, 1 warning

2 servers in 3 files. 1 hint is not shown.

### [\`k8s/a b.yaml\`](https://host/o/r/blob/sha/deploy/k8s/a%20b.yaml)

❌ **the server "orders" maps 280 MiB but requests 256Mi, so the node may kill it**  
[\`k8s/a b.yaml:3\`](https://host/o/r/blob/sha/deploy/k8s/a%20b.yaml#L3) · [\`shared-buffers-exceeds-request\`](https://rules.example/shared-buffers-exceeds-request)

\`\`\`
1 │ spec:
2 │   ä: "😀" # why
3 │   memory: "256Mi"
  │           ^^^^^^^ less than 280 MiB
\`\`\`

- shared\\_buffers = 256MB: [\`k8s/b.conf:1\`](https://host/o/r/blob/sha/deploy/k8s/b.conf#L1)

**In:** servers orders, billing; builds prod, staging

**Help:** request what the limit allows

**Fix** (unsafe): memory: "256Mi" → "1Gi"

\`\`\`diff
- memory: "256Mi"
+ memory: "1Gi"
\`\`\`

### [\`k8s/b.conf\`](https://host/o/r/blob/sha/deploy/k8s/b.conf)

⚠️ **fsync is off, so a crash may leave the data damaged**  
[\`k8s/b.conf:2\`](https://host/o/r/blob/sha/deploy/k8s/b.conf#L2) · [\`fsync-off\`](https://rules.example/fsync-off)

\`\`\`
1 │ shared_buffers = 256MB
2 │ fsync = off
  │ ^^^^^
\`\`\`

<details>
<summary>1 file skipped</summary>

- \`big.yaml\`: larger than 10 MB

</details>
`);
});

test('a clean run says what was read', () => {
  const clean = sampleReport([], { skipped: [] });
  expect(markdownReport(clean)).toBe('## tusklint: no problems\n\n2 servers in 3 files.\n');
  expect(markdownReport({ ...clean, servers: 0 })).toBe('## tusklint: no PostgreSQL found\n\n3 files read.\n');
});

test('the worst file comes first', () => {
  const output = render([bareFinding, fullFinding]);
  expect(output.indexOf('### `k8s/a b.yaml`')).toBeLessThan(output.indexOf('### `k8s/b.conf`'));
  expect(output.indexOf('### `k8s/a b.yaml`')).toBeGreaterThan(0);
});

test('many findings are folded', () => {
  const output = render(Array.from({ length: 9 }, () => bareFinding));
  expect(output).toContain('<details open>\n<summary><b><code>k8s/b.conf</code></b> 9 warnings</summary>\n');
  expect(output).toContain('<summary>⚠️ fsync is off, so a crash may leave the data damaged (line 2)</summary>\n');
  expect(output.match(/<details/g)).toHaveLength(11);
  expect(output.match(/<\/details>/g)).toHaveLength(11);
});

test.for([700, 2000, commentBytes])('no more than %i bytes, cut between findings, and the rest is told', mostBytes => {
  const findings = Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? fullFinding : bareFinding));
  const output = render(findings, { mostBytes, more: 'see [the log](https://log.example)' });
  expect(Buffer.byteLength(output)).toBeLessThanOrEqual(mostBytes);
  const shown = output.match(/<summary>[❌⚠]/gu)?.length ?? 0;
  expect(output).toContain(`**${400 - shown} more problems are left out here:** see [the log](https://log.example).`);
  expect(output.match(/<details/g)?.length).toBe(output.match(/<\/details>/g)?.length);
  if (mostBytes > 1000) expect(shown).toBeGreaterThan(0);
});

test('secrets are masked in code, and fixes that touch them are not shown', () => {
  const edits = [{ ...placeOf('k8s/a b.yaml', 'hunter2'), text: 'x' }];
  const fix = { title: 't', applicability: 'safe' as const, edits };
  const output = render([{ ...fullFinding, at: placeOf('k8s/a b.yaml', 'password'), fix }]);
  expect(output).toContain('4 │   password: ********\n');
  expect(output).toContain('(not shown: it touches a secret)');
  expect(output).not.toContain('hunter2');
});

test('what is outside of the repository has no link', () => {
  const at = { ...fullFinding.at, path: '../other.yaml' };
  expect(render([{ ...fullFinding, at }], { blob: 'https://host/b' })).toContain('\n`../other.yaml:1` · ');
});

test.for<[string, string]>([
  ['plain words, 12 of them: fine.', 'plain words, 12 of them: fine.'],
  ['a_b *c* [d](e) <f> `g` ~h~ |', 'a\\_b \\*c\\* \\[d\\](e) \\<f\\> `g` \\~h\\~ \\|'],
  ['a ` b', 'a \\` b'],
  ['`` x ``', '\\`\\` x \\`\\`'],
  ['@user a@b.c', '@&#8203;user a@&#8203;b.c'],
  ['#12 GH-12', '\\#&#8203;12 GH-&#8203;12'],
  ['https://a.b www.c.d', 'https:/&#8203;/a.b www&#8203;.c.d'],
  ['is :+1: 10:30', 'is :&#8203;+1: 10:30'],
  ['costs $1 or $2', 'costs <span>$</span>1 or <span>$</span>2'],
  ['AT&T &lt; &#64;', 'AT&amp;T &amp;lt; &amp;\\#&#8203;64;'],
  ['- item', '\\- item'],
  ['1. one', '1\\. one'],
  ['# head', '\\# head'],
  ['::error::x', '\\::&#8203;error::x'],
  ['deadbeef12 134217728', 'dea&#8203;dbeef12 134217728'],
  ['a\n\nb', 'a␊␊b'],
  ['  x  ', 'x'],
])('words: %j', ([text, expected]) => {
  expect(markdownText(text)).toBe(expected);
});

test.for<[string, string]>([
  ['<b> & "c" `d<e` @f', '&lt;b&gt; &amp; &quot;c&quot; <code>d&lt;e</code> @&#8203;f'],
  ['</summary>', '&lt;/summary&gt;'],
])('HTML: %j', ([text, expected]) => {
  expect(htmlText(text)).toBe(expected);
});

test.for<[string, string]>([
  ['a', '`a`'],
  ['a`b', '``a`b``'],
  ['`a``', '``` `a`` ```'],
  [' a ', '`  a  `'],
  ['a\nb', '`a␊b`'],
])('code: %j', ([text, expected]) => {
  expect(codeSpan(text)).toBe(expected);
});

test('a block of code has a longer fence than any in it', () => {
  expect(fenced(['a', '```'], 'diff')).toBe('````diff\na\n```\n````');
});
