import { fix } from '../../src/fix/edits.ts';
import { replaceRange } from '../../src/fix/line-edits.ts';
import { type HbaError, parseHba } from '../../src/formats/pg-hba.ts';
import { isFilledInLater } from '../../src/postgres/hba-sources.ts';
import { locate } from '../../src/text-region.ts';
import { defineRule } from '../../src/types.ts';

/** Where the major is not known, all that are alive must refuse the line. */
const usualMajors = [13, 14, 15, 16, 17, 18];

/** Words that people write for the method or type that they mean. */
function meant(written: string, field: HbaError['field']): string | undefined {
  const word = written.replace(/;+$/, '').toLowerCase();
  const methods = /^(?:trust|reject|scram-sha-256|md5|password|peer|ident|cert|gss|sspi|ldap|radius|pam)$/;
  if (field === 'method')
    return /^scram(?:[-_]?sha[-_]?256)?$/.test(word) ? 'scram-sha-256' : methods.test(word) ? word : undefined;
  return field === 'type' && /^(?:local|host|hostssl|hostnossl)$/.test(word) ? word : undefined;
}

const help = (field: HbaError['field']): string =>
  field === 'netmask' || field === 'address'
    ? 'write the address with the number of its fixed bits, such as 192.168.1.10/32'
    : 'write TYPE DATABASE USER [ADDRESS] METHOD, each in its place';

export default defineRule({
  id: 'hba-syntax-error',
  summary: 'A line of pg_hba.conf cannot be read, so PostgreSQL does not start, or keeps its old rules on a reload.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'hba-file',
  *check({ region, parsed, majors, loaded, servers }, { text }) {
    const judges = majors.length > 0 ? majors : usualMajors;
    const others = judges.map(major => parseHba(region.text, major).errors);
    const then =
      loaded || servers.length === 0
        ? 'PostgreSQL does not start, and one that runs keeps its old rules'
        : 'PostgreSQL will not start once it reads this file';
    for (const error of parsed.errors) {
      if (error.onlyLogged || isFilledInLater(region.text, error.start)) continue;
      if (!others.every(errors => errors.some(e => e.line === error.line))) continue;
      const written = region.text.slice(error.start, error.end);
      const word = meant(written, error.field);
      yield {
        at: locate(region, error.start, error.end),
        message: `${error.message.replace(/: Name or service not known$/, '')}, so ${then}`,
        label: word === undefined ? undefined : `${word}?`,
        help: word === undefined ? help(error.field) : `write ${word}`,
        fix:
          word === undefined
            ? undefined
            : fix(
                { title: `${written} → ${word}`, applicability: 'safe' },
                replaceRange(text, region, error.start, error.end, word),
              ),
      };
    }
  },
});
