import { invalidValues } from '../../src/postgres/secret-encoding.ts';
import { defineRule } from '../../src/types.ts';
import { keyText } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'secret-invalid-base64',
  summary: 'A value under `data` of a Secret is no base64, so the API server rejects the object.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'environment',
  *check(environment) {
    for (const { resource, values } of invalidValues(environment)) {
      const [first, ...others] = values;
      if (first === undefined) continue;
      const keys = values.map(v => `"${keyText(v.key)}"`).join(', ');
      yield {
        at: first.value,
        message: `${keys} of the Secret "${resource.name}" ${others.length > 0 ? 'are' : 'is'} no base64 (${first.error}), so the API server rejects the whole object`,
        label: 'no base64',
        help: 'encode the value (printf %s "$value" | base64 -w0), or write it under stringData, which takes plain text',
        related: others.map(v => ({ at: v.value, message: `"${keyText(v.key)}" is none either` })),
      };
    }
  },
});
