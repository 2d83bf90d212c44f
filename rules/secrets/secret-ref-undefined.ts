import { undefinedKeys, undefinedReferences } from '../../src/postgres/undefined-references.ts';
import { composed, defineRule } from '../../src/types.ts';

/** What the kubelet or the scheduler says while the object is not there. */
const waits = {
  ConfigMap: 'wait for it',
  Secret: 'wait for it',
  PersistentVolumeClaim: 'stay Pending',
  ServiceAccount: 'are not created',
} as const;

export default defineRule({
  id: 'secret-ref-undefined',
  summary: 'A pod of PostgreSQL names a Secret, ConfigMap, claim or key that does not exist.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  aliases: ['secret-key-undefined'],
  on: 'environment',
  *check(environment) {
    const { exported } = environment;
    for (const { reference, workload, others, severity } of undefinedReferences(environment)) {
      const { kind, name, at } = reference;
      yield {
        at,
        severity,
        message: `the ${workload.kind} "${workload.resource.name}" needs the ${kind} "${name}", ${exported === undefined ? 'which is nowhere in the repository' : 'which the cluster does not have'}, so its pods ${waits[kind]} until someone makes it`,
        label: `no such ${kind}`,
        help:
          exported !== undefined
            ? `make the ${kind}, or take the reference away`
            : kind === 'Secret'
              ? `commit it encrypted (SOPS, SealedSecret, ExternalSecret), or list "Secret/${name}" under \`external\` in tusklint.yaml`
              : `add the ${kind}, or list "${kind}/${name}" under \`external\` in tusklint.yaml`,
        related: others.map(o => ({ at: o.reference.at, message: `"${o.workload.resource.name}" needs it too` })),
      };
    }
    for (const { reference, workload, object, keys } of undefinedKeys(environment)) {
      const { kind, name, key = '' } = reference;
      yield composed([{ id: 'secret-key-undefined', text: key }], () => ({
        at: reference.keyAt ?? reference.at,
        severity: 'error',
        message: `the ${workload.kind} "${workload.resource.name}" takes the key "${key}" of the ${kind} "${name}", which has only ${keys.map(k => `"${k}"`).join(', ')}, so its containers stay in CreateContainerConfigError`,
        label: `no such key in "${name}"`,
        help: `name a key that is there, or add "${key}" to the ${kind}`,
        related: [{ at: object.at, message: `the ${kind} "${name}"` }],
      }));
    }
  },
});
