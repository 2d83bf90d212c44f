/** Connection strings that are PostgreSQL's, told from those of other databases that are written alike. */
import { type ConnectionString, connectionStrings } from '../formats/connection-string.ts';

/** The PostgreSQL connection strings of a text. URLs say what they are; the others need a word that only PostgreSQL has. */
export function postgresStrings(text: string): readonly ConnectionString[] {
  return connectionStrings(text).filter(found => isPostgres(text, found));
}

/** Whether a connection string is the value of `primary_conninfo`: a standby connects with it. */
export function isPrimaryConninfo(text: string, { start }: ConnectionString): boolean {
  return /primary_conninfo[\s='"]*$/.test(text.slice(Math.max(0, start - 80), start));
}

/** Ports that other databases listen on. */
const otherPort = /^(?:3306|33060|1433|6379|27017|1521|9042|9000|8123)$/;

function isPostgres(text: string, found: ConnectionString): boolean {
  const { kind, start, end, port, database } = found;
  if (kind === 'url' || kind === 'jdbc') return true;
  if (otherPort.test(port?.text ?? '')) return false;
  const own = text.slice(start, end);
  if (kind === 'dotnet') return /(?:^|;)\s*host\s*=/i.test(own);
  return (
    database !== undefined ||
    port?.text === '5432' ||
    /\b(?:sslmode|target_session_attrs)\b/.test(own) ||
    isPrimaryConninfo(text, found)
  );
}
