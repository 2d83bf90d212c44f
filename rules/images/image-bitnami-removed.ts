import type { Environment } from '../../src/environment.ts';
import { fix, setScalar } from '../../src/fix/edits.ts';
import type { Container } from '../../src/kubernetes/workload.ts';
import { parseImage } from '../../src/postgres/images.ts';
import { defineRule } from '../../src/types.ts';
import { getScalar } from '../../src/yaml/node.ts';

const MOVED = /^bitnami\/(postgresql|postgresql-repmgr|pgpool|postgres-exporter|pgbouncer|os-shell)$/;

export default defineRule({
  id: 'image-bitnami-removed',
  summary: 'The image has left docker.io/bitnami, so it can no longer be pulled.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'environment',
  *check(environment) {
    for (const container of containersOf(environment)) {
      if (container.image.state !== 'known') continue;
      const { value: reference, at } = container.image;
      const { registry, repository, tag, digest } = parseImage(reference);
      const isHub = registry === undefined || /^(docker\.io|index\.docker\.io|registry-1\.docker\.io)$/.test(registry);
      if (!isHub || repository === undefined || !MOVED.test(repository)) continue;
      if (tag === undefined || tag === 'latest' || digest !== undefined) continue;
      const image = getScalar(container.node, 'image');
      const legacy = reference.replace('bitnami/', 'bitnamilegacy/');
      yield {
        at,
        message: `the image "${reference}" left docker.io/bitnami in September 2025, so a node that does not have it yet cannot pull it and the pod does not start`,
        label: 'cannot be pulled any more',
        help: 'move to another image; until then bitnamilegacy has this one, without updates',
        fix: fix(
          { title: `${reference} → ${legacy} (gets no updates)`, applicability: 'unsafe', restarts: true },
          image?.text === reference ? setScalar(image, legacy) : undefined,
        ),
      };
    }
  },
});

function containersOf({ servers, workloads }: Environment): readonly Container[] {
  return [...new Set([...workloads.flatMap(w => w.pod.containers), ...servers.flatMap(s => s.container ?? [])])];
}
