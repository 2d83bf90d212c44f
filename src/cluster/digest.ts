/** What an object of an export says of itself, without what the API server and controllers wrote into it. */

/** An object in a few words. */
export interface Digest {
  readonly name: string;
  readonly namespace: string | undefined;
  /** A controller made it. */
  readonly controlled: boolean;
  /** Its scalars, one on a line behind its key; texts of several lines as they are. */
  readonly text: string;
}

/** Fields that say nothing of what an object is for: all objects share them, or each has another value. */
const noise: ReadonlySet<string> = new Set(
  (
    'status managedFields ownerReferences uid resourceVersion creationTimestamp selfLink generation nodeName schedulerName ' +
    'terminationMessagePath terminationMessagePolicy imagePullPolicy dnsPolicy restartPolicy preemptionPolicy tolerations ' +
    'clusterIP clusterIPs ipFamilies ipFamilyPolicy internalTrafficPolicy sessionAffinity finalizers ' +
    'kubectl.kubernetes.io/last-applied-configuration pod-template-hash controller-revision-hash controller-uid ' +
    'batch.kubernetes.io/controller-uid kubernetes.io/service-account.uid'
  ).split(' '),
);
/** The volume that the API server adds to each pod. */
const tokenVolume = /^kube-api-access-[a-z0-9]{5}$/;

/** Reads an object in JSON; undefined where it is none. */
export function digestJson(text: string): Digest | undefined {
  let object: unknown;
  try {
    object = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const metadata = field(object, 'metadata');
  const owners = field(metadata, 'ownerReferences');
  const lines: string[] = [];
  collect('', object, lines, 0);
  return {
    name: textOf(field(metadata, 'name')) ?? '',
    namespace: textOf(field(metadata, 'namespace')),
    controlled: Array.isArray(owners) && owners.some(o => field(o, 'controller') === true),
    text: lines.join('\n'),
  };
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function collect(key: string, value: unknown, lines: string[], depth: number): void {
  if (depth > 200) return;
  if (Array.isArray(value)) for (const item of value) collect(key, item, lines, depth + 1);
  else if (typeof value === 'object' && value !== null) {
    const name = field(value, 'name');
    if (typeof name === 'string' && tokenVolume.test(name)) return;
    for (const [k, v] of Object.entries(value)) if (!noise.has(k)) collect(k, v, lines, depth + 1);
  } else if (typeof value === 'string' || typeof value === 'number') {
    if (value !== '') lines.push(`${key}: ${value}`);
  }
}

/** Reads an object in YAML as kubectl prints it, by its lines; `indent` is where its own keys stand. */
export function digestYaml(text: string, indent: number): Digest {
  const lines: string[] = [];
  let name = '';
  let namespace: string | undefined;
  let controlled = false;
  let inMetadata = false;
  /** What is deeper than this belongs to a field that is left out. */
  let left = Number.POSITIVE_INFINITY;
  for (const line of text.split('\n')) {
    const start = line.search(/[^ -]|-(?! )/);
    if (start < 0) continue;
    if (/^ *- *controller: true|^ +controller: true/.test(line)) controlled = true;
    const dash = line.search(/\S/);
    // Items of a list may stand at the column of its key: what they hold is deeper all the same.
    if (start > left) continue;
    left = Number.POSITIVE_INFINITY;
    const [, key, value = ''] = /^(?: *- )*\s*["']?([\w./-]+)["']?:(?:\s+(.*))?$/.exec(line) ?? [];
    if (start === indent) inMetadata = key === 'metadata';
    if (inMetadata && start > indent && dash <= indent + 4) {
      if (key === 'name' && name === '') name = unquoted(value);
      if (key === 'namespace' && namespace === undefined) namespace = unquoted(value);
    }
    if (key !== undefined && noise.has(key)) left = start;
    else lines.push(line.slice(start));
  }
  return { name, namespace, controlled, text: lines.join('\n') };
}

const unquoted = (value: string): string => value.replace(/^(["'])(.*)\1\s*$/, '$2').trim();
