/**
 * Generated values, files and memory configurations, judged by us and by real servers of every major that is installed
 * (see fixtures/oracles). TUSKLINT_FUZZ sets how many values a major (2000, of which one in eight is asked for what the
 * server shows; all of them when it is set); TUSKLINT_SEED another seed.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateFile, generateValue, type Random, random } from '../../fixtures/oracles/generate.ts';
import { type Answer, installedMajors, type Oracle, openOracle } from '../../fixtures/oracles/postgres.ts';
import { ABANDONED, parsePostgresqlConf } from '../formats/postgresql-conf.ts';
import { wholeSource } from '../text-region.ts';
import { type Catalogue, canonicalName, loadCatalogue, type Parameter, parameterOf } from './catalogue.ts';
import { configure } from './configure.ts';
import type { ConfFile, IncludeResolver } from './includes.ts';
import { type ConfFault, judgeConf } from './inspect-conf.ts';
import { sharedMemory } from './shared-memory.ts';
import { parseValue, showValue } from './values.ts';

const VALUES = Number(process.env['TUSKLINT_FUZZ'] ?? 2000);
const FILES = Math.ceil(VALUES / 6);
const SEED = Number(process.env['TUSKLINT_SEED'] ?? 1);
const TIMEOUT = 3_600_000;
const MIB = 1024 ** 2;

/** What the embedded builds were made without. */
const WITHOUT = ['lz4', 'zstd', 'io_uring'];
/** Places of files, and locales of the machine: nothing that a value alone decides. */
const SKIPPED = /^(?:config_file|data_directory|hba_file|ident_file|external_pid_file|lc_.*|ssl|max_stack_depth)$/;
/** These say how complaints are written, so they are asked alone. */
const ALONE = /^(?:log_min_messages|log_destination|log_line_prefix|log_error_verbosity)$/;
const TARGET = /^recovery_target(?:_lsn|_name|_time|_xid)?$/;
/** Reset by the server before it prints them. */
const VOLATILE = /^transaction_(?:read_only|deferrable|isolation)$/;

const majors = installedMajors();

const why = majors.length === 0 ? ' (skipped: no servers installed; npm ci in fixtures/oracles)' : '';
test.skipIf(majors.length === 0)(`there are servers to ask${why}`, () => expect(majors.length).toBeGreaterThan(0));

describe.for(majors)('PostgreSQL %i', major => {
  let oracle: Oracle;
  let catalogue: Catalogue;
  beforeAll(async () => {
    oracle = openOracle(major);
    catalogue = await loadCatalogue();
  }, TIMEOUT);
  afterAll(() => oracle?.close());

  test(`agrees on ${VALUES} values`, { timeout: TIMEOUT }, async () => {
    const rnd = random(SEED * 1000 + major);
    const parameters = testable(catalogue, major);
    const differences: string[] = [];
    let judged = 0;
    while (judged < VALUES) {
      const chosen = choose(parameters, rnd);
      judged += chosen.length;
      differences.push(...(await compareValues(oracle, catalogue, chosen, rnd)));
    }
    expect(differences).toEqual([]);
  });

  test(`agrees on ${FILES} files`, { timeout: TIMEOUT }, async () => {
    const rnd = random(SEED * 1000 + 500 + major);
    const parameters = testable(catalogue, major).filter(p => !ALONE.test(p.name));
    const texts = Array.from({ length: FILES }, () => generateFile(oneTarget(parameters, rnd), rnd));
    const differences: string[] = [];
    await inParallel(texts, async text => {
      const difference = await compareFile(oracle, catalogue, text);
      if (difference !== undefined) differences.push(difference);
    });
    expect(differences).toEqual([]);
  });

  // Older servers do not tell.
  test.for(major < 15 ? [] : [80])('agrees on %i sizes of shared memory', { timeout: TIMEOUT }, async () => {
    const rnd = random(SEED * 1000 + 700 + major);
    const differences: string[] = [];
    const configurations = Array.from({ length: 80 }, () => memorySettings(rnd, major));
    // One at a time: the data directory is locked while the server works the size out.
    for (const settings of configurations) {
      const difference = await compareMemory(oracle, catalogue, settings);
      if (difference !== undefined) differences.push(difference);
    }
    expect(differences).toEqual([]);
  });
});

function testable(catalogue: Catalogue, major: number): readonly Parameter[] {
  return [...catalogue.parameters.values()].flatMap(({ name }) => {
    const parameter = parameterOf(catalogue, major, name);
    const usable = parameter !== undefined && parameter.extension === undefined && parameter.onlyIn === undefined;
    return usable && parameter.context !== 'internal' && !SKIPPED.test(name) ? [parameter] : [];
  });
}

interface Choice {
  readonly parameter: Parameter;
  readonly text: string;
}

