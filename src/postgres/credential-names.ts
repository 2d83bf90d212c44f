/** Whose password a name holds: PostgreSQL's by its own words, or some database's. */
import { isPasswordName } from '../secrets.ts';

const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(word => word !== '');

const own = /^(?:pg|pgsql|pgpass|pgpassword|postgres|postgresql|psql|patroni|repmgr|pgbouncer|pguser)\d*$/;
const database = /^(?:db|dbs|database|datasource|sql|jdbc|rds)\d*$/;
const other =
  /^(?:mysql|mariadb|mongo|mongodb|redis|valkey|rabbitmq|rabbit|amqp|mssql|oracle|clickhouse|influx|influxdb|cassandra|elastic|elasticsearch|ldap|smtp|mail|pgadmin|grafana|keycloak|minio|s3|kafka)$/;

/** Whether a name can only mean a password of PostgreSQL: `POSTGRES_PASSWORD`, `PGPASSWORD`, `pg-replication-password`. */
export function isPostgresPassword(name: string): boolean {
  if (/^DATA_SOURCE_PASS$/i.test(name)) return true;
  const words = wordsOf(name);
  return isPasswordName(name) && words.some(w => own.test(w)) && !words.some(w => other.test(w));
}

/** Whether a name means the password of a database, of whatever make: `DB_PASSWORD`, `spring.datasource.password`. */
export function isDatabasePassword(name: string): boolean {
  const words = wordsOf(name);
  if (!isPasswordName(name) || words.some(w => other.test(w))) return false;
  return isPostgresPassword(name) || words.some(w => database.test(w)) || /data[_.-]?source/i.test(name);
}

/** Names under which the user of a password is kept: for `DB_PASSWORD`, `DB_USER` and `DB_USERNAME`. */
export function userNames(name: string): readonly string[] {
  const prefix = name.replace(/(?:PGPASSWORD|PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|PW)$/i, '');
  if (/^PGPASSWORD$/i.test(name)) return ['PGUSER'];
  return ['USER', 'USERNAME', 'USER_NAME'].map(word =>
    /[a-z]$/.test(name) ? prefix + word.toLowerCase() : prefix + word,
  );
}
