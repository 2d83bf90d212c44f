import { expect, test } from 'vitest';
import { defaultConfig } from '../config.ts';
import { buildModel } from '../model.ts';
import { loadCatalogue } from '../postgres/catalogue.ts';
import { valueOf } from '../types.ts';

const catalogue = await loadCatalogue();

test.for<[kustomization: string, image: string, major: number | undefined, replicas: number | undefined]>([
  ['images: [{ name: postgres, newTag: "17" }]', 'postgres:16', undefined, 2],
  ['images: [{ name: registry.example/postgres, newTag: "17" }]', 'registry.example/library/postgres:16', 16, 2],
  ['images: [{ name: docker.io/library/postgres, digest: "sha256:a" }]', 'docker.io/library/postgres:16', undefined, 2],
  ['images: [{ name: redis, newTag: "8" }]', 'postgres:16', 16, 2],
  ['replicas: [{ name: orders, count: 1 }]', 'postgres:16', 16, undefined],
  ['replicas: [{ name: web, count: 1 }]', 'postgres:16', 16, 2],
  ['namePrefix: x-', 'postgres:16', 16, 2],
])('%s on %s', ([kustomization, image, major, replicas]) => {
  const text = `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: orders }
spec:
  replicas: 2
  selector: { matchLabels: { app: orders } }
  template:
    metadata: { labels: { app: orders } }
    spec: { containers: [{ name: postgres, image: "${image}" }] }
`;
  const { servers } = buildModel({
    sources: [
      { path: 'base/orders.yaml', text },
      { path: 'prod/kustomization.yaml', text: `resources: [../base]\n${kustomization}\n` },
      { path: 'base/kustomization.yaml', text: 'resources: [orders.yaml]\n' },
      { path: 'other/kustomization.yaml', text: 'images: [{ name: postgres, newTag: "18" }]\n' },
    ],
    complete: true,
    rules: [],
    config: defaultConfig,
    catalogue,
    now: '2026-06-01',
    pgVersion: undefined,
  });
  expect(servers.map(s => [valueOf(s.image.major), valueOf(s.replicas)])).toEqual([[major, replicas]]);
});
