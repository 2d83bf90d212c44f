import { describe, expect, test } from 'vitest';
import { type NetworkPolicy, readNetworkPolicy } from './network.ts';
import { type PodIdentity, isIsolated, mayConnect, podIdentity, selects } from './reachability.ts';
import { resourcesIn, workloadIn } from './testing.ts';

/** Policies from specs; `namespace` is theirs. */
function policies(specs: readonly string[], namespace = 'db'): readonly NetworkPolicy[] {
  const text = specs
    .map(
      (spec, i) =>
        `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p${i}, namespace: ${namespace}}, spec: ${spec}}`,
    )
    .join('\n---\n');
  return resourcesIn(text).flatMap(r => readNetworkPolicy(r) ?? []);
}
const foreign = (text: string) => resourcesIn(text).flatMap(r => readNetworkPolicy(r) ?? []);

function pod(labels: Record<string, string>, namespace?: string, more: Partial<PodIdentity> = {}): PodIdentity {
  return { labels, namespace, ports: [], ...more };
}
const at = { path: 'test.yaml', start: 0, end: 0 };
const ports = [{ name: 'pg', port: { state: 'known', value: 5432, at }, protocol: 'TCP', at }] as const;
const server = pod({ app: 'pg' }, 'db', { ports });
const client = pod({ app: 'web' }, 'db');

type Allowed = boolean | 'unknown';

describe('selects', () => {
  test.for<[string, string, PodIdentity, Allowed]>([
    ['{podSelector: {}}', 'db', server, true],
    ['{}', 'db', server, true],
    ['{podSelector: {matchLabels: {app: pg}}}', 'db', server, true],
    ['{podSelector: {matchLabels: {app: other}}}', 'db', server, false],
    ['{podSelector: {}}', 'other', server, false],
    ['{podSelector: {}}', '', server, true],
    ['{podSelector: {}}', 'other', pod({}), true],
    ['{podSelector: {matchLabels: {app: "${APP}"}}}', 'db', server, 'unknown'],
    ['{podSelector: oops}', 'db', server, 'unknown'],
    ['{podSelector: {}}', 'db', { ...server, hostNetwork: true }, 'unknown'],
  ])('%s of %s', ([spec, namespace, subject, answer]) => {
    expect(policies([spec], namespace).map(p => selects(p, subject))).toEqual([answer]);
  });

  test.for<[string, Allowed]>([
    [
      '{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {namespace: db}, spec: {endpointSelector: {matchLabels: {app: pg}}}}',
      'unknown',
    ],
    [
      '{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {namespace: db}, spec: {endpointSelector: {matchLabels: {"k8s:app": pg}}}}',
      'unknown',
    ],
    [
      '{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {namespace: db}, spec: {endpointSelector: {matchLabels: {"k8s:app": other}}}}',
      false,
    ],
    [
      '{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {namespace: db}, spec: {endpointSelector: {matchLabels: {"k8s:io.kubernetes.pod.namespace": other}}}}',
      'unknown',
    ],
    [
      '{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {namespace: other}, spec: {endpointSelector: {}}}',
      false,
    ],
    ['{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {namespace: db}, specs: [{}]}', 'unknown'],
    [
      '{apiVersion: projectcalico.org/v3, kind: NetworkPolicy, metadata: {namespace: db}, spec: {selector: "app == \'x\'"}}',
      'unknown',
    ],
    ['{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, spec: {}}', 'unknown'],
  ])('never surely: %s', ([text, answer]) => {
    expect(foreign(text).map(p => selects(p, server))).toEqual([answer]);
  });
});

test('isolation is by direction', () => {
  const both = policies(['{policyTypes: [Egress]}']);
  expect(isIsolated(both, server, 'Egress')).toBe(true);
  expect(isIsolated(both, server, 'Ingress')).toBe(false);
  expect(isIsolated([], server, 'Ingress')).toBe(false);
  expect(isIsolated(foreign('{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy}'), server, 'Ingress')).toBe(
    'unknown',
  );
});

