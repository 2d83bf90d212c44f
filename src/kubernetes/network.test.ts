import { expect, test } from 'vitest';
import { readNetworkPolicy } from './network.ts';
import { resourceIn } from './testing.ts';

const policy = (spec: string, apiVersion = 'networking.k8s.io/v1', kind = 'NetworkPolicy') =>
  readNetworkPolicy(
    resourceIn(`{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: p, namespace: db}, spec: ${spec}}`),
  );

test.for<[string, string[]]>([
  ['{}', ['Ingress']],
  ['{ingress: []}', ['Ingress']],
  ['{egress: []}', ['Ingress']],
  ['{egress: [{}]}', ['Ingress', 'Egress']],
  ['{policyTypes: []}', ['Ingress']],
  ['{policyTypes: [Egress]}', ['Egress']],
  ['{policyTypes: [Egress, Ingress], egress: [{}]}', ['Ingress', 'Egress']],
  ['{policyTypes: [Ingress], egress: [{}]}', ['Ingress']],
  ['{policyTypes: [ingress]}', []],
  ['{policyTypes: oops}', ['Ingress']],
  ['oops', ['Ingress']],
])('%s isolates %s', ([spec, directions]) => {
  expect(policy(spec)?.directions).toEqual(directions);
});

test.for<[string, object]>([
  ['{}', { ingress: [], egress: [], coversUnknown: false, podSelector: undefined }],
  ['{ingress: [{}]}', { ingress: [{ peers: undefined, ports: undefined }] }],
  ['{ingress: [{from: [], ports: []}]}', { ingress: [{ peers: undefined, ports: undefined }] }],
  ['{ingress: [{from: , ports: }]}', { ingress: [{ peers: undefined, ports: undefined }] }],
  [
    '{ingress: [{ports: [{port: 5432}]}]}',
    { ingress: [{ ports: [{ port: 5432, protocol: 'TCP', endPort: undefined }] }] },
  ],
  [
    '{ingress: [{ports: [{port: "5432"}, {port: pg}, {}, {protocol: UDP, port: 1, endPort: 9}]}]}',
    { ingress: [{ ports: [{ port: 5432 }, { port: 'pg' }, { port: undefined }, { protocol: 'UDP', endPort: 9 }] }] },
  ],
  [
    '{egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}, {podSelector: {}}, {namespaceSelector: }]}]}',
    {
      egress: [
        {
          peers: [
            { ipBlock: {}, podSelector: undefined },
            { podSelector: { kind: 'map' }, ipBlock: undefined },
            { namespaceSelector: undefined },
          ],
        },
      ],
    },
  ],
  ['{ingress: oops, egress: [1, oops]}', { ingress: [], egress: [{ node: undefined, peers: undefined }, {}] }],
])('%s', ([spec, expected]) => {
  expect(policy(spec)).toMatchObject(expected);
});

test.for<[string, string]>([
  ['cilium.io/v2', 'CiliumNetworkPolicy'],
  ['cilium.io/v2', 'CiliumClusterwideNetworkPolicy'],
  ['projectcalico.org/v3', 'NetworkPolicy'],
  ['crd.projectcalico.org/v1', 'GlobalNetworkPolicy'],
  ['policy.networking.k8s.io/v1alpha1', 'AdminNetworkPolicy'],
])('%s %s covers what is not known', ([apiVersion, kind]) => {
  expect(policy('{egress: [{}]}', apiVersion, kind)).toMatchObject({ coversUnknown: true, directions: [], egress: [] });
});

test.for<[string, string]>([
  ['example.org/v1', 'NetworkPolicy'],
  ['networking.k8s.io/v1', 'Ingress'],
])('%s %s is no policy', ([apiVersion, kind]) => {
  expect(policy('{}', apiVersion, kind)).toBeUndefined();
});
