import { fix, setScalar } from '../../src/fix/edits.ts';
import { parseQuantity, quantityText } from '../../src/kubernetes/quantity.ts';
import { countsBytes, writtenQuantities } from '../../src/kubernetes/written-quantities.ts';
import { serverPods } from '../../src/postgres/server-pods.ts';
import { defineRule } from '../../src/types.ts';
import { isPlaceholder } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'resources-quantity-invalid',
  summary: 'A quantity of a server (memory, cpu, storage) is none that Kubernetes reads.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'environment',
  *check(environment) {
    for (const { workload, servers } of serverPods(environment)) {
      for (const { what, resource, scalar } of writtenQuantities(workload, environment.resources)) {
        if (isPlaceholder(scalar.text)) continue;
        const text = quantityText(scalar);
        const quantity = parseQuantity(text);
        if (quantity.ok) continue;
        const suggestion = countsBytes(resource) ? quantity.suggestion : undefined;
        yield {
          server: servers[0],
          at: scalar,
          message: `${what}, "${text}", is no quantity, so the API server rejects the object`,
          label: suggestion === undefined ? 'no quantity' : `${suggestion} is meant?`,
          help: countsBytes(resource)
            ? 'write Ki, Mi or Gi behind the number, in this spelling'
            : 'write a number of cores, or thousandths of one as in 500m',
          fix:
            suggestion === undefined
              ? undefined
              : fix(
                  { title: `${text} → ${suggestion}`, applicability: 'unsafe', restarts: true },
                  setScalar(scalar, suggestion),
                ),
        };
      }
    }
  },
});
