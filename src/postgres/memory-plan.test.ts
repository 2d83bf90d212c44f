import { describe, expect, test } from 'vitest';
import { type Random, random } from '../../fixtures/oracles/generate.ts';
import { rules } from '../../rules/index.ts';
import { defaultConfig } from '../config.ts';
import { applyFixes, converge } from '../fix/apply.ts';
import { lint } from '../lint.ts';
import type { Finding, Source } from '../types.ts';
import { loadCatalogue } from './catalogue.ts';
import { configure } from './configure.ts';
import { plannedServers } from './memory-plan.generate.ts';
import { type PlannedName, asSetting, planMemory } from './memory-plan.ts';
import { parsedValue } from './settings.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const catalogue = await loadCatalogue();

function configuration(major: number, values: Readonly<Record<string, string>>) {
  const at = { path: '', start: 0, end: 0 };
  const assignments = Object.entries(values).map(([name, value]) => ({ name, value, at, nameAt: at }));
  const layer = { kind: 'assignments', precedence: 'file', origin: 'file', assignments, loaded: true } as const;
  return configure({ catalogue, major, defaults: 'initdb', open: undefined, layers: [layer] });
}

const plan = (limit: number, values: Readonly<Record<string, string>> = {}, major = 17) =>
  planMemory(configuration(major, values), limit);
const written = (limit: number, values: Readonly<Record<string, string>> = {}, major = 17) =>
  Object.entries(plan(limit, values, major)?.values ?? {})
    .map(([name, value]) => `${name}=${asSetting(name as PlannedName, value)}`)
    .join(' ');

describe('what a plan proposes', () => {
  test.for<[limit: number, values: Readonly<Record<string, string>>, plan: string]>([
    [
      256 * MIB,
      {},
      'shared_buffers=64MB wal_buffers=-1 effective_cache_size=192MB maintenance_work_mem=16MB autovacuum_work_mem=-1 autovacuum_max_workers=3 max_connections=20 work_mem=2MB',
    ],
    [
      GIB,
      {},
      'shared_buffers=256MB wal_buffers=-1 effective_cache_size=768MB maintenance_work_mem=64MB autovacuum_work_mem=-1 autovacuum_max_workers=3 max_connections=60 work_mem=4MB',
    ],
    [
      4 * GIB,
      {},
      'shared_buffers=1GB wal_buffers=-1 effective_cache_size=3GB maintenance_work_mem=64MB autovacuum_work_mem=-1 autovacuum_max_workers=3 max_connections=100 work_mem=4MB',
    ],
    [
      8 * GIB,
      { work_mem: '256MB', maintenance_work_mem: '4GB', max_connections: '200', shared_buffers: '6GB' },
      'shared_buffers=2GB wal_buffers=-1 effective_cache_size=6GB maintenance_work_mem=512MB autovacuum_work_mem=-1 autovacuum_max_workers=3 max_connections=200 work_mem=9MB',
    ],
    [
      64 * GIB,
      { maintenance_work_mem: '32GB', shared_buffers: '20GB', effective_cache_size: '40GB' },
      'shared_buffers=20GB wal_buffers=-1 effective_cache_size=40GB maintenance_work_mem=2GB autovacuum_work_mem=-1 autovacuum_max_workers=3 max_connections=100 work_mem=4MB',
    ],
  ])('%i bytes with %j', ([limit, values, expected]) => expect(written(limit, values)).toBe(expected));

  test('nothing, where not even few connections fit', () => expect(plan(96 * MIB)).toBeUndefined());
  test('connections stay where a standby needs them', () => {
    const kept = planMemory(configuration(17, { max_connections: '400', work_mem: '64MB' }), 4 * GIB, {
      keepConnections: true,
    });
    expect(kept?.values).toMatchObject({ max_connections: 400, work_mem: 3 * MIB });
  });
});

const memoryRules = rules.filter(r =>
  /^(?:shared-buffers-|memory-|max-connections-memory|maintenance-|effective-cache-|work-mem-|resources-)/.test(r.id),
);

/** All that is found but the hint that the defaults are much for a small pod: it is meant to have no fix. */
function judge(sources: readonly Source[]): readonly Finding[] {
  const config = { ...defaultConfig, preset: 'strict' } as const;
  const { findings } = lint({
    sources,
    complete: true,
    rules: memoryRules,
    config,
    catalogue,
    now: '2026-06-01',
    pgVersion: undefined,
  });
  return findings.filter(f => f.severity !== 'info' || !f.message.includes(', all at the defaults'));
}

const COUNT = Number(process.env['TUSKLINT_PLANS'] ?? 150);
const servers = plannedServers(COUNT, Number(process.env['TUSKLINT_SEED'] ?? 1));

const shuffled = <T>(items: readonly T[], rnd: Random): readonly T[] =>
  items
    .map(item => ({ item, at: rnd.below(1e9) }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);

describe(`${COUNT} generated servers`, () => {
  test.for(servers)('$title', ({ sources, major, title }) => {
    const before = judge(sources);
    const whole = converge(sources, judge, 'unsafe');
    const left = judge(whole.sources).map(f => `${f.severity} ${f.rule}: ${f.message}`);
    expect({ left, again: converge(whole.sources, judge, 'unsafe').passes }).toEqual({ left: [], again: 0 });
    expect(whole.passes).toBeLessThanOrEqual(4);
    // Whichever single fix comes first, it leads to the same end: no rule has anything to say.
    for (const finding of before) {
      const { sources: after } = applyFixes(sources, [finding], 'unsafe');
      const worse = judge(after).filter(f => f.severity === 'error' && !before.some(b => b.rule === f.rule));
      expect(worse.map(f => `${finding.rule} makes ${f.rule}: ${f.message}`)).toEqual([]);
      const end = converge(after, judge, 'unsafe');
      expect(judge(end.sources).map(f => `after ${finding.rule}: ${f.rule}`)).toEqual([]);
    }
    // Nor does it matter which of them go in, and in what order.
    const rnd = random(Number(/^\d+/.exec(title)?.[0]));
    let some = sources;
    for (let pass = 0; pass < 6; pass++) {
      some = applyFixes(
        some,
        shuffled(judge(some), rnd).filter(() => rnd.once(2)),
        'unsafe',
      ).sources;
    }
    expect(judge(converge(some, judge, 'unsafe').sources).map(f => f.rule)).toEqual([]);
    for (const name of ['shared_buffers', 'work_mem', 'max_connections', 'maintenance_work_mem']) {
      for (const [, value] of whole.sources
        .map(s => s.text)
        .join('\n')
        .matchAll(new RegExp(`\\b${name}\\s*=\\s*([\\w-]+)`, 'g'))) {
        const one = configuration(major, { [name]: value ?? '' });
        const setting = one.settings.get(name);
        expect(setting && parsedValue(one, setting)).toMatchObject({ ok: true });
      }
    }
  });
});
