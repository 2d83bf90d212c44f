import { expect, test } from 'vitest';
import { parseYaml } from '../yaml/parse.ts';
import { lookupIn } from './lookup.ts';
import { readResources } from './resource.ts';
import { readWorkload } from './read-workload.ts';
import { countsBytes, writtenQuantities } from './written-quantities.ts';

const text = `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: shop }
spec:
  template:
    spec:
      resources: { limits: { memory: 4Gi } }
      initContainers:
        - name: init
          resources: { requests: { memory: 64Mi } }
      containers:
        - name: db
          resources: { requests: { cpu: 500m, memory: }, limits: { memory: 2GB } }
      volumes:
        - name: dshm
          emptyDir: { sizeLimit: 256m }
        - name: backup
          persistentVolumeClaim: { claimName: backup }
  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { resources: { requests: { storage: 10Gi } } }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: backup, namespace: shop }
spec: { resources: { requests: { storage: 20GB } } }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: backup, namespace: other }
spec: { resources: { requests: { storage: 30GB } } }
`;

test('lists what is written, valid or not', () => {
  const resources = parseYaml({ path: 'db.yaml', text }).documents.flatMap(({ root }) =>
    root?.kind === 'map' ? readResources({ root }) : [],
  );
  const workload = resources.flatMap(r => readWorkload(r, lookupIn(resources)) ?? [])[0];
  expect(workload).toBeDefined();
  if (workload === undefined) return;
  expect(writtenQuantities(workload, resources).map(q => `${q.what}: ${q.scalar.text}`)).toEqual([
    'the cpu request of the container "db": 500m',
    'the memory limit of the container "db": 2GB',
    'the memory request of the container "init": 64Mi',
    'the memory limit of the pod: 4Gi',
    'the storage request of the claim "data": 10Gi',
    'the storage request of the claim "backup": 20GB',
    'the sizeLimit of the volume "dshm": 256m',
  ]);
});

test.for([
  ['memory', true],
  ['storage', true],
  ['ephemeral-storage', true],
  ['hugepages-2Mi', true],
  ['cpu', false],
  ['nvidia.com/gpu', false],
] as const)('%s counts bytes: %s', ([resource, expected]) => {
  expect(countsBytes(resource)).toBe(expected);
});
