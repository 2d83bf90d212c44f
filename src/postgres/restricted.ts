/** What a server's pod lacks of Pod Security "restricted", and the edits that mend it. */
import type { Environment } from '../environment.ts';
import { find } from '../environment.ts';
import { type Edits, joined, setPath } from '../fix/edits.ts';
import { capabilityName, effectiveSecurity, podSecurity } from '../kubernetes/security-context.ts';
import { sameNamespace } from '../kubernetes/resource.ts';
import type { Location, Part } from '../types.ts';
import { getItems, getText } from '../yaml/node.ts';
import { ownUserStart } from './data-folder.ts';
import { containerEdits, fsGroupEdits } from './security-fixes.ts';
import type { Server } from './server.ts';
import { effective } from './settings.ts';
import { startUser } from './start-user.ts';

export interface Gap extends Part {
  readonly id:
    | 'security-run-as-non-root'
    | 'security-allow-privilege-escalation'
    | 'security-capabilities'
    | 'security-seccomp'
    | 'security-service-account-token';
  /** What to write instead. */
  readonly remedy: string;
  /** Nothing is worse for it today: only the policy, or what a later image may do, is at stake. */
  readonly minor: boolean;
}

/** Capabilities that Docker-library's entrypoint needs to give PGDATA to `postgres` and to become it. */
export const ENTRYPOINT_CAPABILITIES: readonly string[] = ['CHOWN', 'DAC_OVERRIDE', 'SETGID', 'SETUID'];

/** With these a process is as good as root on the node; they are a finding of their own. */
export const NODE_CAPABILITIES: ReadonlySet<string> = new Set([
  'ALL',
  'BPF',
  'DAC_READ_SEARCH',
  'NET_ADMIN',
  'SYS_ADMIN',
  'SYS_MODULE',
  'SYS_PTRACE',
  'SYS_RAWIO',
]);

/** The gaps of a server in its environment, in the order in which they are told; what is unknown is none. */
export function restrictedGaps(server: Server, environment: Environment): readonly Gap[] {
  const { container, workload } = server;
  if (container === undefined || workload === undefined) return [];
  const security = effectiveSecurity(workload.pod, container);
  const { hostUsers } = podSecurity(workload.pod);
  const user = startUser(server);
  const gaps: Gap[] = [];
  const { allowPrivilegeEscalation, privileged, runAsNonRoot, seccompProfile } = security;
  const isNonRoot = runAsNonRoot.state === 'unknown' || (runAsNonRoot.state === 'known' && runAsNonRoot.value);
  // Root that the manifest asks for is security-run-as-root.
  const asksForRoot = user?.explicit === true && user.isRoot !== false;
  if (!isNonRoot && !asksForRoot && !(hostUsers.state === 'known' && !hostUsers.value)) {
    const text =
      user?.isRoot === true
        ? 'starts as root'
        : user?.isRoot === false
          ? `runs as ${user.uid ?? 'its own user'} without saying runAsNonRoot`
          : 'may run as root';
    gaps.push({ id: 'security-run-as-non-root', text, remedy: 'runAsNonRoot: true', minor: user?.isRoot === false });
  }
  const isPrivileged = privileged.state === 'known' && privileged.value;
  if (!isPrivileged && (allowPrivilegeEscalation.state === 'absent' || isTrue(allowPrivilegeEscalation))) {
    gaps.push({
      id: 'security-allow-privilege-escalation',
      text: 'may gain privileges',
      remedy: 'allowPrivilegeEscalation: false',
      minor: false,
    });
  }
  const capabilities = isPrivileged ? undefined : capabilityGap(server);
  if (capabilities !== undefined)
    gaps.push({ id: 'security-capabilities', text: capabilities, remedy: 'capabilities.drop: [ALL]', minor: false });
  // The runtime's own profile forbids io_uring: such a server needs a profile of its own.
  const needsProfile = effective(server.intended, 'io_method') === 'io_uring';
  const isOpen = seccompProfile.state === 'known' && seccompProfile.value === 'Unconfined';
  if ((seccompProfile.state === 'absent' && !needsProfile) || (isOpen && !needsProfile)) {
    const text = isOpen ? 'switches seccomp off' : 'has no seccomp profile';
    gaps.push({ id: 'security-seccomp', text, remedy: 'seccompProfile.type: RuntimeDefault', minor: false });
  }
  if (holdsToken(server, environment)) {
    gaps.push({
      id: 'security-service-account-token',
      text: 'holds a token of the API server',
      remedy: 'automountServiceAccountToken: false',
      minor: true,
    });
  }
  return gaps;
}

const isTrue = (fact: { readonly state: string; readonly value?: unknown }) =>
  fact.state === 'known' && fact.value === true;

/** What the capabilities are, where they are more than the container needs. */
function capabilityGap(server: Server): string | undefined {
  const { container, image, workload } = server;
  if (container === undefined || workload === undefined) return undefined;
  const { capabilitiesAdd, capabilitiesDrop } = effectiveSecurity(workload.pod, container);
  if ([...capabilitiesAdd, ...capabilitiesDrop].some(c => c.value.includes('$'))) return undefined;
  if (!capabilitiesDrop.some(c => capabilityName(c.value) === 'ALL')) return 'keeps the capabilities of the runtime';
  const needed = image.rootEntrypoint && startUser(server)?.isRoot !== false;
  const added = capabilitiesAdd
    .map(c => capabilityName(c.value))
    .filter(name => name !== 'NET_BIND_SERVICE' && !NODE_CAPABILITIES.has(name))
    .filter(name => !needed || !/^(CHOWN|DAC_OVERRIDE|DAC_READ_SEARCH|FOWNER|SETGID|SETUID)$/.test(name));
  return added.length === 0 ? undefined : `adds ${added.join(', ')}`;
}

