/** Fixes of the memory rules: each takes its numbers from the one plan of the server. */
import { type Edits, fix, joined, setPath, setScalar } from '../fix/edits.ts';
import { type Assignments, settingEdits, settingFix, settingTitle } from '../fix/setting-fix.ts';
import type { Hindrance, Problem, RuleContext } from '../types.ts';
import { type MapNode, getMap, getScalar, getText } from '../yaml/node.ts';
import { chosenSetting, strains } from './memory-case.ts';
import { type Excess, type MemoryRule, excessOf } from './memory-excess.ts';
import {
  type MemoryPlan,
  PARAMETERS,
  type PlannedName,
  type Proposal,
  asSetting,
  memoryBudget,
  memoryPlan,
} from './memory-plan.ts';
import { asQuantity } from './memory-text.ts';
import { type OtherValues, memoryOf, memoryWith } from './memory.ts';
import { setKeys } from './security-fixes.ts';
import { type Server, isEphemeral } from './server.ts';

/** The parameters that each rule would change first, the one that says most first; the others follow where they must. */
const first: Readonly<Record<MemoryRule, readonly PlannedName[]>> = {
  'shared-buffers-exceeds-limit': ['shared_buffers', 'wal_buffers'],
  'shared-buffers-over-40-percent': ['shared_buffers'],
  'shared-buffers-below-recommended': ['shared_buffers'],
  'memory-static-exceeds-limit': ['autovacuum_work_mem', 'maintenance_work_mem', 'autovacuum_max_workers'],
  'memory-worst-case-exceeds-limit': ['work_mem', 'max_connections', 'maintenance_work_mem'],
  'max-connections-memory': ['max_connections'],
  'maintenance-work-mem-excessive': ['autovacuum_work_mem', 'maintenance_work_mem'],
  'effective-cache-size-exceeds-memory': ['effective_cache_size'],
  'work-mem-above-fair-share': ['work_mem'],
};

/** What the fixes need of a rule's context. */
export type MemoryContext = Pick<RuleContext<never>, 'text' | 'sharers'>;

/**
 * The fewest parameters, with their planned values, after which the rule has nothing more to say and no other has more
 * than before; undefined where there is no plan, or nothing to change.
 */
export function proposal(server: Server, rule: MemoryRule): Proposal | undefined {
  const plan = memoryPlan(server);
  if (plan === undefined) return undefined;
  const names = [...new Set([...first[rule], ...plan.changes.keys()])].filter(name => plan.changes.has(name));
  // Of what only the defaults make too much, one rule speaks for all.
  const speaksForAll = strains(server).find(s => s.rule === rule)?.chosen.length === 0;
  const isSettled = (taken: readonly PlannedName[]): boolean => {
    const proposed = part(plan, taken);
    const after = excessAfter(server, plan.limit, proposed);
    return speaksForAll ? after.size === 0 : !after.has(rule) && !worsens(server, plan.limit, proposed);
  };
  for (let count = 1; count <= names.length; count++) {
    const taken = names.slice(0, count);
    if (!isSettled(taken)) continue;
    // What came earlier and did not help stays as it is.
    const needed = taken.reduceRight<readonly PlannedName[]>((kept, name) => {
      const fewer = kept.filter(k => k !== name);
      return isSettled(fewer) ? fewer : kept;
    }, taken);
    return part(plan, needed);
  }
  return undefined;
}

/** The fix of a memory rule; none where there is no plan, or where another server that reads the same file would suffer. */
export function memoryFix(server: Server, rule: MemoryRule, context: MemoryContext): Problem['fix'] {
  const proposed = proposal(server, rule);
  return proposed && assign(server, proposed, context);
}

/** Sets parameters of a server whose settings files may be read by others too. */
export function assign(server: Server, proposed: Proposal, { text, sharers }: MemoryContext): Problem['fix'] {
  const suffering = sharers(server).find(other => suffers(server, other, proposed));
  return suffering === undefined ? settingFix(server, asAssignments(proposed), text) : unfit(suffering);
}

const unfit = ({ name }: Server): Hindrance => ({
  hindrance: `the server "${name}" reads the same file, and its memory does not suit them`,
});

/** What a proposal says, as messages write it: `work_mem to 6MB and max_connections to 60`. */
export function proposalText(proposed: Proposal): string {
  const all = [...proposed].map(([name, value]) => `${name} to ${asSetting(name, value)}`);
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}

/**
 * Gives a container its memory: `requests` and `limits` of what the plan counts on, and what somebody chose that does not
 * fit into it, at once. None where nothing would fit.
 */
