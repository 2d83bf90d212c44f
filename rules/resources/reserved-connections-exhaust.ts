import { premise, proofs, subject } from '../../src/postgres/memory-case.ts';
import { numberOf, parameterIn, settingOf } from '../../src/postgres/settings.ts';
import { defineRule, valueOf } from '../../src/types.ts';

export default defineRule({
  id: 'reserved-connections-exhaust',
  summary: 'All connections are reserved, so the server does not start.',
  severity: 'error',
  preset: 'recommended',
  since: '0.1.0',
  on: 'server',
  *check(server) {
    const { intended } = server;
    const hasReserved = parameterIn(intended, 'reserved_connections') !== undefined;
    const connections = numberOf(intended, 'max_connections');
    const superusers = numberOf(intended, 'superuser_reserved_connections');
    const reserved = hasReserved ? numberOf(intended, 'reserved_connections') : 0;
    if (connections === undefined || superusers === undefined || reserved === undefined) return;
    if (superusers + reserved < connections) return;
    const names = ['reserved_connections', 'superuser_reserved_connections', 'max_connections'];
    const settings = names.flatMap(n => valueOf(settingOf(intended, n)) ?? []);
    const first = settings[0];
    if (first === undefined) return;
    const sum = reserved > 0 ? `${superusers} + ${reserved}` : `${superusers}`;
    yield {
      at: first.at,
      message: `${premise(settings)}${subject(server)} reserves ${sum} of its ${connections} connections, so it does not start: fewer than max_connections may be reserved`,
      label: first.name === 'max_connections' ? `${superusers + reserved} are reserved` : `of ${connections}`,
      help: 'reserve fewer connections than max_connections allows',
      related: proofs(server, undefined, settings, first.at),
    };
  },
});
