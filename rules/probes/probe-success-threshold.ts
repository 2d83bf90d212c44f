import { fix, setPath } from '../../src/fix/edits.ts';
import type { Probe } from '../../src/kubernetes/workload.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'probe-success-threshold',
  summary: 'A liveness or startup probe asks for several successes, which the API server rejects.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'server',
  *check({ container, name, workload }) {
    if (workload === undefined || container === undefined) return;
    for (const probe of [container.probes.liveness, container.probes.startup] as readonly (Probe | undefined)[]) {
      const threshold = probe?.successThreshold;
      if (probe === undefined || threshold?.state !== 'known' || threshold.value === 1) continue;
      yield {
        at: threshold.at,
        message: `successThreshold of the ${probe.kind} probe of "${name}" is ${threshold.value}: the API server takes 1 only, and rejects the object`,
        help: 'set it to 1, or leave it out',
        fix: fix({ title: 'successThreshold: 1', applicability: 'safe' }, setPath(probe.node, ['successThreshold'], 1)),
      };
    }
  },
});
