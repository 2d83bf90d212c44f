import { fix } from '../../src/fix/edits.ts';
import { addSettings } from '../../src/postgres/start-arguments.ts';
import { type IgnoredVariable, ignoredVariables } from '../../src/postgres/ignored-variables.ts';
import type { Server } from '../../src/postgres/server.ts';
import { isSet } from '../../src/postgres/settings.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  id: 'config-env-ignored',
  summary: 'Environment variables look like settings, and the image does not read them.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  fix: 'unsafe',
  aliases: ['ssl-env-ignored'],
  on: 'server',
  *check(server) {
    const ignored = ignoredVariables(server);
    const [first] = ignored;
    if (first === undefined) return;
    const { image, name } = server;
    const isNamed = image.reference.state === 'known';
    const isGrave = image.exact && ignored.some(i => i.kind !== 'name' && i.meant !== 'port');
    const parameters = ignored.flatMap(i => (i.kind === 'parameter' ? [`${i.meant}=$(${i.variable.name})`] : []));
    const isWhole = parameters.length === ignored.length && ignored.every(i => i.valid);
    yield {
      at: first.variable.at,
      severity: isGrave ? undefined : 'warning',
      message: `${isNamed ? `the image of the server "${name}"` : `the official image, which the server "${name}" most likely runs,`} does not read ${listed(ignored.map(i => i.variable.name))}, so ${consequences(server, ignored)}`,
      label: 'not read',
      help: helpFor(ignored),
      fix: isWhole
        ? fix(
            { title: `args: ${parameters.map(p => `-c ${p}`).join(' ')}`, applicability: 'unsafe', restarts: true },
            addSettings(server, parameters),
          )
        : undefined,
    };
  },
});

function consequences({ intended }: Server, ignored: readonly IgnoredVariable[]): string {
  const meant = (kind: IgnoredVariable['kind']) => ignored.filter(i => i.kind === kind).flatMap(i => i.meant ?? []);
  const [parameters, names] = [meant('parameter'), meant('name')];
  const isOne = parameters.length === 1;
  const stays = parameters.some(p => isSet(intended, p))
    ? isOne
      ? 'stays as it is'
      : 'stay as they are'
    : isOne
      ? 'stays at its default'
      : 'stay at their defaults';
  return listed([
    ...(parameters.length > 0 ? [`${listed(parameters)} ${stays}`] : []),
    ...(ignored.some(i => i.kind === 'tls') ? ['TLS is not enabled'] : []),
    ...(ignored.some(i => i.kind === 'replication') ? ['nothing is replicated'] : []),
    ...(names.length > 0 ? [`${listed(names)} ${names.length === 1 ? 'is' : 'are'} not set`] : []),
  ]);
}

function helpFor(ignored: readonly IgnoredVariable[]): string {
  switch (ignored[0]?.kind) {
    case 'tls':
      return 'mount the certificate for the server and pass -c ssl=on -c ssl_cert_file=… -c ssl_key_file=… as args';
    case 'replication':
      return 'set replication up by an operator, or by an image that reads these variables';
    case 'name':
      return `write ${ignored[0].meant}`;
    default:
      return 'pass settings as args (-c name=value), or in a settings file that the server loads';
  }
}

function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
