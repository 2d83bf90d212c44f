/** What a pod needs by name: ConfigMaps, Secrets, claims, a ServiceAccount. */
import { once } from '../once.ts';
import { type Located, valueOf } from '../types.ts';
import { type MapNode, get, getItems, getMap, getScalar, isPlaceholder } from '../yaml/node.ts';
import { integerFact } from './facts.ts';
import { readReference } from './read-environment.ts';
import { itemReferences } from './read-volume.ts';
import type { Container, Reference, Workload } from './workload.ts';

/** Objects that every namespace has. */
const provided: ReadonlySet<string> = new Set([
  'ConfigMap/kube-root-ca.crt',
  'ConfigMap/openshift-service-ca.crt',
  'ServiceAccount/default',
]);

/** Whether every namespace has the object without anyone writing it: `kube-root-ca.crt`, the default ServiceAccount. */
export function isProvided(reference: Pick<Reference, 'kind' | 'name'>): boolean {
  return provided.has(`${reference.kind}/${reference.name}`);
}

/**
 * The objects that the pods of a workload name, in the order of their places: variables, volumes (once for each key where
 * keys are named), image pull secrets, the ServiceAccount. Left out: names that are filled in later, and objects that every
 * namespace has.
 */
export const referencesOf = once((workload: Workload): readonly Reference[] => {
  const { pod } = workload;
  return [
    ...pod.containers.flatMap(environmentReferences),
    ...getItems(pod.spec, 'volumes').flatMap(volumeReferences),
    ...getItems(pod.spec, 'imagePullSecrets').flatMap(node => readReference('Secret', node, undefined) ?? []),
    ...serviceAccount(pod.spec),
  ]
    .filter(reference => !isProvided(reference) && !isPlaceholder(reference.name))
    .sort((a, b) => a.at.start - b.at.start);
});

const kinds = [
  ['configMap', 'ConfigMap'],
  ['secret', 'Secret'],
] as const;

function environmentReferences({ node }: Container): readonly Reference[] {
  const sources = getItems(node, 'envFrom');
  const selectors = getItems(node, 'env').flatMap(item => getMap(item, 'valueFrom') ?? []);
  return kinds.flatMap(([field, kind]) => [
    ...sources.flatMap(source => readReference(kind, get(source, `${field}Ref`), undefined) ?? []),
    ...selectors.flatMap(source => {
      const selected = get(source, `${field}KeyRef`);
      return readReference(kind, selected, getScalar(selected, 'key')) ?? [];
    }),
  ]);
}

/** Fields of volumes of other types that name a Secret. */
const secretFields: readonly (readonly [string, string])[] = [
  ['csi', 'nodePublishSecretRef'],
  ['cephfs', 'secretRef'],
  ['rbd', 'secretRef'],
  ['iscsi', 'secretRef'],
  ['flexVolume', 'secretRef'],
];

function volumeReferences(volume: ReturnType<typeof getItems>[number]): readonly Reference[] {
  const claim = readReference('PersistentVolumeClaim', get(volume, 'persistentVolumeClaim'), undefined, 'claimName');
  return [
    ...itemReferences('ConfigMap', get(volume, 'configMap'), 'name'),
    ...itemReferences('Secret', get(volume, 'secret'), 'secretName'),
    ...getItems(volume, 'projected', 'sources').flatMap(source =>
      kinds.flatMap(([field, kind]) => itemReferences(kind, get(source, field), 'name')),
    ),
    ...secretFields.flatMap(path => readReference('Secret', get(volume, ...path), undefined) ?? []),
    ...(claim === undefined ? [] : [claim]),
  ];
}

function serviceAccount(spec: MapNode | undefined): readonly Reference[] {
  // `serviceAccount` is the deprecated spelling; the API lets the other one win.
  const field = getScalar(spec, 'serviceAccountName') === undefined ? 'serviceAccount' : 'serviceAccountName';
  const reference = readReference('ServiceAccount', spec, undefined, field);
  return reference === undefined ? [] : [reference];
}

/**
 * The names of the claims that the pods use: those that volumes name, and those that a StatefulSet makes from its
 * templates, `<template>-<set>-<ordinal>` for each replica (none where their number is not known).
 */
export function claimNames(workload: Workload): readonly Located<string>[] {
  const named = workload.pod.volumes.flatMap(({ source }) =>
    source.kind === 'persistentVolumeClaim' ? [{ value: source.reference.name, at: source.reference.at }] : [],
  );
  const first = valueOf(integerFact(workload.resource.root, 'spec', 'ordinals', 'start')) ?? 0;
  const count = Math.min(valueOf(workload.replicas) ?? 0, mostOrdinals);
  const made = workload.claimTemplates.flatMap(({ name, at }) =>
    Array.from({ length: Math.max(0, count) }, (_, index) => ({
      value: `${name}-${workload.resource.name}-${first + index}`,
      at,
    })),
  );
  return [...named, ...made];
}

/** A mistyped number of replicas must not fill the memory. */
const mostOrdinals = 1000;