describe('ingress', () => {
  test.for<[string, Allowed]>([
    // Nobody selects the server, or not for ingress.
    ['', true],
    ['{podSelector: {matchLabels: {app: other}}}', true],
    ['{podSelector: {matchLabels: {app: pg}}, policyTypes: [Egress]}', true],
    // Isolated.
    ['{}', false],
    ['{ingress: []}', false],
    ['{ingress: [{}]}', true],
    ['{ingress: [{from: []}]}', true],
    ['{ingress: [{ports: []}]}', true],
    // Ports.
    ['{ingress: [{ports: [{port: 5432}]}]}', true],
    ['{ingress: [{ports: [{port: 5433}]}]}', false],
    ['{ingress: [{ports: [{port: 5433}, {port: 5432}]}]}', true],
    ['{ingress: [{ports: [{port: 5432, protocol: UDP}]}]}', false],
    ['{ingress: [{ports: [{protocol: TCP}]}]}', true],
    ['{ingress: [{ports: [{port: 5000, endPort: 6000}]}]}', true],
    ['{ingress: [{ports: [{port: 5433, endPort: 6000}]}]}', false],
    ['{ingress: [{ports: [{port: pg}]}]}', true],
    ['{ingress: [{ports: [{port: postgres}]}]}', false],
    ['{ingress: [{ports: [{port: "${PORT}"}]}]}', 'unknown'],
    // Peers.
    ['{ingress: [{from: [{podSelector: {}}]}]}', true],
    ['{ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}', true],
    ['{ingress: [{from: [{podSelector: {matchLabels: {app: api}}}]}]}', false],
    ['{ingress: [{from: [{podSelector: {matchLabels: {app: api}}}, {podSelector: {matchLabels: {app: web}}}]}]}', true],
    ['{ingress: [{from: [{podSelector: {matchExpressions: [{key: app, operator: In, values: [web, api]}]}}]}]}', true],
    [
      '{ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5433}]}, {from: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 5432}]}]}',
      false,
    ],
    ['{ingress: [{from: [{namespaceSelector: {}}]}]}', true],
    ['{ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: db}}}]}]}', true],
    ['{ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: other}}}]}]}', false],
    ['{ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]}', 'unknown'],
    [
      '{ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: api}}}]}]}',
      false,
    ],
    ['{ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}]}]}', true],
    ['{ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}', 'unknown'],
    ['{ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 1}]}]}', false],
    // Malformed.
    ['{ingress: [{from: [{}]}]}', 'unknown'],
    ['{ingress: [{from: [oops]}]}', 'unknown'],
    ['{ingress: [{from: [{podSelector: oops}]}]}', 'unknown'],
  ])('%s: %s', ([spec, allowed]) => {
    const result = mayConnect(spec === '' ? [] : policies([spec]), client, server, 5432);
    expect(result.ingress.allowed).toBe(allowed);
    expect(result.allowed).toBe(allowed);
    expect(result.direction).toBe(allowed === false ? 'Ingress' : undefined);
    expect(result.blockedBy).toHaveLength(allowed === false ? 1 : 0);
  });

  test('policies are a union', () => {
    const result = mayConnect(
      policies([
        '{podSelector: {}}',
        '{podSelector: {matchLabels: {app: pg}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}',
      ]),
      client,
      server,
      5432,
    );
    expect(result.allowed).toBe(true);
    expect(result.ingress.isolatedBy).toHaveLength(2);
    expect(result.ingress.allowedBy?.peers).toHaveLength(1);
  });

  test("a peer without a namespaceSelector is one of the policy's namespace", () => {
    const own = policies(['{ingress: [{from: [{podSelector: {}}]}]}']);
    expect(mayConnect(own, pod({}, 'other'), server, 5432).allowed).toBe(false);
    expect(mayConnect(own, pod({}), server, 5432).allowed).toBe(true);
  });

  test('labels of a Namespace that is here are known', () => {
    const rule = policies(['{ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]}']);
    const from = (namespaceLabels: Record<string, string>) => pod({}, 'web', { namespaceLabels });
    expect(mayConnect(rule, from({ team: 'a' }), server, 5432).allowed).toBe(true);
    expect(mayConnect(rule, from({ team: 'b' }), server, 5432).allowed).toBe(false);
    expect(mayConnect(rule, from({}), server, 5432).allowed).toBe(false);
    const named = policies([
      '{ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: web}}}]}]}',
    ]);
    expect(mayConnect(named, from({}), server, 5432).allowed).toBe(true);
    expect(mayConnect(named, pod({}), server, 5432).allowed).toBe('unknown');
  });

  test('a policy that perhaps selects can only add permission or isolate', () => {
    const perhaps = (ingress: string) => `{podSelector: {matchLabels: {app: "\${APP}"}}, ingress: ${ingress}}`;
    expect(mayConnect(policies([perhaps('[]')]), client, server, 5432).allowed).toBe('unknown');
    expect(mayConnect(policies([perhaps('[{}]')]), client, server, 5432).allowed).toBe(true);
    expect(mayConnect(policies(['{}', perhaps('[{}]')]), client, server, 5432).allowed).toBe('unknown');
    expect(mayConnect(policies(['{}', perhaps('[]')]), client, server, 5432).allowed).toBe(false);
    expect(mayConnect(policies(['{ingress: [{}]}', perhaps('[]')]), client, server, 5432).allowed).toBe(true);
  });

  test('a policy of another API makes everything unknown that it may select', () => {
    const calico = foreign('{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy}');
    for (const spec of ['{}', '{ingress: [{}]}']) {
      expect(mayConnect([...policies([spec]), ...calico], client, server, 5432).allowed).toBe('unknown');
    }
    expect(mayConnect(calico, client, server, 5432).allowed).toBe('unknown');
  });

  test('a port that is not known is refused by no rule', () => {
    expect(mayConnect(policies(['{ingress: [{ports: [{port: 5432}]}]}']), client, server, undefined).allowed).toBe(
      'unknown',
    );
    expect(mayConnect(policies(['{}']), client, server, undefined).allowed).toBe(false);
  });
});

