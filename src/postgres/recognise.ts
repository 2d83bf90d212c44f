/** Tells PostgreSQL's files by what they say. */
import { parseHba } from '../formats/pg-hba.ts';
import { parsePostgresqlConf } from '../formats/postgresql-conf.ts';
import { type Catalogue, majorsOf } from './catalogue.ts';

/** Some setting of the catalogue is set, and most of what is set is one. */
export function looksLikeSettings(text: string, catalogue: Catalogue): boolean {
  const names = parsePostgresqlConf(text)
    .entries.filter(e => e.kind === 'setting')
    .map(e => e.name);
  const ours = names.filter(n => majorsOf(catalogue, n).length > 0);
  return ours.length > 0 && ours.length * 2 >= names.length;
}

/** Some line is a record of pg_hba.conf, and most lines are. */
export function looksLikeHba(text: string): boolean {
  const { records, errors } = parseHba(text, 18);
  return records.length > 0 && records.length >= errors.length;
}
