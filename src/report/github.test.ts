import { describe, expect, test } from 'vitest';
import type { Finding } from '../types.ts';
import { type GithubOptions, githubReport, plainGithub } from './github.ts';
import { bareFinding, fullFinding, hint, placeOf, sampleReport } from './testing.ts';
import { command, inert, quoted } from './workflow.ts';

const lines = (findings: readonly Finding[], options: Partial<GithubOptions> = {}): string[] =>
  githubReport(sampleReport(findings), { ...plainGithub, ...options })
    .split('\n')
    .slice(0, -1);
const times = (count: number, finding: Finding): Finding[] =>
  Array.from({ length: count }, (_, i) => ({ ...finding, message: `${finding.message} (${i})` }));

test('an annotation has the place, the message, the help and the address of the rule', () => {
  expect(lines([fullFinding])).toEqual([
    '::error file=k8s/a b.yaml,line=3,col=11,endColumn=18,title=shared-buffers-exceeds-request::the server "orders" maps 280 MiB but requests 256Mi, so the node may kill it%0Arequest what the limit allows%0Ahttps://rules.example/shared-buffers-exceeds-request',
  ]);
});

test('a range of several lines has no columns', () => {
  const at = { path: 'k8s/b.conf', start: 0, end: 30 };
  expect(lines([{ ...bareFinding, at }])[0]).toMatch(/^::warning file=k8s\/b\.conf,line=1,endLine=2,title=fsync-off::/);
});

test('errors come first, hints only when they are asked for', () => {
  expect(lines([hint, bareFinding, fullFinding]).map(l => l.split(' ')[0])).toEqual(['::error', '::warning']);
  const all = lines([hint, bareFinding, fullFinding], { minSeverity: 'info' });
  expect(all.map(l => l.split(' ')[0])).toEqual(['::error', '::warning', '::notice']);
});

describe('no more than the runner keeps', () => {
  test('ten of each kind, and the rest is said', () => {
    const output = lines([...times(12, bareFinding), ...times(11, fullFinding)]);
    expect(output.filter(l => l.startsWith('::error'))).toHaveLength(10);
    expect(output.filter(l => l.startsWith('::warning'))).toHaveLength(10);
    expect(output.at(-1)).toBe(
      '::notice title=tusklint::3 more problems have no annotation: the text report lists them',
    );
  });

  test('the last notice has its room', () => {
    const output = lines(times(10, hint), { minSeverity: 'info' });
    expect(output).toHaveLength(10);
    expect(output.at(-1)).toContain('::1 more problem has no annotation');
    expect(lines(times(9, hint), { minSeverity: 'info' })).toHaveLength(9);
  });

  test('what has no annotation is printed while commands are off', () => {
    const output = lines(times(12, { ...bareFinding, message: '::error::x' }), { stopToken: 'a-token' });
    expect(output.slice(10, -1)).toEqual([
      '::stop-commands::a-token',
      'k8s/b.conf:2:1 warning fsync-off: ::error::x (10)',
      'k8s/b.conf:2:1 warning fsync-off: ::error::x (11)',
      '::a-token::',
    ]);
  });

  test('a long message loses its end, not the address', () => {
    const [line = ''] = lines([{ ...bareFinding, message: '😀'.repeat(5000) }]);
    const data = line.slice(line.indexOf('::', 2) + 2).replaceAll('%0A', '\n');
    expect(data.length).toBeLessThanOrEqual(4096);
    expect(data).toMatch(/^[^\n]*😀…\nhttps:\/\/rules\.example\/fsync-off$/u);
  });
});

describe('a change', () => {
  const inDiff: GithubOptions['inDiff'] = ({ path, line }) => path === 'deploy/k8s/b.conf' && line === 1;

  test('its findings come first', () => {
    const there = { ...fullFinding, related: [] };
    const here = { ...there, at: placeOf('k8s/b.conf', '256MB'), message: 'here' };
    const output = lines([...times(10, there), here], { inDiff, directory: 'deploy' });
    expect(output[0]).toMatch(/^::error file=deploy\/k8s\/b\.conf,line=1,.*::here%0A/);
  });

  test('a finding elsewhere stands on the changed line that bears on it, and says where it is', () => {
    expect(lines([fullFinding], { inDiff, directory: 'deploy' })[0]).toMatch(
      /^::error file=deploy\/k8s\/b\.conf,line=1,col=18,.*::deploy\/k8s\/a b\.yaml:3: the server "orders" maps/,
    );
  });
});

test('a clean report prints nothing', () => {
  expect(lines([])).toEqual([]);
});

test('commands are escaped as the toolkit does it', () => {
  expect(command('error', { file: 'a:b,c%\r\n', line: undefined }, 'x%0A\r\n:,')).toBe(
    '::error file=a%3Ab%2Cc%25%0D%0A::x%250A%0D%0A:,',
  );
  expect(command('endgroup', {}, '')).toBe('::endgroup::');
});

test('text of others is quoted or made inert', () => {
  expect(quoted('::error::x', 't')).toBe('::stop-commands::t\n::error::x\n::t::\n');
  expect(inert('a\n  ::error::x\n::b\n##[error]c ::d')).toBe('a\n  ∷error::x\n∷b\n##❲error]c ::d');
});
