/** Every shared conformance case of postgresql.conf on every major: the same verdict, value, kind and line of error as the real server. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parsePostgresqlConf } from '../formats/postgresql-conf.ts';
import { wholeSource } from '../text-region.ts';
import { type Catalogue, loadCatalogue, parameterOf } from './catalogue.ts';
import { configure } from './configure.ts';
import type { ConfFile, IncludeResolver } from './includes.ts';
import { judgeConf } from './inspect-conf.ts';
import { effective } from './settings.ts';
import { showValue } from './values.ts';

interface Case {
  readonly conf: string | { readonly utf8: string };
  readonly show: string;
  readonly results: Readonly<Record<string, { readonly value?: string; readonly error?: string }>>;
}

const shared = new URL('../../../shared/postgres/conf-cases.json', import.meta.url);
const available = existsSync(shared);
const cases: readonly Case[] = available ? (JSON.parse(readFileSync(shared, 'utf8')) as readonly Case[]) : [];
const why = available ? '' : ' (skipped: ../shared is not here)';
const NOTHING: IncludeResolver = { file: () => undefined, directory: () => undefined };
/** The servers of the cases but 15, which is Debian's, were built without these. */
const WITHOUT = ['lz4', 'zstd', 'io_uring'];

test.skipIf(!available)(`the shared cases of postgresql.conf agree on every major${why}`, async () => {
  const catalogue = await loadCatalogue();
  const differences: string[] = [];
  let compared = 0;
  for (const one of cases) {
    const text = typeof one.conf === 'string' ? one.conf : one.conf.utf8;
    for (const [major, result] of Object.entries(one.results)) {
      compared++;
      const mine = judge(text, one.show, Number(major), catalogue);
      const theirs = result.error === undefined ? `= ${result.value}`.trimEnd() : complaint(result.error, text);
      if (mine !== theirs) differences.push(`${major}: ${JSON.stringify(text)}: ${mine}; server: ${theirs}`);
    }
  }
  expect(differences).toEqual([]);
  expect(compared).toBeGreaterThanOrEqual(1377);
});

function judge(text: string, show: string, major: number, catalogue: Catalogue): string {
  const parsed = parsePostgresqlConf(text);
  const file: ConfFile = { region: wholeSource({ path: 'postgresql.conf', text }), parsed, path: undefined };
  const without = major === 15 ? [] : WITHOUT;
  const faults = judgeConf(file, major, catalogue, { resolve: NOTHING, without });
  const reading = faults.filter(f => f.kind === 'syntax' || f.kind === 'include');
  const [first] =
    reading.length > 0
      ? reading
      : faults.some(f => f.kind === 'unknown')
        ? faults.filter(f => f.kind === 'unknown')
        : faults;
  if (first === undefined) {
    const layers = [{ kind: 'file', precedence: 'file', file, loaded: true, resolve: NOTHING }] as const;
    const configuration = configure({ catalogue, major, defaults: 'boot', open: undefined, layers });
    const value = effective(configuration, show);
    const parameter = parameterOf(catalogue, major, show);
    if (value === undefined) return 'nothing';
    // The cases hold the server's answer without blanks at its end.
    return `= ${parameter === undefined ? value : showValue(parameter, value)}`.trimEnd();
  }
  switch (first.kind) {
    case 'syntax':
      return `syntax at ${first.line}, ${/near .*$/s.exec(first.message)?.[0]}`;
    case 'include':
      return `include: ${first.message}`;
    case 'unknown':
      return `unknown ${first.entry?.name} at ${first.line}`;
    default:
      return `value of ${parameterOf(catalogue, major, first.entry?.name ?? '')?.name.toLowerCase()}`;
  }
}

/** The first complaint of the server in the words of `judge`. */
function complaint(error: string, text: string): string {
  const syntax = /syntax error in file ".*?" line (\d+), (near (?:end of line|token "[^\n]*?"))(?= \/ |$)/.exec(error);
  if (syntax !== null) {
    // Where the last line has no line break and lacks something, the server counts one line too few.
    const short = syntax[2] === 'near end of line' && !text.includes('\n');
    return `syntax at ${short ? 1 : Number(syntax[1])}, ${syntax[2]}`;
  }
  const include = /((?:could not open|empty) configuration (?:file|directory)(?: name:)? ".*?")/.exec(error);
  if (include !== null) return `include: ${include[1]}`;
  const unknown = /unrecognized configuration parameter "(.*?)" in file ".*?" line (\d+)/.exec(error);
  if (unknown !== null) return `unknown ${unknown[1]} at ${unknown[2]}`;
  const name = /parameter "([^"]+)"/.exec(error)?.[1] ?? (/WITH OIDS/.test(error) ? 'default_with_oids' : 'nothing');
  return `value of ${name.toLowerCase()}`;
}
