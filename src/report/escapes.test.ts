import { expect, test } from 'vitest';
import { jsonText } from './json-text.ts';
import { ruleHelp } from './rule-help.ts';
import { pathUri } from './uri.ts';
import { xmlText } from './xml.ts';

test.for<[string, string]>([
  ['k8s/a.yaml', 'k8s/a.yaml'],
  ['a b/ä#?.yaml', 'a%20b/%C3%A4%23%3F.yaml'],
  ["a(b)!'*.yaml", 'a%28b%29%21%27%2A.yaml'],
  ['javascript:alert(1)', 'javascript%3Aalert%281%29'],
  ['C:\\x', 'C%3A%5Cx'],
  ['100%.yaml', '100%25.yaml'],
  ['../up.yaml', '../up.yaml'],
  ['/etc/x', 'file:///etc/x'],
  ['a\ud800b', 'a%EF%BF%BDb'],
])('the address of %j', ([path, uri]) => {
  expect(pathUri(path)).toBe(uri);
});

test('the address from a folder of the repository', () => {
  expect(pathUri('../b/a.yaml', 'deploy/db')).toBe('deploy/b/a.yaml');
  expect(pathUri('a.yaml', 'deploy db')).toBe('deploy%20db/a.yaml');
});

test.for(['\u009b31m', '\u202e', '\u007f', '\ufeff', '##[error]x', '\u{e0041}', '😀', '\u0000\n'])(
  'JSON escapes %j and keeps the value',
  text => {
    const json = jsonText({ text });
    expect(json).not.toMatch(/[\u007f-\u009f\u202e\ufeff\udb40]|##\[/);
    expect(JSON.parse(json)).toEqual({ text });
  },
);

test('XML holds anything', () => {
  const text = xmlText({
    a: { '@b': 'x"<\u0000\n true', c: [{ '#text': ']]>&\n  ::error::x ##[y]' }, { '@d': 'true' }] },
  });
  expect(text).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<a b="x&quot;&lt;␀␊ true">
  <c>]]&gt;&amp;
  &#58;:error::x ##&#91;y]</c>
  <c d="true"/>
</a>
`);
});

test('the help of a rule is its page without the examples', () => {
  const page =
    '# a-rule\n\nFirst `one`,\nwith a [link](../b/c.md).\n\nSecond.\n\n```yaml bad\na: 1\n```\n\nAn example.\n\n## Fix\n\n- *do* it\n- now\n\n```sh\nx\n```\n\n## Sources\n\n- [s](https://s.example)\n';
  expect(ruleHelp(page, 'Summary.', 'https://r.example/a/a-rule.md')).toEqual({
    full: 'First one, with a link (https://r.example/b/c.md).',
    text: 'First one, with a link (https://r.example/b/c.md).\n\nSecond.\n\nFix\n\n- do it\n- now\n\nSources\n\n- s (https://s.example)\n\nhttps://r.example/a/a-rule.md',
    markdown:
      'First `one`,\nwith a [link](https://r.example/b/c.md).\n\nSecond.\n\n## Fix\n\n- *do* it\n- now\n\n## Sources\n\n- [s](https://s.example)\n\n[The whole page, with examples](https://r.example/a/a-rule.md)',
  });
  expect(ruleHelp(undefined, 'Summary.', 'https://r.example/')).toMatchObject({ full: 'Summary.' });
});
