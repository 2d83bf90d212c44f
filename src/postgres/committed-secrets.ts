/** Secrets that are written with their values, and that a PostgreSQL of the environment or its clients use. */
import type { Environment } from '../environment.ts';
import { referencesOf } from '../kubernetes/references.ts';
import { type Resource, groupOf, sameNamespace } from '../kubernetes/resource.ts';
import type { Reference, Workload } from '../kubernetes/workload.ts';
import {
  decodeBase64,
  isLiteralSecret,
  isManagedSecret,
  isPasswordName,
  isPlaceholderSecret,
  isSecretName,
} from '../secrets.ts';
import { valueOf } from '../types.ts';
import { type Entry, type ScalarNode, getMap, getText, keyText } from '../yaml/node.ts';
import { isDatabasePassword, isPostgresPassword, userNames } from './credential-names.ts';
import { credentialsInText } from './credential-texts.ts';

/** A Secret with at least one value that is a secret of PostgreSQL. */
export interface CommittedSecret {
  readonly resource: Resource;
  readonly values: readonly SecretValue[];
  /** Who uses it, for a related line: the first workload that names it. */
  readonly usedBy: Workload | undefined;
}

export interface SecretValue {
  readonly key: Entry['key'];
  readonly value: ScalarNode;
  /** Decoded; never for a message. */
  readonly text: string;
  readonly kind: 'password' | 'dsn' | 'key';
  /** It asks to be replaced: `CHANGEME`. */
  readonly placeholder: boolean;
  /** The role that logs in with it, where that is known. */
  readonly user: string | undefined;
}

/** The Secrets of plain manifests that a server or a client of one uses, or whose keys say PostgreSQL; none that something manages. */
export function secretsOfServers(
  environment: Environment,
): readonly { readonly resource: Resource; readonly uses: readonly Use[] }[] {
  if (environment.servers.length === 0) return [];
  const uses = usesOf(environment);
  return environment.resources
    .filter(r => r.kind === 'Secret' && groupOf(r) === '' && !isManagedSecret(r.root))
    .map(resource => ({
      resource,
      uses: uses.filter(
        u => u.reference.name === resource.name && sameNamespace(u.workload.resource.namespace, resource.namespace),
      ),
    }))
    .filter(
      ({ resource, uses: own }) => own.length > 0 || entriesOf(resource).some(e => isPostgresPassword(keyText(e.key))),
    );
}

/** The Secrets that hold a literal credential, with their values. */
export function committedSecrets(environment: Environment): readonly CommittedSecret[] {
  return secretsOfServers(environment).flatMap(({ resource, uses }) => {
    if (
      /^kubernetes\.io\/(?:service-account-token|dockerconfigjson|dockercfg)$/.test(
        getText(resource.root, 'type') ?? '',
      )
    )
      return [];
    const values = entriesOf(resource).flatMap(e => secretValue(resource, e, uses));
    return values.length === 0 ? [] : [{ resource, values, usedBy: uses[0]?.workload }];
  });
}

/** One way in which a workload of PostgreSQL takes a Secret. */
export interface Use {
  readonly workload: Workload;
  readonly reference: Reference;
  /** The server itself takes it, not a client. */
  readonly server: boolean;
  /** The variable that gets the key, and the role that stands beside it. */
  readonly variable: string | undefined;
  readonly user: string | undefined;
}

function usesOf({ servers, connections, workloads }: Environment): readonly Use[] {
  const own = new Set(servers.flatMap(s => s.workload ?? []));
  const clients = new Set(connections.filter(c => c.server !== undefined).map(c => c.workload));
  return workloads
    .filter(w => own.has(w) || clients.has(w))
    .flatMap(workload => {
      const pulls = new Set(pullSecrets(workload));
      return referencesOf(workload)
        .filter(r => r.kind === 'Secret' && !pulls.has(r.name))
        .map(reference => ({ workload, reference, server: own.has(workload), ...variableOf(workload, reference) }));
    });
}

/** The variable that takes a reference, and the user of which it is the password, where that is known. */
function variableOf({ pod }: Workload, { keyAt }: Reference): Pick<Use, 'variable' | 'user'> {
  for (const { environment } of pod.containers) {
    const found = environment.find(v => v.from?.kind === 'Secret' && keyAt !== undefined && v.from.keyAt === keyAt);
    if (found === undefined) continue;
    const names = userNames(found.name);
    return { variable: found.name, user: valueOf(environment.find(v => names.includes(v.name))?.value) };
  }
  return { variable: undefined, user: undefined };
}

const pullSecrets = ({ pod }: Workload): readonly string[] => {
  const list = getMap(pod.spec)?.entries.find(e => keyText(e.key) === 'imagePullSecrets')?.value;
  return list?.kind === 'seq' ? list.items.flatMap(i => getText(i, 'name') ?? []) : [];
};

/** `data` and `stringData`, which wins where both have a key. */
export function entriesOf(secret: Resource): readonly Entry[] {
  return ['data', 'stringData'].flatMap(field => getMap(secret.root, field)?.entries ?? []);
}

/** The text of an entry, decoded where it stands under `data`; undefined where it is no base64. */
function textOf(secret: Resource, { key, value }: Entry): string | undefined {
  if (value.kind !== 'scalar') return undefined;
  const encoded = getMap(secret.root, 'data')?.entries.some(e => e.key === key) === true;
  if (!encoded) return value.text;
  const decoded = decodeBase64(value.text);
  return decoded.ok ? decoded.text.replace(/\n$/, '') : undefined;
}

function secretValue(secret: Resource, entry: Entry, uses: readonly Use[]): readonly SecretValue[] {
  const { key, value } = entry;
  const text = textOf(secret, entry);
  if (value.kind !== 'scalar' || text === undefined || text === '') return [];
  const name = keyText(key);
  const here = uses.filter(u => u.reference.key === undefined || u.reference.key === name);
  const byServer = here.some(u => u.server);
  const inText = credentialsInText(text, { name, shell: false, related: here.length > 0 });
  const found =
    inText.find(c => c.kind === 'dsn') ?? (byServer ? inText.find(c => c.kind !== 'assignment') : undefined);
  if (found !== undefined) {
    const kind = found.kind === 'key' ? 'key' : 'dsn';
    const placeholder = isPlaceholderSecret(found.value);
    return [{ key, value, text: found.value, kind, placeholder, user: found.user }];
  }
  const names = [name, ...here.flatMap(u => u.variable ?? [])];
  const isSecret = names.some(
    n => isPostgresPassword(n) || (here.length > 0 && isDatabasePassword(n)) || (byServer && isSecretName(n)),
  );
  if (!isSecret || text.includes('\n') || !isLiteralSecret(text, 'password')) return [];
  const user = userNames(name)
    .map(n => entriesOf(secret).find(e => keyText(e.key) === n))
    .find(e => e !== undefined);
  const own = here.find(u => u.user !== undefined)?.user;
  const kind = names.some(n => isPasswordName(n) || isPostgresPassword(n)) ? 'password' : 'dsn';
  const placeholder = isPlaceholderSecret(text);
  return [{ key, value, text, kind, placeholder, user: own ?? (user && textOf(secret, user)) }];
}
