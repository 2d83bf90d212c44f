/** Autoscalers and what they scale. */
import { type Fact, type Location, absent } from '../types.ts';
import { getMap, getScalar, getText, isPlaceholder, textFact } from '../yaml/node.ts';
import { integerFact } from './facts.ts';
import { type Resource, groupOf, sameNamespace } from './resource.ts';

export interface ScaleTarget {
  readonly resource: Resource;
  readonly scaler: 'HorizontalPodAutoscaler' | 'ScaledObject' | 'VerticalPodAutoscaler';
  readonly kind: string;
  readonly name: string;
  /** Of the target's kind, where written. */
  readonly apiVersion: string | undefined;
  readonly minimum: Fact<number>;
  readonly maximum: Fact<number>;
  /** `spec.updatePolicy.updateMode` of a VerticalPodAutoscaler. */
  readonly updateMode: Fact<string>;
  /** The target's name. */
  readonly at: Location;
}

const scalers: readonly {
  readonly scaler: ScaleTarget['scaler'];
  readonly groups: readonly string[];
  readonly target: string;
  readonly counts: readonly [string, string];
  /** The kind that the API takes where none is written. */
  readonly kind?: string;
}[] = [
  {
    scaler: 'HorizontalPodAutoscaler',
    groups: ['autoscaling', ''],
    target: 'scaleTargetRef',
    counts: ['minReplicas', 'maxReplicas'],
  },
  {
    scaler: 'ScaledObject',
    groups: ['keda.sh'],
    target: 'scaleTargetRef',
    counts: ['minReplicaCount', 'maxReplicaCount'],
    kind: 'Deployment',
  },
  { scaler: 'VerticalPodAutoscaler', groups: ['autoscaling.k8s.io'], target: 'targetRef', counts: ['', ''] },
];

/** What an autoscaler scales; undefined for other kinds and where it names nothing. */
export function readScaleTarget(resource: Resource): ScaleTarget | undefined {
  const api = scalers.find(s => s.scaler === resource.kind && s.groups.includes(groupOf(resource)));
  if (api === undefined) return undefined;
  const spec = getMap(resource.root, 'spec');
  const target = getMap(spec, api.target);
  const name = getScalar(target, 'name');
  const kind = getText(target, 'kind') ?? api.kind;
  if (name === undefined || kind === undefined || isPlaceholder(name.text)) return undefined;
  const count = (field: string) => (field === '' ? absent(resource.at) : integerFact(spec, field));
  return {
    resource,
    scaler: api.scaler,
    kind,
    name: name.text,
    apiVersion: getText(target, 'apiVersion'),
    minimum: count(api.counts[0]),
    maximum: count(api.counts[1]),
    updateMode: textFact(spec, 'updatePolicy', 'updateMode'),
    at: name,
  };
}

/** Whether an autoscaler scales an object. */
export function scales(target: ScaleTarget, object: Resource): boolean {
  return (
    target.kind === object.kind &&
    target.name === object.name &&
    sameNamespace(target.resource.namespace, object.namespace)
  );
}
