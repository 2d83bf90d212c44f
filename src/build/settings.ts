/**
 * Writes `schemas/settings.json` from the dumps of real servers that lie in `../shared/postgres`:
 * one table of all majors, a line for each variant of a parameter. Run it with `npx tsx src/build/settings.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { CatalogueData, Variant } from '../postgres/catalogue.ts';

interface DumpedParameter {
  readonly name: string;
  readonly vartype: Variant['type'];
  readonly unit: Variant['unit'] | null;
  readonly min_val: string | null;
  readonly max_val: string | null;
  readonly enumvals: readonly string[] | null;
  readonly boot_val: string | null;
  readonly initdb_setting?: string | null;
  readonly context: Variant['context'];
}
type Unlisted = Readonly<Record<string, { readonly accepted_enum_words: Readonly<Record<string, readonly string[]>> }>>;
type VariantFacts = Omit<Variant, 'majors'>;

const DATE = '2026-11-22';
const MINORS = {
  10: '10.23',
  11: '11.22',
  12: '12.22',
  13: '13.23',
  14: '14.23',
  15: '15.20',
  16: '16.14',
  17: '17.10',
  18: '18.4',
} as const;
const MAJORS = Object.keys(MINORS).map(Number);
const NEWEST = Math.max(...MAJORS);

/** What initdb writes into the new postgresql.conf; the rest of the dump's differences stems from how that server was started. */
const WRITTEN_BY_INITDB: Readonly<Record<string, string>> = {
  shared_buffers: '16384',
  max_connections: '100',
  dynamic_shared_memory_type: 'posix',
  max_wal_size: '1024',
  min_wal_size: '80',
};

/** Words that stand for another in `enumvals`, or that a build may lack. */
const BOOLEAN_WORDS: Readonly<Record<string, string>> = {
  true: 'on',
  yes: 'on',
  '1': 'on',
  false: 'off',
  no: 'off',
  '0': 'off',
};
const BUILD_WORDS: Readonly<Record<string, { readonly since: number; readonly words: readonly string[] }>> = {
  wal_compression: { since: 15, words: ['lz4', 'zstd'] },
  default_toast_compression: { since: 14, words: ['lz4'] },
  io_method: { since: 18, words: ['io_uring'] },
};

/** Known to the server, listed nowhere. */
const HIDDEN: Readonly<Record<string, { readonly since: number; readonly facts: VariantFacts }>> = {
  default_with_oids: { since: 12, facts: { type: 'bool', boot: 'off', context: 'user', hidden: true } },
  ssl_renegotiation_limit: {
    since: 10,
    facts: { type: 'integer', min: 0, max: 0, boot: '0', context: 'user', hidden: true },
  },
  role: { since: 10, facts: { type: 'string', boot: 'none', context: 'user', hidden: true } },
  session_authorization: { since: 10, facts: { type: 'string', context: 'user', hidden: true } },
  seed: { since: 10, facts: { type: 'real', min: -1, max: 1, boot: '0', context: 'user', hidden: true } },
  is_superuser: { since: 10, facts: { type: 'bool', boot: 'off', context: 'internal', hidden: true } },
};

/** Seen in one package or minor release only, so that other servers of these majors may or may not have it. */
const ONLY_IN: Readonly<Record<string, { readonly majors: readonly [number, number]; readonly where: string }>> = {
  extension_destdir: { majors: [10, NEWEST], where: "Debian's packages" },
  composite_type_mismatch: { majors: [14, NEWEST], where: 'recent minor releases' },
  output_plugin_libraries: { majors: [14, NEWEST], where: 'recent minor releases' },
};

const shared = new URL('../../../shared/postgres/', import.meta.url);
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, shared), 'utf8'));
const readDump = (path: string): readonly DumpedParameter[] => read(path) as readonly DumpedParameter[];

