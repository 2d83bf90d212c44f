/** Every rule. Written by `npm run gen`; do not edit. */
import type { AnyRule } from '../src/types.ts';
import antiAffinityMissing from './replicas/anti-affinity-missing.ts';
import appUsesSuperuser from './secrets/app-uses-superuser.ts';
import archiveModeWithoutDestination from './configuration/archive-mode-without-destination.ts';
import bootstrapNotIdempotent from './replicas/bootstrap-not-idempotent.ts';
import composePortPublishedAll from './configuration/compose-port-published-all.ts';
import composeUnusedMount from './configuration/compose-unused-mount.ts';
import configEnvIgnored from './resources/config-env-ignored.ts';
import configFileDropsInitdbValues from './configuration/config-file-drops-initdb-values.ts';
import configFileListenAddressesMissing from './configuration/config-file-listen-addresses-missing.ts';
import configMountedInsidePgdata from './configuration/config-mounted-inside-pgdata.ts';
import configMountedNotLoaded from './configuration/config-mounted-not-loaded.ts';
import containerCommandBypassesEntrypoint from './configuration/container-command-bypasses-entrypoint.ts';
import dataVolumeMissing from './storage/data-volume-missing.ts';
import deploymentForPostgres from './replicas/deployment-for-postgres.ts';
import deploymentRollingUpdateRwo from './replicas/deployment-rolling-update-rwo.ts';
import effectiveCacheSizeExceedsMemory from './resources/effective-cache-size-exceeds-memory.ts';
import extensionNeedsPreload from './configuration/extension-needs-preload.ts';
import fsyncOff from './configuration/fsync-off.ts';
import hardcodedPrimaryOrdinal from './replicas/hardcoded-primary-ordinal.ts';
import hbaFileNotLoaded from './configuration/hba-file-not-loaded.ts';
import hbaHostsslWithoutSsl from './authentication/hba-hostssl-without-ssl.ts';
import hbaNoRemoteRecord from './authentication/hba-no-remote-record.ts';
import hbaNoReplicationRecord from './authentication/hba-no-replication-record.ts';
import hbaSyntaxError from './authentication/hba-syntax-error.ts';
import hbaTrustRemote from './authentication/hba-trust-remote.ts';
import hostAuthMethodTrust from './authentication/host-auth-method-trust.ts';
import hostPathData from './storage/host-path-data.ts';
import hpaOnPostgres from './replicas/hpa-on-postgres.ts';
import hugePagesOnWithoutResource from './resources/huge-pages-on-without-resource.ts';
import ignoreUnknownRule from './gitops/ignore-unknown-rule.ts';
import ignoreUnused from './gitops/ignore-unused.ts';
import ignoreWithoutReason from './gitops/ignore-without-reason.ts';
import imageBitnamiRemoved from './images/image-bitnami-removed.ts';
import imageLatest from './images/image-latest.ts';
import initContainerRunsServer from './replicas/init-container-runs-server.ts';
import initOnlyEnvChanged from './replicas/init-only-env-changed.ts';
import loggingCollectorInContainer from './configuration/logging-collector-in-container.ts';
import maintenanceWorkMemExcessive from './resources/maintenance-work-mem-excessive.ts';
import maxConnectionsMemory from './resources/max-connections-memory.ts';
import maxWalSizeExceedsVolume from './resources/max-wal-size-exceeds-volume.ts';
import memoryStaticExceedsLimit from './resources/memory-static-exceeds-limit.ts';
import memoryWorstCaseExceedsLimit from './resources/memory-worst-case-exceeds-limit.ts';
import netpolAllowAnySource from './network-policy/netpol-allow-any-source.ts';
import netpolBlocksKnownClient from './network-policy/netpol-blocks-known-client.ts';
import netpolBlocksReplication from './network-policy/netpol-blocks-replication.ts';
import netpolEgressNoDns from './network-policy/netpol-egress-no-dns.ts';
import netpolMissing from './network-policy/netpol-missing.ts';
import netpolReplyEgress from './network-policy/netpol-reply-egress.ts';
import netpolSelectsNothing from './network-policy/netpol-selects-nothing.ts';
import netpolWrongPort from './network-policy/netpol-wrong-port.ts';
import pdbBlocksDrain from './replicas/pdb-blocks-drain.ts';
import pdbMissing from './replicas/pdb-missing.ts';
import pgBasebackupInteractive from './replicas/pg-basebackup-interactive.ts';
import pgVersionEol from './images/pg-version-eol.ts';
import pgconfDuplicate from './configuration/pgconf-duplicate.ts';
import pgconfInternalParameter from './configuration/pgconf-internal-parameter.ts';
import pgconfInvalidUnit from './configuration/pgconf-invalid-unit.ts';
import pgconfInvalidValue from './configuration/pgconf-invalid-value.ts';
import pgconfOutOfRange from './configuration/pgconf-out-of-range.ts';
import pgconfParameterTooNew from './configuration/pgconf-parameter-too-new.ts';
import pgconfRemovedParameter from './configuration/pgconf-removed-parameter.ts';
import pgconfSyntaxError from './configuration/pgconf-syntax-error.ts';
import pgconfUnknownParameter from './configuration/pgconf-unknown-parameter.ts';
import pgdataAtMountRoot from './security-context/pgdata-at-mount-root.ts';
import pgdataMountPath17 from './storage/pgdata-mount-path-17.ts';
import pgdataMountPath18 from './storage/pgdata-mount-path-18.ts';
import pgdataOutsideVolume from './storage/pgdata-outside-volume.ts';
import podDnsShortName from './replicas/pod-dns-short-name.ts';
import preloadLibraryMissing from './configuration/preload-library-missing.ts';
import probeExecUnexpandedVariable from './probes/probe-exec-unexpanded-variable.ts';
import probeIsreadyUnixSocket from './probes/probe-isready-unix-socket.ts';
import probeLivenessAggressive from './probes/probe-liveness-aggressive.ts';
import probeLivenessMissing from './probes/probe-liveness-missing.ts';
import probeLivenessRunsQuery from './probes/probe-liveness-runs-query.ts';
import probeReadinessMissing from './probes/probe-readiness-missing.ts';
import probeStartupMissing from './probes/probe-startup-missing.ts';
import probeSuccessThreshold from './probes/probe-success-threshold.ts';
import probeTimeoutDefault from './probes/probe-timeout-default.ts';
import probeWrongPort from './probes/probe-wrong-port.ts';
import recoveryConfUsed from './configuration/recovery-conf-used.ts';
import replicasWithoutReplication from './replicas/replicas-without-replication.ts';
import reservedConnectionsExhaust from './resources/reserved-connections-exhaust.ts';
import resourcesBestEffort from './resources/resources-best-effort.ts';
import resourcesMemoryLimitMissing from './resources/resources-memory-limit-missing.ts';
import resourcesMemoryMilli from './resources/resources-memory-milli.ts';
import resourcesMemoryRequestMissing from './resources/resources-memory-request-missing.ts';
import resourcesNotGuaranteed from './resources/resources-not-guaranteed.ts';
import resourcesQuantityInvalid from './resources/resources-quantity-invalid.ts';
import resourcesRequestExceedsLimit from './resources/resources-request-exceeds-limit.ts';
import secretCommitted from './secrets/secret-committed.ts';
import secretEnvAndFile from './secrets/secret-env-and-file.ts';
import secretInArgs from './secrets/secret-in-args.ts';
import secretInCompose from './secrets/secret-in-compose.ts';
import secretInConfigmap from './secrets/secret-in-configmap.ts';
import secretInDsn from './secrets/secret-in-dsn.ts';
import secretInImage from './secrets/secret-in-image.ts';
import secretInvalidBase64 from './secrets/secret-invalid-base64.ts';
import secretMissingForInit from './secrets/secret-missing-for-init.ts';
import secretPlaintextEnv from './secrets/secret-plaintext-env.ts';
import secretRefUndefined from './secrets/secret-ref-undefined.ts';
import secretReused from './secrets/secret-reused.ts';
import secretWeakPassword from './secrets/secret-weak-password.ts';
import securityDropAllWithRootEntrypoint from './security-context/security-drop-all-with-root-entrypoint.ts';
import securityFsgroupMissing from './security-context/security-fsgroup-missing.ts';
import securityHostNamespaces from './security-context/security-host-namespaces.ts';
import securityNotRestricted from './security-context/security-not-restricted.ts';
import securityPrivileged from './security-context/security-privileged.ts';
import securityReadonlyRootfsNeedsDirs from './security-context/security-readonly-rootfs-needs-dirs.ts';
import securityRunAsRoot from './security-context/security-run-as-root.ts';
import securityTlsKeyMode from './security-context/security-tls-key-mode.ts';
import securityUidImageMismatch from './security-context/security-uid-image-mismatch.ts';
import selectorMismatch from './replicas/selector-mismatch.ts';
import serviceLoadbalancer from './network-policy/service-loadbalancer.ts';
import serviceMixesPrimaryAndReplicas from './replicas/service-mixes-primary-and-replicas.ts';
import sharedBuffersBelowRecommended from './resources/shared-buffers-below-recommended.ts';
import sharedBuffersExceedsLimit from './resources/shared-buffers-exceeds-limit.ts';
import sharedBuffersExceedsRequest from './resources/shared-buffers-exceeds-request.ts';
import sharedBuffersNoUnit from './resources/shared-buffers-no-unit.ts';
import sharedBuffersOver40Percent from './resources/shared-buffers-over-40-percent.ts';
import sharedPvcMultipleReplicas from './replicas/shared-pvc-multiple-replicas.ts';
import shmVolumeMissing from './resources/shm-volume-missing.ts';
import statefulsetServiceNotHeadless from './replicas/statefulset-service-not-headless.ts';
import statefulsetServiceUndefined from './replicas/statefulset-service-undefined.ts';
import terminationGraceShort from './probes/termination-grace-short.ts';
import volumeMountUndefined from './storage/volume-mount-undefined.ts';
import walLevelMinimal from './configuration/wal-level-minimal.ts';
import workMemAboveFairShare from './resources/work-mem-above-fair-share.ts';
import workloadRequiredField from './replicas/workload-required-field.ts';
import yamlDuplicateKey from './gitops/yaml-duplicate-key.ts';
import yamlSyntax from './gitops/yaml-syntax.ts';