/** Recovery targets exclude each other: the server gives up at the second, whatever else is wrong. */
function oneTarget(parameters: readonly Parameter[], rnd: Random): readonly Parameter[] {
  const target = rnd.pick(['', '_lsn', '_name', '_time', '_xid']);
  return parameters.filter(p => !TARGET.test(p.name) || p.name === `recovery_target${target}`);
}

/** One value for each parameter. */
function choose(parameters: readonly Parameter[], rnd: Random): readonly Choice[] {
  return oneTarget(parameters, rnd)
    .filter(p => p.name !== 'log_statement_stats' || rnd.once(4))
    .map(parameter => ({ parameter, text: generateValue(parameter, rnd) }));
}

async function compareValues(
  oracle: Oracle,
  catalogue: Catalogue,
  chosen: readonly Choice[],
  rnd: Random,
): Promise<readonly string[]> {
  const together = chosen.filter(c => !ALONE.test(c.parameter.name));
  const file = together.map(({ parameter, text }) => `${parameter.name} = ${quote(text)}\n`).join('');
  const answer = await oracle.load({ 'postgresql.conf': file }, 'port', '-c', 'log_min_messages=log');
  const refused = refusedNames(answer);
  const faults = judgeConf(asFile(file), oracle.major, catalogue, { without: WITHOUT });
  const differences: string[] = [];
  const accepted = chosen.filter(c => ALONE.test(c.parameter.name));
  for (const choice of together) {
    const { parameter, text } = choice;
    const fault = faults.find(f => f.entry?.name === parameter.name);
    const complaint = refused.get(parameter.name.toLowerCase());
    if (fault !== undefined && isDeferred(fault, oracle.major)) continue;
    if ((fault === undefined) !== (complaint === undefined)) {
      differences.push(
        `${parameter.name} = ${JSON.stringify(text)}: ${fault?.message ?? 'taken'}; server: ${complaint ?? 'taken'}`,
      );
    } else if (fault === undefined && (process.env['TUSKLINT_FUZZ'] !== undefined || rnd.once(8)))
      accepted.push(choice);
  }
  await inParallel(accepted, async ({ parameter, text }) => {
    const mine = parseValue(parameter, text, oracle.major, WITHOUT);
    const theirs = await oracle.ask(parameter.name, text);
    // `postgres -C` prints whole numbers in decimal, file modes too.
    const shown = mine.ok
      ? typeof mine.value === 'number' && parameter.type === 'integer'
        ? String(mine.value)
        : showValue(parameter, mine.value)
      : undefined;
    if (shown !== theirs.value && !(VOLATILE.test(parameter.name) && shown !== undefined)) {
      differences.push(
        `${parameter.name} = ${JSON.stringify(text)} is shown as ${shown}; server: ${theirs.value ?? theirs.complaints[0]}`,
      );
    }
  });
  return differences;
}

const NAMELESS: readonly (readonly [RegExp, string])[] = [
  [/WITH OIDS/, 'default_with_oids'],
  [/Bonjour/, 'bonjour'],
  [/time zone file/, 'timezone_abbreviations'],
  [/number of synchronous standbys/, 'synchronous_standby_names'],
];

/** From 15 on libraries may bring more words, so the server refuses them later, when `postgres -C` is long done. */
function isDeferred(fault: ConfFault, major: number): boolean {
  return (
    major >= 15 &&
    fault.entry?.name.toLowerCase() === 'wal_consistency_checking' &&
    /none of its words/.test(fault.message)
  );
}

function refusedNames(answer: Answer): ReadonlyMap<string, string> {
  const refused = new Map<string, string>();
  for (const complaint of answer.complaints) {
    if (/^(?:DETAIL|HINT)/.test(complaint)) continue;
    const name =
      /parameter "([^"]+)"/.exec(complaint)?.[1] ?? NAMELESS.find(([pattern]) => pattern.test(complaint))?.[1];
    if (name !== undefined) refused.set(name.toLowerCase(), complaint);
    else if (!/contains errors|skipping missing/.test(complaint)) throw new Error(`not understood: ${complaint}`);
  }
  return refused;
}

const NOTHING: IncludeResolver = { file: () => undefined, directory: () => undefined };

function asFile(text: string): ConfFile {
  return { region: wholeSource({ path: 'postgresql.conf', text }), parsed: parsePostgresqlConf(text), path: undefined };
}

