/** Runs rules on their subjects and turns what they yield into findings. */
import { type Config, type Level, type Levels, levels } from '../config.ts';
import { grouped } from '../grouped.ts';
import type { Resource } from '../kubernetes/resource.ts';
import type { Server } from '../postgres/server.ts';
import type {
  AnyRule,
  Finding,
  Fix,
  Location,
  Problem,
  Related,
  RuleContext,
  Severity,
  Source,
  Subjects,
  TextOf,
} from '../types.ts';
import { fingerprint, placeKey } from './fingerprint.ts';
import { type Ignores, findIgnores, ignores } from './ignore.ts';

/** Everything there is to check, by what rules are about. */
export type SubjectLists = { readonly [S in Exclude<keyof Subjects, 'ignore-comment'>]: readonly Subjects[S][] };

export interface CheckInput {
  /** All rules that there are, so that ids of those which do not run are known too. */
  readonly rules: readonly AnyRule[];
  readonly subjects: SubjectLists;
  readonly sources: readonly Source[];
  readonly config: Config;
  /** `YYYY-MM-DD`. */
  readonly now: string;
}

/** What the rules say. */
export interface Checked {
  readonly findings: readonly Finding[];
  /** What ignore comments took away, with their reasons. */
  readonly ignored: readonly { readonly finding: Finding; readonly reason: string }[];
}

/** A rule threw: our bug, never the user's. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
}

/**
 * The findings, files in the order of their paths and the worst first within a file. Severities, presets and ignore
 * comments are applied; equal findings of several servers or builds are one that lists them.
 * Throws a RuleError when a rule throws.
 */
export function check({ rules, subjects, sources, config, now }: CheckInput): Checked {
  const texts = new Map(sources.map(s => [s.path, s.text]));
  const resources = [...new Set(subjects.environment.flatMap(e => e.resources))];
  const yaml = new Set(subjects['yaml-file'].map(f => f.path));
  const run: Run = {
    levels: levels(config),
    ignores: ignores(findIgnores(sources, yaml, resources), now),
    text: path => texts.get(path),
    sharers: sharersIn(subjects['settings-file']),
    now,
  };
  const [early, late] = [rules.filter(r => r.on !== 'ignore-comment'), rules.filter(r => r.on === 'ignore-comment')];
  const settled = early.flatMap(rule => settle(rule, run, subjects[rule.on]));
  const comments = run.ignores.outcome(rules, run.levels);
  settled.push(...late.flatMap(rule => settle(rule, run, comments)));
  const finished = (list: readonly Settled[]) => finish(merge(list), subjects, resources, run.text);
  const ignored = settled.filter(s => s.ignored !== undefined);
  return {
    findings: finished(settled.filter(s => s.ignored === undefined)),
    ignored: [...grouped(ignored, s => s.ignored ?? '')].flatMap(([reason, list]) =>
      finished(list).map(finding => ({ finding, reason })),
    ),
  };
}

interface Run {
  readonly levels: Levels;
  readonly ignores: Ignores;
  readonly text: TextOf;
  readonly sharers: RuleContext<never>['sharers'];
  readonly now: string;
}

/** Who reads the same settings files. */
function sharersIn(files: SubjectLists['settings-file']): RuleContext<never>['sharers'] {
  return server => {
    const all = files.filter(f => f.servers.includes(server)).flatMap(f => f.servers);
    return [...new Set(all)].filter(s => s !== server);
  };
}

/** A problem that stands, with its weight and those it is about. */
interface Settled {
  readonly rule: AnyRule;
  readonly problem: Problem;
  readonly severity: Severity;
  /** The reason of the ignore comment that takes it away. */
  readonly ignored?: string | undefined;
  readonly servers: readonly Server[];
  /** The name of the environment, where the subject is one. */
  readonly builds: readonly string[];
}

type AnySubject = Subjects[keyof Subjects];