export const rules: readonly AnyRule[] = [
  antiAffinityMissing,
  appUsesSuperuser,
  archiveModeWithoutDestination,
  bootstrapNotIdempotent,
  composePortPublishedAll,
  composeUnusedMount,
  configEnvIgnored,
  configFileDropsInitdbValues,
  configFileListenAddressesMissing,
  configMountedInsidePgdata,
  configMountedNotLoaded,
  containerCommandBypassesEntrypoint,
  dataVolumeMissing,
  deploymentForPostgres,
  deploymentRollingUpdateRwo,
  effectiveCacheSizeExceedsMemory,
  extensionNeedsPreload,
  fsyncOff,
  hardcodedPrimaryOrdinal,
  hbaFileNotLoaded,
  hbaHostsslWithoutSsl,
  hbaNoRemoteRecord,
  hbaNoReplicationRecord,
  hbaSyntaxError,
  hbaTrustRemote,
  hostAuthMethodTrust,
  hostPathData,
  hpaOnPostgres,
  hugePagesOnWithoutResource,
  ignoreUnknownRule,
  ignoreUnused,
  ignoreWithoutReason,
  imageBitnamiRemoved,
  imageLatest,
  initContainerRunsServer,
  initOnlyEnvChanged,
  loggingCollectorInContainer,
  maintenanceWorkMemExcessive,
  maxConnectionsMemory,
  maxWalSizeExceedsVolume,
  memoryStaticExceedsLimit,
  memoryWorstCaseExceedsLimit,
  netpolAllowAnySource,
  netpolBlocksKnownClient,
  netpolBlocksReplication,
  netpolEgressNoDns,
  netpolMissing,
  netpolReplyEgress,
  netpolSelectsNothing,
  netpolWrongPort,
  pdbBlocksDrain,
  pdbMissing,
  pgBasebackupInteractive,
  pgVersionEol,
  pgconfDuplicate,
  pgconfInternalParameter,
  pgconfInvalidUnit,
  pgconfInvalidValue,
  pgconfOutOfRange,
  pgconfParameterTooNew,
  pgconfRemovedParameter,
  pgconfSyntaxError,
  pgconfUnknownParameter,
  pgdataAtMountRoot,
  pgdataMountPath17,
  pgdataMountPath18,
  pgdataOutsideVolume,
  podDnsShortName,
  preloadLibraryMissing,
  probeExecUnexpandedVariable,
  probeIsreadyUnixSocket,
  probeLivenessAggressive,
  probeLivenessMissing,
  probeLivenessRunsQuery,
  probeReadinessMissing,
  probeStartupMissing,
  probeSuccessThreshold,
  probeTimeoutDefault,
  probeWrongPort,
  recoveryConfUsed,
  replicasWithoutReplication,
  reservedConnectionsExhaust,
  resourcesBestEffort,
  resourcesMemoryLimitMissing,
  resourcesMemoryMilli,
  resourcesMemoryRequestMissing,
  resourcesNotGuaranteed,
  resourcesQuantityInvalid,
  resourcesRequestExceedsLimit,
  secretCommitted,
  secretEnvAndFile,
  secretInArgs,
  secretInCompose,
  secretInConfigmap,
  secretInDsn,
  secretInImage,
  secretInvalidBase64,
  secretMissingForInit,
  secretPlaintextEnv,
  secretRefUndefined,
  secretReused,
  secretWeakPassword,
  securityDropAllWithRootEntrypoint,
  securityFsgroupMissing,
  securityHostNamespaces,
  securityNotRestricted,
  securityPrivileged,
  securityReadonlyRootfsNeedsDirs,
  securityRunAsRoot,
  securityTlsKeyMode,
  securityUidImageMismatch,
  selectorMismatch,
  serviceLoadbalancer,
  serviceMixesPrimaryAndReplicas,
  sharedBuffersBelowRecommended,
  sharedBuffersExceedsLimit,
  sharedBuffersExceedsRequest,
  sharedBuffersNoUnit,
  sharedBuffersOver40Percent,
  sharedPvcMultipleReplicas,
  shmVolumeMissing,
  statefulsetServiceNotHeadless,
  statefulsetServiceUndefined,
  terminationGraceShort,
  volumeMountUndefined,
  walLevelMinimal,
  workMemAboveFairShare,
  workloadRequiredField,
  yamlDuplicateKey,
  yamlSyntax,
];