/** The server names syntax errors, else unknown names, else values: so do we here. */
async function compareFile(oracle: Oracle, catalogue: Catalogue, text: string): Promise<string | undefined> {
  const answer = await oracle.load({ 'postgresql.conf': text }, 'work_mem', '-c', 'log_min_messages=log');
  const file = asFile(text);
  const faults = judgeConf(file, oracle.major, catalogue, { without: WITHOUT, resolve: NOTHING });
  const lines = text.split('\n').length;
  const near = new Map(
    file.parsed.errors.filter(e => e.message !== ABANDONED).map(e => [e.line, e.near ?? 'end of line']),
  );
  const reading = faults.flatMap(f => {
    if (f.kind === 'include') return [f.message];
    if (f.kind !== 'syntax') return [];
    if (f.message === ABANDONED) return ['abandoned'];
    // It counts the end of the file, not the line, when something is missing in a last line without a line break.
    const atEnd = near.get(f.line) === 'end of line' && f.line === lines;
    return [`${atEnd ? f.line - 1 : f.line} ${near.get(f.line)}`];
  });
  const unknown = faults.filter(f => f.kind === 'unknown').map(f => `${f.line} ${f.entry?.name}`);
  const refused = faults
    .filter(f => f.kind === 'internal' || f.kind === 'value' || f.kind === 'conflict')
    .filter(f => !isDeferred(f, oracle.major))
    .map(f => canonicalName(oracle.major, f.entry?.name ?? ''));
  const mine = reading.length > 0 ? reading : unknown.length > 0 ? unknown : [...new Set(refused)].sort();
  const theirs = complaintsOfFile(answer, oracle.major);
  return JSON.stringify(mine) === JSON.stringify(theirs)
    ? undefined
    : `${JSON.stringify(text)}: ${JSON.stringify(mine)}; server: ${JSON.stringify(theirs)} ${answer.complaints.join(' / ')}`;
}

function complaintsOfFile(answer: Answer, major: number): readonly string[] {
  const located: string[] = [];
  for (const complaint of answer.complaints) {
    const syntax = /syntax error in file ".*?" line (\d+), near (?:token "([\s\S]*)"|(end of line))$/.exec(complaint);
    if (syntax !== null) located.push(`${syntax[1]} ${syntax[2] ?? syntax[3]}`);
    else if (/too many syntax errors/.test(complaint)) located.push('abandoned');
    const include = /((?:could not open|empty) configuration (?:file|directory)(?: name:)? ".*?")/.exec(complaint);
    if (include !== null) located.push(include[1] ?? '');
    const unknown = /unrecognized configuration parameter "(.*)" in file ".*" line (\d+)$/.exec(complaint);
    if (unknown !== null) located.push(`${unknown[2]} ${unknown[1]}`);
  }
  return located.length > 0
    ? located
    : [...new Set([...refusedNames(answer).keys()].map(name => canonicalName(major, name)))].sort();
}

function memorySettings(rnd: Random, major: number): Readonly<Record<string, string>> {
  const all: Record<string, string> = {
    shared_buffers: `${rnd.pick([1, 16, 48, 128, 200, 512, 1024, 3000, 8192, 20000, 65536])}MB`,
    max_connections: String(rnd.pick([5, 20, 60, 100, 150, 333, 700, 1500, 4000])),
    max_locks_per_transaction: String(rnd.pick([10, 64, 100, 128, 256, 600, 2000])),
    max_pred_locks_per_transaction: String(rnd.pick([10, 64, 128, 300])),
    max_worker_processes: String(rnd.pick([0, 8, 16, 40])),
    max_wal_senders: String(rnd.pick([0, 10, 50])),
    max_prepared_transactions: String(rnd.pick([0, 50, 400])),
    autovacuum_max_workers: String(rnd.pick([1, 3, 10])),
    track_activity_query_size: String(rnd.pick([1024, 4096, 32768])),
    wal_buffers: rnd.pick(['-1', '64kB', '4MB', '16MB', '128MB']),
    min_dynamic_shared_memory: rnd.pick(['0', '0', '0', '256MB']),
    ...(major >= 17 && { transaction_buffers: rnd.pick(['0', '128kB', '4MB']) }),
    ...(major >= 18 && { autovacuum_worker_slots: rnd.pick(['3', '16', '40']) }),
  };
  const used = Object.entries(all).filter(([name]) => name === 'shared_buffers' || rnd.once(2));
  return Object.fromEntries(used);
}

async function compareMemory(
  oracle: Oracle,
  catalogue: Catalogue,
  settings: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const at = { path: '', start: 0, end: 0 };
  const assignments = Object.entries(settings).map(([name, value]) => ({ name, value, at, nameAt: at }));
  const mine = sharedMemory(
    configure({
      catalogue,
      major: oracle.major,
      defaults: 'boot',
      open: undefined,
      layers: [{ kind: 'assignments', precedence: 'file', origin: 'file', assignments, loaded: true }],
    }),
  );
  const file = Object.entries(settings)
    .map(([name, value]) => `${name} = '${value}'\n`)
    .join('');
  const answer = await oracle.load({ 'postgresql.conf': file }, 'shared_memory_size');
  const theirs = Number(answer.value);
  const difference = Math.abs((mine?.bytes ?? 0) / MIB - theirs);
  return difference <= Math.max(4, 0.03 * theirs)
    ? undefined
    : `${JSON.stringify(settings)}: ${Math.round((mine?.bytes ?? 0) / MIB)} MiB; server: ${answer.value ?? answer.complaints[0]}`;
}

/** Two at a time. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all([worker(), worker()]);
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