function settle(rule: AnyRule, run: Run, subjects: readonly AnySubject[]): Settled[] {
  if (!run.levels.runs(rule)) return [];
  return subjects.flatMap(subject => {
    const about = describe(rule.on, subject);
    const context = {
      options: run.levels.options(rule, about.path),
      now: run.now,
      text: run.text,
      sharers: run.sharers,
    };
    let problems: readonly Problem[];
    try {
      // The subjects of a rule are of the kind that it says it is on; the union cannot express that here.
      problems = [...(rule as { check(s: AnySubject, c: typeof context): Iterable<Problem> }).check(subject, context)];
    } catch (cause) {
      throw new RuleError(`rule ${rule.id} failed on ${about.label}: ${reason(cause)}`, { cause });
    }
    return problems.flatMap(problem => {
      const left = weigh(rule, problem, run);
      if (left === undefined) return [];
      const servers = problem.server === undefined ? about.servers : [problem.server];
      return [{ rule, ...left, servers, builds: about.builds }];
    });
  });
}

/** What configuration and ignore comments leave of a problem. */
function weigh(
  rule: AnyRule,
  problem: Problem,
  { levels, ignores }: Run,
): Pick<Settled, 'problem' | 'severity' | 'ignored'> | undefined {
  const { at, parts } = problem;
  const own = problem.severity ?? rule.severity;
  if (parts === undefined) {
    const level = levels.level(rule, at.path) ?? own;
    if (level === 'off') return undefined;
    return { problem, severity: level, ignored: ignores.reasonFor([rule.id, ...(rule.aliases ?? [])], at) };
  }
  const levelOf = (id: string): Level => levels.level(rule, at.path, id) ?? own;
  const enabled = parts.filter(p => levelOf(p.id) !== 'off');
  if (enabled.length === 0) return undefined;
  const severityOf = (some: typeof parts) => worst(some.map(p => levelOf(p.id)).filter(l => l !== 'off'));
  const whole = ignores.reasonFor([rule.id], at);
  if (whole !== undefined) return { problem, severity: severityOf(enabled), ignored: whole };
  const reasons = enabled.map(p => ignores.reasonFor([p.id], at));
  const left = enabled.filter((_, i) => reasons[i] === undefined);
  if (left.length === 0) return { problem, severity: severityOf(enabled), ignored: reasons[0] };
  const severity = severityOf(left);
  if (left.length === parts.length) return { problem, severity };
  // Without a way to word the rest, its fix would mend what was meant to stay.
  return { problem: problem.recompose?.(left) ?? { ...problem, parts: left, fix: undefined }, severity };
}

const weight: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

function worst(severities: readonly Severity[]): Severity {
  return severities.reduce((a, b) => (weight[b] < weight[a] ? b : a), 'info');
}

interface About {
  readonly label: string;
  readonly path: string;
  readonly servers: readonly Server[];
  readonly builds: readonly string[];
}

function describe(on: AnyRule['on'], subject: AnySubject): About {
  switch (on) {
    case 'server': {
      const server = subject as Subjects['server'];
      const label = `${server.resource?.kind ?? server.platform}/${server.name} (${server.at.path})`;
      return { label, path: server.at.path, servers: [server], builds: [] };
    }
    case 'settings-file':
    case 'hba-file': {
      const file = subject as Subjects['settings-file' | 'hba-file'];
      return { label: file.region.path, path: file.region.path, servers: file.servers, builds: [] };
    }
    case 'environment': {
      const { name } = subject as Subjects['environment'];
      return { label: `the environment "${name}"`, path: '', servers: [], builds: [name] };
    }
    case 'yaml-file': {
      const { path } = subject as Subjects['yaml-file'];
      return { label: path, path, servers: [], builds: [] };
    }
    case 'ignore-comment': {
      const { path } = (subject as Subjects['ignore-comment']).at;
      return { label: `an ignore comment in ${path}`, path, servers: [], builds: [] };
    }
  }
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** One of each: the same rule, place and words, whichever server or build it is about. */
function merge(settled: readonly Settled[]): Settled[] {
  const merged = new Map<string, Settled>();
  for (const next of settled) {
    const { rule, problem, servers } = next;
    const words = servers.reduce((message, s) => message.replaceAll(`"${s.name}"`, '""'), problem.message);
    const key = [rule.id, problem.at.path, problem.at.start, problem.at.end, words].join('\0');
    const before = merged.get(key);
    merged.set(key, before === undefined ? next : join(before, next));
  }
  return [...merged.values()];
}

function join(a: Settled, b: Settled): Settled {
  const related = uniqueBy([...(a.problem.related ?? []), ...(b.problem.related ?? [])], relatedKey);
  const same = JSON.stringify(fixOf(a.problem)?.edits) === JSON.stringify(fixOf(b.problem)?.edits);
  return {
    rule: a.rule,
    problem: { ...a.problem, related, fix: same ? a.problem.fix : unlike(a, b) },
    severity: worst([a.severity, b.severity]),
    servers: [...new Set([...a.servers, ...b.servers])],
    builds: [...new Set([...a.builds, ...b.builds])],
  };
}

/** A fix that does not suit all of them is none. */
function unlike(a: Settled, b: Settled): Problem['fix'] {
  if (fixOf(a.problem) === undefined || fixOf(b.problem) === undefined) return undefined;
  const named = [...new Set([...a.servers, ...b.servers].map(s => `"${s.name}"`))];
  return { hindrance: `${named.join(' and ')} need different edits` };
}

function fixOf({ fix }: Problem): Fix | undefined {
  return fix === undefined || 'hindrance' in fix ? undefined : fix;
}

/** The help, and why nobody but a person can follow it. */
function helpOf({ fix, help }: Problem): string | undefined {
  if (fix === undefined || !('hindrance' in fix)) return help;
  return help === undefined ? `mend it by hand: ${fix.hindrance}` : `${help}; there is no fix, since ${fix.hindrance}`;
}

function relatedKey({ at, message }: Related): string {
  return [at.path, at.start, at.end, message].join('\0');
}

function uniqueBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map(item => [key(item), item])).values()];
}

