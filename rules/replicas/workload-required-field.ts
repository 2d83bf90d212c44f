import { defineRule } from '../../src/types.ts';
import { get, keyPlace } from '../../src/yaml/node.ts';

/** Kinds that find their pods by a selector which must be written. */
const KEEPERS: readonly string[] = ['StatefulSet', 'Deployment', 'ReplicaSet', 'DaemonSet'];

export default defineRule({
  id: 'workload-required-field',
  summary: 'The workload lacks fields without which the API server rejects it or its pods.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'environment',
  *check({ complete, servers }) {
    // A fragment of an overlay lacks them by right; only the whole repository tells.
    if (!complete) return;
    for (const server of servers) {
      const { workload } = server;
      if (workload === undefined || workload.partial) continue;
      const { root, name } = workload.resource;
      const keepsPods = KEEPERS.includes(workload.kind);
      const missing = [
        keepsPods && get(root, 'spec', 'selector') === undefined ? 'spec.selector' : undefined,
        keepsPods && Object.keys(workload.pod.labels).length === 0 ? 'the labels of its template' : undefined,
        ...workload.pod.containers
          .filter(c => c.image.state === 'absent')
          .map(c => `the image of the container "${c.name}"`),
      ].filter(m => m !== undefined);
      if (missing.length === 0) continue;
      yield {
        at: keyPlace(root, 'spec'),
        server,
        message: `${workload.kind} "${name}" lacks ${list(missing)}, so the API server rejects it`,
        label: `no ${missing[0]}`.replace('no the ', 'no '),
        help: 'add what is missing, or, if this is a patch, list it under `patches` of a kustomization',
      };
    }
  },
});

const list = (words: readonly string[]) =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
