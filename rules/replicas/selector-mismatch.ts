import { selectorOf } from '../../src/kubernetes/read-workload.ts';
import { matches } from '../../src/kubernetes/selector.ts';
import { defineRule } from '../../src/types.ts';
import { keyPlace } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'selector-mismatch',
  summary: "The selector does not match the template's own labels, so the API server rejects the object.",
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'server',
  *check({ workload }) {
    if (workload === undefined || workload.partial || workload.kind === 'Pod' || workload.kind === 'CronJob') return;
    const selector = selectorOf(workload);
    const { labels } = workload.pod;
    // Without labels the template lacks a required field: workload-required-field.
    if (selector === undefined || Object.keys(labels).length === 0 || matches(selector, labels) !== false) return;
    const { root, name } = workload.resource;
    yield {
      at: keyPlace(root, 'spec', 'selector'),
      message: `the selector of ${workload.kind} "${name}" does not match the labels of its pods, so the API server rejects it`,
      label: 'does not match spec.template.metadata.labels',
      help: 'give the template the labels that the selector asks for (the selector of an object that exists cannot be changed)',
      related: [{ at: keyPlace(root, 'spec', 'template', 'metadata', 'labels'), message: 'the labels' }],
    };
  },
});