/** PostgreSQL itself never asks the API server; Patroni, operators and helpers in the pod do. */
function holdsToken(server: Server, environment: Environment): boolean {
  const { image, replication, resource, workload } = server;
  if (workload === undefined || (image.family !== 'official' && image.family !== 'bitnami')) return false;
  if (replication.mechanism === 'patroni' || replication.mechanism === 'unknown') return false;
  const { annotations, containers } = workload.pod;
  if (Object.keys(annotations).some(key => /^(vault\.hashicorp\.com|sidecar\.istio\.io|linkerd\.io)\//.test(key)))
    return false;
  const asks = /kubectl|wait-for|kube|consul|vault|patroni|agent|reloader|k8s/;
  const others = containers.filter(c => c !== server.container);
  if (others.some(c => c.image.state !== 'known' || asks.test(c.image.value))) return false;
  if (server.scripts.some(s => /kubectl|serviceaccount/.test(s.region.text))) return false;
  const named = podSecurity(workload.pod).serviceAccountName;
  if (named.state === 'unknown') return false;
  const account = named.state === 'known' ? named.value : 'default';
  const object = find(environment, 'ServiceAccount', account, resource?.namespace)[0];
  if (account !== 'default' && object === undefined) return false;
  if (isBound(environment, account, resource?.namespace)) return false;
  return (
    !['known', 'unknown'].includes(podSecurity(workload.pod, object).automountServiceAccountToken.state) ||
    isTrue(podSecurity(workload.pod, object).automountServiceAccountToken)
  );
}

function isBound(environment: Environment, account: string, namespace: string | undefined): boolean {
  return ['RoleBinding', 'ClusterRoleBinding']
    .flatMap(kind => find(environment, kind))
    .flatMap(binding => getItems(binding.root, 'subjects').map(subject => ({ subject, home: binding.namespace })))
    .some(
      ({ subject, home }) =>
        getText(subject, 'name') === account && sameNamespace(getText(subject, 'namespace') ?? home, namespace),
    );
}

/** Edits that close gaps. */
export interface Restriction {
  readonly edits: Edits;
  /** The user that the container starts as instead of root. */
  readonly asUser: number | undefined;
  /** Where the data directory would be, where it cannot stay. */
  readonly movesTo: string | undefined;
}

/** The edits that close the gaps, all or nothing; undefined where they would keep the server from starting, or cannot be written. */
export function restrict(server: Server, gaps: readonly Gap[]): Restriction {
  const { image, workload } = server;
  const has = (id: Gap['id']) => gaps.some(g => g.id === id);
  const isRoot = startUser(server)?.isRoot;
  const nothing = { edits: undefined, asUser: undefined, movesTo: undefined };
  const spec = workload?.pod.spec;
  if (spec === undefined) return nothing;
  const changesUser = has('security-run-as-non-root') && isRoot !== false;
  // The kubelet cannot see that a user that the image gives by name is not root.
  const isNumeric =
    startUser(server)?.explicit === true || /^(bitnami|sclorg|crunchy|cloudnative-pg)$/.test(image.family);
  if (has('security-run-as-non-root') && !changesUser && !isNumeric) return nothing;
  const own = changesUser && isRoot === true ? ownUserStart(server) : undefined;
  if (changesUser && own === undefined) return nothing;
  // Without all capabilities the entrypoint cannot become another user.
  if (has('security-capabilities') && !changesUser && isRoot !== false) return nothing;
  // What somebody added was added for a reason that we do not see.
  if (gaps.some(g => g.text.startsWith('adds '))) return nothing;
  const user = changesUser ? { runAsUser: image.uid ?? 0, runAsGroup: image.gid ?? 0 } : {};
  const values = {
    ...(has('security-run-as-non-root') ? { runAsNonRoot: true, ...user } : {}),
    ...(has('security-allow-privilege-escalation') ? { allowPrivilegeEscalation: false } : {}),
    ...(has('security-seccomp') ? { seccompProfile: { type: 'RuntimeDefault' } } : {}),
  };
  const edits = joined([
    own?.edits ?? [],
    containerEdits(server, { values, dropAll: has('security-capabilities') }),
    has('security-service-account-token') ? setPath(spec, ['automountServiceAccountToken'], false) : [],
    changesUser ? fsGroupEdits(server, image.gid ?? 0) : [],
  ]);
  return { edits, asUser: changesUser ? image.uid : undefined, movesTo: own?.movesTo };
}

/** Where to point for gaps of the container or, for the token alone, of the pod. */
export function gapPlace(server: Server, gaps: readonly Gap[]): Location {
  const { container, workload } = server;
  const isToken = gaps.every(g => g.id === 'security-service-account-token');
  if (workload === undefined || container === undefined) return server.at;
  if (!isToken) return effectiveSecurity(workload.pod, container).at;
  return podSecurity(workload.pod).automountServiceAccountToken.at ?? workload.pod.at;
}
