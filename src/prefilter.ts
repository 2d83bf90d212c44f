/**
 * Which texts can matter. First those that name a PostgreSQL; then, if there are any, those whose kind bears on a
 * server by itself, and those that share a name with what was found. A property test holds it: findings with it
 * equal findings without it.
 */
import { type Classification, type FileKind, classify } from './classify.ts';
import type { Source } from './types.ts';

/** A file whose text can be had again: texts are dropped between the passes. */
export interface Candidate {
  readonly path: string;
  /** Its text, undefined where it could not be read. */
  readonly read: () => string | undefined;
}

/** What became of a file that was read. */
export interface Verdict {
  readonly path: string;
  readonly classification: Classification;
  readonly kept: boolean;
  /** Why, for a person: `names PostgreSQL`. */
  readonly reason: string;
}

/** What can matter, and what stands in the way of a complete picture. */
export interface Selection {
  /** In the order of the candidates. */
  readonly sources: readonly Source[];
  /** Texts that could be read. */
  readonly files: number;
  /** Files that make objects which are not here: `k8s/app.yaml: HelmRelease`. */
  readonly generators: readonly string[];
  /** Chart templates that name PostgreSQL: what they make is not judged. */
  readonly templates: readonly string[];
  /** Names by which further files were found: one that shares none of them is of no interest. */
  readonly names: ReadonlySet<string>;
}

/** Chooses what to parse. `images` are the patterns of private images that the configuration calls PostgreSQL. */
export function select(
  candidates: Iterable<Candidate>,
  images: readonly string[],
  watch: (verdict: Verdict) => void = () => {},
): Selection {
  const mention = mentionPattern(images);
  const kept = new Map<string, Source>();
  const order: string[] = [];
  const rest: Waiting[] = [];
  const generators: string[] = [];
  const templates: string[] = [];
  let files = 0;
  let cached = 0;
  for (const candidate of candidates) {
    const { path } = candidate;
    const text = candidate.read();
    if (text === undefined) continue;
    files += 1;
    order.push(path);
    const classification = classify(path, text);
    const { kind } = classification;
    const names = mention.test(text);
    if (kind === 'chart-template' && names) templates.push(path);
    const generator = generates(kind, text);
    if (generator !== undefined) generators.push(`${path}: ${generator}`);
    if (!judged.has(kind)) watch({ path, classification, kept: false, reason: 'is of no kind that is judged' });
    else if (names || kind === 'postgresql.conf' || kind === 'pg_hba.conf') {
      kept.set(path, { path, text });
      watch({ path, classification, kept: true, reason: names ? 'names PostgreSQL' : 'is a file of PostgreSQL' });
    } else {
      // Most repositories fit: only the rest is read twice.
      const keep = cached + text.length <= cacheLimit;
      if (keep) cached += text.length;
      rest.push({ path, classification, read: keep ? () => text : candidate.read });
    }
  }
  const names = new Set<string>();
  if (kept.size > 0) secondPass(kept, rest, names, watch);
  else for (const { path, classification } of rest) watch({ path, classification, kept: false, reason: noServer });
  return { sources: order.flatMap(path => kept.get(path) ?? []), files, generators, templates, names };
}

/** Characters of texts that wait for the second pass. */
const cacheLimit = 16 * 1024 * 1024;
const noServer = 'nothing in the input names PostgreSQL';

interface Waiting extends Candidate {
  readonly classification: Classification;
}

/** Kinds of files that a server or what bears on one can stand in. */
const judged: ReadonlySet<FileKind> = new Set([
  'kubernetes',
  'kustomization',
  'compose',
  'dockerfile',
  'postgresql.conf',
  'pg_hba.conf',
]);

