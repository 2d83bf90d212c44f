import { fix, setScalar } from '../../src/fix/edits.ts';
import { parseQuantity } from '../../src/kubernetes/quantity.ts';
import { countsBytes, writtenQuantities } from '../../src/kubernetes/written-quantities.ts';
import { serverPods } from '../../src/postgres/server-pods.ts';
import { defineRule } from '../../src/types.ts';

const consequence: Readonly<Record<string, string>> = {
  memory: 'no container starts within it',
  storage: 'the volume is as small as the storage can make one',
};

export default defineRule({
  id: 'resources-memory-milli',
  summary: 'Memory or storage is counted in thousandths of a byte: m stands for milli.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  on: 'environment',
  *check(environment) {
    for (const { workload, servers } of serverPods(environment)) {
      for (const { what, resource, scalar } of writtenQuantities(workload, environment.resources)) {
        const quantity = parseQuantity(scalar.text);
        const unit = /[mun]$/.exec(scalar.text)?.[0];
        if (!countsBytes(resource) || unit === undefined || !quantity.ok) continue;
        const bytes = Math.ceil(quantity.value);
        const meant = unit === 'm' ? scalar.text.replace(/m$/, 'Mi') : undefined;
        const effect =
          what.includes(' request ') && resource === 'memory'
            ? 'the scheduler counts on nothing'
            : consequence[resource];
        yield {
          server: servers[0],
          at: scalar,
          message: `${what}, ${scalar.text}, is ${bytes === 1 ? 'one byte' : `${bytes} bytes`}, since "${unit}" counts ${unit === 'm' ? 'thousandths' : 'even smaller fractions'} of a byte${effect === undefined ? '' : `, so ${effect}`}`,
          label: meant === undefined ? 'fractions of a byte' : `${meant} is meant?`,
          help: 'write Mi for mebibytes',
          fix:
            meant === undefined
              ? undefined
              : fix(
                  { title: `${scalar.text} → ${meant}`, applicability: 'unsafe', restarts: true },
                  setScalar(scalar, meant),
                ),
        };
      }
    }
  },
});
