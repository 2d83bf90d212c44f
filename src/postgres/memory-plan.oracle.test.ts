/**
 * Debian's PostgreSQL 15 takes the plans: it says how much shared memory they need, and really starts with those that
 * this machine can hold. TUSKLINT_PLANS sets how many are made (200), TUSKLINT_SEED another seed.
 */
import { totalmem } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DebianServer, hasDebianServer, openDebianServer } from '../../fixtures/oracles/debian.ts';
import { defaultConfig } from '../config.ts';
import { buildModel } from '../model.ts';
import { loadCatalogue } from './catalogue.ts';
import { sharedMemoryMargin } from './memory-case.ts';
import { plannedServers } from './memory-plan.generate.ts';
import { type MemoryPlan, type PlannedName, PARAMETERS, asSetting, memoryPlan } from './memory-plan.ts';
import { memoryWith } from './memory.ts';
import type { Server } from './server.ts';

const COUNT = Number(process.env['TUSKLINT_PLANS'] ?? 200);
const SEED = Number(process.env['TUSKLINT_SEED'] ?? 15);
const MIB = 1024 ** 2;
/** Above this the machine may not have it: the server only says what it would take. Shared memory is not touched before it is used. */
const STARTABLE = Math.max(1024 * MIB, totalmem() / 2);
const TIMEOUT = 1_800_000;

const catalogue = await loadCatalogue();
let debian: DebianServer;
beforeAll(() => {
  if (hasDebianServer) debian = openDebianServer();
}, TIMEOUT);
afterAll(() => debian?.close());

interface Planned {
  readonly title: string;
  readonly server: Server;
  readonly plan: MemoryPlan;
}

/** Plans for servers of 15: as many as are asked for that this machine can start, and the larger ones that come between. */
function plans(): readonly Planned[] {
  let startable = 0;
  return plannedServers(COUNT * 30, SEED)
    .filter(s => s.major === 15)
    .flatMap(({ sources, title }) => {
      const input = {
        sources,
        complete: true,
        rules: [],
        config: defaultConfig,
        catalogue,
        now: '2026-06-01',
        pgVersion: undefined,
      };
      const [server] = buildModel(input).servers;
      const plan = server && memoryPlan(server);
      return server === undefined || plan === undefined ? [] : [{ title, server, plan }];
    })
    .filter(({ plan }) => {
      const isNeeded = startable < COUNT;
      if (isStartable(plan)) startable += 1;
      return isNeeded;
    });
}

/** The whole segment is a little larger than the buffers. */
const isStartable = ({ values }: MemoryPlan): boolean => 1.1 * values.shared_buffers + 64 * MIB <= STARTABLE;

const why = hasDebianServer ? '' : ' (skipped: /usr/lib/postgresql/15 is not installed)';
test.skipIf(!hasDebianServer)(`PostgreSQL 15 takes ${COUNT} plans${why}`, { timeout: TIMEOUT }, () => {
  const all = plans();
  const flaws: string[] = [];
  let started = 0;
  for (const { title, server, plan } of all) {
    const settings = Object.fromEntries(
      Object.entries(plan.values).map(([name, value]) => [name, asSetting(name as PlannedName, value)]),
    );
    const real = debian.sharedMemory(settings);
    const other = Object.fromEntries(Object.entries(plan.values).map(([n, v]) => [PARAMETERS[n as PlannedName], v]));
    const estimate = memoryWith(server.intended, plan.limit, other)?.sharedMemory.bytes ?? 0;
    if (real >= 0.5 * plan.limit) flaws.push(`${title}: ${real / MIB} MiB of ${plan.limit / MIB} MiB`);
    if (Math.abs(real - estimate) > sharedMemoryMargin(real))
      flaws.push(`${title}: ${real} is estimated as ${estimate}`);
    if (!isStartable(plan)) continue;
    started++;
    const [buffers, connections] = debian.start(settings, ['shared_buffers', 'max_connections']);
    if (buffers !== settings['shared_buffers'] || connections !== settings['max_connections']) {
      flaws.push(`${title}: runs with shared_buffers = ${buffers}, max_connections = ${connections}`);
    }
  }
  console.info(
    `${all.length} plans, ${started} of them started; the others need more than ${Math.round(STARTABLE / MIB)} MiB`,
  );
  expect(flaws).toEqual([]);
  expect(started).toBe(COUNT);
});
