/** What probes ask, in the spellings that occur. */
import { expect, test } from 'vitest';
import { containerIn } from '../kubernetes/testing.ts';
import { healthCheck, livenessBudget, optionWord, timeoutOf } from './health-check.ts';

const probe = (fields: string, env = '') =>
  containerIn(`livenessProbe:\n  ${fields.replace(/\n/g, '\n  ')}\n${env}`).probes.liveness;
const exec = (command: string, env = '') => healthCheck(probe(`exec:\n  command: ${command}`, env));

test.for([
  ['[pg_isready]', 'pg_isready', 'socket', 'default'],
  ['[pg_isready, -h, 127.0.0.1]', 'pg_isready', '127.0.0.1', 'default'],
  ['[/usr/local/bin/pg_isready, -hlocalhost, -p5433]', 'pg_isready', 'localhost', 5433],
  ['[pg_isready, --host=db, --port=5433]', 'pg_isready', 'db', 5433],
  ['[pg_isready, -h, /var/run/postgresql]', 'pg_isready', 'socket', 'default'],
  ['[pg_isready, -h, $(POD_IP), -p, $PORT]', 'pg_isready', undefined, undefined],
  ['[gosu, postgres, psql, -c, SELECT 1]', 'psql', 'socket', 'default'],
  ['[sh, -c, exec pg_isready -U app -h 127.0.0.1]', 'pg_isready', '127.0.0.1', 'default'],
  ['[sh, -c, "pg_isready -h $POD_IP"]', 'pg_isready', undefined, 'default'],
  ['[sh, -c, "PGHOST=db PGPORT=1 pg_isready"]', 'pg_isready', undefined, undefined],
  ['[sh, -c, "export PGPORT=5433; pg_isready"]', 'pg_isready', 'socket', undefined],
  ['[/scripts/healthy.sh]', 'other', 'socket', 'default'],
  ['[sh, -c, /scripts/healthy.sh]', 'other', undefined, undefined],
] as const)('%s runs %s at %s, port %s', ([command, program, host, port]) => {
  expect(exec(command)).toMatchObject({ program, host, port });
});

test.for([
  ['[psql, -c, SELECT 1]', true],
  ['[sh, -c, pg_isready && psql -c "SELECT 1"]', true],
  ['[sh, -c, pg_isready]', false],
  ['[pg_isready, -d, psql]', false],
] as const)('%s runs a query: %s', ([command, runsQuery]) => expect(exec(command)?.runsQuery).toBe(runsQuery));

test.for([
  ['pg_isready -q; [ $? -le 1 ]', true],
  ['pg_isready; test $? -lt 2', true],
  ['pg_isready; rc=$?; [ $rc != 2 ]', true],
  ['pg_isready; case $? in 0|1) exit 0;; esac; exit 1', true],
  ['pg_isready || true', true],
  ['pg_isready || exit 1', false],
  ['pg_isready; [ $? -eq 0 ]', false],
  ['pg_isready; if [ "$?" -ne 0 ]; then exit 1; fi', false],
  ['pg_isready -U app', false],
] as const)('"%s" may take a start for healthy: %s', ([script, expected]) => {
  expect(exec(`[sh, -c, ${JSON.stringify(script)}]`)?.toleratesStart).toBe(expected);
});

test('a literal variable is expanded, as the kubelet does it', () => {
  const env = 'env:\n  - { name: PORT, value: "5433" }';
  expect(exec('[pg_isready, -p, $(PORT)]', env)?.port).toBe(5433);
});

test('other probes are no command', () => {
  expect(healthCheck(probe('tcpSocket: { port: 5432 }'))).toBeUndefined();
  expect(healthCheck(undefined)).toBeUndefined();
});

test('the value of an option has its place', () => {
  const words = exec('[pg_isready, -p, "5433"]')?.words;
  expect(optionWord(words, '-p', '--port')?.value).toBe('5433');
  expect(optionWord(words, '-h', '--host')).toBeUndefined();
});

test('times are the defaults of the API where none are written', () => {
  const plain = probe('exec: { command: [pg_isready] }');
  expect(plain && [livenessBudget(plain), timeoutOf(plain)]).toEqual([30, 1]);
  const own = probe(
    'exec: { command: [pg_isready] }\ninitialDelaySeconds: 60\nperiodSeconds: 5\nfailureThreshold: 6\ntimeoutSeconds: 4',
  );
  expect(own && [livenessBudget(own), timeoutOf(own)]).toEqual([90, 4]);
});
