/** Compares the reader of pg_hba.conf with real servers, file by generated file, through the view pg_hba_file_rules. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { hbaFiles } from './pg-hba-oracle-files.ts';
import { type HbaFileRule, inspectHba } from './pg-hba.ts';

const filesPerMajor = Number(process.env.TUSKLINT_ORACLE_FILES ?? 300);
const seed = Number(process.env.TUSKLINT_ORACLE_SEED ?? 1);
/** PostgreSQL refuses to run as root. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;

interface Oracle {
  readonly title: string;
  readonly major: number;
  readonly bin: string;
}

function oracles(): readonly Oracle[] {
  const roots = [process.env.TUSKLINT_ORACLES, fileURLToPath(new URL('../../fixtures/oracles', import.meta.url))];
  const packages = roots.flatMap(root => (root === undefined ? [] : folders(join(root, 'node_modules'))));
  const bins = [
    ...packages.map(folder => join(folder, 'native', 'bin')),
    ...folders('/usr/lib/postgresql').map(f => join(f, 'bin')),
  ];
  const found = bins.flatMap(bin => {
    if (!existsSync(join(bin, 'postgres')) || !existsSync(join(bin, 'initdb'))) return [];
    const version = run(join(bin, 'postgres'), ['--version'], tmpdir());
    const major = Number(/(\d+)\.\d/.exec(version ?? '')?.[1]);
    return major >= 10 ? [{ title: `${version?.trim()}`, major, bin }] : [];
  });
  return found
    .filter((o, i) => found.findIndex(other => other.title === o.title) === i)
    .sort((a, b) => a.major - b.major);
}

function folders(root: string): readonly string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root).flatMap(name => (name.startsWith('@') ? folders(join(root, name)) : [join(root, name)]));
}

/** What a program prints; undefined where it cannot be run, by this user or at all. */
function run(program: string, args: readonly string[], cwd: string, input?: string): string | undefined {
  try {
    return execFileSync(program, args, {
      cwd,
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
      maxBuffer: 2 ** 28,
      ...nobody,
    });
  } catch {
    return undefined;
  }
}

/** The view's rows for each file, from one server in single-user mode: no port, no client. */
function rowsOf(oracle: Oracle, files: readonly string[]): readonly (readonly HbaFileRule[])[] {
  const root = mkdtempSync(join(tmpdir(), 'tusklint-hba-'));
  try {
    if (nobody !== undefined) chownSync(root, nobody.uid, nobody.gid);
    chmodSync(root, 0o755);
    const data = join(root, 'data');
    const initdb = run(
      join(oracle.bin, 'initdb'),
      ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '-N'],
      root,
    );
    if (initdb === undefined) throw new Error(`${oracle.title}: initdb failed`);
    const out = join(root, 'out');
    mkdirSync(out);
    if (nobody !== undefined) chownSync(out, nobody.uid, nobody.gid);
    const statements = files.flatMap((text, index) => {
      writeFileSync(join(root, `${index}.conf`), text);
      return [
        `copy (select 1) to program 'cat >/dev/null; cp ${root}/${index}.conf ${data}/pg_hba.conf'`,
        `copy (select encode(convert_to(coalesce(json_agg(r), '[]')::text, 'UTF8'), 'hex') from pg_hba_file_rules r) to '${out}/${index}'`,
      ];
    });
    run(join(oracle.bin, 'postgres'), ['--single', '-D', data, 'postgres'], root, `${statements.join('\n')}\n`);
    return files.map((_, index) =>
      JSON.parse(Buffer.from(readFileSync(join(out, String(index)), 'utf8').trim(), 'hex').toString()),
    );
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** The build lacks what tusklint takes for present. */
const otherBuild = /not supported by this build|LDAP URLs not supported/;
/** Names a directory that is there: what happens then depends on the file system. */
const namesDirectory = /@"?\.{1,2}(?=[",\s#]|$)/;

function comparable(row: HbaFileRule): unknown {
  const { line_number, type, database, user_name, address, netmask, auth_method, options, error } = row;
  return { line_number, type, database, user_name, address, netmask, auth_method, options, error };
}

const available = oracles();
const missing =
  available.length === 0 ? ' (skipped: no server under fixtures/oracles, TUSKLINT_ORACLES or /usr/lib/postgresql)' : '';

describe.skipIf(available.length === 0)(`pg_hba.conf against real servers${missing}`, () => {
  test.for(available)('$title', { timeout: 600_000 }, oracle => {
    const files = hbaFiles(filesPerMajor, seed);
    const rows = rowsOf(oracle, files);
    let compared = 0;
    const different: unknown[] = [];
    for (const [index, text] of files.entries()) {
      const ours = inspectHba(text, oracle.major, { exists: () => false, oauthValidators: [] }).records;
      const theirs = rows[index] ?? [];
      for (const their of theirs) {
        const our = ours.find(row => row.line_number === their.line_number);
        if (otherBuild.test(their.error ?? '') || namesDirectory.test(text)) continue;
        compared += 1;
        const refusedBoth = our?.type === null && their.type === null;
        // What only the log says, the view leaves empty.
        if (refusedBoth && their.error === null && our?.error !== null) continue;
        if (!same(our, their))
          different.push({
            line: text.split('\n').slice(their.line_number - 1, their.line_number + 2),
            our,
            their: comparable(their),
          });
      }
      const extra = ours.filter(row => !theirs.some(their => their.line_number === row.line_number));
      if (namesDirectory.test(text)) continue;
      for (const our of extra) different.push({ text, our, their: undefined });
    }
    if (process.env.TUSKLINT_ORACLE_FILES !== undefined)
      console.log(`${oracle.title}: ${compared} lines compared, ${different.length} differ`);
    expect(different.slice(0, 10)).toEqual([]);
    expect(compared).toBeGreaterThan(filesPerMajor);
  });
});

/** Paths are the server's own, so that only the names of files count. */
function same(our: HbaFileRule | undefined, their: HbaFileRule): boolean {
  if (our === undefined) return false;
  const message = (text: string | null) =>
    text?.replace(/"[^"]*\/([^"/]*)"/g, '"$1"').replace(/(directory "[^"]*").*/, '$1') ?? null;
  const plain = (row: HbaFileRule) => JSON.stringify({ ...(comparable(row) as object), error: message(row.error) });
  return plain(our) === plain(their);
}