function secondPass(
  kept: Map<string, Source>,
  waiting: readonly Waiting[],
  names: Set<string>,
  watch: (verdict: Verdict) => void,
): void {
  let rest: readonly Waiting[] = waiting.filter(({ path, classification, read }) => {
    const text = read();
    if (text === undefined || !bearsByKind(classification.kind, text)) return text !== undefined;
    kept.set(path, { path, text });
    watch({ path, classification, kept: true, reason: 'bears on every server of its namespace' });
    return false;
  });
  let fresh: readonly Source[] = [...kept.values()];
  // A Service that is found by a label is itself found by its name.
  while (fresh.length > 0) {
    const before = names.size;
    for (const { text } of fresh) collectNames(text, names);
    if (names.size === before) break;
    const found: Source[] = [];
    const sharedName = nameSearch(names);
    rest = rest.filter(({ path, classification, read }) => {
      const text = read();
      const name = text === undefined ? undefined : sharedName(text);
      if (text === undefined || name === undefined) return true;
      kept.set(path, { path, text });
      found.push({ path, text });
      watch({ path, classification, kept: true, reason: `names "${name}", as what concerns PostgreSQL does` });
      return false;
    });
    fresh = found.filter(({ text }) =>
      /["']?kind["']? *: *["']?(?:Service|Endpoints|EndpointSlice|ServiceEntry)\b/.test(text),
    );
  }
  for (const { path, classification } of rest)
    watch({ path, classification, kept: false, reason: 'shares no name with what concerns PostgreSQL' });
}

/** Words that a PostgreSQL, or who talks to one, cannot do without. */
const words =
  'postg|(?<![\\w-])[56]432(?!\\w)|pg_|pgdata|pghost|pgpass|pguser|pgbouncer|pgpool|pgvector|cnpg|spilo|timescale|citus|stackgres|crunchydata|' +
  'percona|zalan\\.do|kubegres|patroni|supabase|enterprisedb|psql|tusklint';

/** The test of the first pass. An ignore comment counts too: one that is no longer needed is reported. */
export function mentionPattern(images: readonly string[]): RegExp {
  const extra = images.flatMap(image => {
    // Of a pattern with wildcards the longest literal piece has to be there.
    const piece = image.split('*').reduce((a, b) => (b.length > a.length ? b : a), '');
    return piece === '' ? [] : [piece.replace(/[.+?^${}()|[\]\\/]/g, '\\$&')];
  });
  return new RegExp([words, ...extra].join('|'), 'i');
}

/** Kinds that concern pods which they do not name: by namespace, by an empty selector, or by what they make of others. */
export const kindsByThemselves =
  /["']?kind["']? *: *["']?(?:\w*NetworkPolicy|AdminNetworkPolicy|BaselineAdminNetworkPolicy|GlobalNetworkPolicy|PodDisruptionBudget|Namespace|LimitRange|ResourceQuota|StorageClass|PriorityClass|PeerAuthentication|AuthorizationPolicy|Sidecar)\b/;

const bearsByKind = (kind: FileKind, text: string): boolean =>
  kind === 'kustomization' || (kind === 'kubernetes' && text.includes('kind') && kindsByThemselves.test(text));

/** A word of a text: no dots, since a host name starts with the name of its Service. */
const word = /[A-Za-z0-9][A-Za-z0-9_-]*/g;

/** What the values of a text name (see `collectNames`). */
export function namesIn(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  collectNames(text, names);
  return names;
}

