/** Adds to findings what only a cluster knows: which object of which namespace, how its pods fare, what changed beside the files. */
import { lastAppliedAnnotation } from '../kubernetes/export.ts';
import { type Resource, resourcesNamed } from '../kubernetes/resource.ts';
import type { Server } from '../postgres/server.ts';
import type { AnyRule, Finding, Location, Problem, Related } from '../types.ts';
import { driftAt } from './drift.ts';
import type { Live } from './live.ts';
import { containerStates, troubles, wasKilledForMemory } from './status.ts';

/** Rules whose findings weigh more where a pod was killed. */
const aboutMemory =
  /^(?:shared-buffers-|memory-|resources-|work-mem-|maintenance-work-mem-|max-connections-|effective-cache-|huge-pages-)/;
const aboutLife = /^probe-(?:liveness|startup|timeout|success)/;
const aboutImages = /^(?:image-|pg-version-)/;

/** The same rule, which offers no fixes and does not say why there is none: an export is nothing to edit. */
export function withoutFixes(rule: AnyRule): AnyRule {
  const bare = (problem: Problem): Problem => {
    const { recompose } = problem;
    return { ...problem, fix: undefined, recompose: recompose && (left => bare(recompose(left))) };
  };
  // The union cannot express that a rule is given the subjects that it says it is on.
  const { check } = rule as { check(subject: unknown, context: unknown): Iterable<Problem> };
  return {
    ...rule,
    *check(subject: unknown, context: unknown) {
      for (const problem of check.call(rule, subject, context)) yield bare(problem);
    },
  };
}

/** The findings of an export. */
export function annotate(findings: readonly Finding[], live: Live, servers: readonly Server[]): readonly Finding[] {
  const byPod = new Map(servers.map(s => [s.resource, s] as const));
  return findings.map(finding => {
    const resource = resourceOf(finding, live);
    if (resource === undefined) return finding;
    const server = byPod.get(resource);
    const added = [
      ...observed(finding, server, live.pods.get(resource) ?? []),
      ...drifts([finding.at, ...finding.related.map(r => r.at)], resource),
    ];
    const related = [...placeOf(finding, resource, live), ...finding.related, ...added];
    return {
      ...finding,
      related: related.filter((r, i) => related.findIndex(o => isSame(o, r)) === i),
    };
  });
}

function resourceOf({ resource, at }: Finding, live: Live): Resource | undefined {
  if (resource === undefined) return undefined;
  const { kind, name, namespace } = resource;
  const named = resourcesNamed(live.resources, kind, name, namespace);
  return named.find(r => r.path === at.path && r.root.start <= at.start && at.start <= r.root.end) ?? named[0];
}

/** An export holds many objects of a name: the line says which one it is. */
function placeOf({ at }: Finding, resource: Resource, { standsFor }: Live): readonly Related[] {
  const { kind, name, namespace } = resource;
  const owner = standsFor.get(resource);
  if (namespace === undefined && owner === undefined) return [];
  const where = namespace === undefined ? '' : ` in the namespace "${namespace}"`;
  const made = owner === undefined ? '' : `, made by the ${owner}, which is not in the export`;
  const isThere = resource.at.path === at.path && resource.at.start === at.start;
  return [{ at: isThere ? at : resource.at, message: `the ${kind} "${name}"${where}${made}` }];
}

function observed({ rule }: Finding, server: Server | undefined, pods: readonly Resource[]): readonly Related[] {
  const name = server?.container?.name;
  if (name === undefined) return [];
  const states = containerStates(pods, name);
  if (aboutMemory.test(rule) || (aboutLife.test(rule) && !wasKilledForMemory(states))) return troubles(states);
  if (!aboutImages.test(rule)) return [];
  const digests = states.flatMap(s => s.digest ?? []);
  return digests
    .filter((d, i) => digests.findIndex(o => o.value === d.value) === i)
    .map(({ value, at }) => ({ at, message: `what runs is the image ${value}` }));
}

function drifts(places: readonly Location[], resource: Resource): readonly Related[] {
  if (resource.annotations[lastAppliedAnnotation] === undefined) return [];
  return places.filter(at => at.path === resource.path).flatMap(at => driftAt(resource, at) ?? []);
}

const isSame = (a: Related, b: Related): boolean =>
  a.message === b.message && a.at.path === b.at.path && a.at.start === b.at.start;
