import { expect, test } from 'vitest';
import { exposuresOf } from './exposure.ts';
import { readService } from './service.ts';
import { resourceIn } from './testing.ts';

function reach(spec: string, annotations = '{}'): readonly string[] {
  const service = readService(
    resourceIn(`{apiVersion: v1, kind: Service, metadata: {name: s, annotations: ${annotations}}, spec: ${spec}}`),
  );
  return service === undefined ? [] : exposuresOf(service).map(e => `${e.kind} ${e.reach}`);
}

test.for<[string, string, readonly string[]]>([
  ['{ports: [{port: 5432}]}', '{}', []],
  ['{type: NodePort}', '{}', ['node-port anywhere']],
  ['{externalIPs: [203.0.113.7]}', '{}', ['external-ips anywhere']],
  ['{externalIPs: [10.0.0.7]}', '{}', ['external-ips private']],
  ['{type: LoadBalancer}', '{}', ['load-balancer anywhere']],
  ['{type: LoadBalancer, loadBalancerSourceRanges: [203.0.113.0/24]}', '{}', ['load-balancer listed']],
  ['{type: LoadBalancer, loadBalancerSourceRanges: [0.0.0.0/0]}', '{}', ['load-balancer anywhere']],
  ['{type: LoadBalancer, loadBalancerSourceRanges: ["${OFFICE}"]}', '{}', ['load-balancer unknown']],
  ['{type: LoadBalancer, loadBalancerIP: 192.168.1.20}', '{}', ['load-balancer private']],
  ['{type: LoadBalancer, loadBalancerIP: "${ADDRESS}"}', '{}', ['load-balancer unknown']],
  ['{type: LoadBalancer, loadBalancerClass: tailscale}', '{}', ['load-balancer private']],
  [
    '{type: LoadBalancer}',
    '{service.beta.kubernetes.io/aws-load-balancer-internal: "true"}',
    ['load-balancer private'],
  ],
  [
    '{type: LoadBalancer}',
    '{service.beta.kubernetes.io/aws-load-balancer-internal: "false"}',
    ['load-balancer anywhere'],
  ],
  [
    '{type: LoadBalancer}',
    '{service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing}',
    ['load-balancer anywhere'],
  ],
  ['{type: LoadBalancer}', '{networking.gke.io/load-balancer-type: Internal}', ['load-balancer private']],
  ['{type: LoadBalancer}', '{lbipam.cilium.io/ips: 10.1.2.3}', ['load-balancer private']],
  ['{type: LoadBalancer}', '{lbipam.cilium.io/ips: "${SVC_IP}"}', ['load-balancer unknown']],
])('%s with %s', ([spec, annotations, expected]) => {
  expect(reach(spec, annotations)).toEqual(expected);
});
