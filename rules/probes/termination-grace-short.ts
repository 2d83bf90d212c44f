import { fix, setPath } from '../../src/fix/edits.ts';
import { mayHoldDefaults } from '../../src/kubernetes/export.ts';
import { defineRule } from '../../src/types.ts';
import { keyPlace, numberFact } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'termination-grace-short',
  summary: 'PostgreSQL gets too little time to shut down before it is killed.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  aliases: ['termination-grace-zero'],
  options: { minimum: 60, recommended: 120 },
  on: 'server',
  *check({ name, workload, dataVolume }, { options }) {
    if (workload?.pod.spec === undefined || workload.partial) return;
    const { spec } = workload.pod;
    const grace = numberFact(spec, 'terminationGracePeriodSeconds');
    if (grace.state === 'unknown' || (grace.state === 'known' && grace.value >= options.minimum)) return;
    // What the API server stores has its default written out.
    const set = grace.state === 'known' && !(grace.value === 30 && mayHoldDefaults(workload.resource));
    const seconds = set ? grace.value : 30;
    const kept = dataVolume.kind === 'persistent' || dataVolume.kind === 'hostPath';
    yield {
      at: set ? grace.at : keyPlace(spec, 'containers'),
      message:
        seconds === 0
          ? `the pod of "${name}" is killed without a shutdown, so every restart begins with crash recovery`
          : `the pod of "${name}" has ${seconds} s to shut down${set ? '' : ' (the default)'}, so a checkpoint that takes longer ends in a kill and crash recovery`,
      label: set ? undefined : 'terminationGracePeriodSeconds is not set',
      severity: seconds === 0 ? 'error' : set ? undefined : 'info',
      help: `give it ${options.recommended} s: a shutdown that is done earlier does not wait`,
      fix: fix(
        {
          title: `terminationGracePeriodSeconds: ${options.recommended}`,
          applicability: kept ? 'safe' : 'unsafe',
          restarts: true,
        },
        setPath(spec, ['terminationGracePeriodSeconds'], options.recommended),
      ),
    };
  },
});
