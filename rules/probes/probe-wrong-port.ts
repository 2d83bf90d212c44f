import { type Edits, addItemAt, fix, joined } from '../../src/fix/edits.ts';
import { setValue } from '../../src/fix/line-edits.ts';
import { namedPort } from '../../src/kubernetes/service.ts';
import type { Container, Probe } from '../../src/kubernetes/workload.ts';
import { healthCheck, optionWord } from '../../src/postgres/health-check.ts';
import { isEphemeral } from '../../src/postgres/server.ts';
import { type Fact, type Known, type TextOf, absent, defineRule, known, valueOf } from '../../src/types.ts';

export default defineRule({
  id: 'probe-wrong-port',
  summary: 'A probe asks a port at which PostgreSQL does not listen, or asks it in HTTP.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'safe',
  on: 'server',
  *check(server, { text }) {
    const { at, certainty, container, name, port, workload } = server;
    if (
      workload === undefined ||
      workload.partial ||
      container === undefined ||
      port.state !== 'known' ||
      certainty !== 'certain'
    )
      return;
    for (const probe of Object.values(container.probes) as readonly (Probe | undefined)[]) {
      const asked = askedPort(probe, container);
      if (probe === undefined || asked.state !== 'known') continue;
      const isHttp = probe.handler.kind === 'httpGet';
      if (isHttp ? asked.value !== port.value : !isWrong(asked, port.value, container)) continue;
      yield {
        at: asked.at,
        message: isHttp
          ? `the ${probe.kind} probe of "${name}" speaks HTTP to port ${asked.value}, where PostgreSQL listens, so it never succeeds${consequence(probe)}`
          : `the ${probe.kind} probe of "${name}" asks port ${asked.value}, but PostgreSQL listens at ${port.value}, so it never succeeds${consequence(probe)}`,
        help: isHttp ? 'use pg_isready in an exec probe' : `ask port ${port.value}`,
        fix: isHttp
          ? undefined
          : fix(
              {
                title: `ask port ${port.value}`,
                applicability: isEphemeral(server) ? 'unsafe' : 'safe',
                restarts: true,
              },
              askPort(probe, asked, port.value, text),
            ),
        related:
          port.at.start === at.start && port.at.path === at.path
            ? []
            : [{ at: port.at, message: `the port is ${port.value}` }],
      };
    }
  },
});

/** Another number where one is written, else two more words of the command. */
function askPort(probe: Probe, asked: Known<number>, port: number, text: TextOf): Edits {
  const { handler, node } = probe;
  const isWritten = handler.kind !== 'exec' || handler.at.start !== asked.at.start;
  if (isWritten) return setValue(text, { value: String(asked.value), at: asked.at }, String(port));
  if (healthCheck(probe)?.port !== 'default' || healthCheck(probe)?.words === undefined) return undefined;
  return joined(['-p', String(port)].map(word => addItemAt(node, ['exec', 'command'], word)));
}

const consequence = ({ kind }: Probe) =>
  kind === 'readiness' ? ' and no Service sends clients here' : ' and the server is killed again and again';

/** A port of another program in the container (Patroni's REST API, for one) is declared. */
function isWrong({ value }: Known<number>, port: number, { ports }: Container): boolean {
  return value !== port && !ports.some(p => valueOf(p.port) === value);
}

/** What libpq takes where no port is given. */
function defaultPort({ environment, environmentOpen }: Container): number | undefined {
  const variable = environment.find(v => v.name === 'PGPORT');
  if (variable === undefined) return environmentOpen ? undefined : 5432;
  return variable.value.state === 'known' ? Number(variable.value.value) : undefined;
}

function askedPort(probe: Probe | undefined, container: Container): Fact<number> {
  if (probe === undefined || probe.handler.kind === 'none') return absent();
  if (probe.handler.kind === 'exec') {
    const check = healthCheck(probe);
    const word = optionWord(check?.words, '-p', '--port');
    const port = check?.port === 'default' ? defaultPort(container) : check?.port;
    return check?.program === 'other' || port === undefined ? absent() : known(port, word?.at ?? probe.handler.at);
  }
  const { port } = probe.handler;
  if (port.state !== 'known') return absent();
  if (/^\d+$/.test(port.value)) return known(Number(port.value), port.at);
  const named = namedPort(port.value, 'TCP', container.ports);
  return named?.state === 'known' ? known(named.value, port.at) : absent();
}