function finish(
  settled: readonly Settled[],
  subjects: SubjectLists,
  resources: readonly Resource[],
  text: TextOf,
): Finding[] {
  const builds = new Map<Server, string[]>();
  for (const { name, servers } of subjects.environment) {
    for (const server of servers) builds.set(server, [...(builds.get(server) ?? []), name]);
  }
  const byPath = grouped(resources, r => r.path);
  const counts = new Map<string, number>();
  return [...settled].sort(order).map(({ rule, problem, severity, servers, builds: named }) => {
    const here = smallestAround(byPath.get(problem.at.path) ?? [], problem.at);
    const place = placeKey(here?.root, problem.at, text(problem.at.path));
    const resource = here ?? servers.find(s => s.resource !== undefined)?.resource;
    const first = fingerprint({ rule: rule.id, resource, place }, 1);
    const count = (counts.get(first) ?? 0) + 1;
    counts.set(first, count);
    return {
      rule: rule.id,
      severity,
      message: problem.message,
      label: problem.label,
      help: helpOf(problem),
      at: location(problem.at),
      related: (problem.related ?? []).map(r => ({ at: location(r.at), message: r.message })),
      fix: fixOf(problem),
      parts: (problem.parts ?? []).map(p => p.id),
      resource: resource && {
        apiVersion: resource.apiVersion,
        kind: resource.kind,
        namespace: resource.namespace,
        name: resource.name,
      },
      build: names([...named, ...servers.flatMap(s => builds.get(s) ?? [])]),
      server: names(servers.map(s => s.name)) || undefined,
      fingerprint: fingerprint({ rule: rule.id, resource, place }, count),
    };
  });
}

/** A place without the rest of the node that it may be. */
function location({ path, start, end }: Location): Location {
  return { path, start, end };
}

function names(list: readonly string[]): string {
  return [...new Set(list)].filter(name => name !== '').join(', ');
}

function smallestAround(resources: readonly Resource[], at: Location): Resource | undefined {
  return resources
    .filter(({ root }) => root.path === at.path && root.start <= at.start && at.start <= root.end)
    .reduce<Resource | undefined>((a, b) => (a === undefined || span(b) < span(a) ? b : a), undefined);
}

function span({ root }: Resource): number {
  return root.end - root.start;
}

function order(a: Settled, b: Settled): number {
  const [x, y] = [a.problem.at, b.problem.at];
  if (x.path !== y.path) return x.path < y.path ? -1 : 1;
  const byWeight = weight[a.severity] - weight[b.severity];
  if (byWeight !== 0) return byWeight;
  if (x.start !== y.start) return x.start - y.start;
  return a.rule.id < b.rule.id ? -1 : a.rule.id > b.rule.id ? 1 : x.end - y.end;
}
