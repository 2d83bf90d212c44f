/** The kinds of objects that bear on a PostgreSQL in a cluster. */

/** A kind as kubectl is asked for it. */
export interface KindOfObject {
  readonly kind: string;
  /** Its plural with its group, which is unique in a cluster: `statefulsets.apps`. */
  readonly resource: string;
  readonly namespaced: boolean;
  /** Every cluster has it; others come with an operator or an add-on. */
  readonly builtIn: boolean;
  /** What was written of it and what was filled in is of interest: `managedFields` tell. */
  readonly managed: boolean;
}

const workload = (kind: string, resource: string): KindOfObject => ({
  kind,
  resource,
  namespaced: true,
  builtIn: true,
  managed: true,
});
const builtIn = (kind: string, resource: string, namespaced = true): KindOfObject => ({
  kind,
  resource,
  namespaced,
  builtIn: true,
  managed: false,
});
const custom = (kind: string, resource: string, namespaced = true): KindOfObject => ({
  kind,
  resource,
  namespaced,
  builtIn: false,
  managed: false,
});

/**
 * What an export is made of. Workloads first; ReplicaSets, EndpointSlices, ControllerRevisions and events are left out,
 * since they only repeat what other objects say.
 */
export const kindsThatMatter: readonly KindOfObject[] = [
  workload('StatefulSet', 'statefulsets.apps'),
  workload('Deployment', 'deployments.apps'),
  workload('DaemonSet', 'daemonsets.apps'),
  builtIn('CronJob', 'cronjobs.batch'),
  builtIn('Job', 'jobs.batch'),
  builtIn('Pod', 'pods'),
  builtIn('Service', 'services'),
  builtIn('ConfigMap', 'configmaps'),
  builtIn('Secret', 'secrets'),
  builtIn('PersistentVolumeClaim', 'persistentvolumeclaims'),
  builtIn('NetworkPolicy', 'networkpolicies.networking.k8s.io'),
  builtIn('PodDisruptionBudget', 'poddisruptionbudgets.policy'),
  builtIn('HorizontalPodAutoscaler', 'horizontalpodautoscalers.autoscaling'),
  builtIn('LimitRange', 'limitranges'),
  builtIn('ResourceQuota', 'resourcequotas'),
  builtIn('ServiceAccount', 'serviceaccounts'),
  builtIn('RoleBinding', 'rolebindings.rbac.authorization.k8s.io'),
  builtIn('ClusterRoleBinding', 'clusterrolebindings.rbac.authorization.k8s.io', false),
  builtIn('Namespace', 'namespaces', false),
  builtIn('StorageClass', 'storageclasses.storage.k8s.io', false),
  custom('Cluster', 'clusters.postgresql.cnpg.io'),
  custom('Pooler', 'poolers.postgresql.cnpg.io'),
  custom('postgresql', 'postgresqls.acid.zalan.do'),
  custom('PostgresCluster', 'postgresclusters.postgres-operator.crunchydata.com'),
  custom('PerconaPGCluster', 'perconapgclusters.pgv2.percona.com'),
  custom('SGCluster', 'sgclusters.stackgres.io'),
  custom('Kubegres', 'kubegres.kubegres.reactive-tech.io'),
  custom('CiliumNetworkPolicy', 'ciliumnetworkpolicies.cilium.io'),
  custom('CiliumClusterwideNetworkPolicy', 'ciliumclusterwidenetworkpolicies.cilium.io', false),
  custom('ScaledObject', 'scaledobjects.keda.sh'),
];

/** Kinds that an export may hold besides, and that are worth keeping. */
const others: readonly string[] = (
  'ReplicaSet ReplicationController Endpoints EndpointSlice PersistentVolume PriorityClass Ingress ' +
  'AdminNetworkPolicy BaselineAdminNetworkPolicy GlobalNetworkPolicy PeerAuthentication AuthorizationPolicy Sidecar ServiceEntry ' +
  'ExternalSecret SealedSecret VaultStaticSecret VaultDynamicSecret Certificate ServiceMonitor PodMonitor'
).split(' ');

const mattering: ReadonlySet<string> = new Set([...kindsThatMatter.map(k => k.kind), ...others]);

/** Whether objects of a kind can say anything about a PostgreSQL. */
export const matters = (kind: string): boolean => mattering.has(kind);

/** Kinds that controllers make by the thousand: of those that do not name PostgreSQL, the owner says all there is. */
export const isMadeByControllers = (kind: string): boolean =>
  kind === 'Pod' || kind === 'ReplicaSet' || kind === 'Job' || kind === 'EndpointSlice' || kind === 'Endpoints';