export function allotMemory(server: Server, { text, sharers }: MemoryContext): Problem['fix'] {
  const budget = memoryBudget(server);
  const node = server.container?.node;
  if (budget === undefined || node === undefined) return undefined;
  const plan = memoryPlan(server);
  const figures = memoryOf(server.intended, budget.bytes);
  if (plan === undefined && figures !== undefined && excessOf(figures).size > 0) return undefined;
  const chosen = plan === undefined ? new Map() : part(plan, overbookedNames(server, plan));
  const suffering = sharers(server).find(other => suffers(server, other, chosen));
  if (suffering !== undefined) return unfit(suffering);
  const overbooked = asAssignments(chosen);
  const asked = budget.source === 'request' ? getText(node, 'resources', 'requests', 'memory') : undefined;
  const size = asked ?? asQuantity(budget.bytes);
  const memory = asked === undefined ? `memory request and limit of ${size}` : `limits.memory: ${size}`;
  const words = Object.keys(overbooked).length === 0 ? memory : `${memory}, ${settingTitle(server, overbooked)}`;
  return fix(
    { title: `${words}${warning(server)}`, applicability: 'unsafe', restarts: true },
    settingEdits(server, overbooked, text),
    asked === undefined ? setMemory(node, size) : setPath(node, ['resources', 'limits', 'memory'], size),
  );
}

const warning = (server: Server): string => (isEphemeral(server) ? ' (the restart deletes the data)' : '');

/** Raises the memory request to the limit that stands beside it, or to what shared_buffers needs where there is none. */
export function raiseRequest(server: Server): Problem['fix'] {
  const resources = server.container?.resources.node;
  const asked = getScalar(resources, 'requests', 'memory');
  const budget = memoryBudget(server);
  const needed = budget?.source === 'default' ? asQuantity(budget.bytes) : undefined;
  const size = getText(resources, 'limits', 'memory') ?? needed;
  if (asked === undefined || size === undefined) return undefined;
  return fix(
    {
      title: `requests.memory: ${asked.text} → ${size}${warning(server)}`,
      applicability: 'unsafe',
      restarts: true,
    },
    setScalar(asked, size),
  );
}

/** Both the request and the limit, by one edit where neither is there. */
function setMemory(node: MapNode, memory: string): Edits {
  const both = { requests: { memory }, limits: { memory } };
  if (getMap(node, 'resources') === undefined) return setPath(node, ['resources'], both);
  const [requests, limits] = [getMap(node, 'resources', 'requests'), getMap(node, 'resources', 'limits')];
  if (requests === undefined && limits === undefined) return setKeys(node, 'resources', both);
  return joined([
    setPath(node, ['resources', 'requests', 'memory'], memory),
    setPath(node, ['resources', 'limits', 'memory'], memory),
  ]);
}

/** What somebody chose and the plan changes; the default of shared_buffers too where even that does not fit. */
function overbookedNames(server: Server, plan: MemoryPlan): readonly PlannedName[] {
  const exceeds = excessAfter(server, plan.limit, new Map()).has('shared-buffers-exceeds-limit');
  return [...plan.changes.keys()].filter(
    name => chosenSetting(server, name) !== undefined || (exceeds && name === 'shared_buffers'),
  );
}

/**
 * Whether another server that takes some of these values from the same places would fare worse: that something does not fit,
 * or is close to it, unless the one has more at stake than that.
 */
function suffers(server: Server, other: Server, proposed: Proposal): boolean {
  const [own, limit] = [memoryBudget(server)?.bytes, memoryBudget(other)?.bytes];
  if (own === undefined || limit === undefined) return false;
  const common = new Map([...proposed].filter(([name]) => isCommon(server, other, name)));
  const after = excessAfter(server, own, proposed);
  const isGrave = [...excessAfter(server, own, new Map())].some(([rule, g]) => g === 'over' && !after.has(rule));
  return worsens(other, limit, common, isGrave ? 'over' : 'close');
}

/** Whether both take the parameter from one place, or would once it is added to the file that both read. */
function isCommon({ intended, settingsFiles }: Server, other: Server, name: PlannedName): boolean {
  const [mine, theirs] = [intended.settings.get(name), other.intended.settings.get(name)];
  if (mine !== undefined) return mine.at.path === theirs?.at.path && mine.at.start === theirs.at.start;
  const { path, whole } = settingsFiles[0]?.region ?? {};
  const reads = other.settingsFiles.some(f => f.region.path === path && f.region.whole.start === whole?.start);
  return theirs?.origin !== 'command line' && reads;
}

/** Whether a rule would have more to say than before, of that weight or more. */
function worsens(server: Server, limit: number, proposed: Proposal, from: Excess = 'close'): boolean {
  const before = excessAfter(server, limit, new Map());
  return [...excessAfter(server, limit, proposed)].some(
    ([rule, grade]) =>
      (from === 'close' || grade === 'over') && before.get(rule) !== grade && before.get(rule) !== 'over',
  );
}

function part(plan: MemoryPlan, names: readonly PlannedName[]): Proposal {
  return new Map(names.map(name => [name, plan.values[name]]));
}

function asAssignments(proposed: Proposal): Assignments {
  return Object.fromEntries([...proposed].map(([name, value]) => [name, asSetting(name, value)]));
}

function excessAfter({ intended }: Server, limit: number, proposed: Proposal): ReturnType<typeof excessOf> {
  const other: OtherValues = Object.fromEntries([...proposed].map(([name, value]) => [PARAMETERS[name], value]));
  const figures = memoryWith(intended, limit, other);
  return figures === undefined ? new Map() : excessOf(figures);
}
