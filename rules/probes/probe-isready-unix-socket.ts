import { addItemAt, type Edits, fix, setScalar } from '../../src/fix/edits.ts';
import type { Probe } from '../../src/kubernetes/workload.ts';
import { type HealthCheck, healthCheck } from '../../src/postgres/health-check.ts';
import { isEphemeral } from '../../src/postgres/server.ts';
import { settingOf } from '../../src/postgres/settings.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'probe-isready-unix-socket',
  summary: 'The readiness probe asks the socket, which answers while the first start is not done.',
  severity: 'warning',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'server',
  *check(server) {
    const { container, effective, image, name, start, workload } = server;
    const readiness = container?.probes.readiness;
    if (workload === undefined || workload.partial || container === undefined || readiness === undefined) return;
    if (image.family !== 'official' || start.kind !== 'entrypoint') return;
    const check = healthCheck(readiness);
    if (
      check?.program !== 'pg_isready' ||
      check.host !== 'socket' ||
      container.environment.some(v => v.name === 'PGHOST')
    )
      return;
    const listen = settingOf(effective, 'listen_addresses');
    if (listen.state === 'known' && !/\*|0\.0\.0\.0|localhost|127\.0\.0\.1/.test(listen.value.value)) return;
    const scripts = container.mounts.find(m => m.path.startsWith('/docker-entrypoint-initdb.d'));
    yield {
      at: readiness.handler.kind === 'exec' ? readiness.handler.at : readiness.at,
      // Without scripts of its own the first start is over in a second or two.
      severity: scripts === undefined ? 'info' : undefined,
      message: `the readiness probe of "${name}" asks the socket, where the temporary server of the first start answers while ${scripts === undefined ? 'the database is made' : 'the scripts of /docker-entrypoint-initdb.d run'}, so clients are sent to a pod that refuses them`,
      label: 'no -h',
      help: 'ask over TCP, which is closed until the first start is done: add -h 127.0.0.1',
      related: scripts === undefined ? [] : [{ at: scripts.at, message: 'the scripts' }],
      fix: fix(
        { title: 'add -h 127.0.0.1', applicability: isEphemeral(server) ? 'unsafe' : 'safe', restarts: true },
        ...askOverTcp(readiness, check),
      ),
    };
  },
});

/** Two more words of the command line, or the same behind the only pg_isready of a one-line script. */
function askOverTcp({ node }: Probe, { script, words }: HealthCheck): readonly Edits[] {
  if (words !== undefined) {
    return ['-h', '127.0.0.1'].map(word => addItemAt(node, ['exec', 'command'], word));
  }
  const scalar = script?.node;
  if (scalar === undefined || scalar.text.split('pg_isready').length !== 2) return [undefined];
  return [setScalar(scalar, scalar.text.replace('pg_isready', 'pg_isready -h 127.0.0.1'))];
}
