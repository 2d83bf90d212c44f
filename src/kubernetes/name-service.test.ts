import { describe, expect, test } from 'vitest';
import { allowsDns } from './name-service.ts';
import { type NetworkPolicy, readNetworkPolicy } from './network.ts';
import type { PodIdentity } from './reachability.ts';
import { resourcesIn } from './testing.ts';

function policies(specs: readonly string[], namespace = 'db'): readonly NetworkPolicy[] {
  const text = specs
    .map(
      (spec, i) =>
        `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p${i}, namespace: ${namespace}}, spec: ${spec}}`,
    )
    .join('\n---\n');
  return resourcesIn(text).flatMap(r => readNetworkPolicy(r) ?? []);
}
const server: PodIdentity = { labels: { app: 'pg' }, namespace: 'db', ports: [] };

describe('allowsDns', () => {
  const kube = '{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}';
  test.for<[string, string, string]>([
    ['{}', 'allowed', 'allowed'],
    ['{policyTypes: [Egress]}', 'blocked', 'blocked'],
    ['{egress: [{}]}', 'allowed', 'allowed'],
    ['{egress: [{ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]}]}', 'allowed', 'allowed'],
    ['{egress: [{ports: [{port: 53, protocol: UDP}]}]}', 'allowed', 'blocked'],
    ['{egress: [{ports: [{port: 53}]}]}', 'blocked', 'allowed'],
    ['{egress: [{ports: [{port: 5432}]}]}', 'blocked', 'blocked'],
    ['{egress: [{ports: [{port: dns, protocol: UDP}]}]}', 'unknown', 'blocked'],
    ['{egress: [{to: [{namespaceSelector: {}}]}]}', 'allowed', 'allowed'],
    [`{egress: [{to: [${kube}]}]}`, 'allowed', 'allowed'],
    [`{egress: [{to: [${kube}], ports: [{port: 53, protocol: UDP}]}]}`, 'allowed', 'blocked'],
    [
      '{egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}]}]}',
      'allowed',
      'allowed',
    ],
    [
      '{egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {app: coredns}}}]}]}',
      'unknown',
      'unknown',
    ],
    ['{egress: [{to: [{namespaceSelector: {matchLabels: {name: kube-system}}}]}]}', 'unknown', 'unknown'],
    [
      '{egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: openshift-dns}}}], ports: [{port: 5353, protocol: UDP}]}]}',
      'allowed',
      'blocked',
    ],
    [
      '{egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]}]}',
      'blocked',
      'blocked',
    ],
    ['{egress: [{to: [{podSelector: {matchLabels: {app: pg}}}]}]}', 'blocked', 'blocked'],
    ['{egress: [{to: [{podSelector: {}}]}]}', 'blocked', 'blocked'],
    [
      '{egress: [{to: [{ipBlock: {cidr: 169.254.20.10/32}}], ports: [{port: 53, protocol: UDP}]}]}',
      'unknown',
      'blocked',
    ],
  ])('%s: udp %s, tcp %s', ([spec, udp, tcp]) => {
    expect(allowsDns(policies([spec]), server)).toEqual({ udp, tcp });
    // A namespace that is not written changes nothing: the policy stands beside its pods.
    expect(allowsDns(policies([spec], ''), { ...server, namespace: undefined })).toEqual({ udp, tcp });
  });

  test('rules of several policies add up', () => {
    const answer = allowsDns(
      policies(['{policyTypes: [Egress]}', '{policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}]}]}']),
      server,
    );
    expect(answer).toEqual({ udp: 'allowed', tcp: 'blocked' });
  });
});
