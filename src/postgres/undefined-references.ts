/** What the pods of PostgreSQL, its poolers, exporters and backups name, and the environment does not have. */
import { once } from '../once.ts';
import { type Environment, isWhole } from '../environment.ts';
import { claimNames, referencesOf } from '../kubernetes/references.ts';
import { type Resource, resourcesNamed } from '../kubernetes/resource.ts';
import type { Reference, Workload } from '../kubernetes/workload.ts';
import { isManagedSecret } from '../secrets.ts';
import type { Severity } from '../types.ts';
import { type Node, getItems, getMap, getScalar, isPlaceholder, keyText } from '../yaml/node.ts';
import { isByConvention } from './secret-convention.ts';

interface Use {
  readonly workload: Workload;
  readonly reference: Reference;
}

export interface UndefinedReference extends Use {
  /** Further uses of the same name. */
  readonly others: readonly Use[];
  /** A Secret may well be made by hand; the more so where none at all lies in the repository. */
  readonly severity: Severity;
}

/** Objects that surely are not there; none of kinds that the environment does not have in full. */
export function undefinedReferences(environment: Environment): readonly UndefinedReference[] {
  if (environment.servers.length === 0) return [];
  const keepsSecrets = environment.exported !== undefined || environment.resources.some(r => /Secret/.test(r.kind));
  const missing = usesOf(environment).filter(
    use =>
      use.reference.kind !== 'ServiceAccount' &&
      !use.reference.optional &&
      isWhole(environment, [use.reference.kind], use.workload.resource.namespace) &&
      !isDefined(environment, use),
  );
  return missing
    .filter((use, i) => missing.findIndex(o => isSameObject(o, use)) === i)
    .map(first => {
      const { kind } = first.reference;
      const severity = kind !== 'Secret' || keepsSecrets ? 'warning' : 'info';
      const same = missing.filter(o => o.workload !== first.workload && isSameObject(o, first));
      const others = same.filter((o, i) => same.findIndex(p => p.workload === o.workload) === i);
      return { ...first, others, severity };
    });
}

function isSameObject(a: Use, b: Use): boolean {
  const { kind, name } = a.reference;
  return (
    kind === b.reference.kind &&
    name === b.reference.name &&
    a.workload.resource.namespace === b.workload.resource.namespace
  );
}

function usesOf({ servers, connections, workloads }: Environment): readonly Use[] {
  const own = new Set([
    ...servers.flatMap(s => s.workload ?? []),
    ...connections.filter(c => c.role !== 'application').map(c => c.workload),
  ]);
  return workloads
    .filter(w => own.has(w) && !w.partial)
    .flatMap(workload => {
      const pulls = new Set(getItems(workload.pod.spec, 'imagePullSecrets').map(i => getScalar(i, 'name')));
      return referencesOf(workload)
        .filter(r => ![...pulls].some(p => p?.start === r.at.start))
        .map(reference => ({ workload, reference }));
    });
}

function isDefined(environment: Environment, { reference, workload }: Use): boolean {
  const { kind, name } = reference;
  const { namespace } = workload.resource;
  if (name.endsWith('.credentials.postgresql.acid.zalan.do')) return true;
  if (environment.exported === undefined && isByConvention(workload, reference)) return true;
  if (environment.external.some(e => matches(e, `${kind}/${name}`))) return true;
  const names = namesIn(environment);
  if (kind === 'PersistentVolumeClaim' && names.claims.has(name)) return true;
  // Whatever else names it may make it: an ExternalSecret, a Certificate, the same Secret copied from another namespace.
  return (
    names.mentioned.has(name) ||
    names.operated.some(o => name.includes(o)) ||
    resourcesNamed(environment.resources, kind, name, namespace).length > 0
  );
}

/** The names of an environment, gathered once: each reference asks for them. */
const namesIn = once((environment: Environment) => {
  const workloads = new Set(environment.workloads.map(w => w.resource));
  const mentioned = new Set<string>();
  for (const resource of environment.resources) {
    if (!workloads.has(resource)) collectTexts(resource.root, mentioned);
  }
  return {
    mentioned,
    claims: new Set(environment.workloads.flatMap(w => claimNames(w).map(c => c.value))),
    operated: environment.resources.filter(r => operated.has(r.kind)).map(r => r.name),
  };
});

/** Kinds whose operators make Secrets under names of their own. */
const operated: ReadonlySet<string> = new Set(
  'Cluster PostgresCluster PerconaPGCluster postgresql SGCluster Postgres Postgresql Kubegres PostgresqlDatabase Pooler HelmRelease HelmChart Application'.split(
    ' ',
  ),
);

/** `*` stands for any text. */
function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}

function collectTexts(node: Node, texts: Set<string>, depth = 0): void {
  if (node.kind === 'scalar') texts.add(node.text);
  else if (depth <= 20) {
    const inside = node.kind === 'seq' ? node.items : node.entries.map(e => e.value);
    for (const value of inside) collectTexts(value, texts, depth + 1);
  }
}

export interface UndefinedKey extends Use {
  readonly object: Resource;
  readonly keys: readonly string[];
}

/** Keys that an object, which is here, lacks. An object without any keys is filled by something else. */
export function undefinedKeys(environment: Environment): readonly UndefinedKey[] {
  return usesOf(environment).flatMap(({ workload, reference }): readonly UndefinedKey[] => {
    const { kind, name, key, optional } = reference;
    if (key === undefined || isPlaceholder(key) || optional || (kind !== 'Secret' && kind !== 'ConfigMap')) return [];
    const found = resourcesNamed(environment.resources, kind, name, workload.resource.namespace);
    const [object] = found;
    if (object === undefined || found.length > 1 || isManagedSecret(object.root)) return [];
    const keys = ['data', 'stringData', 'binaryData']
      .flatMap(f => getMap(object.root, f)?.entries ?? [])
      .map(e => keyText(e.key));
    return keys.length === 0 || keys.includes(key) || keys.some(isPlaceholder)
      ? []
      : [{ workload, reference, object, keys: [...new Set(keys)] }];
  });
}