function enumFacts(p: DumpedParameter, major: number, unlisted: Unlisted): Partial<VariantFacts> {
  if (p.enumvals === null) return {};
  const build = BUILD_WORDS[p.name];
  const buildWords = build !== undefined && major >= build.since ? build.words : [];
  const words = [...p.enumvals.filter(w => !buildWords.includes(w)), ...buildWords];
  const accepted = unlisted[String(major)]?.accepted_enum_words[p.name] ?? [];
  const aliases = Object.fromEntries(accepted.map(word => [word, canonicalWord(p.name, word, words, major)]));
  // wal_compression lists `on` and shows it as the method that it stands for.
  if (p.name === 'wal_compression') Object.assign(aliases, { on: 'pglz', true: 'pglz', yes: 'pglz', '1': 'pglz' });
  if (major <= 11 && accepted.includes('debug')) Object.assign(aliases, { debug2: 'debug' });
  return {
    enum: words,
    ...(Object.keys(aliases).length > 0 && { aliases }),
    ...(buildWords.length > 0 && { buildWords }),
  };
}

function canonicalWord(name: string, word: string, words: readonly string[], major: number): string {
  if (name === 'wal_level') return 'replica';
  if (name === 'password_encryption') return 'md5';
  // Up to 11 the unlisted spelling comes first, so it is the one that is shown.
  if (word === 'debug') return major <= 11 ? 'debug' : 'debug2';
  const canonical = BOOLEAN_WORDS[word] ?? word;
  return words.includes(canonical) ? canonical : word;
}

function facts(p: DumpedParameter, major: number, unlisted: Unlisted, extension: boolean): VariantFacts {
  const boot = p.name === 'log_file_mode' ? String(Number.parseInt('600', 8)) : p.boot_val;
  const initdb = extension ? undefined : WRITTEN_BY_INITDB[p.name];
  return {
    type: p.vartype,
    ...(p.unit !== null && p.unit !== undefined && { unit: p.unit }),
    ...(p.min_val !== null && { min: Number(p.min_val) }),
    ...(p.max_val !== null && { max: Number(p.max_val) }),
    ...enumFacts(p, major, unlisted),
    ...(boot !== null && { boot }),
    ...(initdb !== undefined && initdb !== p.boot_val && { initdb }),
    context: p.context,
    ...(extension && { extension: p.name.slice(0, p.name.indexOf('.')) }),
  };
}

/** Joins majors in a row that say the same. */
function addVariant(table: Map<string, Variant[]>, name: string, major: number, what: VariantFacts): void {
  const variants = table.get(name) ?? [];
  table.set(name, variants);
  const last = variants.at(-1);
  if (last !== undefined && last.majors[1] === major - 1) {
    const { majors, ...before } = last;
    if (JSON.stringify(before) === JSON.stringify(what)) {
      variants[variants.length - 1] = { majors: [majors[0], major], ...what };
      return;
    }
  }
  variants.push({ majors: [major, major], ...what });
}

function build(): CatalogueData {
  const unlisted = read('accepted-but-unlisted.json') as Unlisted;
  const table = new Map<string, Variant[]>();
  for (const major of MAJORS) {
    for (const p of readDump(`settings/${major}.json`)) {
      if (ONLY_IN[p.name] === undefined) addVariant(table, p.name, major, facts(p, major, unlisted, false));
    }
    for (const p of readDump(`extension-settings/${major}.json`)) {
      addVariant(table, p.name, major, facts(p, major, unlisted, true));
    }
    for (const [name, hidden] of Object.entries(HIDDEN)) {
      if (major >= hidden.since) addVariant(table, name, major, hidden.facts);
    }
  }
  for (const p of readDump('settings/15.json')) {
    const rare = ONLY_IN[p.name];
    if (rare !== undefined) {
      table.set(p.name, [{ majors: rare.majors, ...facts(p, 15, unlisted, false), onlyIn: rare.where }]);
    }
  }
  const names = [...table.keys()].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  return { date: DATE, releases: MINORS, parameters: Object.fromEntries(names.map(n => [n, table.get(n) ?? []])) };
}

/** One line for each variant, so that a change of one parameter is a change of one line. */
function print(data: CatalogueData): string {
  const parameters = Object.entries(data.parameters).map(([name, variants]) => {
    const lines = variants.map(v => JSON.stringify(v));
    const list = lines.length === 1 ? `[${lines[0]}]` : `[\n      ${lines.join(',\n      ')}\n    ]`;
    return `    ${JSON.stringify(name)}: ${list}`;
  });
  const head = `  "date": ${JSON.stringify(data.date)},\n  "releases": ${JSON.stringify(data.releases)},\n`;
  return `{\n${head}  "parameters": {\n${parameters.join(',\n')}\n  }\n}\n`;
}

writeFileSync(new URL('../../schemas/settings.json', import.meta.url), print(build()));