describe('egress', () => {
  test.for<[string, Allowed]>([
    ['{policyTypes: [Egress], podSelector: {matchLabels: {app: web}}}', false],
    ['{policyTypes: [Egress], podSelector: {matchLabels: {app: web}}, egress: [{}]}', true],
    [
      '{policyTypes: [Egress], podSelector: {matchLabels: {app: web}}, egress: [{to: [{podSelector: {matchLabels: {app: pg}}}], ports: [{port: pg}]}]}',
      true,
    ],
    [
      '{policyTypes: [Egress], podSelector: {matchLabels: {app: web}}, egress: [{ports: [{port: 53, protocol: UDP}]}]}',
      false,
    ],
    [
      '{policyTypes: [Egress], podSelector: {matchLabels: {app: web}}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}',
      'unknown',
    ],
    ['{policyTypes: [Ingress], podSelector: {matchLabels: {app: web}}}', true],
  ])('%s: %s', ([spec, allowed]) => {
    const result = mayConnect(policies([spec]), client, server, 5432);
    expect(result.allowed).toBe(allowed);
    expect(result.direction).toBe(allowed === false ? 'Egress' : undefined);
  });

  test('both ends must agree; both are named', () => {
    const result = mayConnect(policies(['{policyTypes: [Ingress, Egress]}']), client, server, 5432);
    expect(result).toMatchObject({ allowed: false, direction: 'Ingress' });
    expect(result.blockedBy).toHaveLength(2);
  });
});

test('the identity of a workload', () => {
  const resources = resourcesIn('{apiVersion: v1, kind: Namespace, metadata: {name: db, labels: {team: a}}}');
  const workload = workloadIn(
    '{kind: StatefulSet, metadata: {name: pg, namespace: db}, spec: {template: {metadata: {labels: {app: pg}}, spec: {hostNetwork: true, containers: [{ports: [{containerPort: 5432}]}]}}}}',
  );
  expect(podIdentity(workload, resources)).toMatchObject({
    labels: { app: 'pg' },
    namespace: 'db',
    namespaceLabels: { team: 'a' },
    hostNetwork: true,
    ports: [{ port: { value: 5432 } }],
  });
  expect(podIdentity(workload).namespaceLabels).toBeUndefined();
});