/** Adds what the values of a text name: words that stand alone as a value, or before `:`, `/`, `@`, `.`, or have a hyphen. */
function collectNames(text: string, names: Set<string>): void {
  for (const line of text.split('\n')) {
    if (/^\s*#/.test(line) || notNaming.test(line)) continue;
    const key = /^\s*(?:- +)*["']?[\w./-]+["']?\s*:(?=\s|$)/.exec(line)?.[0].length ?? 0;
    word.lastIndex = key;
    for (let match = word.exec(line); match !== null; match = word.exec(line)) {
      const found = match[0];
      if (isName(found) && (found.includes('-') || (opens(line, match.index) && closes(line, word.lastIndex))))
        names.add(found);
    }
  }
}

const notNaming = /^\s*(?:- )?["']?(?:kind|apiVersion|namespace|image|imagePullPolicy|key)["']? *:/;
/** Whether a value may begin after what stands before `index`, or end before what stands at it. */
const opens = (line: string, index: number): boolean =>
  /(?:^|[:\-,[{=/@.])\s*["']?$/.test(line.slice(Math.max(0, index - 40), index));
/** A colon ends a value (`host:5432`) only where it does not make it a key. */
const closes = (line: string, index: number): boolean =>
  /^(?:["']?\s*(?:$|[,}\]#/@.])|:[^\s"'])/.test(line.slice(index, index + 40));

/** Not the vocabulary of manifests, numbers, sizes or variables (`LOG_LEVEL`), which half a repository shares. */
const isName = (value: string): boolean =>
  value.length > 1 &&
  value.length <= 63 &&
  /[A-Za-z]/.test(value) &&
  !quantity.test(value) &&
  !/^[A-Z][A-Z0-9]*_[A-Z0-9_]*$/.test(value) &&
  !stopWords.has(value);
const quantity = /^\d+(?:[A-Za-z]{1,2}|min)?$/;
const stopWords: ReadonlySet<string> = new Set(
  (
    'true false yes no on off null v1 v2 v1beta1 v1beta2 v1alpha1 apps batch networking rbac policy core storage io k8s sh com org svc ' +
    'cluster local default TCP UDP HTTP HTTPS tcp udp http https Always Never IfNotPresent OnFailure ClusterIP NodePort LoadBalancer ' +
    'None Recreate RollingUpdate OrderedReady Parallel Retain Delete Immediate WaitForFirstConsumer ReadWriteOnce ReadOnlyMany ' +
    'ReadWriteMany ReadWriteOncePod Memory Opaque Exists Equal In NotIn DoesNotExist ALL Ingress Egress Prefix Exact ' +
    'ImplementationSpecific RuntimeDefault Unconfined Localhost Directory File DirectoryOrCreate Secret ConfigMap Service Deployment ' +
    'StatefulSet DaemonSet Pod Job CronJob Role ClusterRole ServiceAccount RoleBinding Namespace Utilization Resource Percent Pods ' +
    'get list watch create update patch delete bin sh bash ash usr etc var lib run tmp dev proc env echo exit set exec sleep if then ' +
    'else fi do done for in while case esac and or not the to of is be with from select as by at cpu memory storage hugepages ' +
    'kubernetes name instance component part managed version app helm kustomize flux argocd Client ClientIP Cluster Local metadata ' +
    'spec template selector labels annotations containers kind namespace apiVersion ports data type items list object ' +
    'topology kubernetes.io hostname zone status.podIP fieldRef requests limits amd64 arm64 linux'
  ).split(' '),
);

/** A search for a word that is one of the names. It sees every text: only words that begin and are as long as a name are looked up. */
function nameSearch(names: ReadonlySet<string>): (text: string) => string | undefined {
  const lengths = new Map<number, Set<number>>();
  for (const name of names) {
    const first = name.charCodeAt(0);
    lengths.set(first, (lengths.get(first) ?? new Set()).add(name.length));
  }
  return text => {
    for (let at = 0; at < text.length; ) {
      const first = text.charCodeAt(at);
      if (wordPart[first] !== begins) {
        at += 1;
        continue;
      }
      let end = at + 1;
      while (wordPart[text.charCodeAt(end)] !== undefined) end += 1;
      if (lengths.get(first)?.has(end - at) === true) {
        const found = text.slice(at, end);
        if (names.has(found)) return found;
      }
      at = end;
    }
    return undefined;
  };
}

const begins = 1;
/** By character code: 1 for what a word may begin with, 2 for what it may go on with, as in `word`. */
const wordPart: readonly (number | undefined)[] = Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[A-Za-z0-9]/.test(character)) return begins;
  return /[_-]/.test(character) ? 2 : undefined;
});

/** What makes objects that are not in the input; undefined for plain manifests. */
function generates(kind: FileKind, text: string): string | undefined {
  if (kind === 'kustomization') return 'Kustomization that is not built';
  if (kind === 'chart-template') return 'chart that is not rendered';
  if (kind !== 'kubernetes' || !/Helm|Application|Kustomization|Repository/.test(text)) return undefined;
  const found =
    /^[ -]*["']?kind["']? *: *["']?(HelmRelease|HelmChart|HelmChartConfig|Application|ApplicationSet|Kustomization|GitRepository|OCIRepository)\b/m.exec(
      text,
    );
  return found?.[1];
}
