import { committedSecrets } from '../../src/postgres/committed-secrets.ts';
import { composed, defineRule } from '../../src/types.ts';
import { keyText } from '../../src/yaml/node.ts';

export default defineRule({
  id: 'secret-committed',
  summary: 'A Secret of PostgreSQL lies in the repository with its values.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  aliases: ['secret-placeholder'],
  on: 'environment',
  *check(environment) {
    for (const { resource, values, usedBy } of committedSecrets(environment)) {
      const real = values.filter(v => !v.placeholder);
      const list = (real.length > 0 ? real : values).map(v => `"${keyText(v.key)}"`).join(', ');
      const [first] = real.length > 0 ? real : values;
      if (first === undefined) continue;
      const related =
        usedBy === undefined
          ? []
          : [{ at: usedBy.resource.at, message: `used by the ${usedBy.kind} "${usedBy.resource.name}"` }];
      const help =
        'encrypt it (SOPS, SealedSecret), or let an ExternalSecret fetch it; then change the password: the history keeps the old one';
      if (real.length > 0) {
        const encoded = resource.root.entries.some(
          e => keyText(e.key) === 'data' && e.value.start <= first.value.start && first.value.end <= e.value.end,
        );
        yield {
          at: first.key,
          message: `the Secret "${resource.name}" is committed with the value of ${list}${encoded ? ', which base64 encodes but does not encrypt' : ''}, so everybody who can read the repository can log in`,
          label: 'readable in the repository',
          help,
          related,
        };
      } else {
        yield composed([{ id: 'secret-placeholder', text: list }], () => ({
          at: first.key,
          severity: 'warning',
          message: `the Secret "${resource.name}" has a placeholder for ${list}: applied as it stands, it gives PostgreSQL a password that everybody knows`,
          label: 'a placeholder',
          help: 'leave the object out and make it where it is applied, or encrypt the real one (SOPS, SealedSecret)',
          related,
        }));
      }
    }
  },
});