/** The folder of each rule, for the address of its page. */
export const areas: Readonly<Record<string, string>> = {
  'anti-affinity-missing': 'replicas',
  'app-uses-superuser': 'secrets',
  'archive-mode-without-destination': 'configuration',
  'bootstrap-not-idempotent': 'replicas',
  'compose-port-published-all': 'configuration',
  'compose-unused-mount': 'configuration',
  'config-env-ignored': 'resources',
  'config-file-drops-initdb-values': 'configuration',
  'config-file-listen-addresses-missing': 'configuration',
  'config-mounted-inside-pgdata': 'configuration',
  'config-mounted-not-loaded': 'configuration',
  'container-command-bypasses-entrypoint': 'configuration',
  'data-volume-missing': 'storage',
  'deployment-for-postgres': 'replicas',
  'deployment-rolling-update-rwo': 'replicas',
  'effective-cache-size-exceeds-memory': 'resources',
  'extension-needs-preload': 'configuration',
  'fsync-off': 'configuration',
  'hardcoded-primary-ordinal': 'replicas',
  'hba-file-not-loaded': 'configuration',
  'hba-hostssl-without-ssl': 'authentication',
  'hba-no-remote-record': 'authentication',
  'hba-no-replication-record': 'authentication',
  'hba-syntax-error': 'authentication',
  'hba-trust-remote': 'authentication',
  'host-auth-method-trust': 'authentication',
  'host-path-data': 'storage',
  'hpa-on-postgres': 'replicas',
  'huge-pages-on-without-resource': 'resources',
  'ignore-unknown-rule': 'gitops',
  'ignore-unused': 'gitops',
  'ignore-without-reason': 'gitops',
  'image-bitnami-removed': 'images',
  'image-latest': 'images',
  'init-container-runs-server': 'replicas',
  'init-only-env-changed': 'replicas',
  'logging-collector-in-container': 'configuration',
  'maintenance-work-mem-excessive': 'resources',
  'max-connections-memory': 'resources',
  'max-wal-size-exceeds-volume': 'resources',
  'memory-static-exceeds-limit': 'resources',
  'memory-worst-case-exceeds-limit': 'resources',
  'netpol-allow-any-source': 'network-policy',
  'netpol-blocks-known-client': 'network-policy',
  'netpol-blocks-replication': 'network-policy',
  'netpol-egress-no-dns': 'network-policy',
  'netpol-missing': 'network-policy',
  'netpol-reply-egress': 'network-policy',
  'netpol-selects-nothing': 'network-policy',
  'netpol-wrong-port': 'network-policy',
  'pdb-blocks-drain': 'replicas',
  'pdb-missing': 'replicas',
  'pg-basebackup-interactive': 'replicas',
  'pg-version-eol': 'images',
  'pgconf-duplicate': 'configuration',
  'pgconf-internal-parameter': 'configuration',
  'pgconf-invalid-unit': 'configuration',
  'pgconf-invalid-value': 'configuration',
  'pgconf-out-of-range': 'configuration',
  'pgconf-parameter-too-new': 'configuration',
  'pgconf-removed-parameter': 'configuration',
  'pgconf-syntax-error': 'configuration',
  'pgconf-unknown-parameter': 'configuration',
  'pgdata-at-mount-root': 'security-context',
  'pgdata-mount-path-17': 'storage',
  'pgdata-mount-path-18': 'storage',
  'pgdata-outside-volume': 'storage',
  'pod-dns-short-name': 'replicas',
  'preload-library-missing': 'configuration',
  'probe-exec-unexpanded-variable': 'probes',
  'probe-isready-unix-socket': 'probes',
  'probe-liveness-aggressive': 'probes',
  'probe-liveness-missing': 'probes',
  'probe-liveness-runs-query': 'probes',
  'probe-readiness-missing': 'probes',
  'probe-startup-missing': 'probes',
  'probe-success-threshold': 'probes',
  'probe-timeout-default': 'probes',
  'probe-wrong-port': 'probes',
  'recovery-conf-used': 'configuration',
  'replicas-without-replication': 'replicas',
  'reserved-connections-exhaust': 'resources',
  'resources-best-effort': 'resources',
  'resources-memory-limit-missing': 'resources',
  'resources-memory-milli': 'resources',
  'resources-memory-request-missing': 'resources',
  'resources-not-guaranteed': 'resources',
  'resources-quantity-invalid': 'resources',
  'resources-request-exceeds-limit': 'resources',
  'secret-committed': 'secrets',
  'secret-env-and-file': 'secrets',
  'secret-in-args': 'secrets',
  'secret-in-compose': 'secrets',
  'secret-in-configmap': 'secrets',
  'secret-in-dsn': 'secrets',
  'secret-in-image': 'secrets',
  'secret-invalid-base64': 'secrets',
  'secret-missing-for-init': 'secrets',
  'secret-plaintext-env': 'secrets',
  'secret-ref-undefined': 'secrets',
  'secret-reused': 'secrets',
  'secret-weak-password': 'secrets',
  'security-drop-all-with-root-entrypoint': 'security-context',
  'security-fsgroup-missing': 'security-context',
  'security-host-namespaces': 'security-context',
  'security-not-restricted': 'security-context',
  'security-privileged': 'security-context',
  'security-readonly-rootfs-needs-dirs': 'security-context',
  'security-run-as-root': 'security-context',
  'security-tls-key-mode': 'security-context',
  'security-uid-image-mismatch': 'security-context',
  'selector-mismatch': 'replicas',
  'service-loadbalancer': 'network-policy',
  'service-mixes-primary-and-replicas': 'replicas',
  'shared-buffers-below-recommended': 'resources',
  'shared-buffers-exceeds-limit': 'resources',
  'shared-buffers-exceeds-request': 'resources',
  'shared-buffers-no-unit': 'resources',
  'shared-buffers-over-40-percent': 'resources',
  'shared-pvc-multiple-replicas': 'replicas',
  'shm-volume-missing': 'resources',
  'statefulset-service-not-headless': 'replicas',
  'statefulset-service-undefined': 'replicas',
  'termination-grace-short': 'probes',
  'volume-mount-undefined': 'storage',
  'wal-level-minimal': 'configuration',
  'work-mem-above-fair-share': 'resources',
  'workload-required-field': 'replicas',
  'yaml-duplicate-key': 'gitops',
  'yaml-syntax': 'gitops',
};
