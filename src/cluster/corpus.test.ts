/** Auditing a list of objects gives what linting their files gives, minus what only files can show. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { YAMLException, loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runMain } from '../commands/testing.ts';

const corpus = join(import.meta.dirname, '../../../shared/corpus');
const isThere = existsSync(corpus);

interface Row {
  readonly path: string;
  readonly category: string;
}
const rows: readonly Row[] = isThere
  ? readFileSync(join(corpus, 'INDEX.tsv'), 'utf8')
      .split('\n')
      .slice(1)
      .map(line => line.split('\t'))
      .map(([path = '', , , , , category = '']) => ({ path, category }))
      .filter(({ path, category }) => /^[AG]$/.test(category) && /\.(?:ya?ml|json)$/.test(path))
  : [];

let folder = '';
let compared = 0;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tusklint-corpus-')));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Found {
  readonly rule: string;
  readonly message: string;
}

async function run(command: 'lint' | 'audit', cwd: string, name: string): Promise<readonly Found[]> {
  const args = [command, command === 'lint' ? '.' : name, '--format', 'json', '--preset', 'strict'];
  const { out, err } = await runMain(cwd, args, { today: '2026-11-22' });
  if (out === '') throw new Error(err);
  return (JSON.parse(out) as { readonly findings: readonly Found[] }).findings;
}

/** What a cluster cannot have, since its API server refuses it or it is no object; what speaks of files; Secrets' values. */
const onlyFiles =
  /^(?:yaml-|ignore-|secret-committed|secret-invalid-base64|secret-weak-password|secret-reused|workload-required-field|pgconf-.*|hba-.*)/;
/** Words that differ between a repository and a cluster. */
const neutral = (message: string): string =>
  message
    .replace(/which is nowhere in the repository|which the cluster does not have/, '…')
    .replace(/everybody who can read (?:the repository, or |the repository|workloads in the namespace)/, '…')
    .replace(/no workload of the (?:repository|cluster)/, '…')
    .replace(
      /the password of whoever applies the file as it stands|it is the password that the server was made with/,
      '…',
    )
    .replace(/ConfigMaps in the namespace,? has it/, '…');
const keys = (found: readonly Found[]): readonly string[] =>
  [...new Set(found.map(f => `${f.rule}: ${neutral(f.message)}`))].sort();

/** The objects of a file; undefined where it is no plain manifest. */
function objectsOf(text: string): readonly object[] | undefined {
  if (/\{\{/.test(text)) return undefined;
  try {
    const objects = loadAll(text).filter(d => typeof d === 'object' && d !== null && 'kind' in d) as object[];
    return objects.length > 0
      ? objects.flatMap(o => ('items' in o && Array.isArray(o.items) ? (o.items as object[]) : [o]))
      : undefined;
  } catch (error) {
    if (error instanceof YAMLException) return undefined;
    throw error;
  }
}

describe.skipIf(!isThere)('the corpus (skipped without ../shared)', () => {
  test('is there', () => expect(rows.length).toBeGreaterThan(100));

  test.for(rows)('$path', async ({ path }) => {
    const text = readFileSync(join(corpus, path), 'utf8');
    const objects = objectsOf(text);
    if (objects === undefined) return;
    const cwd = join(folder, path.replaceAll(/[^\w.-]/g, '_'));
    const files = join(cwd, 'files');
    mkdirSync(files, { recursive: true });
    // The same objects in both, as kubectl would print them: what YAML alone can say is lost.
    for (const [i, object] of objects.entries())
      writeFileSync(join(files, `${i}.json`), JSON.stringify(object, null, 2));
    writeFileSync(
      join(cwd, 'export.json'),
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }, null, 4),
    );
    const [linted, audited] = [keys(await run('lint', files, '')), keys(await run('audit', cwd, 'export.json'))];
    compared += audited.length;
    // Nothing is found in the export alone.
    const exported = objects.some(o => JSON.stringify(o).includes('"uid"'));
    if (!exported) expect(audited.filter(k => !linted.includes(k))).toEqual([]);
    const lost = linted.filter(k => !audited.includes(k) && !onlyFiles.test(k));
    const kinds = new Set(objects.map(o => ('kind' in o ? String(o.kind) : '')));
    const unexplained = exported ? [] : lost.filter(k => !mayBeLost(k, kinds));
    expect(unexplained).toEqual([]);
  });

  test('has much to compare', () => expect(compared).toBeGreaterThan(300));
});

/** Claims of absence need the kind in the export; so do those about what an ordinary manifest leaves to others. */
function mayBeLost(key: string, kinds: ReadonlySet<string>): boolean {
  const needs = (kind: string): boolean => !kinds.has(kind);
  if (key.startsWith('netpol-missing')) return needs('NetworkPolicy');
  if (key.startsWith('netpol-selects-nothing')) return true;
  if (key.startsWith('pdb-missing')) return needs('PodDisruptionBudget');
  if (/^(?:statefulset-service-undefined|pod-dns-short-name)/.test(key)) return needs('Service');
  if (key.startsWith('secret-ref-undefined'))
    return ['Secret', 'ConfigMap', 'PersistentVolumeClaim'].some(kind => key.includes(`the ${kind} "`) && needs(kind));
  return false;
}
